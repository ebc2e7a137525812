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
from validators.measures.reuse.alignment import Matrix

__all__ = ["Agreement", "compare_aligned"]

SIDE = 512
"""Long side in px of the shared area when tiles are compared."""
_TILE = 16  # px between tiles
_WINDOW = 25  # px across of the window that is correlated around each tile
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
    by at least 0.5; ``correlation``: the median of these. ``drift``: how far tiles that correlate lie off, px of the
    frame (at most ``SIDE`` across): neighbours together, or each for itself, see ``_drift``.
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
        box, shared = _shared_box(query.shape, other.shape, matrix)
        if box is None:
            return None
        x, y, w, h = box
        long = float(max(query.shape))
        side = min(SIDE, max(w, h) * min(long, _density(matrix, box) * max(other.shape)))
        step = max(w, h) / max(side, 1.0)
        size = max(1, round(w / step)), max(1, round(h / step))
        if min(size) < 2 * _WINDOW:
            return None
        frame = np.array([[step, 0, x], [0, step, y], [0, 0, 1.0]])
        here, _ = _resampled(query, frame, size)
        return _AlignedPair._at(_detail(here), query, other, matrix, frame, shared)

    @staticmethod
    def _at(
        here: Floats, query: Pixels, other: Pixels, matrix: Matrix, frame: Matrix, shared: float
    ) -> _AlignedPair:
        size = here.shape[1], here.shape[0]
        there, mask = _resampled(other, matrix @ frame, size)
        return _AlignedPair(here, query, other, matrix, frame, there, mask, shared)

    def refined(self, reach: float, *, undisturbed: bool) -> _AlignedPair | None:
        """The same after the correction on which the tiles' displacements agree to ``reach`` px. None if too few do."""
        tiles = self._tracked()
        agreeing = _undisturbed(tiles) if undisturbed else tiles.correlation >= _CORRELATES
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
        first, second = self.here, _detail(self.there)
        correlation, textured = _correlation(first, second, self.mask)
        rows, columns = np.nonzero(textured)
        points = np.stack([columns, rows], axis=1).astype(np.float32) * _TILE + _WINDOW // 2
        if not len(points):
            return _Tiles(points, points, np.zeros(0, np.float32), textured)
        moved, found, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
            _levels(first),
            _levels(second),
            points.reshape(-1, 1, 2),
            None,
            winSize=(_TRACKED, _TRACKED),
            maxLevel=levels,
        )
        moved = np.asarray(moved.reshape(-1, 2), np.float32)
        values = np.where(found.ravel() == 0, np.float32(-1.0), correlation[rows, columns])
        return _Tiles(points, moved, values, textured)


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Tiles with detail: their centres (n, 2), where the tracker finds them again, their correlation (-1 if it lost
    them), and the grid of which they are a part."""

    points: Floats
    moved: Floats
    correlation: Floats
    textured: NDArray[np.bool_]

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
    agreeing = tiles.correlation >= _CORRELATES
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
    agreeing = tiles.correlation >= _CORRELATES
    if not agreeing.any():
        return agreeing
    inner = agreeing & ~_beside_changed(tiles, agreeing)
    if inner.sum() >= _INNER * agreeing.sum():
        agreeing = inner
    typical = float(np.median(tiles.correlation[agreeing]))
    return np.asarray(agreeing & (tiles.correlation >= min(_WELL, typical)), np.bool_)


def _beside_changed(tiles: _Tiles, agreeing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which tiles touch one whose detail disagrees."""
    rows, columns = np.nonzero(tiles.textured)
    changed = np.zeros(tiles.textured.shape, np.uint8)
    changed[rows, columns] = ~agreeing
    near = cv2.dilate(changed, np.ones((3, 3), np.uint8))
    return np.asarray(near[rows, columns] > 0)


def _density(matrix: Matrix, box: tuple[float, float, float, float]) -> float:
    """How many units of the other one unit of the query spans, near the middle of the box."""
    x, y, w, h = box
    middle = np.array([[x + w / 2, y + h / 2], [x + w / 2 + 1e-3, y + h / 2], [x + w / 2, y + h / 2 + 1e-3]])
    at = cv2.perspectiveTransform(middle[None], matrix)[0]
    u, v = (at[1] - at[0]) / 1e-3, (at[2] - at[0]) / 1e-3
    return float(np.sqrt(abs(u[0] * v[1] - u[1] * v[0])))


def _shared_box(
    query: tuple[int, ...], other: tuple[int, ...], matrix: Matrix
) -> tuple[tuple[float, float, float, float] | None, float]:
    """The box of the query, in its units, that the other's outline covers, and its share of the area."""
    mine, theirs = _outline(query), _outline(other)
    back = cv2.perspectiveTransform(theirs[None], np.linalg.inv(matrix))[0]
    if not np.isfinite(back).all():
        return None, 0.0
    area, polygon = cv2.intersectConvexConvex(
        mine.astype(np.float32), cv2.convexHull(back.astype(np.float32))[:, 0]
    )
    whole = float(mine[2, 0] * mine[2, 1])
    if polygon is None or area < 0.01 * whole:
        return None, 0.0
    low, high = polygon[:, 0].min(axis=0), polygon[:, 0].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])), float(
        area / whole
    )


def _outline(shape: tuple[int, ...]) -> NDArray[np.float64]:
    long = max(shape)
    w, h = shape[1] / long, shape[0] / long
    return np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)


def _resampled(picture: Pixels, frame: Matrix, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """``picture`` resampled to ``frame`` (px of the frame to units of the picture), and the mask of where it is."""
    height, width = picture.shape
    long = max(height, width)
    pixels = np.diag([long, long, 1.0]) @ frame
    step = _density(pixels, (0.0, 0.0, float(size[0]), float(size[1])))
    while step >= 2.0 and min(picture.shape) >= 4:  # linear interpolation alone would skip pixels
        picture = np.asarray(cv2.pyrDown(picture), np.uint8)
        pixels = np.diag([0.5, 0.5, 1.0]) @ pixels
        step /= 2
    drawn = cv2.warpPerspective(
        picture, pixels, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpPerspective(
        np.full(picture.shape, 255, np.uint8), pixels, size, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(drawn, np.uint8), np.asarray(inside, np.uint8)


def _detail(plane: Pixels) -> Floats:
    floats = plane.astype(np.float32)
    return np.asarray(
        cv2.GaussianBlur(floats, (0, 0), _FINE) - cv2.GaussianBlur(floats, (0, 0), _COARSE), np.float32
    )


def _levels(detail: Floats) -> Pixels:
    """Detail as 8 bits of normalised contrast, so that brightness and contrast do not displace it."""
    spread = np.sqrt(np.maximum(cv2.blur(detail * detail, (2 * _WINDOW + 1, 2 * _WINDOW + 1)), 0.0)) + 1.0
    return np.asarray(np.clip(detail / spread * 40.0 + 128.0, 0, 255), np.uint8)


def _correlation(first: Floats, second: Floats, mask: Pixels) -> tuple[Floats, NDArray[np.bool_]]:
    """On a grid of tiles: the correlation of the two windows, and whether both are inside and one has detail."""

    def mean(plane: Floats) -> Floats:
        return np.asarray(cv2.blur(plane, (_WINDOW, _WINDOW)), np.float32)

    def grid(plane: NDArray[Any]) -> NDArray[Any]:
        half = _WINDOW // 2
        return np.asarray(plane[half : plane.shape[0] - half : _TILE, half : plane.shape[1] - half : _TILE])

    m1, m2 = mean(first), mean(second)
    v1 = np.maximum(mean(first * first) - m1 * m1, 0)
    v2 = np.maximum(mean(second * second) - m2 * m2, 0)
    both = mean(first * second) - m1 * m2
    value = both / np.sqrt(np.maximum(v1 * v2, 1e-6))
    inside = mean(mask.astype(np.float32)) >= 254.0
    textured = np.maximum(v1, v2) >= _TEXTURE**2
    return grid(np.asarray(value, np.float32)), grid(inside & textured).astype(bool)
