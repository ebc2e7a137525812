"""Rectangles in a picture that may be pictures of their own: in a screenshot, a collage, a frame.

Source of the method: the recursive X-Y cut of page segmentation (G. Nagy and S. Seth, 1984): rows and columns without
detail divide a picture into blocks, and these again. Blocks that are busy throughout are kept; text is not, since
its paper shows. Photographs themselves are hardly ever divided: their rows hold detail or noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.tiles import Pixels

__all__ = ["Box", "find_regions"]

_SIDE = 400  # px of the long side that is divided
_STEP = 7  # levels between neighbours: detail; JPEG leaves less on plain ground
_PLAIN = 0.004  # share of a row that may hold detail and yet divide: a stray pixel
_THINNEST = 2  # px: rows or columns together without detail
_DEPTH = 4
_LEAST_AREA, _MOST_AREA = 0.05, 0.96
_LEAST_SIDE = 60  # px at ``_SIDE``
_FLATTEST = 0.25
_TILE = 8
_BUSY = 0.55  # share of tiles with detail: photographs have more, text and forms less
_MOST = 5


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
    """At most 5 boxes of an upright HxWx3 uint8 RGB view, the largest first; none where nothing is laid in."""
    scale = min(1.0, _SIDE / max(view.shape[:2]))
    size = max(2, round(view.shape[1] * scale)), max(2, round(view.shape[0] * scale))
    plane = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), np.uint8)
    detail = _detail(plane)
    height, width = detail.shape
    blocks = [block for block in _divided((0, 0, width, height), detail, _DEPTH) if _is_kept(block, detail)]
    blocks.sort(key=lambda block: (-_area(block), block))
    return tuple(
        Box(x / width, y / height, (r - x) / width, (b - y) / height) for x, y, r, b in blocks[:_MOST]
    )


def _detail(plane: Pixels) -> NDArray[np.uint8]:
    """1 where the tone differs from the pixel to the left or above by at least ``_STEP`` in any channel."""
    detail = np.zeros(plane.shape[:2], np.uint8)
    detail[:, 1:] = cv2.absdiff(plane[:, 1:], plane[:, :-1]).max(axis=2) >= _STEP
    detail[1:] |= cv2.absdiff(plane[1:], plane[:-1]).max(axis=2) >= _STEP
    return detail


def _divided(block: _Rectangle, detail: NDArray[np.uint8], depth: int) -> list[_Rectangle]:
    x, y, r, b = block
    if depth == 0 or r - x < _LEAST_SIDE or b - y < _LEAST_SIDE:
        return [block]
    part = detail[y:b, x:r]
    rows, columns = _stretches(part.mean(axis=1)), _stretches(part.mean(axis=0))
    if len(rows) <= 1 and len(columns) <= 1:
        trimmed = _trimmed(block, rows, columns)
        return [trimmed] if trimmed else []
    if len(rows) > 1:
        inner = [(x, y + start, r, y + end) for start, end in rows]
    else:
        inner = [(x + start, y, x + end, b) for start, end in columns]
    return [leaf for one in inner for leaf in _divided(one, detail, depth - 1)]


def _trimmed(
    block: _Rectangle, rows: list[tuple[int, int]], columns: list[tuple[int, int]]
) -> _Rectangle | None:
    if not rows or not columns:
        return None
    x, y = block[:2]
    return x + columns[0][0], y + rows[0][0], x + columns[0][1], y + rows[0][1]


def _stretches(density: NDArray[np.float64]) -> list[tuple[int, int]]:
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
