"""Focus: how steep the strongest edges still are, for each of four directions.

An edge that is already soft loses little of its gradient when softened a little more; a crisp one loses much (S. Zhuo
and T. Sim, "Defocus map estimation from a single image", Pattern Recognition 44, 2011). The steepest edges of each
direction stand for the best-focused part, so a sharp subject before a soft background counts as sharp. The two worst
directions decide, since motion softens the edges across it only: the worst counts twice, for one alone may be
poor in edges.
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
_ENOUGH = 1000  # edges of one direction that are looked at: the steepest of them, and where each is
_LEVELS = (128, 64, 32, 16)  # of 8-bit strength at which they are sought, in turn
_PER_SLOPE = 8.0  # Sobel units for one luma level per px

_COLUMNS_ROWS = (4, 3)  # of the grid in which the weakest place is told
_TILE_EDGES = 40
_SAMPLE = 600  # edges of one direction that show the weakest place

_DIAGONAL = np.eye(3, dtype=np.uint8)
_ACROSS = (
    np.ones((1, 3), np.uint8),
    np.ones((3, 1), np.uint8),
    _DIAGONAL,
    np.ascontiguousarray(np.fliplr(_DIAGONAL)),
)

_MIXES = ((1, 0), (0, 1), (1, 1), (1, -1))  # of the rightward and the downward slope, for each direction

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``value`` 0..1, higher is sharper, None where too few edges tell; ``noise`` is sigma in luma levels."""

    value: float | None
    edge_count: int
    noise: float
    weakest: Region | None


@dataclass(frozen=True, slots=True)
class _Edges:
    """The steepest thinned edges of one direction, of ``count`` in all.

    ``at`` are flat indices into the plane, ``strength`` is 8-bit, ``kept`` the share 0..1 of the slope that is left
    after softening.
    """

    count: int
    at: Indices
    strength: Pixels
    kept: Floats


def sharpness(plane: Pixels) -> Sharpness:
    """Sharpness of an HxW uint8 luma plane of the working size (long side at most 720 px)."""
    if min(plane.shape) < 8:
        return Sharpness(None, 0, 0.0, None)
    soft = softened(plane)
    noise = noise_sigma(plane, soft)
    directions = _edges(plane, soft, max(_LEAST_SLOPE, _NOISE_SLOPES * noise))
    losses = [_typical_loss(edges) for edges in directions if edges.count >= _LEAST_EDGES]
    return Sharpness(
        value=_worst(losses),
        edge_count=sum(edges.count for edges in directions),
        noise=noise,
        weakest=_weakest(directions, (plane.shape[0], plane.shape[1])) if losses else None,
    )


def _edges(plane: Pixels, soft: Pixels, least_slope: float) -> list[_Edges]:
    """The edges of the four directions whose slope is at least ``least_slope`` levels per px."""
    right, down = cv2.spatialGradient(plane)
    softer = tuple(each.ravel() for each in cv2.spatialGradient(soft))
    slopes = (right, down, cv2.add(right, down), cv2.subtract(right, down))
    scales = (_SCALE, _SCALE, _SCALE * 0.5**0.5, _SCALE * 0.5**0.5)
    strengths = [cv2.convertScaleAbs(slope, alpha=scale) for slope, scale in zip(slopes, scales, strict=True)]
    steepest = cv2.max(cv2.max(strengths[0], strengths[1]), cv2.max(strengths[2], strengths[3]))
    floor = max(1, int(least_slope * _PER_SLOPE * _SCALE))
    found = []
    for strength, slope, mix, across in zip(strengths, slopes, _MIXES, _ACROSS, strict=True):
        crest = cv2.compare(strength, cv2.dilate(strength, across), cv2.CMP_EQ)
        mine = cv2.bitwise_and(crest, cv2.compare(strength, steepest, cv2.CMP_EQ))
        thin = np.asarray(cv2.bitwise_and(strength, mine), dtype=np.uint8)
        count = int(np.count_nonzero(thin >= floor))
        at = _steepest(thin, floor)
        before = slope.ravel()[at].astype(np.float32)
        after = sum(
            part * side[at].astype(np.float32) for part, side in zip(mix, softer, strict=True) if part
        )
        kept = np.clip(after / before, 0.0, 1.0).astype(np.float32)
        found.append(_Edges(count, at, thin.ravel()[at], kept))
    return found


def _steepest(thin: Pixels, floor: int) -> Indices:
    """Indices of the edges from the highest of a few levels at which there are enough, at least of ``floor``."""
    for level in (*(each for each in _LEVELS if each > floor), floor):
        steep = thin >= level
        if level == floor or np.count_nonzero(steep) >= _ENOUGH:
            break
    return np.flatnonzero(steep)


def _typical_loss(edges: _Edges) -> float:
    """How sharp the typical one of the direction's steepest edges is, 0..1."""
    count = max(_LEAST_EDGES, min(_STEEPEST, edges.count // 2))
    chosen = np.argpartition(edges.strength, edges.strength.size - count)[-count:]
    return _as_sharpness(float(np.median(edges.kept[chosen])))


def _worst(losses: list[float]) -> float | None:
    """The worst direction, tempered by the next; None without any."""
    if not losses:
        return None
    ordered = sorted(losses)
    return (2.0 * ordered[0] + ordered[min(1, len(ordered) - 1)]) / 3.0


def _as_sharpness(kept: float) -> float:
    """0 for an edge that softening leaves alone, 1 for one between two neighbouring pixels, which keeps half."""
    return min(1.0, max(0.0, 2.0 * (1.0 - kept)))


def _weakest(directions: list[_Edges], shape: tuple[int, int]) -> Region | None:
    """The tile whose edges are softest, of those with enough of them; None where none has."""
    columns, rows = _COLUMNS_ROWS if shape[1] >= shape[0] else _COLUMNS_ROWS[::-1]
    some = [slice(None, None, max(1, edges.at.size // _SAMPLE)) for edges in directions]
    at = np.concatenate([edges.at[each] for edges, each in zip(directions, some, strict=True)])
    y, x = np.divmod(at.astype(np.int32), shape[1])
    tile = (y * rows // shape[0]) * columns + x * columns // shape[1]
    share = np.concatenate([edges.kept[each] for edges, each in zip(directions, some, strict=True)])
    medians = {
        int(each): float(np.median(share[tile == each]))
        for each in np.flatnonzero(np.bincount(tile, minlength=1) >= _TILE_EDGES)
    }
    if not medians:
        return None
    worst = max(medians, key=lambda each: medians[each])
    return Region(worst % columns / columns, worst // columns / rows, 1 / columns, 1 / rows)
