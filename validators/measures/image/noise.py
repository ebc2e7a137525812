"""Estimates how grainy a picture is from its quietest tiles."""

from __future__ import annotations

import cv2
import numpy as np

from validators.measures.image.tiles import Pixels

_TILE = 16
_QUIET = 25  # percentile of the tiles: texture fills the others
_FINE = 10.0  # steps per luma level, so that 8-bit means are exact enough
_PER_SIGMA = (
    0.46  # mean |plane - softened| per unit of sigma, for white noise and the softening of `softened`
)


def softened(plane: Pixels) -> Pixels:
    """The plane after a Gaussian of sigma 0.6 px in a 3 x 3 window: the slight re-blur that edges are tested with."""
    return np.asarray(cv2.GaussianBlur(plane, (3, 3), 0.6), dtype=np.uint8)


def noise_sigma(plane: Pixels, soft: Pixels) -> float:
    """Estimated sigma in luma levels, ≥ 0, of an HxW uint8 plane; ``soft`` is ``softened(plane)``.

    The mean residual of the quietest tiles; 0 for pictures under one tile.
    """
    rows, columns = plane.shape[0] // _TILE, plane.shape[1] // _TILE
    if rows == 0 or columns == 0:
        return 0.0
    residual = cv2.absdiff(plane, soft)[: rows * _TILE, : columns * _TILE]
    enlarged = cv2.convertScaleAbs(residual, alpha=_FINE)  # saturates where no tile is quiet
    means = cv2.resize(enlarged, (columns, rows), interpolation=cv2.INTER_AREA)
    return float(np.percentile(means, _QUIET)) / (_FINE * _PER_SIGMA)
