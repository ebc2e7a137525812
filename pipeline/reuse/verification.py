"""Aligns two parts and measures whether they show the same picture, the same page or the same scene."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reuse.compared_part import ComparedPart
from pipeline.reuse.kept_views import (
    kept_colours,
    kept_derivative,
    kept_detail,
    kept_features,
    kept_size,
    kept_view,
)
from storage.interfaces.examinations import StoredDerivative
from storage.interfaces.objects import Objects
from validators.evidence import Comparison, Fingerprint, Region
from validators.measures.image.tiles import Pixels
from validators.measures.reuse.agreement import compare_aligned
from validators.measures.reuse.alignment import Alignment, Matrix, align, quarter_turns
from validators.measures.reuse.appearance import compare_appearance
from validators.measures.reuse.local_features import LocalFeatures
from validators.measures.reuse.page_agreement import compare_pages

_WORTH_COLOURS = 0.5
"""Share of the tiles that must correlate for colours to be compared: below it nothing calls two pictures one photo."""


def verify(this: ComparedPart, other: ComparedPart, least: int, objects: Objects) -> Comparison | None:
    """Align the pictures, mirrored or not, as more features agree. None if fewer than ``least`` do, or if no detail is
    shared."""
    found = _best(this, other, objects)
    if found is None or found.inliers < least:
        return None
    here = kept_view(this.examination, this.part, objects)
    there = kept_view(other.examination, other.part, objects)
    if here is None or there is None:
        return None
    return _measured(this, other, found.matrix, found.inliers, objects, here, there)


def verify_turned(
    this: ComparedPart, other: ComparedPart, orientation: int, objects: Objects
) -> Comparison | None:
    """The same where too few features agree, as in blurred pages: laid as the hashes' ``orientation`` asks for. None where
    they barely overlap or nothing has detail."""
    here = kept_view(this.examination, this.part, objects)
    there = kept_view(other.examination, other.part, objects)
    if here is None or there is None:
        return None
    return _measured(this, other, _turning(this, other, orientation), 0, objects, here, there)


def _measured(
    this: ComparedPart,
    other: ComparedPart,
    matrix: Matrix,
    inliers: int,
    objects: Objects,
    here: Pixels,
    there: Pixels,
) -> Comparison | None:
    measured = compare_aligned(here, there, matrix)
    if measured is None:
        return None
    compared = _comparison(
        this, other, measured.matrix, inliers, measured.tiles, measured.shared, measured.correlated,
        measured.correlation, measured.parallax_residual, None,
    )  # fmt: skip
    if measured.correlated < _WORTH_COLOURS:
        return compared
    return _with_appearance(compared, this, other, measured.matrix, objects)


def _with_appearance(
    compared: Comparison, this: ComparedPart, other: ComparedPart, matrix: Matrix, objects: Objects
) -> Comparison:
    """With colours compared, and what differs outlined on both sides."""
    here, there = (kept_colours(one.examination, one.part, objects) for one in (this, other))
    found = compare_appearance(here, there, matrix) if here is not None and there is not None else None
    if found is None:
        return compared
    outline = found.outline
    return replace(
        compared,
        tone=round(found.tone, 2),
        recoloured=None if found.recoloured is None else round(found.recoloured, 4),
        greyed=found.greyed,
        differing=round(found.changed, 4),
        this_difference=None if outline is None else _box(this, outline),
        other_difference=None
        if outline is None
        else _box(other, cv2.perspectiveTransform(outline[None], matrix)[0]),
    )


def verify_pages(this: ComparedPart, other: ComparedPart, objects: Objects) -> Comparison | None:
    """Compare the text of two captures of a screen or page at full resolution."""
    if _texts_differ(this, other):
        return None
    here, there = _page_detail(this, objects), _page_detail(other, objects)
    if here is None or there is None:
        return None
    measured = compare_pages(here, there)
    if measured is None:
        return None
    return _comparison(
        this, other, measured.matrix, 0, measured.compared, measured.shared,
        1.0 - measured.changed / max(measured.compared, 1), measured.worst, 0.0, measured.changed,
    )  # fmt: skip


def _page_detail(side: ComparedPart, objects: Objects) -> Pixels | None:
    """The most of a page that was kept: a document's page as it is shown, a screen in full."""
    if side.part.is_piece:
        return kept_view(side.examination, side.part, objects)
    return kept_detail(side.examination, objects)


def _texts_differ(this: ComparedPart, other: ComparedPart) -> bool:
    """Whether both are pages of documents that hold text, and not the same."""
    mine, theirs = _text_of(this), _text_of(other)
    return mine is not None and theirs is not None and mine != theirs


def _text_of(side: ComparedPart) -> str | None:
    page = side.part.region.page if side.part.region is not None else None
    pages = side.examination.measurements.pages
    return next((one.text_sha256 for one in pages if one.number == page), None)


def aligned_features(this: ComparedPart, other: ComparedPart, objects: Objects) -> int:
    """How many features of two pages one movement without mirroring aligns. Takes 1.5 ms, comparing their text hundreds."""
    mine = kept_features(this.examination, this.part, objects)
    theirs = kept_features(other.examination, other.part, objects)
    found = align(mine, theirs, mirror=False) if mine is not None and theirs is not None else None
    return found.inliers if found is not None else 0


def compare_by_hash(this: ComparedPart, other: ComparedPart, orientation: int) -> Comparison:
    """The comparison if only the hashes match: the matrix of their orientation, and nothing measured.

    ``orientation`` is EXIF's and turns this part into the other.
    """
    matrix = _turning(this, other, orientation)
    return _comparison(this, other, matrix, 0, 0, 1.0, 0.0, 0.0, 0.0, None)


def _turning(this: ComparedPart, other: ComparedPart, orientation: int) -> Matrix:
    """All of this part upon all of the other, turned by EXIF's ``orientation``."""
    size = _aspect(this)
    turned = quarter_turns(orientation, size)
    corners = cv2.perspectiveTransform(np.array([[[0.0, 0.0], size]]), turned)[0]
    w, h = np.abs(corners[1] - corners[0])
    theirs = _aspect(other)
    return np.asarray(np.diag([theirs[0] / w, theirs[1] / h, 1.0]) @ turned, np.float64)


def _best(this: ComparedPart, other: ComparedPart, objects: Objects) -> Alignment | None:
    mine = kept_features(this.examination, this.part, objects)
    theirs = kept_features(other.examination, other.part, objects)
    if mine is None or theirs is None:
        return None
    return best_alignment(mine, theirs)


def best_alignment(mine: LocalFeatures, theirs: LocalFeatures) -> Alignment | None:
    """The alignment, mirrored or not, that more features agree on."""
    both = [found for mirror in (False, True) if (found := align(mine, theirs, mirror=mirror)) is not None]
    return max(both, key=lambda found: found.inliers, default=None)


def _comparison(
    this: ComparedPart, other: ComparedPart, matrix: Matrix, inliers: int, tiles: int, shared: float, correlated: float,
    correlation: float, parallax_residual: float, changed: int | None,
) -> Comparison:  # fmt: skip
    mine, theirs = _to_whole(this), _to_whole(other)
    whole = theirs @ matrix @ np.linalg.inv(mine)
    whole = whole / whole[2, 2]
    return Comparison(
        matrix=tuple(float(value) for value in whole.ravel()),
        inliers=inliers,
        tiles=tiles,
        shared=round(shared, 4),
        correlated=round(correlated, 4),
        correlation=round(correlation, 4),
        parallax_residual=round(parallax_residual, 4),
        changed=changed,
        this_part=this.part.number,
        other_part=other.part.number,
        this_area=_area(this, other, np.asarray(np.linalg.inv(matrix), np.float64)),
        other_area=_area(other, this, matrix),
        bits=bits_between(this.part.fingerprint, other.part.fingerprint),
    )


def bits_between(mine: Fingerprint, theirs: Fingerprint) -> int | None:
    """In how many of 256 bits the hashes differ in the nearest orientation, whichever of the two is turned. Turning a picture
    and turning its hash differ by a bit or two, and the result must be the same from both sides."""
    if not (mine.orientations and theirs.orientations):
        return None
    return min(_nearest(mine, theirs), _nearest(theirs, mine))


def _nearest(turned: Fingerprint, upright: Fingerprint) -> int:
    still = int(upright.orientations[0], 16)
    return min((int(one, 16) ^ still).bit_count() for one in turned.orientations)


def _view_size(side: ComparedPart) -> tuple[float, float]:
    shown = kept_derivative(side.examination, side.part) or _any_frame(side)
    if shown is None:
        raise LookupError(f"no view was kept of part {side.part.number} of {side.examination.sha256}")
    return float(shown.width), float(shown.height)


def _any_frame(side: ComparedPart) -> StoredDerivative | None:
    """Any kept frame of the video: all of them have one size."""
    if side.part.region is None or side.part.region.time_s is None:
        return None
    return next((one for one in side.examination.derivatives if one.kind == "frame"), None)


def _aspect(side: ComparedPart) -> tuple[float, float]:
    width, height = kept_size(side.examination, side.part) or _view_size(side)
    return width / max(width, height), height / max(width, height)


def _to_whole(side: ComparedPart) -> Matrix:
    """The matrix from points of the part to points of the whole view, each in units of its long side."""
    width, height = _view_size(side)
    long = max(width, height)
    region = side.part.region or Region(0.0, 0.0, 1.0, 1.0)
    step = max(region.w * width, region.h * height) / long
    return np.array([[step, 0, region.x * width / long], [0, step, region.y * height / long], [0, 0, 1.0]])


def _area(side: ComparedPart, other: ComparedPart, matrix: Matrix) -> Region:
    """The box of the other's outline in this part, in 0..1 of the whole view."""
    w, h = _aspect(other)
    return _box(
        side, cv2.perspectiveTransform(np.array([[[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]]]), matrix)[0]
    )


def _box(side: ComparedPart, corners: NDArray[np.float64] | cv2.typing.MatLike) -> Region:
    """The box of points (n, 2) of this part, in units of its long side, in 0..1 of the whole view."""
    width, height = _aspect(side)
    low = np.clip(corners.min(axis=0) / (width, height), 0.0, 1.0)
    high = np.clip(corners.max(axis=0) / (width, height), 0.0, 1.0)
    region = side.part.region or Region(0.0, 0.0, 1.0, 1.0)
    return Region(
        round(region.x + float(low[0]) * region.w, 4),
        round(region.y + float(low[1]) * region.h, 4),
        round(float(high[0] - low[0]) * region.w, 4),
        round(float(high[1] - low[1]) * region.h, 4),
        page=region.page,
        time_s=region.time_s,
    )
