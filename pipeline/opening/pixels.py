"""Reducing and turning pixels: the one canonical way from decoded samples to an upright view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def shrink(pixels: Pixels, side: int) -> Pixels:
    """Reduce HxWx3 uint8 so that the long side is at most ``side`` (area averaging); never enlarges."""
    height, width = pixels.shape[:2]
    long = max(height, width)
    if long <= side:
        return pixels
    size = max(1, round(width * side / long)), max(1, round(height * side / long))
    reduced: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return reduced


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation (1..8; anything else counts as 1) to HxWx3, contiguous."""
    turns = {
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: p.transpose(1, 0, 2)[:, ::-1],
        7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
        8: lambda p: p.transpose(1, 0, 2)[::-1],
    }
    turn = turns.get(orientation)
    return pixels if turn is None else np.ascontiguousarray(turn(pixels))
