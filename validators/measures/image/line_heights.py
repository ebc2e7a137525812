"""Line heights: how high the small letters of a photographed page are, by the rows of ink that its lines make.

Squares of the picture are sheared until their rows of ink stand out most, so that lines need not be level. A line is a run
of rows that hold more than half of the ink of the fullest, with the strokes of letters in it: of a word the rows between the
baseline and the top of the small letters hold most, whether or not its letters can still be told apart. Rules and edges have
no strokes.
"""

from __future__ import annotations

import cv2
import numpy as np

from validators.evidence import LegibilityMeasures
from validators.measures.image.tiles import Floats, Pixels, grey

_SQUARE = 128  # px: at least two lines of letters of 20 px
_INNER = 16  # px at the sides of a square, which shearing moves out of it
_STROKE = np.ones((9, 9), np.uint8)  # wider than a stroke of such letters
_SHEARS = np.tan(np.radians(np.arange(-16.0, 16.1, 2.0)))
_LEAST_CONTRAST = 28.0  # luma levels between ink and paper
_UNEVEN = 0.2  # of the contrast: the most by which the paper's tone may vary
_INKED = (0.05, 0.5)  # share of a square
_GAPS = 0.45  # of the fullest rows: the most ink that the emptiest may hold
_LEAST_WAVER = 0.15  # of the mean ink of the middle row of a line: its deviation
_LEAST_STROKES = 6  # met by the middle row of a line, within a square
_LEAST_LINES = 2  # in a square
_SOFTENED = 0.7  # px that a lens and JPEG add to a line, above and below together
_FINE = 5.0  # px: strokes of lower letters are thinner than a pixel
_MOST_OF_FINE = (
    75.0  # luma levels between such ink and paper, 29 to 62 on photographed pages; stripes of cloth have more
)
_ENOUGH = 24  # squares that tell
_AMPLE = 72  # squares beside one another
_GOLDEN = 0.6180339887
_MOST_TRIED = 240
_LEAST_SQUARES = 8
_MOST_SPREAD = (
    0.05  # median deviation of their heights, as a share: cloth in stripes has more, print 0.01 to 0.05
)


def line_heights(picture: Pixels, scale: float = 1.0) -> LegibilityMeasures | None:
    """Height of the small letters of an upright HxWx3 uint8 RGB (or HxW grey) picture; None where too few lines tell it.

    ``scale`` ≥ 1 is how many px of the upload one px of ``picture`` stands for; the height is in px of the upload, the
    median over squares, and the words are lines.
    """
    luma = grey(picture)
    found: list[tuple[float, float, int]] = []
    for top, left in _places(*luma.shape):
        told = _of_square(np.ascontiguousarray(luma[top : top + _SQUARE, left : left + _SQUARE]))
        if told is not None:
            found.append(told)
        if len(found) == _ENOUGH:
            break
    if len(found) < _LEAST_SQUARES:
        return None
    heights, contrasts, lines = (np.array(values) for values in zip(*found, strict=True))
    middle = float(np.median(heights))
    if float(np.median(np.abs(heights - middle))) > _MOST_SPREAD * middle:
        return None
    height, contrast = max(middle - _SOFTENED, 0.0), float(np.median(contrasts))
    if height < _FINE and contrast > _MOST_OF_FINE:
        return None
    return LegibilityMeasures(scale * height, contrast, words=int(lines.sum()), lines=True)


def _places(high: int, wide: int) -> list[tuple[int, int]]:
    """(top, left) of squares, in an order whose beginning is spread over the picture; of a small one they overlap."""
    step = _SQUARE if high * wide >= _AMPLE * _SQUARE**2 else _SQUARE // 2
    tops, lefts = range(0, high - _SQUARE + 1, step), range(0, wide - _SQUARE + 1, step)
    places = [(top, left) for top in tops for left in lefts]
    order = np.argsort(np.arange(len(places)) * _GOLDEN % 1.0, kind="stable")
    return [places[number] for number in order[:_MOST_TRIED]]


def _of_square(luma: Pixels) -> tuple[float, float, int] | None:
    """(height, contrast, lines) of a square of print, None of anything else."""
    low, high = float(luma.min()), float(luma.max())
    if high - low < _LEAST_CONTRAST:
        return None
    if float(np.median(luma)) < (low + high) / 2:
        luma = np.asarray(cv2.bitwise_not(luma), dtype=np.uint8)
    paper = cv2.morphologyEx(luma, cv2.MORPH_CLOSE, _STROKE)
    ink = np.asarray(cv2.subtract(paper, luma), dtype=np.float32)
    contrast = float(
        np.square(ink).mean() / max(float(ink.mean()), 0.01)
    )  # that of the ink, however little there is
    inked = float((ink > contrast / 2).mean())
    if contrast < _LEAST_CONTRAST or not _INKED[0] <= inked <= _INKED[1]:
        return None
    if float(cv2.meanStdDev(paper)[1].item()) > _UNEVEN * contrast:
        return None
    level = max((_sheared(ink, float(shear)) for shear in _SHEARS), key=_stand_out)
    heights = _runs(level)
    return (float(np.median(heights)), contrast, len(heights)) if len(heights) >= _LEAST_LINES else None


def _sheared(ink: Floats, shear: float) -> Floats:
    turn = np.array([[1.0, 0.0, 0.0], [shear, 1.0, -shear * _SQUARE / 2]], np.float32)
    return np.asarray(cv2.warpAffine(ink, turn, (_SQUARE, _SQUARE))[_INNER:-_INNER], dtype=np.float32)


def _stand_out(ink: Floats) -> float:
    rows = ink.mean(axis=1)
    return float(np.square(np.diff(rows)).sum() / max(float(rows.mean()) ** 2, 0.01))


def _runs(ink: Floats) -> list[float]:
    """Heights in px of the lines that begin and end within ``ink``; none where the rows between them hold ink too."""
    rows = ink.mean(axis=1)
    eighth = max(1, rows.size // 8)
    ordered = np.sort(rows)
    empty, full = float(ordered[:eighth].mean()), float(ordered[-eighth:].mean())
    if empty > _GAPS * full:
        return []
    limit = (empty + full) / 2
    over = rows >= limit
    starts, ends = (np.flatnonzero(change) for change in (~over[:-1] & over[1:], over[:-1] & ~over[1:]))
    ends = ends[ends > starts[0]] if starts.size else ends
    found = []
    for start, end in zip(starts, ends, strict=False):
        if _has_strokes(ink[(start + 1 + end) // 2]):
            before = (limit - rows[start]) / (rows[start + 1] - rows[start])
            after = (rows[end] - limit) / (rows[end] - rows[end + 1])
            found.append(float(end - start - before + after))
    return found


def _has_strokes(row: Floats) -> bool:
    """Whether the ink of a row comes and goes as letters do, merged ones too; a rule's is even."""
    mean = float(row.mean())
    inked = row > mean
    strokes = int(np.count_nonzero(inked[1:] & ~inked[:-1]))
    return strokes >= _LEAST_STROKES and float(row.std()) >= _LEAST_WAVER * mean
