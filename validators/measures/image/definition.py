"""Definition: how much of what surrounds an edge changes within one pixel, in the best places and in each direction.

In a copy of 400 px the slope of each pixel along a direction is held against the range of tones within a few pixels. Half of
the range within one pixel is a crisp edge; blur spreads the range over its width, whatever the contrast. The best of each
tile count, and of the tiles one near the top, so a sharp subject before a soft background is well defined. Movement takes
definition from the directions along it and leaves streaks that are crisp across it, so each direction is told by itself:
the least and the most well defined of them are the measure.

Lenses and hands blur light, not the tones of a file, which exaggerate the dark end of every soft edge. So tones are raised to
a power first, half-way to light: at the full way, the noise of bright parts counts for more than it should.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import Definition
from validators.measures.image.tiles import Floats, Pixels

_POWER = 1.6  # 2.2 would be light
_LEAST_RANGE = 12  # luma levels about a pixel: less is grain, JPEG or shading
_DIRECTIONS = 8
_BEST_SHARE = 0.05  # of the tiles that hold a range: the one at which the best are told
_BEST_PLACES = (2, 10)  # at least and at most which one
_TILE_SHARE = 0.1  # of a tile's pixels must hold a range for it to count
_OF_NEIGHBOURS = 0.85  # of the worse of the two directions 45 degrees off
_KERNEL = 1 / 8  # of the 3 x 3 Sobel: slope per pixel

_LIGHT = (255 * (np.arange(256) / 255) ** _POWER).astype(np.float32)
_ANGLES = np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
_TOWARDS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1).astype(np.float32)


def definition(plane: Pixels, tile: int, reach: int) -> Definition:
    """Definition of an HxW uint8 luma plane in tiles of ``tile`` px; ranges are those within ``reach`` px of each pixel."""
    rows, columns = plane.shape[0] // tile, plane.shape[1] // tile
    if min(rows, columns) == 0:
        return Definition(0.0, 0.0, 0, 0.0)
    right, down, holds = _slopes(plane, reach)
    right, down = (_tiles(side, tile) for side in (right, down))
    places = int(np.count_nonzero(_tiles(holds, tile).mean(axis=1) > _TILE_SHARE))
    fewest, most = _BEST_PLACES
    place = min(max(round(places * _BEST_SHARE), fewest), most, len(right))
    best = [
        float(np.partition(np.abs(x * right + y * down).max(axis=1), -place)[-place]) for x, y in _TOWARDS
    ]
    return Definition(min(best), max(best), places, _least_of_drawn(best))


def _least_of_drawn(best: list[float]) -> float:
    """The least of the directions, where one that is no worse than its neighbours make it is told by them.

    What is drawn along rows and columns has no edges aslant: there the slopes of its crisp ones count by 0.7 of theirs.
    """
    aslant = len(best) // 4
    turned = (min(best[i - aslant], best[(i + aslant) % len(best)]) for i in range(len(best)))
    return min(max(own, _OF_NEIGHBOURS * beside) for own, beside in zip(best, turned, strict=True))


def _slopes(plane: Pixels, reach: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Slopes to the right and downwards as a share of the range about each pixel, 0 where there is hardly any, and where
    there is one.
    """
    light = np.asarray(cv2.LUT(plane, _LIGHT), dtype=np.float32)
    square = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    high, low = cv2.dilate(plane, square), cv2.erode(plane, square)
    holds = np.asarray(cv2.subtract(high, low) >= _LEAST_RANGE)
    holds[[0, -1]] = holds[:, [0, -1]] = False  # beyond the rim nothing is known
    span = np.asarray(cv2.subtract(cv2.LUT(high, _LIGHT), cv2.LUT(low, _LIGHT)), dtype=np.float32)
    share = np.divide(_KERNEL, span, out=np.zeros_like(span), where=holds)
    right = cv2.multiply(cv2.Sobel(light, cv2.CV_32F, 1, 0, ksize=3), share)
    down = cv2.multiply(cv2.Sobel(light, cv2.CV_32F, 0, 1, ksize=3), share)
    return np.asarray(right, np.float32), np.asarray(down, np.float32), holds


def _tiles(plane: NDArray[np.float32] | NDArray[np.bool_], tile: int) -> NDArray[np.float32]:
    """One row for each tile; what does not fill a tile is left out."""
    rows, columns = plane.shape[0] // tile, plane.shape[1] // tile
    blocks = plane[: rows * tile, : columns * tile].reshape(rows, tile, columns, tile)
    return np.ascontiguousarray(blocks.swapaxes(1, 2).reshape(rows * columns, tile * tile), dtype=np.float32)
