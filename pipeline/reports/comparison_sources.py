"""Which of our own pictures shows one side of a comparison: the view, the page, or the frame of a video."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from pipeline.opening.host.frame_choice import COLUMNS, GUTTER
from storage.errors import ObjectMissingError
from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.objects import Objects
from validators.evidence import Region
from validators.sentences.statement_error import StatementError

Pixels = NDArray[np.uint8]

_SAME_S = 0.05  # seconds that a frame's time may be rounded by


class NoComparisonError(StatementError):
    """There is no picture to be made; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A stored picture, or one frame of a contact sheet: its place counted from 0, of so many.

    ``below``: the further pieces of a very long picture, in order.
    """

    stored: StoredDerivative
    frame: int | None = None
    frames: int = 0
    below: tuple[StoredDerivative, ...] = ()


def source_of(examination: Examination | None, area: Region | None, name: str) -> Source:
    """What shows ``area`` of an item best. Raises NoComparisonError where nothing of it was kept."""
    if examination is None:
        raise NoComparisonError("terminal.compare.never_examined", name=name)
    kept = examination.derivatives
    time_s = area.time_s if area else None
    if time_s is not None:
        return _frame(examination, time_s, name)
    page = (area.page if area else None) or 1
    views = [one for one in kept if one.kind == "preview"]
    if examination.measurements.image is not None and len(views) > 1 and (area is None or area.page is None):
        return _whole(views)
    wanted = [one for one in views if (one.page or 1) == page]
    posters = [one for one in kept if one.kind == "poster"]
    found = [*wanted, *posters] if page == 1 else wanted
    if not found:
        if page > 1:
            raise NoComparisonError("terminal.compare.no_page_picture", name=name, page=page)
        raise NoComparisonError("terminal.compare.no_picture", name=name)
    return Source(found[0])


def _whole(views: list[StoredDerivative]) -> Source:
    """A still that is kept in pieces: its own view, or where that would show nothing, all pieces."""
    ordered = sorted(views, key=lambda one: one.page or 0)
    return Source(ordered[0], below=tuple(ordered[1:]) if ordered[0].page is not None else ())


def pixels_of(source: Source, objects: Objects, name: str) -> Pixels:
    """The picture as HxWx3 RGB."""
    pixels = _decoded(source.stored, objects, name)
    if source.below:
        return np.vstack([pixels, *(_decoded(one, objects, name) for one in source.below)])
    return pixels if source.frame is None else _cut_out(pixels, source.frame, source.frames)


def _decoded(stored: StoredDerivative, objects: Objects, name: str) -> Pixels:
    """Only bytes that we wrote ourselves are decoded here: the record has their hash."""
    try:
        data = objects.get(stored.key)
    except ObjectMissingError:
        raise NoComparisonError("terminal.compare.picture_gone", name=name) from None
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise NoComparisonError("terminal.compare.picture_changed", name=name)
    return np.asarray(simplejpeg.decode_jpeg(data, colorspace="RGB"), np.uint8)


def _frame(examination: Examination, time_s: float, name: str) -> Source:
    """The frame or poster of that time, else its place on the contact sheet.

    A frame of another time will not do: the recovered transform would not fit it.
    """
    for one in examination.derivatives:
        if one.kind in ("frame", "poster") and one.time_s is not None and abs(one.time_s - time_s) <= _SAME_S:
            return Source(one)
    times = [page.time_s for page in examination.measurements.pages]
    near = [i for i, at in enumerate(times) if at is not None and abs(at - time_s) <= _SAME_S]
    sheets = [one for one in examination.derivatives if one.kind == "contact_sheet"]
    if near and sheets:
        return Source(sheets[0], near[0], len(times))
    raise NoComparisonError("terminal.compare.no_frame", name=name, time_s=time_s)


def _cut_out(sheet: Pixels, place: int, frames: int) -> Pixels:
    across = min(COLUMNS, frames)
    width = (sheet.shape[1] - GUTTER) // across - GUTTER
    height = (sheet.shape[0] - GUTTER) // -(-frames // COLUMNS) - GUTTER
    left = GUTTER + place % COLUMNS * (width + GUTTER)
    top = GUTTER + place // COLUMNS * (height + GUTTER)
    return sheet[top : top + height, left : left + width].copy()
