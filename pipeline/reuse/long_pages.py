"""Very long screenshots: their pieces are found like other pages, and compared as one strip of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reuse.compared_part import ComparedPart
from pipeline.reuse.kept_views import kept_detail, kept_features, kept_view
from storage.interfaces.examinations import Examination
from storage.interfaces.objects import Objects
from validators.evidence import DOCUMENT, SCREENSHOT, Comparison, Part, Region
from validators.measures.reuse.alignment import Alignment, align
from validators.measures.reuse.page_alignment import ScaleShift
from validators.measures.reuse.strip_agreement import StripAgreement, compare_strips

Pixels = NDArray[np.uint8]


def is_long(examination: Examination) -> bool:
    """Whether it is a long screen or page that is kept in pieces."""
    measured = examination.measurements
    whole = (one for one in measured.parts if one.is_piece)
    return measured.image is not None and next(whole, None) is not None


def is_whole_page(examination: Examination, part: Part) -> bool:
    """Whether the part is a whole screen or page, or a piece of one."""
    shows_page = examination.measurements.kind in (SCREENSHOT, DOCUMENT)
    return shows_page and (part.number == 0 or part.is_piece)


def align_pieces(this: ComparedPart, other: ComparedPart, objects: Objects) -> Alignment | None:
    """How one piece lies in another, by their features. Takes 1.5 ms."""
    mine = kept_features(this.examination, this.part, objects)
    theirs = kept_features(other.examination, other.part, objects)
    return align(mine, theirs, mirror=False) if mine is not None and theirs is not None else None


@dataclass(frozen=True, slots=True)
class Strip:
    """A whole long screen, HxW grey, and the first row of each of its pieces, by part; an ordinary screen is one piece."""

    pixels: Pixels
    tops: dict[int, int]
    heights: dict[int, int]

    @staticmethod
    def of(examination: Examination, objects: Objects) -> Strip | None:
        """None if its pictures were not kept."""
        if not is_long(examination):
            detail = kept_detail(examination, objects)
            return None if detail is None else Strip(detail, {0: 0}, {0: detail.shape[0]})
        pieces = [one for one in examination.measurements.parts if one.is_piece]
        views = [kept_view(examination, one, objects) for one in pieces]
        rows = [view for view in views if view is not None]
        if len(rows) < len(views) or len({view.shape[1] for view in rows}) != 1:
            return None
        heights = [view.shape[0] for view in rows]
        tops = np.cumsum([0, *heights[:-1]]).tolist()
        numbers = [one.number for one in pieces]
        return Strip(
            np.vstack(rows),
            dict(zip(numbers, tops, strict=True)),
            dict(zip(numbers, heights, strict=True)),
        )

    def piece_shape(self, number: int) -> tuple[int, int]:
        """(rows, columns) of a piece."""
        return self.heights[number], self.pixels.shape[1]


def verify_strips(
    this: ComparedPart, other: ComparedPart, alignment: Alignment, objects: Objects
) -> Comparison | None:
    """Compare two long screens, of which two pieces align. None if they share no rows there."""
    mine, theirs = Strip.of(this.examination, objects), Strip.of(other.examination, objects)
    if mine is None or theirs is None:
        return None
    part, other_part = this.part.number, other.part.number
    shapes = mine.piece_shape(part), theirs.piece_shape(other_part)
    local = ScaleShift.of(alignment.matrix, *shapes)
    if local is None:
        return None
    low = max(0.0, -local.shift[1] / local.scale[1])
    high = min(shapes[0][0], (shapes[1][0] - local.shift[1]) / local.scale[1])
    top, other_top = mine.tops[part], theirs.tops[other_part]
    down = np.array([0.0, other_top - local.scale[1] * top])
    lying = ScaleShift(local.scale, local.shift + down)
    found = compare_strips(mine.pixels, theirs.pixels, lying, top + (low + high) / 2)
    if found is None:
        return None
    return _comparison(
        found, mine.pixels, theirs.pixels, alignment.inliers, (this.examination, other.examination)
    )


def _comparison(
    found: StripAgreement,
    mine: Pixels,
    theirs: Pixels,
    inliers: int,
    examinations: tuple[Examination, Examination],
) -> Comparison:
    this_area, other_area = _areas(found, mine, theirs)
    long = found.rows[1] - found.rows[0]
    return Comparison(
        matrix=tuple(float(value) for value in found.lying.matrix(mine.shape, theirs.shape).ravel()),
        inliers=inliers,
        tiles=found.compared,
        shared=round(this_area.w * this_area.h, 4),
        correlated=round(long / max(1.0, found.overlap[1] - found.overlap[0]), 4),
        correlation=round(found.worst, 4),
        parallax_residual=0.0,
        changed=0,
        this_area=this_area,
        other_area=other_area,
        this_rows=_of_upload(found.rows, mine, examinations[0]),
        other_rows=_of_upload(found.other_rows, theirs, examinations[1]),
        widths=round(long / mine.shape[1], 3),
    )


def _areas(found: StripAgreement, mine: Pixels, theirs: Pixels) -> tuple[Region, Region]:
    """The rows that agree, in 0..1 of both."""
    scale, shift = float(found.lying.scale[0]), float(found.lying.shift[0])
    left, right = max(0.0, -shift / scale), min(float(mine.shape[1]), (theirs.shape[1] - shift) / scale)
    return (
        _region(left, right, found.rows, mine),
        _region(scale * left + shift, scale * right + shift, found.other_rows, theirs),
    )


def _region(left: float, right: float, rows: tuple[float, float], strip: Pixels) -> Region:
    height, width = strip.shape
    return Region(
        round(left / width, 4),
        round(rows[0] / height, 4),
        round((right - left) / width, 4),
        round((rows[1] - rows[0]) / height, 4),
    )


def _of_upload(rows: tuple[float, float], strip: Pixels, examination: Examination) -> tuple[int, int]:
    image = examination.measurements.image
    scale = image.height / strip.shape[0] if image is not None else 1.0
    return round(rows[0] * scale), round(rows[1] * scale)
