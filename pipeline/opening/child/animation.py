"""Chooses the frame of an animation that is judged: the first one, unless it is blank, as the start of a fade is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    Pixels = NDArray[np.uint8]

_MOST_PIXELS = 60_000_000
"""Pixels decoded to find a frame, in all: frames build on one another, so those between have to be decoded too."""

_MOST_FRAMES = (
    240  # ten seconds at the usual pace: a million frames of a few pixels take half a minute to walk
)
_BLANK_SPREAD = 4.0  # levels, standard deviation of a colour: clarity calls a still blank below 2
_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    OverflowError,
)


def frame_that_shows(
    image: Image.Image, first: Pixels, frames: int, flatten: Callable[[Image.Image], Pixels]
) -> tuple[Pixels, int]:
    """The frame to judge and its number, from 0. A later frame that cannot be read leaves the first."""
    if _spread(first) >= _BLANK_SPREAD:
        return first, 0
    width, height = image.size
    reach = min(frames, _MOST_FRAMES, 1 + _MOST_PIXELS // max(1, width * height))
    best = (_spread(first), first, 0)
    try:
        for number in range(1, reach):
            image.seek(number)
            pixels = flatten(image)
            best = max(best, (_spread(pixels), pixels, number), key=lambda one: one[0])
            if best[0] >= _BLANK_SPREAD:
                break
    except _FAULTS:
        pass
    return best[1], best[2]


def _spread(pixels: Pixels) -> float:
    step = max(1, max(pixels.shape[:2]) // 256)
    return float(pixels[::step, ::step].astype(np.float32).std(axis=(0, 1)).max())
