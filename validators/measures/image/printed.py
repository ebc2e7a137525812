"""How much of a picture's detail is print: many fine dark strokes on paper of one tone, or light ones on dark.

A closing by a square larger than a stroke fills letters with the paper about them. Where what is left is all of one tone,
and what was filled is strong, thin and much interrupted, there is print, whatever its direction, its script and the light
on it. Cloth, leaves and gravel have fine strokes too, but no even ground behind them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.scales import Scales
from validators.measures.image.tiles import Floats, Pixels

_WORKING_TILE = 32  # px of the plane of 720 px: a few words
_COARSE_TILE = 24  # px of the plane of 400 px, in which letters too large for the other are small
_STROKE = 9  # px: wider than a stroke
_LEAST_CONTRAST = 28.0  # luma levels between ink and paper: knitwear has less
_DETAIL = 12.0  # luma levels from which on a tile has detail at all
_UNEVEN = 0.12  # of the contrast: the most by which the paper's tone may vary
_INKED = (0.06, 0.5)  # share of a tile
_STROKES = (
    1.0,
    0.2,
)  # edges of ink met per line across and down a tile, in pairs: an outline alone has fewer
_TOGETHER = np.ones((2, 2), np.uint8)  # tiles: a single one may be anything
_SQUARE = np.ones((_STROKE, _STROKE), np.uint8)


def printed_fraction(scales: Scales) -> float:
    """Share 0..1 of the tiles with detail that show print, in the size of the view that shows more of it."""
    return max(_printed(scales.working, _WORKING_TILE), _printed(scales.coarse, _COARSE_TILE))


def _printed(plane: Pixels, tile: int) -> float:
    rows, columns = plane.shape[0] // tile, plane.shape[1] // tile
    if min(rows, columns) < _TOGETHER.shape[0]:
        return 0.0
    light = _on_light_paper(np.ascontiguousarray(plane[: rows * tile, : columns * tile]), tile)
    paper = np.asarray(cv2.morphologyEx(light, cv2.MORPH_CLOSE, _SQUARE), dtype=np.uint8)
    ink = np.asarray(cv2.subtract(paper, light), dtype=np.uint8)
    size = columns, rows
    mean, square = _moments(ink, size)
    least = np.float32(0.01)
    contrast = np.asarray(
        square / np.maximum(mean, least), np.float32
    )  # that of the ink, however little there is
    tone, tone_square = _moments(paper, size)
    even = tone_square - tone * tone <= np.square(np.float32(_UNEVEN) * contrast)
    inked, across, down = _strokes(ink, contrast, tile)
    fits = (inked >= _INKED[0]) & (inked <= _INKED[1]) & (across >= _STROKES[0]) & (down >= _STROKES[1])
    found = (fits & even & (contrast >= _LEAST_CONTRAST)).astype(np.uint8)
    together = cv2.morphologyEx(
        found, cv2.MORPH_OPEN, _TOGETHER, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return int(np.count_nonzero(together)) / max(int(np.count_nonzero(contrast >= _DETAIL)), 1)


def _on_light_paper(plane: Pixels, tile: int) -> Pixels:
    """The plane with those tiles inverted whose mean lies below the middle of their range: ink is the smaller part."""
    half = tile // 2
    every_other = np.ascontiguousarray(plane[::2, ::2])
    square = np.ones((half, half), np.uint8)
    low, high = (
        np.ascontiguousarray(search(every_other, square, anchor=(0, 0))[::half, ::half])
        for search in (cv2.erode, cv2.dilate)
    )
    size = low.shape[1], low.shape[0]
    mean = cv2.resize(every_other, size, interpolation=cv2.INTER_AREA)
    dark = cv2.compare(mean, cv2.addWeighted(low, 0.5, high, 0.5, 0), cv2.CMP_LT)
    return np.asarray(cv2.bitwise_xor(plane, _enlarged(dark, plane)), dtype=np.uint8)


def _moments(plane: Pixels, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Mean and mean square of each tile, over every other pixel."""
    sample = plane[::2, ::2].astype(np.float32)
    mean, square = (
        cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (sample, sample * sample)
    )
    return np.asarray(mean, np.float32), np.asarray(square, np.float32)


def _strokes(ink: Pixels, contrast: Floats, tile: int) -> tuple[Floats, Floats, Floats]:
    """Share of each tile that is ink, and half the edges of ink met per line across it and down it."""
    middle = np.minimum(contrast / 2, np.float32(255)).astype(np.uint8)
    mask = np.asarray(cv2.compare(ink, _enlarged(middle, ink), cv2.CMP_GT), dtype=np.uint8)
    rows, columns = mask[::4], np.ascontiguousarray(mask[:, ::4])
    across, down = np.zeros_like(rows), np.zeros_like(columns)
    across[:, :-1] = rows[:, 1:] ^ rows[:, :-1]
    down[:-1] = columns[1:] ^ columns[:-1]
    size = contrast.shape[1], contrast.shape[0]
    return (
        _share(np.ascontiguousarray(mask[::2, ::2]), size),
        _share(across, size) * np.float32(tile / 2),
        _share(down, size) * np.float32(tile / 2),
    )


def _share(mask: Pixels, size: tuple[int, int]) -> Floats:
    means = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32) / np.float32(255)


def _enlarged(tiles: NDArray[np.uint8] | cv2.typing.MatLike, plane: Pixels) -> Pixels:
    size = plane.shape[1], plane.shape[0]
    return np.asarray(cv2.resize(tiles, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
