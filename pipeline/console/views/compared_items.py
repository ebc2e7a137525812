"""Two items of the record side by side: their pictures, and the details of each, with what differs and what is absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.console.core import addresses
from pipeline.reports import quantities
from pipeline.reports.item_pictures import Picture
from pipeline.reports.views import METADATA_SHOWN, VALUE_SHOWN
from storage.interfaces.examinations import Examination
from validators.checks.capture_time import best_candidate
from validators.checks.dated import IMPLAUSIBLE, TAKEN, what_it_says
from validators.clip_time import clock
from validators.dispute import Dispute
from validators.evidence import Evidence, Measurements
from validators.policy import Policy
from validators.sentences.labels import Labels

SAME, DIFFERS, ABSENT_LEFT, ABSENT_RIGHT = "same", "differs", "absent left", "absent right"
_ORDER = (DIFFERS, ABSENT_LEFT, ABSENT_RIGHT, SAME)


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """One of the two. ``facts`` and ``metadata`` are names with values as people read them."""

    item: Evidence
    name: str
    pictures: tuple[Picture, ...]
    text: str
    facts: dict[str, str]
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of both. ``verdict`` is one of SAME, DIFFERS, ABSENT_LEFT, ABSENT_RIGHT."""

    name: str
    left: str
    right: str
    verdict: str


def side_of(item: Evidence, examination: Examination | None, policy: Policy, labels: Labels) -> ComparedItem:
    """Everything the page shows of the item, from the record."""
    measured = examination.measurements if examination else Measurements("", "")
    shown = list(measured.metadata.items())[:METADATA_SHOWN]
    return ComparedItem(
        item=item,
        name=item.file.rsplit("/", 1)[-1],
        pictures=tuple(_pictures(item, examination, labels)),
        text=measured.text or "",
        facts=_facts(item, measured, policy, labels),
        metadata={name: value[:VALUE_SHOWN] for name, value in shown},
    )


def rows(left: dict[str, str], right: dict[str, str]) -> list[Row]:
    """Every name of either side: what differs first, then what one side lacks, then what is the same."""
    names = dict.fromkeys([*left, *right])
    made = [_row(name, left.get(name, ""), right.get(name, "")) for name in names]
    return sorted(made, key=lambda row: _ORDER.index(row.verdict))


def _row(name: str, left: str, right: str) -> Row:
    if left == right:
        return Row(name, left, right, SAME)
    if not left:
        return Row(name, left, right, ABSENT_LEFT)
    return Row(name, left, right, DIFFERS if right else ABSENT_RIGHT)


def _pictures(item: Evidence, examination: Examination | None, labels: Labels) -> Iterable[Picture]:
    """The upright view, or every page; a video's poster, then its contact sheet."""
    kept = examination.derivatives if examination else ()
    for kinds in (("preview",), ("poster", "contact_sheet"), ("thumbnail",)):
        chosen = [one for one in kept if one.kind in kinds]
        for one in chosen:
            alt, caption = item.file, ""
            if one.kind == "contact_sheet":
                alt = labels.text("pages.picture.sheet", file=item.file)
            elif one.page is not None:
                whole = examination is not None and examination.measurements.page_count is not None
                alt = labels.text(
                    f"pages.picture.{'page' if whole else 'piece'}", page=one.page, file=item.file
                )
                caption = labels.text(f"pages.compare.{'page' if whole else 'piece'}", page=one.page)
            yield Picture(addresses.media(item.id, one.sha256), one.width, one.height, alt, caption)
        if chosen:
            return


def _facts(item: Evidence, measured: Measurements, policy: Policy, labels: Labels) -> dict[str, str]:
    found = {**_declared_facts(item, labels), **_measured_facts(item, measured, policy, labels)}
    return {labels.text(f"pages.fact.{name}"): value for name, value in found.items() if value}


def _declared_facts(item: Evidence, labels: Labels) -> dict[str, str]:
    said, formats = item.declared, labels.formats
    listing = labels.text("pages.fact.by_listing")
    return {
        "file": item.file,
        "dispute": item.dispute_id,
        "sent_by": listing if said.on_listing else labels.party(said.party),
        "sent": formats.datetime(said.submitted_at) if said.submitted_at else "",
        "received": formats.datetime(said.received_at) if said.received_at else "",
        "roles": ", ".join(labels.heading("role", role) for role in said.roles),
        "description": said.description or "",
    }


def _measured_facts(item: Evidence, measured: Measurements, policy: Policy, labels: Labels) -> dict[str, str]:
    geometry = measured.image or measured.video
    length = measured.video.duration_s if measured.video else None
    best = best_candidate(measured.times, policy, item.uploaded_at)
    says = what_it_says(best, measured.kind, Dispute(item.dispute_id), policy)
    date = quantities.capture(best, labels) if best and says != IMPLAUSIBLE else ""
    return {
        "taken" if says == TAKEN else "dated": date,
        "kind": labels.sentences.label("kind", measured.kind),
        "type": measured.detected_type,
        "pixels": f"{geometry.width} × {geometry.height}" if geometry else "",
        "pages": str(measured.page_count or ""),
        "length": clock(length) if length else "",
        "size": labels.formats.size(item.bytes),
        "sha256": item.sha256,
        "pixels_sha256": measured.pixels_sha256 or "",
    }
