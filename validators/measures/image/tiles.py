"""Grey planes and grids of tiles, which the pixel measures share."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

WORKING_SIDE = 720
"""Long side in pixels at which clarity is measured, so that small photos are judged like large ones."""


def grey(view: Pixels) -> Pixels:
    """HxW uint8 luma (ITU-R BT.601) of an HxWx3 RGB view; a grey view is returned as it is."""
    return view if view.ndim == 2 else np.asarray(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def working_plane(luma: Pixels, side: int = WORKING_SIDE, how: int = cv2.INTER_LINEAR) -> Pixels:
    """``luma`` reduced so that its long side is at most ``side`` pixels; never enlarged.

    ``how``: INTER_AREA averages all pixels that one covers, the default interpolates between the nearest.
    """
    high, wide = luma.shape[:2]
    longest = max(high, wide)
    if longest <= side:
        return luma
    size = max(1, round(wide * side / longest)), max(1, round(high * side / longest))
    return np.asarray(cv2.resize(luma, size, interpolation=how), dtype=np.uint8)


def above(plane: Pixels, level: float) -> Pixels:
    """Mask, 255 where the plane is greater than ``level``, else 0."""
    return np.asarray(cv2.threshold(plane, level, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def up_to(plane: Pixels, level: float) -> Pixels:
    """Mask, 255 where the plane is at most ``level``, else 0."""
    return np.asarray(cv2.threshold(plane, level, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def grid_shape(high: int, wide: int, across: int) -> tuple[int, int]:
    """(rows, columns) of about square tiles, ``across`` of them on the long side."""
    longest = max(high, wide, 1)
    return max(1, min(high, round(across * high / longest))), max(
        1, min(wide, round(across * wide / longest))
    )


def tile_blocks(plane: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """A view rows x height x columns x width of ``plane``; what does not fill a tile is left out."""
    tall, broad = plane.shape[0] // rows, plane.shape[1] // columns
    return plane[: tall * rows, : broad * columns].reshape(rows, tall, columns, broad)


def tile_share(mask: Pixels, tile: int) -> Floats:
    """Share 0..1 of set pixels in each ``tile`` x ``tile`` square of a mask of 0 and 255.

    Empty (0 x 0) where the mask is smaller than one tile.
    """
    rows, columns = mask.shape[0] // tile, mask.shape[1] // tile
    if rows == 0 or columns == 0:
        return np.zeros((0, 0), np.float32)
    whole = mask[: rows * tile, : columns * tile]
    means = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32) / np.float32(255.0)
