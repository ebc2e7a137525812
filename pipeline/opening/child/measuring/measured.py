"""What a child measured, with the planes that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from validators.evidence import (
    ClarityMeasures,
    ContentMeasures,
    Fingerprint,
    LegibilityMeasures,
    Measurements,
    Part,
)
from validators.measures.reuse.local_features import LocalFeatures

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """A view that the host gets: ``kind`` is "view", "page", "piece", "tile" or "detail"."""

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


@dataclass(frozen=True, slots=True)
class StillMeasures:
    """What is measured of a picture. ``details`` are kept at a higher resolution, to compare text."""

    kind: str
    clarity: ClarityMeasures
    content: ContentMeasures
    fingerprint: Fingerprint
    pixels_sha256: str | None
    legibility: LegibilityMeasures | None
    parts: tuple[MeasuredPart, ...]
    details: tuple[MeasuredView, ...] = ()
