"""Aligns one picture with another: the homography on which their local features agree.

Source of the method: mutual nearest neighbours with Lowe's ratio test, and MAGSAC++ (D. Barath et al., 2020) as in
OpenCV. Matching features prove only the same object; whether the pictures agree is measured in agreement.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats
from validators.measures.reuse.local_features import WHOLE, LocalFeatures, mirrored, rooted

__all__ = ["Alignment", "Matrix", "align", "flip_of", "quarter_turns", "scale_of"]

Matrix = NDArray[np.float64]

_RATIO = 0.85  # Lowe's 0.8, a little looser: MAGSAC sorts out the rest
_LEAST = 6  # matches before a homography is tried
_REACH = 3.0  # px at the working side by which a match may be off
_ITERATIONS = 2000
_CONFIDENCE = 0.999
_FLATTEST = 0.2  # by how much less one direction may be stretched than the other
_BENT = 0.6  # share by which perspective may change the scale across the picture


@dataclass(frozen=True, slots=True)
class Alignment:
    """``matrix`` (3, 3) takes points of the query to the other, both in units of their long sides.

    ``inliers`` matches lie within reach of it, of ``matches`` in all. ``mirrored``: it turns the picture over.
    """

    matrix: Matrix
    inliers: int
    matches: int
    mirrored: bool


def align(query: LocalFeatures, other: LocalFeatures, *, mirror: bool) -> Alignment | None:
    """The homography on which most matches agree, mirrored or not as given. None if fewer than 6 do.

    Deterministic: MAGSAC is seeded by the number of the matches alone.
    """
    if min(len(query), len(other)) < _LEAST:
        return None
    descriptors = mirrored(query.descriptors) if mirror else query.descriptors
    first, second = _matches(rooted(np.asarray(descriptors, np.uint8)), rooted(other.descriptors))
    if len(first) < _LEAST:
        return None
    flip = flip_of(query.aspect[0]) if mirror else np.eye(3)
    here = query.points[first].astype(np.float64)
    if mirror:
        here[:, 0] = query.aspect[0] - here[:, 0]
    there = other.points[second].astype(np.float64)
    found, inliers = cv2.findHomography(
        here * WHOLE.side, there * WHOLE.side, cv2.USAC_MAGSAC, _REACH,
        maxIters=_ITERATIONS, confidence=_CONFIDENCE,
    )  # fmt: skip
    if found is None or int(inliers.sum()) < _LEAST:
        return None
    unit = np.diag([1.0 / WHOLE.side, 1.0 / WHOLE.side, 1.0])
    matrix = unit @ found @ np.linalg.inv(unit)
    if not _sane(matrix, query.aspect):
        return None
    whole = matrix @ flip
    return Alignment(whole / whole[2, 2], int(inliers.sum()), len(first), mirror)


def flip_of(width: float) -> Matrix:
    """The matrix that flips a picture of this width left to right."""
    return np.array([[-1.0, 0.0, width], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def quarter_turns(orientation: int, aspect: tuple[float, float]) -> Matrix:
    """EXIF's ``orientation`` (1..8) as a matrix on points of a picture of (width, height) ``aspect``."""
    width, height = aspect
    linear = {
        1: (1, 0, 0, 1), 2: (-1, 0, 0, 1), 3: (-1, 0, 0, -1), 4: (1, 0, 0, -1),
        5: (0, 1, 1, 0), 6: (0, -1, 1, 0), 7: (0, -1, -1, 0), 8: (0, 1, -1, 0),
    }[orientation]  # fmt: skip
    a, b, c, d = linear
    left = min(0.0, a * width) + min(0.0, b * height)
    top = min(0.0, c * width) + min(0.0, d * height)
    return np.array([[a, b, -left], [c, d, -top], [0, 0, 1]], np.float64)


def scale_of(matrix: Matrix, aspect: tuple[float, float]) -> float:
    """The enlargement at the middle of the picture: the square root of the change of area."""
    return float(np.sqrt(abs(np.linalg.det(_linear_at(matrix, aspect[0] / 2, aspect[1] / 2)))))


def _matches(first: Floats, second: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of mutual nearest neighbours that are clearly nearer than the next."""
    likeness = first @ second.T
    there = likeness.argmax(axis=1)
    rows = np.arange(len(first))
    best = likeness[rows, there]
    mutual = likeness.argmax(axis=0)[there] == rows
    likeness[rows, there] = -1.0
    next_best = likeness.max(axis=1)
    # Squared distance of vectors of length 1 is 2 - 2 x likeness.
    clear = (1.0 - best) < _RATIO**2 * (1.0 - next_best)
    kept = np.flatnonzero(mutual & clear)
    return kept, there[kept]


def _linear_at(matrix: Matrix, x: float, y: float) -> Matrix:
    """The 2 x 2 derivative of the homography at a point."""
    p = matrix @ np.array([x, y, 1.0])
    return np.asarray((matrix[:2, :2] - np.outer(p[:2] / p[2], matrix[2, :2])) / p[2])


def _sane(matrix: Matrix, aspect: tuple[float, float]) -> bool:
    """Whether the homography is plausible: not folded, not mirrored, not squeezed to a line."""
    width, height = aspect
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (width / 2, height / 2)]
    depth = [float(matrix[2] @ np.array([x, y, 1.0])) for x, y in corners]
    if min(depth) <= 0 or min(depth) / max(depth) < 1 - _BENT:
        return False
    linear = _linear_at(matrix, *corners[-1])
    if np.linalg.det(linear) <= 0:
        return False
    segment_text = np.linalg.svd(linear, compute_uv=False)
    return bool(segment_text[1] >= _FLATTEST * segment_text[0])
