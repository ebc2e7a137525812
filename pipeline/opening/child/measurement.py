"""Exhibit → Measurements: runs every measure once, on the read-only views."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from validators.before_judging import ContentThresholds
from validators.evidence import (
    DOCUMENT,
    PHOTO,
    UNKNOWN,
    ClarityMeasures,
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
from validators.measures.image.regions import find_regions
from validators.measures.image.scales import scales_of
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import PAGE, REGION, WHOLE, LocalFeatures, extract

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ContentThresholds", "Measured", "MeasuredView", "measure_exhibit"]

_LEAST_TEXT = (
    0.015  # share of tiles with rows of letters: 1 of 25 photos of things reaches it, and photos of labels do
)


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """A view that the host gets: ``kind`` is "view", "page", "tile" or "detail"."""

    kind: str
    pixels: NDArray[np.uint8]
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    """A part with its local features."""

    part: Part
    features: LocalFeatures


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements and the planes that go with them."""

    measurements: Measurements
    views: list[MeasuredView]
    parts: list[MeasuredPart]


def measure_exhibit(exhibit: Exhibit, thresholds: ContentThresholds, version: str) -> Measured:
    """Measure every view of an exhibit."""
    paged = exhibit.kind == DOCUMENT
    clarity: ClarityMeasures | None = None
    content: ContentMeasures | None = None
    prints: Fingerprint | None = None
    digest: str | None = None
    kind = exhibit.kind
    legibility: LegibilityMeasures | None = None
    parts: list[MeasuredPart] = []
    detail: list[MeasuredView] = []
    if exhibit.views and not paged:
        pixels = exhibit.views[0].pixels
        pixels.flags.writeable = False
        scales = scales_of(exhibit.views[0].plane)
        clarity, prints = clarity_of(scales), fingerprint(pixels)
        content = measure_content(pixels, scales)
        kind = _kind_of_still(exhibit, content, thresholds)
        if kind != PHOTO:  # a photo is found by its fingerprint, a screen only by equal pixels
            digest = hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()
            if exhibit.in_full is not None:
                detail = [MeasuredView("detail", exhibit.in_full())]
        legibility = legibility_of(exhibit, content, kind, detail[0].pixels if detail else None)
        parts = still_parts(pixels, prints, is_page=kind != PHOTO)
    measurements = Measurements(
        version=version,
        detected_type=exhibit.detected_type,
        kind=kind,
        problems=tuple(exhibit.problems),
        image=exhibit.image,
        clarity=clarity,
        content=content,
        fingerprint=prints,
        pixels_sha256=digest,
        times=tuple(exhibit.times),
        metadata=exhibit.metadata,
        has_gps=exhibit.has_gps,
        statements=tuple(exhibit.statements),
        signed=exhibit.signed,
        pages=tuple(_page(i, view) for i, view in enumerate(exhibit.views, 1)) if paged else (),
        page_count=exhibit.page_count,
        text=exhibit.text,
        parts=tuple(measured.part for measured in parts),
        legibility=legibility,
    )
    name = "page" if paged else "view"
    views = [MeasuredView(name, v.pixels, v.page, v.time_s) for v in exhibit.views]
    return Measured(measurements, views + detail, parts)


def still_parts(view: NDArray[np.uint8], whole: Fingerprint, *, is_page: bool) -> list[MeasuredPart]:
    """The whole still, then the pictures embedded in it."""
    parts = [MeasuredPart(Part(0, whole), extract(view, PAGE if is_page else WHOLE))]
    for number, box in enumerate(find_regions(view), 1):
        cut = box.cut(view)
        region = Region(box.x, box.y, box.w, box.h)
        parts.append(MeasuredPart(Part(number, fingerprint(cut), region), extract(cut, REGION)))
    return parts


def legibility_of(
    exhibit: Exhibit, content: ContentMeasures, kind: str, detail: NDArray[np.uint8] | None = None
) -> LegibilityMeasures | None:
    """Text of a still's largest picture at hand, None for a photo without any in rows.

    Screens have their detail made anyway; reduced photos with text are decoded again for it.
    """
    if kind == PHOTO and content.text_fraction < _LEAST_TEXT:
        return None
    view = exhibit.views[0]
    if detail is None:
        reduced = max(view.full_width, view.full_height) > max(view.pixels.shape[:2])
        detail = exhibit.in_full() if reduced and exhibit.in_full is not None else view.pixels
    scale = max(view.full_width, view.full_height) / max(detail.shape[:2])
    return measure_legibility(detail, scale)


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
    )
