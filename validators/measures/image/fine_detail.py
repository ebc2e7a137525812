"""Fine detail: how much stronger slopes are in a copy of 400 px than in one of 128 px, in the direction that gains least.

Spectra of sharp pictures fall evenly (as about 1/f: D. J. Field, JOSA A 4, 1987), so slopes are about as strong at every
size; blur leaves those of the larger copy weaker. Cloth and stone of little contrast have hardly an edge that stands out and
show their focus here.
"""

from __future__ import annotations

import cv2
import numpy as np

from validators.measures.image.noise import noise_sigma, softened
from validators.measures.image.scales import Scales
from validators.measures.image.tiles import Floats, Pixels

_TILE = 8  # px of the thumbnail
_LEAST_ENERGY = 4.0  # mean square slope of a tile of the thumbnail, in luma levels: less is noise
_LEAST_TILES = 3
_FINEST = 90  # percentile of the tiles: a sharp subject before a soft background
_DIRECTIONS = 8

_ANGLES = np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
_ALONG = np.stack([np.cos(_ANGLES) ** 2, np.sin(_ANGLES) ** 2, np.sin(2 * _ANGLES)]).astype(np.float32)


def fine_detail(scales: Scales) -> float:
    """Mean square slope of the larger copy over that of the smaller, 0 and more, in the tiles that keep most; 0.3 where
    blurred, about 1 where sharp, 0 where there is hardly any slope.
    """
    high, wide = scales.thumbnail.shape
    if min(high, wide) < 2 or min(scales.coarse.shape) < 2:
        return 0.0
    grid = max(1, round(wide / _TILE)), max(1, round(high / _TILE))
    noise = noise_sigma(scales.coarse, softened(scales.coarse))
    fine, coarse = _energy(scales.coarse, grid) - np.float32(noise**2), _energy(scales.thumbnail, grid)
    least = np.inf
    for gained, held in zip(fine.T, coarse.T, strict=True):
        enough = held >= _LEAST_ENERGY
        if np.count_nonzero(enough) < _LEAST_TILES:
            return 0.0
        least = min(least, float(np.percentile(gained[enough] / held[enough], _FINEST)))
    return max(least, 0.0)


def _energy(plane: Pixels, grid: tuple[int, int]) -> Floats:
    """Mean square slope per pixel of each tile of ``grid`` (across, down) along each direction."""
    light = plane.astype(np.float32)
    step, fall = light[:, 1:] - light[:, :-1], light[1:] - light[:-1]
    right, down = (step[1:] + step[:-1]) / 2, (fall[:, 1:] + fall[:, :-1]) / 2
    parts = [
        cv2.resize(part, grid, interpolation=cv2.INTER_AREA).ravel()
        for part in (right * right, down * down, right * down)
    ]
    return np.asarray(np.stack(parts, axis=1) @ _ALONG, dtype=np.float32)
