"""A picture of one match, made on request: planned from the record, drawn from the pictures we kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from pipeline.judgement.pair_view import seen_from
from pipeline.reports import comparison
from pipeline.reports.comparison_sources import NoComparisonError, Source, pixels_of, source_of
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.examinations import Examinations
from storage.interfaces.matches import Matches, Pair
from storage.interfaces.objects import Objects
from validators.checks.comparison_sides import matrix_of
from validators.evidence import Comparison, Evidence, Region
from validators.measures.image.orientation import inverse_orientation
from validators.measures.reuse.agreement import compare_aligned
from validators.measures.reuse.alignment import quarter_turns
from validators.safe_text import shorten
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_QUALITY = 88
_LONG_SHOWN = 1.6
"""Widths of a long screen's rows that are drawn: about what a phone shows of a chat at a time."""
_EXACT = ("sha256", "pixels")
"""Methods by which both show the very same pixels."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one picture is drawn from, seen from ``this``. ``turn``: the EXIF orientation that turns the other into it."""

    this: Evidence
    other: Evidence
    pair: Pair
    comparison: Comparison | None
    turn: int
    this_source: Source
    other_source: Source


@dataclass(frozen=True, slots=True)
class Drawn:
    """The finished picture: a JPEG and its size."""

    data: bytes
    width: int
    height: int


class PictureRecords(EvidenceItems, Examinations, Matches, Protocol):
    """What a picture of two items is drawn from."""


def pairs_between(tenant: str, this_id: str, records: Matches) -> dict[str, Pair]:
    """The item's stored pairs by the id of the other item."""
    pairs = records.pairs_of(tenant, [this_id])
    return {pair.second if pair.first == this_id else pair.first: pair for pair in pairs}


def plan_picture(tenant: str, this_id: str, other_id: str, records: PictureRecords) -> Plan:
    """Find the pair and the pictures of both. Raises NoComparisonError where one of these is not on the record."""
    pair = pairs_between(tenant, this_id, records).get(other_id)
    items = {item.id: item for item in records.evidence(tenant, [this_id, other_id])}
    if pair is None or len(items) != 2:
        raise NoComparisonError("terminal.compare.no_pair", item=this_id, other=other_id)
    return _plan(pair, items[this_id], items[other_id], records)


def is_drawn(tenant: str, this_id: str, other_id: str, records: PictureRecords) -> bool:
    """Whether the two can be drawn aligned: there is a match, and pictures to draw it from."""
    try:
        plan_picture(tenant, this_id, other_id, records)
    except NoComparisonError:
        return False
    return True


def _plan(pair: Pair, this: Evidence, other: Evidence, records: Examinations) -> Plan:
    _, turn, found = seen_from(pair, this.id)
    examinations = records.newest_examinations(this.tenant, {this.content_key, other.content_key})
    mine, theirs = (found.this_area, found.other_area) if found else (None, None)
    return Plan(
        this=this,
        other=other,
        pair=pair,
        comparison=found,
        turn=turn,
        this_source=source_of(examinations.get(this.content_key), mine, shorten(this.file)),
        other_source=source_of(examinations.get(other.content_key), theirs, shorten(other.file)),
    )


def draw_picture(plan: Plan, objects: Objects, language: str = ENGLISH) -> Drawn:
    """Read both pictures, draw and encode. Raises NoComparisonError where one is gone, and StorageError."""
    names = (_name(plan.this), _name(plan.other))
    pair = _embedded_pair(plan, objects)
    labels = Labels(sentences_in(language))
    return _encoded(
        comparison.draw_comparison(pair.this, pair.other, pair.matrix, names, _areas(plan), labels)
    )


def draw_layer(plan: Plan, layer: str, objects: Objects, most: int = comparison.LAYER_PX) -> Drawn:
    """One of ``comparison.LAYERS`` alone, for an overlay: all have one size, at most ``most`` px. Raises as above."""
    pair = _embedded_pair(plan, objects)
    return _encoded(comparison.draw_layer(layer, pair.this, pair.other, pair.matrix, _areas(plan), most))


@dataclass(frozen=True, slots=True)
class _Embedded:
    """Both pictures (HxWx3 RGB), and the matrix that takes points of this to the other, in units of long sides."""

    this: Pixels
    other: Pixels
    matrix: Matrix


def _embedded_pair(plan: Plan, objects: Objects) -> _Embedded:
    this = pixels_of(plan.this_source, objects, shorten(plan.this.file))
    other = pixels_of(plan.other_source, objects, shorten(plan.other.file))
    found = plan.comparison
    matrix = matrix_of(found) if found else _by_orientation(this, plan.turn)
    if plan.pair.method not in _EXACT and not (found and found.tiles):
        matrix = _fitted(this, other, matrix)
    return _Embedded(this, other, matrix)


def _areas(plan: Plan) -> tuple[Region | None, Region | None]:
    """What counts in each. Of long screens only the first rows that agree are drawn: all of them would be a thread."""
    found = plan.comparison
    if found is None:
        return None, None
    if found.widths is None or found.widths <= _LONG_SHOWN:
        return found.this_area, found.other_area
    return _first_rows(found.this_area, found.widths), _first_rows(found.other_area, found.widths)


def _first_rows(area: Region | None, widths: float) -> Region | None:
    return None if area is None else replace(area, h=area.h * _LONG_SHOWN / widths)


def _encoded(picture: Pixels) -> Drawn:
    data = simplejpeg.encode_jpeg(picture, quality=_QUALITY, colorsubsampling="444", fastdct=True)
    return Drawn(data, picture.shape[1], picture.shape[0])


def _by_orientation(this: Pixels, turn: int) -> Matrix:
    """All of one onto all of the other, turned as the hashes say."""
    height, width = this.shape[:2]
    return quarter_turns(inverse_orientation(turn), (width / max(width, height), height / max(width, height)))


def _fitted(this: Pixels, other: Pixels, matrix: Matrix) -> Matrix:
    """Hashes alone do not say whether the detail is a little off, so the other is moved until the detail agrees."""
    here, there = (np.asarray(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), np.uint8) for one in (this, other))
    found = compare_aligned(here, there, matrix)
    return matrix if found is None else found.matrix


def _name(item: Evidence) -> str:
    return f"{item.dispute_id} · {item.file}"
