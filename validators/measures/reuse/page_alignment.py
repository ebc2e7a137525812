"""Aligns one capture of a screen or page with another by scale and shift, to a fraction of a pixel.

Glyphs repeat all over a page, so that one feature has many equal matches. A ratio test cannot sort them, a vote can.
Source of the method: RANSAC (M. Fischler and R. Bolles, 1981) over pairs of matches, then Lucas and Kanade's tracker
(1981) in OpenCV's pyramid on corners, and least squares over those that agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels
from validators.measures.reuse.alignment import Matrix
from validators.measures.reuse.local_features import LocalFeatures, Sampling, extract, rooted

__all__ = ["ScaleShift", "align_pages", "refined", "resampled"]

SIDE = 400
"""Long side in px for features. 96 of 96 pages were aligned correctly at 400 as at 800, in a quarter of the time."""
MOST = 500
"""Features of each page: many are lost to repeated glyphs."""
_SAMPLING = Sampling(SIDE, MOST)
_TURN = 20.0  # degrees: pages are not rotated, so a rotated match is wrong
_TRIALS = 300  # pairs of matches: if 20 % are right, all pairs are wrong once in 200,000 runs
_REACH = 4.0 / SIDE  # of the long side by which a match may be off
_LEAST = 10  # agreeing matches: more than two points fix; chosen, not measured
_SCALES = (0.2, 5.0)  # what a page is scaled by; beyond it no text could be compared
_CORNERS = 400
_APART = 8  # px between corners
_TRACKED = 21  # px across of the window that the tracker moves
_STEADY = 0.6  # px by which a corner may be off when the fit is refined
_WIDE = 0.25  # share of the frame's side the corners must span for an axis to have a scale of its own


@dataclass(frozen=True, slots=True)
class ScaleShift:
    """x, y of a point in px become ``scale`` x point + ``shift``, each (2,) float64, px of the query to the other's."""

    scale: NDArray[np.float64]
    shift: NDArray[np.float64]

    @staticmethod
    def of(matrix: Matrix, query: tuple[int, ...], other: tuple[int, ...]) -> ScaleShift | None:
        """The scale and shift nearest to a homography in units of long sides. None if it rotates or mirrors."""
        height, width = query[0] / max(query), query[1] / max(query)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
        there = cv2.perspectiveTransform(corners[None], matrix)[0]
        span = there[2] - there[0], there[1] - there[3]
        if not np.isfinite(there).all() or min(*span[0], span[1][0], -span[1][1]) <= 0:
            return None
        scale = np.array([(there[1] - there[0])[0] / width, (there[3] - there[0])[1] / height])
        shift = there.mean(axis=0) - scale * corners.mean(axis=0)
        return ScaleShift(scale * max(other) / max(query), shift * max(other))

    def moves(self, shape: tuple[int, ...]) -> float:
        """The largest distance in px by which it moves a corner of a plane of this shape."""
        corners = np.array([[0, 0], [shape[1], shape[0]]], np.float64)
        return float(np.abs(self.scale * corners + self.shift - corners).max())

    def matrix(self, query: tuple[int, ...], other: tuple[int, ...]) -> Matrix:
        """The same as a matrix (3, 3) in units of the long sides."""
        scale, shift = self.scale * max(query) / max(other), self.shift / max(other)
        return np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]], [0, 0, 1.0]])


def align_pages(query: Pixels, other: Pixels) -> Matrix | None:
    """A first guess for two HxW uint8 grey pages: (3, 3), query to other, in units of their long sides."""
    first, second = extract(query, _SAMPLING), extract(other, _SAMPLING)
    if min(len(first), len(second)) < _LEAST:
        return None
    here, there = _matched(first, second)
    lying = _voted(here, there, _REACH, 0.1)
    return None if lying is None else lying.matrix((1, 1), (1, 1))


def _matched(first: LocalFeatures, second: LocalFeatures) -> tuple[Floats, Floats]:
    """Points (n, 2) of mutual nearest neighbours that are not rotated."""
    likeness = rooted(first.descriptors) @ rooted(second.descriptors).T
    turn = (first.angles[:, None] - second.angles[None] + 180.0) % 360.0 - 180.0
    likeness[np.abs(turn) > _TURN] = -1.0
    nearest = likeness.argmax(axis=1)
    mutual = np.flatnonzero(likeness.argmax(axis=0)[nearest] == np.arange(len(first)))
    return first.points[mutual], second.points[nearest[mutual]]


def _voted(here: Floats, there: Floats, reach: float, apart: float) -> ScaleShift | None:
    """The scale and shift on which most matches (n, 2) agree to ``reach``. Pairs nearer than ``apart`` give no scale."""
    if len(here) < _LEAST:
        return None
    rng = np.random.default_rng(len(here))  # repeatable
    i, j = rng.integers(0, len(here), (2, _TRIALS))
    before, after = (here[j] - here[i]).astype(np.float64), (there[j] - there[i]).astype(np.float64)
    length = np.hypot(*before.T)
    scale = (before * after).sum(axis=1) / np.maximum(length**2, 1e-12)
    good = (length > apart) & (scale > _SCALES[0]) & (scale < _SCALES[1])
    if not good.any():
        return None
    scale, i, j = scale[good], i[good], j[good]
    shift = (there[i] + there[j] - scale[:, None] * (here[i] + here[j])) / 2
    missed = np.abs(scale[:, None, None] * here[None] + shift[:, None] - there[None]).max(axis=2)
    agreeing = missed[(missed <= reach).sum(axis=1).argmax()] <= reach
    return _fitted(here[agreeing], there[agreeing], apart)


def _fitted(here: Floats, there: Floats, apart: float) -> ScaleShift | None:
    """The least-squares fit. An axis along which the points hardly spread gets the other's scale."""
    if len(here) < _LEAST:
        return None
    x, y = here.astype(np.float64), there.astype(np.float64)
    dx, dy = x - x.mean(axis=0), y - y.mean(axis=0)
    squares, products = (dx * dx).sum(axis=0), (dx * dy).sum(axis=0)
    common = products.sum() / squares.sum()
    spread = np.ptp(x, axis=0) >= apart
    scale = np.where(spread, products / np.maximum(squares, 1e-12), common)
    return ScaleShift(scale, y.mean(axis=0) - scale * x.mean(axis=0))


def refined(here: Pixels, there: Pixels, levels: int) -> ScaleShift | None:
    """The scale and shift that still take ``here`` to ``there``, two HxW uint8 planes of one frame, in px.

    ``levels`` of the tracker's pyramid: 3 find displacements up to 40 px. None if too few corners agree.
    """
    corners = cv2.goodFeaturesToTrack(here, _CORNERS, 0.01, _APART)
    if corners is None:
        return None
    moved, found, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
        here, there, corners, None, winSize=(_TRACKED, _TRACKED), maxLevel=levels
    )
    kept = found.ravel() == 1
    start, end = corners.reshape(-1, 2)[kept], moved.reshape(-1, 2)[kept]
    return _voted(start, end, _STEADY if levels < 2 else 3 * _STEADY, _WIDE * min(here.shape))


def resampled(
    picture: Pixels, scale: NDArray[np.float64], shift: NDArray[np.float64], size: tuple[int, int]
) -> Pixels:
    """``picture`` resampled to a frame of ``size`` (width, height) px whose point p is the picture's scale x p + shift.

    A picture that shrinks is blurred first, like the mean over an area.
    """
    sigma = 0.4 * np.sqrt(np.maximum(scale**2 - 1.0, 0.0))
    if sigma.max() > 0.1:
        across, down = (float(value) for value in np.maximum(sigma, 0.05))  # OpenCV takes no width of 0
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), across, sigmaY=down), np.uint8)
    # Pixels are squares whose middles lie at halves: without this, a scale of 2 would be half a pixel off.
    at = shift + (scale - 1.0) / 2
    affine = np.array([[scale[0], 0, at[0]], [0, scale[1], at[1]]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(picture, affine, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)
