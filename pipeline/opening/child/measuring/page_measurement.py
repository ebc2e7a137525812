"""What is compared of a document: its pages by their text, and the photos on them."""

from __future__ import annotations

from pipeline.opening.child.measuring.embedded_photos import photos_in, shows_photo
from pipeline.opening.child.measuring.measured import MeasuredPart
from pipeline.opening.limits import MAX_PARTS
from validators.before_judging import ContentThresholds
from validators.evidence import Part, Region
from validators.exhibit import Exhibit
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import PAGE, WHOLE, extract

_PAGES = 20
"""Pages of a document that are compared. Finding the features of one takes 0.1 s."""


def document_parts(exhibit: Exhibit, thresholds: ContentThresholds) -> tuple[MeasuredPart, ...]:
    """Each page, then the photos on it. A page that is a photo, scanned or printed to PDF, is compared as one."""
    found: list[MeasuredPart] = []
    for view in exhibit.views[:_PAGES]:
        page = view.page or 1
        whole = Region(0.0, 0.0, 1.0, 1.0, page=page)
        is_photo = view.characters == 0 and shows_photo(view.pixels, exhibit.detected_type, thresholds)
        part = Part(len(found) + 1, fingerprint(view.pixels), whole, is_piece=not is_photo)
        found.append(MeasuredPart(part, extract(view.pixels, WHOLE if is_photo else PAGE)))
        found += photos_in(view.pixels, page, len(found) + 1, exhibit.detected_type, thresholds)
    return tuple(found[:MAX_PARTS])
