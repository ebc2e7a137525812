"""Finds rectangles that may be pictures of their own: in a screenshot, a collage or a frame.

Source of the method: the recursive X-Y cut of page segmentation (G. Nagy and S. Seth, 1984): rows and columns without
detail divide a picture into blocks, and these again. Where there are none, a seam does: a straight line across the
whole block at which nearly every pixel's tone jumps, as where two photographs of a collage meet. Blocks that are busy
throughout are kept; text is not, since its paper shows. Photographs themselves are hardly ever divided: their rows
hold detail or noise, and no line through all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Pixels

__all__ = ["Box", "find_regions"]

_SIDE = 400  # px of the long side that is divided
_STEP = 7  # levels between neighbours: detail; JPEG leaves less on plain ground
_PLAIN = 0.004  # share of a row that may hold detail and yet divide: a stray pixel
_JUMP = 12  # levels between neighbours across a seam
_SEAM = 0.85  # share of a line's pixels that jump: 0.95 and more in 40 collages, in photographs under 0.8
_SEAM_STANDS_OUT = 1.25  # times the share on lines nearby
_SEAM_NEAR = 3, 21  # px from it where nearby lines are
_THINNEST = 2  # px: rows or columns together without detail
_DEPTH = 7  # cuts below one another: seams halve, so a grid of 4 x 4 takes six
_LEAST_AREA, _MOST_AREA = 0.03, 0.96
_LEAST_SIDE = 60  # px at ``_SIDE``
_FLATTEST = 0.25
_TILE = 8
_BUSY = 0.55  # share of tiles with detail: photographs have more, text and forms less
_MOST = 16


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in 0..1 of width and height."""

    x: float
    y: float
    w: float
    h: float

    def cut(self, view: Pixels) -> Pixels:
        """That part of a view, at least a pixel."""
        height, width = view.shape[:2]
        left, top = int(self.x * width), int(self.y * height)
        right, bottom = round((self.x + self.w) * width), round((self.y + self.h) * height)
        return np.ascontiguousarray(view[top : max(bottom, top + 1), left : max(right, left + 1)])


_Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def find_regions(view: Pixels) -> tuple[Box, ...]:
    """At most 16 boxes of an upright HxWx3 uint8 RGB view, the largest first. None if no picture is embedded."""
    scale = min(1.0, _SIDE / max(view.shape[:2]))
    size = max(2, round(view.shape[1] * scale)), max(2, round(view.shape[0] * scale))
    plane = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), np.uint8)
    steps = _steps(plane)
    detail = np.asarray(np.maximum(steps[0], steps[1]) >= _STEP, np.uint8)
    height, width = detail.shape
    divided = _divided((0, 0, width, height), detail, steps, _DEPTH)
    blocks = [block for block in divided if _is_kept(block, detail)]
    blocks.sort(key=lambda block: (-_area(block), block))
    return tuple(
        Box(x / width, y / height, (r - x) / width, (b - y) / height) for x, y, r, b in blocks[:_MOST]
    )


def _steps(plane: Pixels) -> tuple[Pixels, Pixels]:
    """How far each pixel's tone differs from that to the left, and from that above, in the channel that differs most."""
    left, up = np.zeros(plane.shape[:2], np.uint8), np.zeros(plane.shape[:2], np.uint8)
    left[:, 1:] = cv2.absdiff(plane[:, 1:], plane[:, :-1]).max(axis=2)
    up[1:] = cv2.absdiff(plane[1:], plane[:-1]).max(axis=2)
    return left, up


def _divided(
    block: _Rectangle, detail: NDArray[np.uint8], steps: tuple[Pixels, Pixels], depth: int
) -> list[_Rectangle]:
    x, y, r, b = block
    if depth == 0 or r - x < _LEAST_SIDE or b - y < _LEAST_SIDE:
        return [block]
    part = detail[y:b, x:r]
    rows, columns = _segments(part.mean(axis=1)), _segments(part.mean(axis=0))
    if len(rows) > 1:
        inner = [(x, y + start, r, y + end) for start, end in rows]
    elif len(columns) > 1:
        inner = [(x + start, y, x + end, b) for start, end in columns]
    else:
        trimmed = _trimmed(block, rows, columns)
        inner = _along_seam(trimmed, steps) if trimmed else []
        if len(inner) <= 1:
            return inner
    return [leaf for one in inner for leaf in _divided(one, detail, steps, depth - 1)]


def _along_seam(block: _Rectangle, steps: tuple[Pixels, Pixels]) -> list[_Rectangle]:
    """The two sides of the block's plainest seam, or the block."""
    x, y, r, b = block
    left, up = (step[y:b, x:r] >= _JUMP for step in steps)
    column, row = _seam(left.mean(axis=0)), _seam(up.mean(axis=1))
    if column is not None:
        return [(x, y, x + column, b), (x + column, y, r, b)]
    if row is not None:
        return [(x, y, r, y + row), (x, y + row, r, b)]
    return [block]


def _seam(share: NDArray[np.float64]) -> int | None:
    """The line at which the tone jumps nearly everywhere but not nearby. Near the edges no picture would fit."""
    inside = share[_LEAST_SIDE : len(share) - _LEAST_SIDE + 1]
    if not len(inside):
        return None
    at = _LEAST_SIDE + int(inside.argmax())
    near, far = _SEAM_NEAR
    beside = np.concatenate([share[max(0, at - far) : at - near + 1], share[at + near : at + far]])
    stands_out = share[at] >= _SEAM_STANDS_OUT * float(np.percentile(beside, 90))
    return at if share[at] >= _SEAM and stands_out else None


def _trimmed(
    block: _Rectangle, rows: list[tuple[int, int]], columns: list[tuple[int, int]]
) -> _Rectangle | None:
    if not rows or not columns:
        return None
    x, y = block[:2]
    return x + columns[0][0], y + rows[0][0], x + columns[0][1], y + rows[0][1]


def _segments(density: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Where rows (or columns) with detail run, divided by at least ``_THINNEST`` without."""
    plain = (density <= _PLAIN).astype(np.uint8)
    gaps = cv2.morphologyEx(plain[None], cv2.MORPH_OPEN, np.ones((1, _THINNEST), np.uint8))[0]
    change = np.diff(np.concatenate([[1], gaps, [1]]).astype(np.int8))
    return list(zip(np.flatnonzero(change == -1).tolist(), np.flatnonzero(change == 1).tolist(), strict=True))


def _area(block: _Rectangle) -> int:
    return (block[2] - block[0]) * (block[3] - block[1])


def _is_kept(block: _Rectangle, detail: NDArray[np.uint8]) -> bool:
    x, y, r, b = block
    w, h = r - x, b - y
    share = w * h / detail.size
    if not _LEAST_AREA <= share <= _MOST_AREA or min(w, h) < _LEAST_SIDE or min(w, h) < _FLATTEST * max(w, h):
        return False
    part = detail[y : y + h // _TILE * _TILE, x : x + w // _TILE * _TILE]
    tiles = part.reshape(h // _TILE, _TILE, w // _TILE, _TILE).max(axis=(1, 3))
    return float(tiles.mean()) >= _BUSY
