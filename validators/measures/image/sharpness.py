"""Focus: how much of an edge's rise the steepest edges still make within one pixel, for each of four directions.

A crisp edge makes nearly all of its rise from one pixel to the next; blur spreads the rise over its width (the profile
of an edge as a measure of blur: P. Marziliano et al., "A no-reference perceptual blur metric", ICIP 2002). The steepest
edges of each direction, and the crisper ones of them, stand for the best-focused part, so a sharp subject before a
soft background counts as sharp. The worse half of the directions decides, the worst of them doubly, since motion softens
the edges across it only.

How crisp that is differs by camera and scene. Where edges are fairly crisp, two things correct it: how the spectrum
falls off (``fall_off``), and the size of the plane, since blur is judged by the picture, not by the pixel. The first
weight is that of a logistic regression on the develop photos of tests/benchmarks/clarity.py, rounded; the second makes
the same photo measure nearly the same at half a megapixel and at twelve.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import Region
from validators.measures.image.edge_profiles import rises
from validators.measures.image.fall_off import fall_off
from validators.measures.image.tiles import Floats, Pixels

_SCALE = 0.25  # 3 x 3 Sobel magnitudes, up to 1,020, as 8 bits
_LEAST_PLANE = 8  # px of the shorter side
_LEAST_SLOPE = 3.0  # luma levels per px: less is shading or JPEG
_NOISE_SLOPES = 2.0  # sigmas per px: white noise reaches this in one pixel of 100,000
_STEEPEST = 60  # edges of one direction that stand for it
_CRISPER = 90  # percentile of those: the rest are soft by nature, as shadows and folds are
_LEAST_EDGES = 20  # of one direction; with fewer it says nothing
_ENOUGH = 1000  # edges of one direction that are looked at: the steepest of them, and where each is
_LEVELS = (128, 64, 32, 16)  # of 8-bit strength at which they are sought, in turn
_PER_SLOPE = 8.0  # Sobel units for one luma level per px

_CRISP = (0.35, 0.45)  # edges from not crisp at all to fairly crisp, between which the corrections set in
_MIDDLE_FALL_OFF = -2.7  # half-way between sharp and a blur of 2 px
_FALL_OFF_REACH = (
    2.0  # to either side of it: what is beyond is grain, or blur so heavy that nothing is left to fall
)
_PER_FALL_OFF = 0.04
_FULL_SIDE = 1024  # px
_LEAST_SIDE = 700  # px; smaller planes were sent as small as they are, and are judged by their own pixels
_PER_SIDE = 0.1

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

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``value`` 0..1, higher is sharper, None where too few edges tell."""

    value: float | None
    edge_count: int
    weakest: Region | None


@dataclass(frozen=True, slots=True)
class _Edges:
    """The steepest thinned edges of one direction, of ``count`` in all.

    ``at`` are flat indices into the plane, ``strength`` is 8-bit.
    """

    count: int
    at: Indices
    strength: Pixels


@dataclass(frozen=True, slots=True)
class _Slopes:
    """The plane, its 3 x 3 Sobel slopes to the right and downwards (HxW int16), and sigma of its noise."""

    plane: Pixels
    right: NDArray[np.int16]
    down: NDArray[np.int16]
    noise: float

    def rises(self, at: Indices) -> Floats:
        """The share 0..1 of its rise that the edge at each flat index makes within one pixel."""
        return rises(self.plane, at, self.right.ravel()[at], self.down.ravel()[at], self.noise)


def sharpness(plane: Pixels, noise: float) -> Sharpness:
    """Sharpness of an HxW uint8 luma plane (long side at most 1,024 px) with ``noise`` of that sigma, in luma levels."""
    slopes = _slopes(plane, noise)
    directions = _edges(slopes)
    value = _worse(directions, slopes)
    count = sum(edges.count for edges in directions)
    if value is None:
        return Sharpness(None, count, None)
    least, fair = _CRISP
    share = min(max((value - least) / (fair - least), 0.0), 1.0)
    if share:
        value = min(max(value + share * _correction(plane), 0.0), 1.0)
    return Sharpness(value, count, _weakest(directions, slopes))


def _slopes(plane: Pixels, noise: float) -> _Slopes:
    """``plane`` with its slopes; of one too small to tell they are 0."""
    if min(plane.shape) < _LEAST_PLANE:
        flat = np.zeros(plane.shape, np.int16)
        return _Slopes(plane, flat, flat, noise)
    right, down = cv2.spatialGradient(plane)
    return _Slopes(plane, np.asarray(right, np.int16), np.asarray(down, np.int16), noise)


def _edges(slopes: _Slopes) -> list[_Edges]:
    """The edges of the four directions that are steep enough to stand out of shading and noise."""
    least_slope = max(_LEAST_SLOPE, _NOISE_SLOPES * slopes.noise)
    right, down = slopes.right, slopes.down
    strengths = [cv2.convertScaleAbs(side, alpha=_SCALE) for side in (right, down)]
    for both in (cv2.add, cv2.subtract):
        strengths.append(cv2.convertScaleAbs(both(right, down), alpha=_SCALE * 0.5**0.5))
    steepest = cv2.max(cv2.max(strengths[0], strengths[1]), cv2.max(strengths[2], strengths[3]))
    floor = max(1, int(least_slope * _PER_SLOPE * _SCALE))
    found = []
    for strength, across in zip(strengths, _ACROSS, strict=True):
        crest = cv2.dilate(strength, across)
        cv2.compare(strength, crest, cv2.CMP_EQ, crest)
        mine = cv2.bitwise_and(crest, cv2.compare(strength, steepest, cv2.CMP_EQ), crest)
        thin = np.asarray(cv2.bitwise_and(strength, mine, mine), dtype=np.uint8)
        at = _steepest(thin, floor)
        found.append(_Edges(int(np.count_nonzero(thin >= floor)), at, thin.ravel()[at]))
    return found


def _steepest(thin: Pixels, floor: int) -> Indices:
    """Indices of the edges from the highest of a few levels at which there are enough, at least of ``floor``."""
    for level in (*(each for each in _LEVELS if each > floor), floor):
        steep = thin >= level
        if level == floor or np.count_nonzero(steep) >= _ENOUGH:
            break
    return np.flatnonzero(steep)


def _told(edges: _Edges, slopes: _Slopes) -> float:
    """How sharp the crisper ones of the direction's steepest edges are, 0..1."""
    count = max(_LEAST_EDGES, min(_STEEPEST, edges.count // 2))
    chosen = np.argpartition(edges.strength, edges.strength.size - count)[-count:]
    return float(np.percentile(slopes.rises(edges.at[chosen]), _CRISPER))


def _worse(directions: list[_Edges], slopes: _Slopes) -> float | None:
    """Between the mean of the worse half of the directions and the worst of them; None where none has enough edges."""
    told = sorted(_told(edges, slopes) for edges in directions if edges.count >= _LEAST_EDGES)
    worse = told[: (len(told) + 1) // 2]
    return (sum(worse) / len(worse) + worse[0]) / 2 if worse else None


def _correction(plane: Pixels) -> float:
    """What the spectrum and the size of the plane add to the crispness of its edges, about -0.1 to 0.1."""
    fall, longest = fall_off(plane), max(plane.shape)
    above = 0.0 if fall is None else min(max(fall - _MIDDLE_FALL_OFF, -_FALL_OFF_REACH), _FALL_OFF_REACH)
    missing = max(1 - longest / _FULL_SIDE, 0.0) if longest >= _LEAST_SIDE else 0.0
    return _PER_FALL_OFF * above - _PER_SIDE * missing


def _weakest(directions: list[_Edges], slopes: _Slopes) -> Region | None:
    """The tile whose edges are softest, of those with enough of them; None where none has."""
    high, wide = slopes.plane.shape
    columns, rows = _COLUMNS_ROWS if wide >= high else _COLUMNS_ROWS[::-1]
    at = np.concatenate([edges.at[:: max(1, edges.at.size // _SAMPLE)] for edges in directions])
    y, x = np.divmod(at.astype(np.int32), wide)
    tile = (y * rows // high) * columns + x * columns // wide
    share = slopes.rises(at)
    medians = {
        int(each): float(np.median(share[tile == each]))
        for each in np.flatnonzero(np.bincount(tile, minlength=1) >= _TILE_EDGES)
    }
    if not medians:
        return None
    worst = min(medians, key=lambda each: medians[each])
    return Region(worst % columns / columns, worst // columns / rows, 1 / columns, 1 / rows)
