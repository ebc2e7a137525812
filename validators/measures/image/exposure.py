"""Exposure: luma statistics of the picture, and shares of dark, washed-out and flat tiles."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Pixels, grid_shape, tile_blocks

_STEP = 3  # every third pixel both ways: the statistics of 43,000 pixels are those of 390,000
_TILES_ACROSS = 16
_DARK_LUMA = 40.0  # mean of a tile whose shades are indistinguishable on a phone's screen
_CLIPPED_LUMA = 250  # from here on a JPEG holds no detail
_CLIPPED_SHARE = 0.5  # of a tile's pixels
_GROUND_SHARE = 0.98  # of a tile's pixels: white ground
_FLAT_STD = 2.0  # luma levels: rounding and JPEG make about 1


@dataclass(frozen=True, slots=True)
class Exposure:
    """Luma 0..255 and shares of tiles 0..1, as in ClarityMeasures."""

    mean: float
    p05: float
    p95: float
    std: float
    dark_fraction: float
    clipped_fraction: float
    flat_fraction: float
    washed_fraction: float


def exposure(luma: Pixels) -> Exposure:
    """Luma statistics of an HxW uint8 plane (H, W ≥ 1).

    A tile is dark by its mean, clipped when half of it is white, flat when its deviation is that of rounding.
    ``washed_fraction`` leaves out white ground: a thing photographed on white has lost nothing.
    """
    step = _STEP if min(luma.shape) >= 3 * _STEP * _TILES_ACROSS else 1
    small = np.ascontiguousarray(luma[::step, ::step])
    counts = cv2.calcHist([small], [0], None, [256], [0, 256]).ravel()
    below = np.cumsum(counts) / small.size
    mean, std = (float(value.item()) for value in cv2.meanStdDev(small))
    rows, columns = grid_shape(small.shape[0], small.shape[1], _TILES_ACROSS)
    blocks = tile_blocks(small.astype(np.float32), rows, columns)
    means = blocks.mean(axis=(1, 3))
    variance = np.square(blocks).mean(axis=(1, 3)) - np.square(means)
    clipped = tile_blocks(small >= _CLIPPED_LUMA, rows, columns).mean(axis=(1, 3))
    return Exposure(
        mean=mean,
        p05=float(np.searchsorted(below, 0.05)),
        p95=float(np.searchsorted(below, 0.95)),
        std=std,
        dark_fraction=float((means < _DARK_LUMA).mean()),
        clipped_fraction=float((clipped >= _CLIPPED_SHARE).mean()),
        flat_fraction=float((variance < _FLAT_STD**2).mean()),
        washed_fraction=_washed(clipped),
    )


def _washed(clipped: NDArray[np.float64]) -> float:
    """Mean of the tiles' clipped shares beside the wholly white tiles that reach the rim; 1 where all are such."""
    white = np.pad((clipped >= _GROUND_SHARE).astype(np.uint8), 1, constant_values=1)
    ground = cv2.connectedComponents(white, connectivity=4)[1] == 1  # the frame put about it comes first
    rest = clipped[~ground[1:-1, 1:-1]]
    return float(rest.mean()) if rest.size else 1.0
