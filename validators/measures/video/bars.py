"""Crops the dark bars that a player, an editor or a filmed screen leaves around a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["without_bars"]

_DARK = (
    32  # luma 0..255 that next to nothing in a bar is above: the black of video is 16, and noise comes on top
)
_LIT = 0.02  # share of a bar's row that may be brighter, because its edge is not quite straight
_LEAST, _MOST = (
    0.04,
    0.6,
)  # share of a side that bars take together: less is an edge, more leaves nothing to go by
_SIDE = 160  # px at which bars are looked for


def without_bars(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``picture`` (HxWx3 RGB or HxW) without the dark rows and columns at its edges, as a view of the same memory. Unchanged
    if there are none, if they are thin, or if everything is dark."""
    high, wide = picture.shape[:2]
    step = max(1.0, max(high, wide) / _SIDE)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    small = cv2.resize(
        grey, (max(1, round(wide / step)), max(1, round(high / step))), interpolation=cv2.INTER_AREA
    )
    lit = small > _DARK
    top, bottom = _inside(lit.mean(axis=1))
    left, right = _inside(lit.mean(axis=0))
    rows = slice(round(top * high), round(bottom * high))
    columns = slice(round(left * wide), round(right * wide))
    return np.asarray(picture[rows, columns], np.uint8)


def _inside(lit: NDArray[np.floating]) -> tuple[float, float]:
    """Where the picture begins and ends between the bars, as shares of the side. The whole side if there are none."""
    held = np.flatnonzero(lit > _LIT)
    if not len(held):
        return 0.0, 1.0
    first, last = int(held[0]) / len(lit), (int(held[-1]) + 1) / len(lit)
    bars = 1.0 - (last - first)
    return (first, last) if _LEAST <= bars <= _MOST else (0.0, 1.0)
