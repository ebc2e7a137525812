"""How steeply the spectrum of the busiest tiles falls towards the finest detail, in the direction where most.

Scenes and cameras differ in how crisp their edges are, but their spectra fall evenly (as about 1/f: D. J. Field, JOSA A
4, 1987); blur of two or three pixels takes away the finest waves before it touches those a little longer. Movement
does so in one direction alone, hence the steepest of eight. (Blur by the slope of the spectrum, for whole pictures:
R. Liu et al., "Image partial blur detection and classification", CVPR 2008.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels

_TILE = 32  # px
_SHARE = 4  # one tile of so many is looked at, those of most contrast: a subject before a plain wall
_LEAST_TILES = 20
_DIRECTIONS = 8
_HALF_SECTOR = 0.57 * np.pi / _DIRECTIONS  # radians: a little more than half, so that none has an empty band
_LONGER = (0.25, 0.35)  # cycles per px
_FINEST = (0.40, 0.50)
_FLOOR = 200.0  # power that rounding, JPEG and a sigma of about one luma level of grain make in a tile


def fall_off(plane: Pixels) -> float | None:
    """Natural log of the power in the finest waves over that in longer ones, of an HxW uint8 luma plane.

    About -1.5 to -3 where sharp, -2.8 to -5 for blur of 2 to 3 px. Blur that leaves neither band comes near 0: only
    where edges are still fairly crisp does it tell anything. None for planes smaller than one tile.
    """
    tiles = _busiest(plane)
    if tiles.shape[0] == 0:
        return None
    spectra = np.fft.rfft2((tiles - tiles.mean(axis=(1, 2), keepdims=True)) * _WINDOW)
    power = (spectra.real**2 + spectra.imag**2).mean(axis=0).ravel()
    finest, longer = _FINEST_MEANS @ power, _LONGER_MEANS @ power
    return float(np.log((finest + _FLOOR) / (longer + _FLOOR)).min())


def _busiest(plane: Pixels) -> Floats:
    """The tiles (N x 32 x 32 float32) of highest variance; what does not fill a tile is left out."""
    rows, columns = plane.shape[0] // _TILE, plane.shape[1] // _TILE
    blocks = plane[: rows * _TILE, : columns * _TILE].reshape(rows, _TILE, columns, _TILE)
    tiles = blocks.swapaxes(1, 2).reshape(rows * columns, _TILE * _TILE).astype(np.float32)
    variance = np.einsum("ij,ij->i", tiles, tiles) / tiles.shape[1] - tiles.mean(axis=1) ** 2
    count = max(_LEAST_TILES, len(tiles) // _SHARE)
    return tiles[np.argsort(variance)[::-1][:count]].reshape(-1, _TILE, _TILE)


def _means(band: tuple[float, float]) -> Floats:
    """Eight rows of weights, of sum 1, over a flattened 32 x 17 spectrum: the mean in the band for each direction."""
    down, right = np.meshgrid(np.fft.fftfreq(_TILE), np.fft.rfftfreq(_TILE), indexing="ij")
    radius, angle = np.hypot(down, right), np.arctan2(down, right)
    within = (radius > band[0] - 1e-6) & (radius < band[1] - 1e-6)
    centres = np.pi * np.arange(_DIRECTIONS)[:, None, None] / _DIRECTIONS
    apart = np.abs((angle - centres + np.pi / 2) % np.pi - np.pi / 2)
    chosen: NDArray[np.bool_] = (within & (apart <= _HALF_SECTOR)).reshape(_DIRECTIONS, -1)
    return np.asarray(chosen / chosen.sum(axis=1, keepdims=True), dtype=np.float32)


_WINDOW = np.outer(np.hanning(_TILE), np.hanning(_TILE)).astype(np.float32)
_FINEST_MEANS = _means(_FINEST)
_LONGER_MEANS = _means(_LONGER)
