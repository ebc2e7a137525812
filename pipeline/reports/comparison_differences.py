"""Which tiles of two aligned pictures differ: in their detail, or in tone beyond what one edit of all tones explains.

Where the two are measured (validators/measures/reuse/agreement.py) one number judges the whole; here each tile is judged, for
the eye, and so that a mark is worth looking at: a tile that agrees a little to the side is not marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.reports.comparison_frames import Box, Window, covered, seen
from validators.measures.reuse.agreement import SIDE
from validators.measures.reuse.alignment import scale_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.reports.comparison_frames import Mask, Matrix, Pixels

    Floats = NDArray[np.float32]

_TILE = 16  # px between tiles
_HALF = 12  # px from a tile's middle to the edge of what is compared
_FINE, _COARSE = 1.0, 8.0  # px, sigma: detail between these two, so that neither blur nor shading decides
_TEXTURE = 4.0  # luma levels, deviation of that detail: below it compression alone may undo it
_CORRELATES = 0.5
_REACH = 2  # px to each side that a tile may lie off
_TONES = 30.0  # levels that a tile's mean may lie off what all others say
_FITTED = 24  # tiles that agree, before tones are compared


def differing(this: Pixels, other: Pixels, matrix: Matrix, mine: Box, theirs: Box, shared: Box) -> list[Box]:
    """The tiles of ``this`` within ``shared`` that differ from ``other``; none where there is too little to compare."""
    window = _window(this, other, matrix, shared)
    if min(window.width, window.height) <= 4 * _HALF:
        return []
    inside = _windows(covered(window, mine, theirs, matrix).astype(np.float32)) >= 0.999
    first, second = seen(this, window), seen(other, window, matrix, continued=True)
    best, textured = _likeness(_detail(first), _detail(second))
    agreeing = inside & textured & (best >= _CORRELATES)
    differ = inside & textured & (best < _CORRELATES)
    differ |= inside & (_tones_off(first, second, agreeing) > _TONES)
    return [_tile(window, int(row), int(column)) for row, column in np.argwhere(differ)]


def _window(this: Pixels, other: Pixels, matrix: Matrix, shared: Box) -> Window:
    """The shared area at the coarser one's resolution."""
    middle = 2 * shared.x + shared.w, 2 * shared.y + shared.h
    density = min(max(this.shape), scale_of(matrix, middle) * max(other.shape))
    step = min(SIDE / max(shared.w, shared.h), density)
    return Window(shared, max(1, round(shared.w * step)), max(1, round(shared.h * step)))


def _likeness(first: Floats, second: Floats) -> tuple[Floats, Mask]:
    """Each tile's best correlation over small moves, and whether one of the two has detail there."""
    m1, m2 = _mean(first), _mean(second)
    v1 = np.maximum(_mean(first * first) - m1 * m1, 0)
    v2 = np.maximum(_mean(second * second) - m2 * m2, 0)
    best = np.full(v1.shape, -1.0, np.float32)
    for down in range(-_REACH, _REACH + 1):
        for right in range(-_REACH, _REACH + 1):
            moved, mean, variance = (np.roll(plane, (down, right), (0, 1)) for plane in (second, m2, v2))
            both = _mean(first * moved) - m1 * mean
            best = np.maximum(best, both / np.sqrt(np.maximum(v1 * variance, 1e-3)))
    return _grid(best), np.asarray(_grid(np.maximum(v1, v2)) >= _TEXTURE**2, bool)


def _tones_off(first: Pixels, second: Pixels, agreeing: Mask) -> Floats:
    """By how many levels each tile's mean colour deviates from the change of colours that fits the tiles that agree.

    Tried in both directions, and the better one counts: grey can be predicted from colours, but not colours from grey.
    """
    if int(agreeing.sum()) < _FITTED:
        return np.zeros(agreeing.shape, np.float32)
    here, there = _tones(first), _tones(second)
    return np.minimum(_off(here, there, agreeing), _off(there, here, agreeing))


def _tones(picture: Pixels) -> Floats:
    return np.stack([_windows(picture[..., channel].astype(np.float32)) for channel in range(3)], axis=-1)


def _off(from_: Floats, to: Floats, agreeing: Mask) -> Floats:
    known = np.concatenate([from_, np.ones((*agreeing.shape, 1), np.float32)], axis=-1)
    fit, *_ = np.linalg.lstsq(known[agreeing], to[agreeing], rcond=None)
    expected = np.clip(known @ fit, 0, 255)
    return np.asarray(np.abs(expected - to).max(axis=-1), np.float32)


def _detail(picture: Pixels) -> Floats:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(
        cv2.GaussianBlur(grey, (0, 0), _FINE) - cv2.GaussianBlur(grey, (0, 0), _COARSE), np.float32
    )


def _mean(plane: Floats) -> Floats:
    return np.asarray(cv2.blur(plane, (2 * _HALF + 1, 2 * _HALF + 1)), np.float32)


def _windows(plane: Floats) -> Floats:
    return _grid(_mean(plane))


def _grid(plane: Floats) -> Floats:
    return plane[_HALF : plane.shape[0] - _HALF : _TILE, _HALF : plane.shape[1] - _HALF : _TILE]


def _tile(window: Window, row: int, column: int) -> Box:
    across, down = window.box.w / window.width, window.box.h / window.height
    left, top = column * _TILE + _HALF - _TILE / 2, row * _TILE + _HALF - _TILE / 2
    return Box(window.box.x + left * across, window.box.y + top * down, _TILE * across, _TILE * down)
