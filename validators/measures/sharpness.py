"""Focus: how steep the strongest edges still are, for each of four directions.

An edge that is already soft loses little of its gradient when softened a little more; a crisp one loses much (S. Zhuo
and T. Sim, "Defocus map estimation from a single image", Pattern Recognition 44, 2011). The steepest edges of each
direction stand for the best-focused part, so a sharp subject before a soft background counts as sharp. The worst
direction decides, since motion softens the edges across it only.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import Region
from validators.measures.noise import noise_sigma, softened
from validators.measures.tiles import Floats, Pixels

_SCALE = 0.25  # 3 x 3 Sobel magnitudes, up to 1,020, as 8 bits
_LEAST_SLOPE = 3.0  # luma levels per px: less is shading or JPEG
_NOISE_SLOPES = 2.0  # sigmas per px: white noise reaches this in one pixel of 100,000
_STEEPEST = 100  # edges of one direction that stand for it
_LEAST_EDGES = 20  # of one direction; with fewer it says nothing
_PER_SLOPE = 8.0  # Sobel units for one luma level per px

_COLUMNS_ROWS = (4, 3)  # of the grid in which the weakest place is told
_TILE_EDGES = 40
_SAMPLE = 1500  # edges of one direction looked at for the weakest place

_DIAGONAL = np.eye(3, dtype=np.uint8)
_ACROSS = (
    np.ones((1, 3), np.uint8),
    np.ones((3, 1), np.uint8),
    _DIAGONAL,
    np.ascontiguousarray(np.fliplr(_DIAGONAL)),
)

Indices = NDArray[np.intp]
Slopes = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``value`` 0..1, higher is sharper, None where too few edges tell; ``noise`` is sigma in luma levels."""

    value: float | None
    edge_count: int
    noise: float
    weakest: Region | None


@dataclass(frozen=True, slots=True)
class _Edges:
    """Thinned edges of one direction: flat indices, strength (8 bits), and the share of slope they keep."""

    at: Indices
    strength: Pixels
    slopes: Slopes
    soft_slopes: Slopes

    def kept(self, chosen: Indices) -> Floats:
        """Share 0..1 of the slope that is left after softening, for the edges at ``chosen``."""
        where = self.at[chosen]
        before = np.abs(self.slopes.ravel()[where]).astype(np.float32)
        after = np.abs(self.soft_slopes.ravel()[where]).astype(np.float32)
        return np.asarray(np.minimum(after / before, 1.0), dtype=np.float32)


def sharpness(plane: Pixels) -> Sharpness:
    """Sharpness of an HxW uint8 luma plane of the working size (long side at most 800 px)."""
    if min(plane.shape) < 8:
        return Sharpness(None, 0, 0.0, None)
    soft = softened(plane)
    noise = noise_sigma(plane, soft)
    directions = _edges(plane, soft, max(_LEAST_SLOPE, _NOISE_SLOPES * noise))
    losses = [_typical_loss(edges) for edges in directions if edges.at.size >= _LEAST_EDGES]
    return Sharpness(
        value=min(losses) if losses else None,
        edge_count=sum(int(edges.at.size) for edges in directions),
        noise=noise,
        weakest=_weakest(directions, (plane.shape[0], plane.shape[1])) if losses else None,
    )


def _edges(plane: Pixels, soft: Pixels, least_slope: float) -> list[_Edges]:
    """The thinned edges of the four directions whose slope is at least ``least_slope`` levels per px."""
    right, down = cv2.spatialGradient(plane)
    soft_right, soft_down = cv2.spatialGradient(soft)
    slopes = (right, down, cv2.add(right, down), cv2.subtract(right, down))
    soft_slopes = (soft_right, soft_down, cv2.add(soft_right, soft_down), cv2.subtract(soft_right, soft_down))
    scales = (_SCALE, _SCALE, _SCALE * 0.5**0.5, _SCALE * 0.5**0.5)
    strengths = [cv2.convertScaleAbs(slope, alpha=scale) for slope, scale in zip(slopes, scales, strict=True)]
    steepest = cv2.max(cv2.max(strengths[0], strengths[1]), cv2.max(strengths[2], strengths[3]))
    enough = cv2.compare(steepest, least_slope * _PER_SLOPE * _SCALE, cv2.CMP_GE)
    found = []
    for strength, slope, soft_slope, across in zip(strengths, slopes, soft_slopes, _ACROSS, strict=True):
        mine = cv2.bitwise_and(cv2.compare(strength, steepest, cv2.CMP_EQ), enough)
        crest = cv2.compare(strength, cv2.dilate(strength, across), cv2.CMP_GE)
        at = np.flatnonzero(cv2.bitwise_and(mine, crest))
        found.append(_Edges(at, strength.ravel()[at], slope, soft_slope))
    return found


def _typical_loss(edges: _Edges) -> float:
    """Share of slope that the typical one of the steepest edges loses by softening, scaled to 0..1."""
    count = max(_LEAST_EDGES, min(_STEEPEST, edges.at.size // 2))
    chosen = np.argpartition(edges.strength, edges.strength.size - count)[-count:]
    return _as_sharpness(float(np.median(edges.kept(chosen))))


def _as_sharpness(kept: float) -> float:
    """0 for an edge that softening leaves alone, 1 for one between two neighbouring pixels, which keeps half."""
    return min(1.0, max(0.0, 2.0 * (1.0 - kept)))


def _weakest(directions: list[_Edges], shape: tuple[int, int]) -> Region | None:
    """The tile whose edges are softest, of those with enough of them; None where none has."""
    columns, rows = _COLUMNS_ROWS if shape[1] >= shape[0] else _COLUMNS_ROWS[::-1]
    tiles, kept = [], []
    for edges in directions:
        chosen = np.arange(0, edges.at.size, max(1, edges.at.size // _SAMPLE))
        y, x = np.divmod(edges.at[chosen], shape[1])
        tiles.append((y * rows // shape[0]) * columns + x * columns // shape[1])
        kept.append(edges.kept(chosen))
    tile, share = np.concatenate(tiles), np.concatenate(kept)
    medians = {
        int(each): float(np.median(share[tile == each]))
        for each in np.flatnonzero(np.bincount(tile, minlength=1) >= _TILE_EDGES)
    }
    if not medians:
        return None
    worst = max(medians, key=lambda each: medians[each])
    return Region(worst % columns / columns, worst // columns / rows, 1 / columns, 1 / rows)
