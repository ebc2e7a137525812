"""Measures how far two aligned pictures agree: tile by tile, whether their detail correlates and is at the same place.

Matching features prove the same object. A copy also has the same detail everywhere at the same place. In another
photograph of the object, taken from however near, parallax displaces some of it. So two things are measured of each tile
with detail: how well it correlates, and how far it would have to move to correlate best.
Source of the method: normalised cross-correlation over tiles, and Lucas and Kanade's tracker (1981) in OpenCV's
pyramid, for the displacement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels
from validators.measures.reuse.aligned_frame import SIDE, AlignedFrame, drawn
from validators.measures.reuse.alignment import Matrix

__all__ = ["SIDE", "TILE", "WINDOW", "Agreement", "compare_aligned", "detail_of", "tile_correlation"]

TILE = 16  # px between tiles
WINDOW = 25  # px across of the window that is correlated around each tile
_TRACKED = 21  # px across of the window that the tracker moves
_FINE, _COARSE = (
    1.0,
    8.0,
)  # px, sigma: detail between these two is compared, so that neither blur nor shading decides
_TEXTURE = 2.0  # luma levels, deviation of that detail: below it a tile is plain and not compared
_CORRELATES, _WELL = 0.5, 0.9
_NEIGHBOURS = 6  # tiles that agree, of 25, for their mean displacement to count
_INNER = 0.25  # share of the agreeing tiles that must not touch a disagreeing one, for those alone to be used
_FARTHEST = 2.0  # px: a larger displacement counts as this
_HIGH = 90  # percentile of the neighbourhoods that is used
_BY_CHANCE = float(np.log(10.0))  # that percentile of an exponential distribution, in units of its mean
_SINGLY = 1 / 6
"""In other photographs of the develop half whose neighbours are displaced by less than 0.1 px, three of four tiles are
within 0.8 px or more. In copies they are within 0.6 px in 95 of 100. At a sixth of it both displacements share a threshold."""
_LEAST_FIT = 12  # tiles that a finer homography needs
_ITERATIONS = 2000
_ROUNDS = ((1.0, False), (0.7, True), (0.5, True))
"""Steps of refining the homography: px within which tiles agree on it, and whether only undisturbed tiles are used."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was measured over the shared area.

    ``matrix``: the refined homography, query to other, in units of the long sides. ``shared``: share 0..1 of the
    query's area that the other covers. ``tiles``: tiles with detail. ``correlated``: share of them that correlate
    by at least 0.5; ``correlation``: the median of these. ``parallax_residual``: how far tiles that correlate lie off, px of
    the frame (at most ``SIDE`` across): neighbours together, or each for itself, see ``_parallax_residual``.
    """

    matrix: Matrix
    shared: float
    tiles: int
    correlated: float
    correlation: float
    parallax_residual: float


def compare_aligned(query: Pixels, other: Pixels, matrix: Matrix) -> Agreement | None:
    """Compare HxW uint8 grey views under ``matrix`` (query to other, units of long sides); None where they barely
    overlap or no tile has detail."""
    working = _AlignedPair.of(query, other, matrix)
    if working is None:
        return None
    for reach, undisturbed in _ROUNDS:
        finer = working.refined(reach, undisturbed=undisturbed)
        if finer is None:
            break
        working = finer
    return working.measured()


@dataclass(frozen=True, slots=True)
class _AlignedPair:
    """Both pictures in the frame of the shared area. ``frame`` takes its px to the query's units, ``matrix`` those to the
    other's.

    ``here`` is the query's detail, which stays the same when the homography is refined.
    """

    here: Floats
    query: Pixels
    other: Pixels
    matrix: Matrix
    frame: Matrix
    there: Pixels
    mask: Pixels
    shared: float

    @staticmethod
    def of(query: Pixels, other: Pixels, matrix: Matrix) -> _AlignedPair | None:
        """The pair in the part of the query that the other covers, at the resolution of the coarser one."""
        frame = AlignedFrame.of(query.shape, other.shape, matrix)
        if frame is None:
            return None
        here, _ = drawn(query, frame.matrix, frame.size)
        return _AlignedPair._at(detail_of(here), query, other, matrix, frame.matrix, frame.shared)

    @staticmethod
    def _at(
        here: Floats, query: Pixels, other: Pixels, matrix: Matrix, frame: Matrix, shared: float
    ) -> _AlignedPair:
        size = here.shape[1], here.shape[0]
        there, mask = drawn(other, matrix @ frame, size)
        return _AlignedPair(here, query, other, matrix, frame, there, mask, shared)

    def refined(self, reach: float, *, undisturbed: bool) -> _AlignedPair | None:
        """The same after the correction on which the tiles' displacements agree to ``reach`` px. None if too few do."""
        tiles = self._tracked()
        agreeing = _undisturbed(tiles) if undisturbed else tiles.agreeing
        points, moved = tiles.points[agreeing], tiles.moved[agreeing]
        if len(points) < _LEAST_FIT:
            return None
        found, inliers = cv2.findHomography(points, moved, cv2.USAC_MAGSAC, reach, maxIters=_ITERATIONS)
        if found is None or int(inliers.sum()) < max(_LEAST_FIT, len(points) // 4):
            return None
        matrix = self.matrix @ self.frame @ found @ np.linalg.inv(self.frame)
        return _AlignedPair._at(
            self.here, self.query, self.other, matrix / matrix[2, 2], self.frame, self.shared
        )

    def measured(self) -> Agreement | None:
        """The measurements of this alignment."""
        tiles = self._tracked(levels=0)
        if not len(tiles.points):
            return None
        agreeing = tiles.correlation >= _CORRELATES
        return Agreement(
            matrix=self.matrix,
            shared=self.shared,
            tiles=len(tiles.points),
            correlated=float(agreeing.mean()),
            correlation=float(np.median(tiles.correlation[agreeing])) if agreeing.any() else 0.0,
            parallax_residual=_parallax_residual(tiles),
        )

    def _tracked(self, levels: int = 2) -> _Tiles:
        first, second = self.here, detail_of(self.there)
        correlation, textured = tile_correlation(first, second, self.mask)
        rows, columns = np.nonzero(textured)
        points = np.stack([columns, rows], axis=1).astype(np.float32) * TILE + WINDOW // 2
        if not len(points):
            return _Tiles(points, points, np.zeros(0, np.float32), textured, np.zeros(0, bool))
        moved, found, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
            _levels(first),
            _levels(second),
            points.reshape(-1, 1, 2),
            None,
            winSize=(_TRACKED, _TRACKED),
            maxLevel=levels,
        )
        moved = np.asarray(moved.reshape(-1, 2), np.float32)
        return _Tiles(points, moved, correlation[rows, columns], textured, found.ravel() != 0)


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Tiles with detail: their centres (n, 2), where the tracker finds them again, their correlation, the grid of which they
    are a part, and which of them the tracker can place. It cannot place a tile at a plain edge, which correlates all the
    same."""

    points: Floats
    moved: Floats
    correlation: Floats
    textured: NDArray[np.bool_]
    tracked: NDArray[np.bool_]

    @property
    def agreeing(self) -> NDArray[np.bool_]:
        """Which correlate and lie at a known place."""
        return np.asarray(self.tracked & (self.correlation >= _CORRELATES))

    @property
    def off(self) -> Floats:
        """(n, 2): the displacement of each in px, at most ``_FARTHEST`` either way."""
        return np.asarray(np.clip(self.moved - self.points, -_FARTHEST, _FARTHEST), np.float32)


def _parallax_residual(tiles: _Tiles) -> float:
    """The larger of the displacement that neighbours share and a part of that of single tiles.

    Noise moves tiles by little, and independently. Parallax moves neighbours together, and where depth is rough it moves
    single tiles by pixels.
    """
    return max(_neighbour_displacement(tiles), _SINGLY * _own_displacement(tiles))


def _own_displacement(tiles: _Tiles) -> float:
    """The displacement in px that three of four correlating tiles stay within. Disturbed ones count, because depth is rough
    at edges."""
    agreeing = tiles.agreeing
    if not agreeing.any():
        return _FARTHEST
    off = tiles.off[agreeing]
    return float(np.percentile(np.hypot(off[:, 0], off[:, 1]), 75))


def _neighbour_displacement(tiles: _Tiles) -> float:
    """The 90th percentile of the mean displacement over neighbourhoods of 5 x 5 tiles, in px.

    What noise leaves in a mean of n tiles has their variance over n, and its square is distributed exponentially; the
    90th percentile of that is subtracted. Only tiles that correlate well are used, because an overlay pulls those that
    it touches.
    """
    best = _undisturbed(tiles)
    if not best.any():
        return _FARTHEST
    rows, columns = np.nonzero(tiles.textured)
    off = tiles.off * best[:, None]
    grids = np.zeros((4, *tiles.textured.shape), np.float32)
    for grid, values in zip(grids, (best, off[:, 0], off[:, 1], (off**2).sum(axis=1)), strict=True):
        grid[rows, columns] = values
    sums = np.stack(
        [cv2.boxFilter(g, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT) for g in grids]
    )
    enough = (sums[0] >= _NEIGHBOURS) & (grids[0] > 0)
    if not enough.any():
        return _FARTHEST
    count, right, down, squares = sums[:, enough]
    mean = (right / count) ** 2 + (down / count) ** 2
    noise = np.maximum(squares / count - mean, 0.0) / (count - 1)
    return float(np.percentile(np.sqrt(np.maximum(mean - _BY_CHANCE * noise, 0.0)), _HIGH))


def _undisturbed(tiles: _Tiles) -> NDArray[np.bool_]:
    """Which tiles correlate well and, if there are enough of them, touch none whose detail disagrees."""
    agreeing = tiles.agreeing
    if not agreeing.any():
        return agreeing
    inner = agreeing & ~_beside_changed(tiles)
    if inner.sum() >= _INNER * agreeing.sum():
        agreeing = inner
    typical = float(np.median(tiles.correlation[agreeing]))
    return np.asarray(agreeing & (tiles.correlation >= min(_WELL, typical)), np.bool_)


def _beside_changed(tiles: _Tiles) -> NDArray[np.bool_]:
    """Which tiles touch one whose detail disagrees."""
    rows, columns = np.nonzero(tiles.textured)
    changed = np.zeros(tiles.textured.shape, np.uint8)
    changed[rows, columns] = tiles.correlation < _CORRELATES
    near = cv2.dilate(changed, np.ones((3, 3), np.uint8))
    return np.asarray(near[rows, columns] > 0)


def detail_of(plane: Pixels) -> Floats:
    """What is left of a plane between blur and shading."""
    floats = plane.astype(np.float32)
    return np.asarray(
        cv2.GaussianBlur(floats, (0, 0), _FINE) - cv2.GaussianBlur(floats, (0, 0), _COARSE), np.float32
    )


def _levels(detail: Floats) -> Pixels:
    """Detail as 8 bits of normalised contrast, so that brightness and contrast do not displace it."""
    spread = np.sqrt(np.maximum(cv2.blur(detail * detail, (2 * WINDOW + 1, 2 * WINDOW + 1)), 0.0)) + 1.0
    return np.asarray(np.clip(detail / spread * 40.0 + 128.0, 0, 255), np.uint8)


def tile_correlation(first: Floats, second: Floats, mask: Pixels) -> tuple[Floats, NDArray[np.bool_]]:
    """On a grid of tiles: the correlation of the two windows, and whether both lie inside and one has detail."""

    def mean(plane: Floats) -> Floats:
        return np.asarray(cv2.blur(plane, (WINDOW, WINDOW)), np.float32)

    def grid(plane: NDArray[Any]) -> NDArray[Any]:
        half = WINDOW // 2
        return np.asarray(plane[half : plane.shape[0] - half : TILE, half : plane.shape[1] - half : TILE])

    m1, m2 = mean(first), mean(second)
    v1 = np.maximum(mean(first * first) - m1 * m1, 0)
    v2 = np.maximum(mean(second * second) - m2 * m2, 0)
    both = mean(first * second) - m1 * m2
    value = both / np.sqrt(np.maximum(v1 * v2, 1e-6))
    inside = mean(mask.astype(np.float32)) >= 254.0
    textured = np.maximum(v1, v2) >= _TEXTURE**2
    return grid(np.asarray(value, np.float32)), grid(inside & textured).astype(bool)
