"""Two items of the record side by side: their pictures, and what is told of each, with what differs and what is absent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.console.core import addresses
from pipeline.reports import quantities
from pipeline.reports.views import METADATA_SHOWN, VALUE_SHOWN, Picture
from storage.interfaces.examinations import Examination
from validators.checks.capture_time import best_candidate
from validators.checks.dated import IMPLAUSIBLE, TAKEN, what_it_says
from validators.dispute import Dispute
from validators.evidence import Evidence, Measurements
from validators.policy import Policy
from validators.sentences import labels as words

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


def side_of(item: Evidence, examination: Examination | None, policy: Policy) -> ComparedItem:
    """Everything the page shows of the item, from the record."""
    measured = examination.measurements if examination else Measurements("", "")
    shown = list(measured.metadata.items())[:METADATA_SHOWN]
    return ComparedItem(
        item=item,
        name=item.file.rsplit("/", 1)[-1],
        pictures=tuple(_pictures(item, examination)),
        text=measured.text or "",
        facts=_facts(item, measured, policy),
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


def _pictures(item: Evidence, examination: Examination | None) -> Iterable[Picture]:
    """The upright view, or every page; a video's poster, then its contact sheet."""
    kept = examination.derivatives if examination else ()
    for kinds in (("preview",), ("poster", "contact_sheet"), ("thumbnail",)):
        chosen = [one for one in kept if one.kind in kinds]
        for one in chosen:
            page = f"Page {one.page} of " if one.page is not None else ""
            what = "Frames of " if one.kind == "contact_sheet" else page
            caption = f"Page {one.page}" if one.page is not None else ""
            yield Picture(
                addresses.media(item.id, one.sha256), one.width, one.height, f"{what}{item.file}", caption
            )
        if chosen:
            return


def _facts(item: Evidence, measured: Measurements, policy: Policy) -> dict[str, str]:
    geometry = measured.image or measured.video
    best = best_candidate(measured.times, policy, item.uploaded_at)
    says = what_it_says(best, measured.kind, Dispute(item.dispute_id), policy)
    name_of_date = "Taken" if says == TAKEN else "Dated"
    told = {
        "File": item.file,
        "Dispute": item.dispute_id,
        "Sent by": "the listing" if item.declared.on_listing else words.party(item.declared.party),
        "Sent": quantities.day(item.declared.submitted_at) if item.declared.submitted_at else "",
        "Received": quantities.day(item.declared.received_at) if item.declared.received_at else "",
        "Said to show": ", ".join(words.plain(role) for role in item.declared.roles),
        "Description": item.declared.description or "",
        name_of_date: quantities.capture(best) if best and says != IMPLAUSIBLE else "",
        "Kind": words.KINDS.get(measured.kind, measured.kind),
        "Type": measured.detected_type,
        "Size in pixels": f"{geometry.width} × {geometry.height}" if geometry else "",
        "Pages": str(measured.page_count or ""),
        "Length": quantities.duration(measured.video.duration_s)
        if measured.video and measured.video.duration_s
        else "",
        "Size": quantities.size(item.bytes),
        "SHA-256": item.sha256,
        "SHA-256 of the pixels": measured.pixels_sha256 or "",
    }
    return {name: value for name, value in told.items() if value}
