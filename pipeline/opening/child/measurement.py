"""Exhibit → Measurements: runs every measure once, on the read-only views."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from pipeline.opening.child.measuring.long_measurement import measure_pieces, piece_views
from pipeline.opening.child.measuring.measured import Measured, MeasuredPart, MeasuredView, StillMeasures
from pipeline.opening.child.measuring.page_measurement import document_parts
from validators.before_judging import ContentThresholds
from validators.evidence import (
    DOCUMENT,
    PHOTO,
    UNKNOWN,
    ContentMeasures,
    Fingerprint,
    LegibilityMeasures,
    Measurements,
    PageMeasures,
    Part,
    Region,
)
from validators.exhibit import Exhibit, View
from validators.measures.image.clarity_measures import clarity_of, measure_clarity
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.legibility import measure_legibility
from validators.measures.image.line_heights import line_heights
from validators.measures.image.regions import find_regions
from validators.measures.image.scales import scales_of
from validators.measures.numbers.text_layers import TEXT_LAYER
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import PAGE, REGION, WHOLE, extract

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ContentThresholds", "Measured", "MeasuredPart", "MeasuredView", "measure_exhibit"]

_LEAST_TEXT = (
    0.015  # share of tiles with rows of letters: 1 of 25 photos of things reaches it, and photos of labels do
)


def measure_exhibit(exhibit: Exhibit, thresholds: ContentThresholds, version: str) -> Measured:
    """Measure every view of an exhibit."""
    paged = exhibit.kind == DOCUMENT
    still = _measure_still(exhibit, thresholds) if exhibit.views and not paged else None
    parts = still.parts if still is not None else document_parts(exhibit, thresholds) if paged else ()
    measurements = Measurements(
        version=version,
        detected_type=exhibit.detected_type,
        kind=still.kind if still is not None else exhibit.kind,
        problems=tuple(exhibit.problems),
        image=exhibit.image,
        clarity=still.clarity if still is not None else None,
        content=still.content if still is not None else None,
        fingerprint=still.fingerprint if still is not None else None,
        pixels_sha256=still.pixels_sha256 if still is not None else None,
        times=tuple(exhibit.times),
        metadata=exhibit.metadata,
        has_gps=exhibit.has_gps,
        statements=tuple(exhibit.statements),
        signed=exhibit.signed,
        pages=tuple(_page(i, view) for i, view in enumerate(exhibit.views, 1)) if paged else (),
        page_count=exhibit.page_count,
        text=exhibit.text,
        chat=exhibit.chat,
        readings=exhibit.readings or (),
        readers=(TEXT_LAYER,) if exhibit.readings is not None else (),
        parts=tuple(measured.part for measured in parts),
        legibility=still.legibility if still is not None else None,
    )
    return Measured(measurements, _shown(exhibit, still, "page" if paged else "view"), list(parts))


def _shown(exhibit: Exhibit, still: StillMeasures | None, kind: str) -> list[MeasuredView]:
    """What is kept to be shown and compared. Of a long screen the view is left out: only its pieces show anything."""
    views = [MeasuredView(kind, v.pixels, v.page, v.time_s) for v in exhibit.views]
    if still is None:
        return views
    if still.parts[0].part.is_piece:
        return list(still.details)
    return [*views, *still.details]


def _measure_still(exhibit: Exhibit, thresholds: ContentThresholds) -> StillMeasures:
    long = measure_pieces(exhibit, thresholds)
    if long is not None:
        return long
    pixels = exhibit.views[0].pixels
    pixels.flags.writeable = False
    scales = scales_of(exhibit.views[0].plane)
    content = measure_content(pixels, scales)
    kind = _kind_of_still(exhibit, content, thresholds)
    prints = fingerprint(pixels)
    digest: str | None = None
    details = piece_views(exhibit)
    if kind != PHOTO:  # a photo is found by its fingerprint, a screen only by equal pixels
        digest = hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()
        if exhibit.in_full is not None:
            details += (MeasuredView("detail", exhibit.in_full()),)
    detail = next((one.pixels for one in details if one.kind == "detail"), None)
    return StillMeasures(
        kind=kind,
        clarity=clarity_of(scales),
        content=content,
        fingerprint=prints,
        pixels_sha256=digest,
        legibility=legibility_of(exhibit, content, kind, detail, thresholds),
        parts=tuple(still_parts(pixels, prints, is_page=kind != PHOTO)),
        details=details,
    )


def still_parts(view: NDArray[np.uint8], whole: Fingerprint, *, is_page: bool) -> list[MeasuredPart]:
    """The whole still, then the pictures embedded in it."""
    parts = [MeasuredPart(Part(0, whole), extract(view, PAGE if is_page else WHOLE))]
    for number, box in enumerate(find_regions(view), 1):
        cut = box.cut(view)
        region = Region(box.x, box.y, box.w, box.h)
        parts.append(MeasuredPart(Part(number, fingerprint(cut), region), extract(cut, REGION)))
    return parts


def legibility_of(
    exhibit: Exhibit,
    content: ContentMeasures,
    kind: str,
    detail: NDArray[np.uint8] | None = None,
    thresholds: ContentThresholds | None = None,
) -> LegibilityMeasures | None:
    """Text of a still's largest picture at hand, None for a photo without any in rows.

    Screens have their detail made anyway; reduced photos with text are decoded again for it. A photo that is mostly print is
    told by its lines, which need be neither level nor so crisp that letters can be told apart.
    """
    has_rows = kind != PHOTO or content.text_fraction >= _LEAST_TEXT
    is_page = kind == PHOTO and content.printed_fraction >= (thresholds or ContentThresholds()).mostly_text
    if not (has_rows or is_page):
        return None
    view = exhibit.views[0]
    if detail is None:
        reduced = max(view.full_width, view.full_height) > max(view.pixels.shape[:2])
        detail = exhibit.in_full() if reduced and exhibit.in_full is not None else view.pixels
    scale = max(view.full_width, view.full_height) / max(detail.shape[:2])
    lines = line_heights(detail, scale) if is_page else None
    return lines or (measure_legibility(detail, scale) if has_rows else None)


def _kind_of_still(exhibit: Exhibit, content: ContentMeasures, thresholds: ContentThresholds) -> str:
    if exhibit.image is None:
        return UNKNOWN
    camera = "Make" in exhibit.metadata or "Model" in exhibit.metadata
    size = exhibit.image.width, exhibit.image.height
    kind: str = classify_still(content, camera, exhibit.detected_type, size, thresholds)
    return kind or PHOTO


def _page(number: int, view: View) -> PageMeasures:
    return PageMeasures(
        number=view.page or number,
        width=view.full_width,
        height=view.full_height,
        clarity=measure_clarity(view.plane),
        fingerprint=fingerprint(view.pixels),
        time_s=view.time_s,
        characters=view.characters,
        pictured=view.pictured,
        text_sha256=view.text_sha256,
    )
