"""The area that two aligned pictures share, as one frame in which both can be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Pixels
from validators.measures.reuse.alignment import Matrix

__all__ = ["SIDE", "AlignedFrame", "drawn"]

SIDE = 512
"""px of the long side of the shared area at which pictures are compared."""
_LEAST_SIDE = 50  # px


@dataclass(frozen=True, slots=True)
class AlignedFrame:
    """The part of the query that the other covers, at the coarser one's resolution.

    ``matrix`` takes px of the frame to units of the query's long side; ``size`` is (width, height) in px; ``shared`` the
    share 0..1 of the query's area that the other covers.
    """

    matrix: Matrix
    size: tuple[int, int]
    shared: float

    @staticmethod
    def of(
        query: tuple[int, ...], other: tuple[int, ...], matrix: Matrix, most: int = SIDE
    ) -> AlignedFrame | None:
        """From both shapes (rows, columns) and the homography of query to other, ``most`` px of the long side at most; None
        where they barely overlap."""
        box, shared = _shared_box(query, other, matrix)
        if box is None:
            return None
        x, y, w, h = box
        side = min(most, max(w, h) * min(max(query[:2]), density(matrix, box) * max(other[:2])))
        step = max(w, h) / max(side, 1.0)
        size = max(1, round(w / step)), max(1, round(h / step))
        if min(size) < _LEAST_SIDE:
            return None
        return AlignedFrame(np.array([[step, 0, x], [0, step, y], [0, 0, 1.0]]), size, shared)


def density(matrix: Matrix, box: tuple[float, float, float, float]) -> float:
    """How many units of the other one unit of the query spans, about the middle of the box."""
    x, y, w, h = box
    middle = np.array([[x + w / 2, y + h / 2], [x + w / 2 + 1e-3, y + h / 2], [x + w / 2, y + h / 2 + 1e-3]])
    at = cv2.perspectiveTransform(middle[None], matrix)[0]
    u, v = (at[1] - at[0]) / 1e-3, (at[2] - at[0]) / 1e-3
    return float(np.sqrt(abs(u[0] * v[1] - u[1] * v[0])))


def _shared_box(
    query: tuple[int, ...], other: tuple[int, ...], matrix: Matrix
) -> tuple[tuple[float, float, float, float] | None, float]:
    """The box of the query, in its units, that the other's outline falls into, and the share of the area covered."""
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
    long = max(shape[:2])
    w, h = shape[1] / long, shape[0] / long
    return np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)


def drawn(picture: Pixels, frame: Matrix, size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """``picture``, grey or RGB, seen through ``frame`` (px of the frame to units of the picture), and where it is."""
    height, width = picture.shape[:2]
    long = max(height, width)
    pixels = np.diag([long, long, 1.0]) @ frame
    step = density(pixels, (0.0, 0.0, float(size[0]), float(size[1])))
    while step >= 2.0 and min(picture.shape[:2]) >= 4:  # linear interpolation alone would skip pixels
        picture = np.asarray(cv2.pyrDown(picture), np.uint8)
        pixels = np.diag([0.5, 0.5, 1.0]) @ pixels
        step /= 2
    seen = cv2.warpPerspective(
        picture, pixels, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpPerspective(
        np.full(picture.shape[:2], 255, np.uint8),
        pixels,
        size,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(seen, np.uint8), np.asarray(inside, np.uint8)
