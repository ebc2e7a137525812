"""Reducing and turning pixels: the one canonical way from decoded samples to an upright view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def shrink(pixels: Pixels, side: int) -> Pixels:
    """Reduce HxWx3 uint8 so that the long side is at most ``side``; never enlarges.

    Halves by exact 2x2 averaging as often as that fits, then interpolates linearly over the remaining ratio of
    less than two: 0.6 ms where area averaging at the same ratio takes 5 ms (OpenCV 5, 1024x768 to 320x240).
    """
    while max(pixels.shape[:2]) >= 2 * side:
        pixels = _halve(pixels)
    height, width = pixels.shape[:2]
    long = max(height, width)
    if long <= side:
        return pixels
    size = max(1, round(width * side / long)), max(1, round(height * side / long))
    return _resized(pixels, size, cv2.INTER_LINEAR)


def _halve(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[0] & ~1, pixels.shape[1] & ~1
    if min(height, width) < 2:  # a line: only its long side can be halved
        size = max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)
        return _resized(pixels, size, cv2.INTER_AREA)
    return _resized(pixels[:height, :width], (width // 2, height // 2), cv2.INTER_AREA)


def _resized(pixels: Pixels, size: tuple[int, int], interpolation: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=interpolation), np.uint8)


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
