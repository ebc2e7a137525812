"""Measures a very long screenshot piece by piece. Reduced as a whole, 20,000 px would be 55 px wide."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.opening.child.measuring.embedded_photos import photos_in
from pipeline.opening.child.measuring.measured import MeasuredPart, MeasuredView, StillMeasures
from pipeline.opening.child.pixels import shrink_evenly
from pipeline.opening.limits import MAX_PARTS, VIEW_SIDE
from validators.before_judging import ContentThresholds
from validators.evidence import (
    PHOTO,
    ClarityMeasures,
    ContentMeasures,
    Part,
    Region,
)
from validators.exhibit import Exhibit
from validators.measures.image.clarity_measures import clarity_of
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.legibility import measure_legibility
from validators.measures.image.scales import scales_of
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import PAGE, extract

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_DRAWN_SHARE = 1 / 3
"""Share of the pieces that have to be of a screen or page: the others may show nothing but photos that were sent."""


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    pixels: Pixels
    view: Pixels
    content: ContentMeasures
    clarity: ClarityMeasures


def measure_pieces(exhibit: Exhibit, thresholds: ContentThresholds) -> StillMeasures | None:
    """Measure the pieces of an exhibit: clarity and text of the one with most text, everything else of all.

    None if there are none, or if they show a photo, which is measured as every other one. So is what is wider than high:
    nobody stitches chats sideways.
    """
    tall = bool(exhibit.pieces) and exhibit.image is not None and exhibit.image.height > exhibit.image.width
    if not tall or "Make" in exhibit.metadata or "Model" in exhibit.metadata:
        return None
    pieces = [_measured(number, pixels) for number, pixels in enumerate(exhibit.pieces, 1)]
    kind = _kind(pieces, exhibit.detected_type, thresholds)
    if kind == PHOTO:
        return None
    fullest = max(pieces, key=lambda piece: (piece.content.text_fraction, -piece.number))
    parts = _parts(pieces, exhibit.detected_type, thresholds)
    whole = [one.part.fingerprint for one in parts if one.part.is_piece]
    return StillMeasures(
        kind=kind,
        clarity=_placed(fullest.clarity, fullest.number),
        content=fullest.content,
        fingerprint=next((one for one in whole if one.orientations), whole[0]),
        pixels_sha256=_digest(exhibit.pieces),
        legibility=measure_legibility(fullest.pixels, _reduced_by(exhibit)),
        parts=tuple(parts[:MAX_PARTS]),
        details=piece_views(exhibit),
    )


def piece_views(exhibit: Exhibit) -> tuple[MeasuredView, ...]:
    """The pieces, to be shown and compared."""
    return tuple(
        MeasuredView("piece", pixels, page=number) for number, pixels in enumerate(exhibit.pieces, 1)
    )


def _measured(number: int, pixels: Pixels) -> _Piece:
    view = shrink_evenly(pixels, VIEW_SIDE)
    scales = scales_of(view)
    return _Piece(number, pixels, view, measure_content(view, scales), clarity_of(scales))


def _kind(pieces: list[_Piece], mime: str, thresholds: ContentThresholds) -> str:
    kinds = Counter(
        classify_still(one.content, False, mime, (one.pixels.shape[1], one.pixels.shape[0]), thresholds)
        for one in pieces
    )
    photos = kinds.pop(PHOTO, 0)
    if not kinds or len(pieces) - photos < _DRAWN_SHARE * len(pieces):
        return PHOTO
    return kinds.most_common(1)[0][0]


def _parts(pieces: list[_Piece], mime: str, thresholds: ContentThresholds) -> list[MeasuredPart]:
    """Every piece, then the photos that are embedded in them. Speech bubbles with text are no pictures."""
    found = [
        MeasuredPart(
            Part(
                one.number, fingerprint(one.view), Region(0.0, 0.0, 1.0, 1.0, page=one.number), is_piece=True
            ),
            extract(one.view, PAGE),
        )
        for one in pieces
    ]
    for one in pieces:
        found += photos_in(one.view, one.number, len(found) + 1, mime, thresholds)
    return found


def _reduced_by(exhibit: Exhibit) -> float:
    image = exhibit.image
    return min(image.width, image.height) / min(exhibit.pieces[0].shape[:2]) if image is not None else 1.0


def _placed(clarity: ClarityMeasures, number: int) -> ClarityMeasures:
    weakest = clarity.weakest
    return clarity if weakest is None else replace(clarity, weakest=replace(weakest, page=number))


def _digest(pieces: list[Pixels]) -> str:
    digest = hashlib.sha256()
    for one in pieces:
        digest.update(np.ascontiguousarray(one).data)
    return digest.hexdigest()
