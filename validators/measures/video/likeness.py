"""Measures how much of one small frame is still visible in another, wherever the camera has moved."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from validators.measures.image.tiles import Pixels

SQUARE = 16
"""Side in px of the squares that are searched for. Frames are about 160 px long."""

_TEXTURE = 6.0  # luma levels: with less deviation a square looks like any other
_FOUND = 0.75  # correlation from which a square is found again
_FURTHEST = 0.45  # of the view's sides
_LEAST_SQUARES = 5
_TOGETHER = 2.5  # px by which a square may differ from the movement of the others


@dataclass(frozen=True, slots=True)
class Shift:
    """Movement of the view in px to the right and down, and how clear it is, 0..1."""

    right: float
    down: float
    clear: float


def shift_between(first: Pixels, second: Pixels) -> Shift:
    """The movement between two HxW uint8 frames of one size, by phase correlation: brightness does not matter."""
    high, wide = first.shape
    window = cv2.createHanningWindow((wide, high), cv2.CV_32F)
    (right, down), clear = cv2.phaseCorrelate(first.astype(np.float32), second.astype(np.float32), window)
    if abs(right) > _FURTHEST * wide or abs(down) > _FURTHEST * high:  # too little stays in view
        return Shift(0.0, 0.0, 0.0)
    return Shift(float(right), float(down), float(np.clip(clear, 0.0, 1.0)))


def likeness(first: Pixels, second: Pixels, reach: int, around: Shift | None = None) -> float | None:
    """Share 0..1 of the textured squares of ``first`` that are found in ``second``, ``reach`` px around where the
    movement of the view takes them.

    None if too few squares have texture or stay in view. ``around``: the movement, if it is known.
    """
    counted, moved = _found_again(first, second, reach, around or shift_between(first, second))
    return len(moved) / counted if counted >= _LEAST_SQUARES else None


def seen_again(first: Pixels, second: Pixels, reach: int, around: Shift | None = None) -> float | None:
    """Like ``likeness``, but only of squares that moved together: by one shift, turn and zoom, as a view does.

    The better of both directions counts, because what leaves the view or comes close is missing in one of them.
    """
    shift = around or shift_between(first, second)
    back = Shift(-shift.right, -shift.down, shift.clear)
    ways = (_together(first, second, reach, shift), _together(second, first, reach, back))
    return max((way for way in ways if way is not None), default=None)


def _together(first: Pixels, second: Pixels, reach: int, around: Shift) -> float | None:
    counted, moved = _found_again(first, second, reach, around)
    if counted < _LEAST_SQUARES:
        return None
    if len(moved) < 3:
        return 0.0
    old, new = (np.array([pair[end] for pair in moved], np.float32) for end in (0, 1))
    _, agreed = cv2.estimateAffinePartial2D(
        old, new, method=cv2.RANSAC, ransacReprojThreshold=_TOGETHER, maxIters=100
    )
    share = 0 if agreed is None else int(np.count_nonzero(agreed))
    return share / counted if share > 2 else 0.0  # two squares always agree on some movement


def _found_again(
    first: Pixels, second: Pixels, reach: int, around: Shift
) -> tuple[int, list[tuple[tuple[float, float], tuple[float, float]]]]:
    """How many squares were searched for, and the old and new place of each that was found."""
    high, wide = first.shape
    counted, moved = 0, []
    for y in range(0, high - SQUARE + 1, SQUARE):
        for x in range(0, wide - SQUARE + 1, SQUARE):
            square = first[y : y + SQUARE, x : x + SQUARE]
            left, top = max(0, round(x + around.right) - reach), max(0, round(y + around.down) - reach)
            right, down = round(x + around.right) + SQUARE + reach, round(y + around.down) + SQUARE + reach
            region = second[top : max(0, down), left : max(0, right)]
            if min(region.shape) < SQUARE + reach or square.std() < _TEXTURE:
                continue
            counted += 1
            _, best, _, (dx, dy) = cv2.minMaxLoc(cv2.matchTemplate(region, square, cv2.TM_CCOEFF_NORMED))
            if best >= _FOUND:
                moved.append(((float(x), float(y)), (float(left + dx), float(top + dy))))
    return counted, moved
