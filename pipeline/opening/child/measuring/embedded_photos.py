"""Photos within a page: in a PDF, or in a long screenshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.opening.child.measuring.measured import MeasuredPart
from validators.before_judging import ContentThresholds
from validators.evidence import PHOTO, Part, Region
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.regions import find_regions
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import REGION, extract

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def photos_in(
    view: Pixels, page: int, first: int, mime: str, thresholds: ContentThresholds
) -> list[MeasuredPart]:
    """The photos embedded in a page, numbered from ``first``. Speech bubbles and tables with text are no pictures."""
    found: list[MeasuredPart] = []
    for box in find_regions(view):
        cut = box.cut(view)
        if shows_photo(cut, mime, thresholds):
            region = Region(box.x, box.y, box.w, box.h, page=page)
            part = Part(first + len(found), fingerprint(cut), region)
            found.append(MeasuredPart(part, extract(cut, REGION)))
    return found


def shows_photo(pixels: Pixels, mime: str, thresholds: ContentThresholds) -> bool:
    """Whether it shows neither a screen nor a page of text."""
    content = measure_content(pixels)
    size = pixels.shape[1], pixels.shape[0]
    return classify_still(content, False, mime, size, thresholds) == PHOTO
