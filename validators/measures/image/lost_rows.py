"""Finds what a hole in uncompressed samples leaves: one exact value, row after row, that begins or ends in the middle of a row.

Plain bitmaps have no checksum, so the picture itself must show the hole. What people draw or film has edges that go on from
row to row: a black bar begins at a row's start, a dark screen's letters stand in the black. A hole does neither. The row above
it is full of the picture, and so is its first row, up to one pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_LEAST_ROWS = 2.0
_LEAST_SHARE = 0.005  # of the picture: a line or two of one tone is nothing
_MOST_LIKE = 0.2  # share of the row above, and of the row's other part, that may have the value by chance


@dataclass(frozen=True, slots=True)
class LostRows:
    """``share`` of the picture has one exact value. ``to_an_edge``: it reaches the first or the last row."""

    share: float
    to_an_edge: bool


def lost_rows(pixels: Pixels) -> LostRows | None:
    """A hole in HxWx3 uint8, whether its rows are stored from the top or, as bitmaps mostly are, from the bottom."""
    return _hole(pixels) or _hole(pixels[::-1])


def flat_pixels(pixels: Pixels) -> int:
    """How many pixels are exactly like the one before and the one above them."""
    left = (pixels[1:, 1:] == pixels[1:, :-1]).all(axis=2)
    return int(np.count_nonzero(left & (pixels[1:, 1:] == pixels[:-1, 1:]).all(axis=2)))


def _hole(pixels: Pixels) -> LostRows | None:
    """The longest run of one value in reading order, if it begins or ends as a hole does."""
    height, width = pixels.shape[:2]
    start, end = _longest_run(pixels)
    if end - start < max(_LEAST_ROWS * width, _LEAST_SHARE * width * height):
        return None
    same = (pixels == pixels.reshape(-1, 3)[start]).all(axis=2)
    at_top, at_bottom = start == 0, end == width * height
    begins = _is_step(same, start, -1)
    ends = _is_step(same, end, +1)
    if not (begins or ends) or not (begins or at_top) or not (ends or at_bottom):
        return None
    return LostRows((end - start) / (width * height), at_top or at_bottom)


def _longest_run(pixels: Pixels) -> tuple[int, int]:
    """First and last-plus-one position of the longest run of equal pixels."""
    flat = np.ascontiguousarray(pixels).reshape(-1, 3)
    changes = np.flatnonzero((flat[1:] != flat[:-1]).any(axis=1)) + 1
    edges = np.concatenate(([0], changes, [len(flat)]))
    longest = int(np.argmax(np.diff(edges)))
    return int(edges[longest]), int(edges[longest + 1])


def _is_step(same: NDArray[np.bool_], at: int, outwards: int) -> bool:
    """Whether the run ends at ``at`` in mid-row, and what lies around its end there shows something else."""
    height, width = same.shape
    row, column = divmod(at, width)
    if column == 0:
        return False
    beside = same[row, :column] if outwards < 0 else same[row, column:]
    beyond = row + outwards
    if not 0 <= beyond < height:
        return bool(beside.mean() <= _MOST_LIKE)
    facing = same[beyond, column:] if outwards < 0 else same[beyond, :column]
    return bool(beside.mean() <= _MOST_LIKE and facing.mean() <= _MOST_LIKE)
