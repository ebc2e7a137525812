"""The listing's own pictures, which are on the record but are nobody's evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pipeline.reports.item_pictures import Picture, media_url
from storage.errors import ObjectMissingError
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.examinations import Examinations, StoredDerivative
from storage.interfaces.objects import Objects
from validators.evidence import Evidence
from validators.report import QualityReport
from validators.sentences.labels import Labels

MOST = 3
"""Pictures of a listing that a page shows."""


class ListingRecords(EvidenceItems, Examinations, Protocol):
    """What a listing's pictures are found in."""


def listing_views(
    tenant: str, dispute_id: str, records: ListingRecords
) -> list[tuple[Evidence, StoredDerivative]]:
    """The listing's images, each with the view that we made of it."""
    items = [item for item in records.evidence_of(tenant, dispute_id) if item.declared.on_listing][:MOST]
    known = records.newest_examinations(tenant, {item.content_key for item in items})
    found = []
    for item in items:
        examination = known.get(item.content_key)
        kept = examination.derivatives if examination else ()
        view = next((one for one in kept if one.kind == "preview"), None)
        if view is not None:
            found.append((item, view))
    return found


def listing_picture(item: Evidence, view: StoredDerivative, url: str, labels: Labels) -> Picture:
    """The view as a page shows it."""
    return Picture(url, view.width, view.height, labels.text("pages.received.of_listing", file=item.file))


def write_listing(
    report: QualityReport, folder: Path, records: ListingRecords, objects: Objects, labels: Labels
) -> tuple[Picture, ...]:
    """Copy the listing's pictures beside the report. One that is no longer kept is left out."""
    made = []
    for item, view in listing_views(report.dispute.tenant, report.dispute.id, records):
        path = f"media/{view.key.rsplit('/', 1)[-1]}"
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        try:
            if not target.exists():
                objects.fetch(view.key, target)
        except ObjectMissingError:
            continue
        made.append(listing_picture(item, view, media_url(path) or "", labels))
    return tuple(made)
