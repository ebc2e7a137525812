"""The codebook of visual words that ships with the product."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import numpy as np

from validators.measures.reuse.visual_words import VERSION, Codebook

SCHEME = f"sift-imi-{VERSION}"
"""The name under which the words of this codebook are indexed."""


@cache
def codebook() -> Codebook:
    """The codebook, read once a process (70 KB)."""
    data = (files("validators") / "measures" / "visual_words.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        lean, mean, axes, even, odd = (
            arrays[name].astype(np.float32) for name in ("lean", "mean", "axes", "even", "odd")
        )
    return Codebook(lean, mean, axes, (even, odd))
