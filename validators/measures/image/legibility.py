"""Legibility: how high the letters of a picture's text are, and how far ink stands out from paper.

Each 64 px square is turned so that its paper is light. What a closing then fills is ink; ink that lies close together
sideways makes words, and of a word the rows that hold most of its ink are those between the baseline and the top of the
small letters (of the capitals, where there are only capitals or digits). A reduced copy finds letters too large for
this; only where it holds mostly small ones, or none, is the picture itself looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import LegibilityMeasures
from validators.measures.image.tiles import Floats, Pixels, grey

_SQUARE = 64  # px: a few words, or part of one paper
_STROKE = 9  # px: wider than a stroke of letters up to 32 px high
_GAP = 7  # px bridged between letters: those of tiny text and the words of one line alike
_INK = 16  # luma levels off the paper: JPEG and grain make less
_SCALES = (4, 2, 1)  # reductions, the coarsest first
_LEAST_HIGH = 7.0  # px in a reduced copy: smaller letters are measured in a larger one
_WORD = (2.0, 60.0)  # width by height of a word or line
_LEAST_BOX = 8, 3  # px wide and high
_MOST_BOX = 126  # px high: the largest letters of a copy, ascenders and a slant
_MOST_HIGH = 3.0  # all of a word by its small letters: ascenders, descenders and accents
_STROKES = (0.45, 4.0)  # strokes met in one height's width; bars have more, drawings fewer
_FULL = 0.65  # of the fullest rows: the ink of a row between the baseline and the top of the small letters
_LEAST_STROKES = 5  # two letters and a half
_LEAST_WORDS = 3
_LEAST_ALL_STROKES = 40  # 20 letters in all: less is no text to judge a picture by
_PIECE = 72  # px: so short that a line which is not level is level within it
_MOST_PIECES = 2  # of a line, spread along it
_AREA = 700_000  # px looked at in one copy, in bands down the picture
_BANDS = 4
_MOST_WORDS = 30  # of a band, the widest


@dataclass(frozen=True, slots=True)
class _Word:
    """A run of letters: height of its small letters and width in px, contrast in luma levels, strokes met."""

    height: float
    width: float
    contrast: float
    strokes: int


def measure_legibility(picture: Pixels, scale: float = 1.0) -> LegibilityMeasures:
    """Text height and contrast of an upright HxWx3 uint8 RGB (or HxW grey) picture, best at full size.

    ``scale`` ≥ 1 is how many px of the upload one px of ``picture`` stands for. Heights are in px of the upload, the
    median over words by their width; None where too few words are found to tell.
    """
    luma = grey(picture)
    words: list[_Word] = []
    for reduction in _SCALES:
        fitting, smaller = _at(luma, reduction)
        words += fitting
        if reduction < _SCALES[0] and _tells(words) and _width(words) > _width(smaller):
            break
    if not _tells(words):
        return LegibilityMeasures(words=len(words))
    widths = np.array([word.width for word in words])
    return LegibilityMeasures(
        text_height=scale * _weighted_median(np.array([word.height for word in words]), widths),
        text_contrast=_weighted_median(np.array([word.contrast for word in words]), widths),
        words=len(words),
    )


def _at(luma: Pixels, reduction: int) -> tuple[list[_Word], list[_Word]]:
    """Words of a reduced copy, in px of ``luma``: those for it, and those too small for it.

    What is too large for it was found in a coarser copy.
    """
    high, wide = luma.shape
    if reduction > 1:
        size = max(1, wide // reduction), max(1, high // reduction)
        luma = np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    least = _LEAST_HIGH * reduction if reduction > 1 else 0.0
    most = _LEAST_HIGH * reduction * 2 if reduction < _SCALES[0] else np.inf
    found = [
        replace(word, height=word.height * reduction, width=word.width * reduction)
        for band in _bands(luma)
        for word in _words(band)
    ]
    return [word for word in found if least <= word.height < most], [w for w in found if w.height < least]


def _tells(words: list[_Word]) -> bool:
    return len(words) >= _LEAST_WORDS and sum(word.strokes for word in words) >= _LEAST_ALL_STROKES


def _width(words: list[_Word]) -> float:
    return sum(word.width for word in words)


def _bands(luma: Pixels) -> list[Pixels]:
    """All of a small picture; of a large one bands spread over its height."""
    high, wide = luma.shape
    rows = _AREA // max(1, wide)
    if high <= rows:
        return [luma]
    tall = max(_SQUARE, rows // _BANDS)
    return [luma[start : start + tall] for start in np.linspace(0, high - tall, _BANDS).astype(int)]


def _words(luma: Pixels) -> list[_Word]:
    if min(luma.shape) < _STROKE:
        return []
    ink = _ink(luma)
    mask = cv2.threshold(ink, _INK, 255, cv2.THRESH_BINARY)[1]
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    outlines, nesting = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = (outline for i, outline in enumerate(outlines) if nesting[0, i, 3] < 0)
    boxes = np.array([cv2.boundingRect(outline) for outline in outer], dtype=np.int32).reshape(-1, 4)
    return [
        word
        for x, y, w, h in _likely(boxes, luma.shape)
        for piece in _pieces(ink[y : y + h, x : x + w])
        if (word := _word(piece)) is not None
    ]


def _pieces(line: Pixels) -> list[Pixels]:
    """A word as it is; of a line some pieces, each cut to the rows with ink."""
    wide = line.shape[1]
    if wide < 2 * _PIECE or wide < 4 * line.shape[0]:
        return [line]
    starts = np.linspace(0, wide - _PIECE, min(_MOST_PIECES, wide // _PIECE)).astype(int)
    found = []
    for start in starts:
        piece = line[:, start : start + _PIECE]
        rows = np.flatnonzero(piece.max(axis=1) > _INK)
        if rows.size:
            found.append(piece[rows[0] : rows[-1] + 1])
    return found


def _ink(luma: Pixels) -> Pixels:
    """How far each pixel is darker than the paper about it, after dark paper was turned light."""
    turned = np.where(_dark_paper(luma), 255 - luma, luma) if luma.size else luma
    return np.asarray(cv2.morphologyEx(turned, cv2.MORPH_BLACKHAT, np.ones((_STROKE, _STROKE), np.uint8)))


def _dark_paper(luma: Pixels) -> NDArray[np.bool_]:
    """Pixels of squares whose mean lies below the middle of their range: ink is always the smaller part."""
    high, wide = luma.shape
    rows, columns = -(-high // _SQUARE), -(-wide // _SQUARE)
    padded = cv2.copyMakeBorder(
        luma, 0, rows * _SQUARE - high, 0, columns * _SQUARE - wide, cv2.BORDER_REFLECT_101
    )
    blocks = padded[::2, ::2].reshape(rows, _SQUARE // 2, columns, _SQUARE // 2)
    middle = (
        blocks.min(axis=(1, 3)).astype(np.float32) + blocks.max(axis=(1, 3)).astype(np.float32)
    ) / np.float32(2)
    dark = (blocks.mean(axis=(1, 3), dtype=np.float32) < middle).astype(np.uint8)
    return np.asarray(dark.repeat(_SQUARE, 0).repeat(_SQUARE, 1)[:high, :wide], dtype=bool)


def _likely(boxes: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.int32]:
    """Boxes (x, y, w, h) shaped like words that neither top nor bottom cuts, the widest first."""
    _, y, w, h = boxes.T
    whole = (y > 0) & (y + h < shape[0])
    fits = whole & (h >= _LEAST_BOX[1]) & (w >= _LEAST_BOX[0]) & (w >= 1.2 * h) & (h < _MOST_BOX)
    chosen = boxes[fits]
    return np.asarray(chosen[np.argsort(-chosen[:, 2], kind="stable")][:_MOST_WORDS])


def _word(ink: Pixels) -> _Word | None:
    """A box of ink as a word, None where it does not look like one."""
    rows = ink.mean(axis=1, dtype=np.float32)
    height, top, bottom = _band_of(rows)
    core = ink[top : bottom + 1]
    darkest = np.sort(core.max(axis=0))
    contrast = float(darkest[darkest.size * 3 // 4])
    wide = ink.shape[1]
    if not (_WORD[0] <= wide / height <= _WORD[1]) or ink.shape[0] > _MOST_HIGH * height + 1:
        return None
    half = core.max(axis=0) if core.shape[0] < 3 else core[core.shape[0] // 2]
    inked = half > contrast / 2
    strokes = int(np.count_nonzero(inked[1:] & ~inked[:-1])) + int(inked[0])
    if strokes < _LEAST_STROKES or not (_STROKES[0] <= strokes * height / wide <= _STROKES[1]):
        return None
    return _Word(height, float(wide), contrast, strokes)


def _band_of(rows: Floats) -> tuple[float, int, int]:
    """(height, first row, last row) of the rows about the fullest that hold most of its ink."""
    level = float(np.sort(rows)[rows.size * 9 // 10]) * _FULL
    full = np.flatnonzero(rows >= level)
    top, bottom = int(full[0]), int(full[-1])
    above = _reach(rows[top], rows[top - 1] if top > 0 else 0.0, level)
    below = _reach(rows[bottom], rows[bottom + 1] if bottom + 1 < rows.size else 0.0, level)
    return bottom - top + above + below, top, bottom


def _reach(inside: float, outside: float, level: float) -> float:
    """How far beyond the middle of the last row inside the profile falls to ``level``, 0..1 px."""
    return float((inside - level) / (inside - outside)) if inside > outside else 0.5


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(passed, passed[-1] / 2)])
