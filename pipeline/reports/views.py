"""One item of evidence as the page shows it: everything decided here, so that the template only lays out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.reports import quantities
from pipeline.reports.cards.copies import copies_line
from pipeline.reports.cards.item_filters import filter_classes
from pipeline.reports.finding_views import FindingView, finding_view
from pipeline.reports.item_pictures import (
    Address,
    Picture,
    pictures_of,
    report_address,
    sheets_of,
    thumbnail_or_view,
)
from pipeline.reports.match_views import MatchView, match_view
from pipeline.reports.origin_views import chain
from pipeline.reports.video_strips import VideoStrips, video_strips
from validators.checks.dated import DATED, TAKEN, date_kind
from validators.clip_time import clock
from validators.disputes.attention import above_notes, finding_rank, needs_someone, reviews
from validators.evidence import TimeCandidate
from validators.finding import NOTE, REVIEW
from validators.report import PROCESSING_FAILED, UNREADABLE, EvidenceReport, QualityReport
from validators.sentences.labels import BAD, CALM, LOOK, MARKS, WARN, Label, Labels, is_consistency

MATCHES_SHOWN = 8
METADATA_SHOWN = 150
VALUE_SHOWN = 400
TEXT_SHOWN = 8_000
_MINUTE_S = 60
_SAFE_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class ItemView:
    """One card. ``anchor`` is unique in the report; ``capture`` is empty where nothing was found;
    ``is_taken``: whether it says when the item was taken, and not what it is dated.

    ``times`` holds each candidate with its place on a common scale, the one used first. ``sharpness`` is the verdict in
    words, ``sharpness_measured`` the number behind it. ``copies`` says in a line where else the same picture is.
    ``is_waiting``: whether it is among the items to review; ``classes`` are what the choices above the items filter by.
    """

    record: EvidenceReport
    anchor: str
    tone: str
    facts: str
    thumb: Picture | None
    main: Picture | None
    sheets: tuple[Picture, ...]
    more: tuple[Picture, ...]
    usability: Label
    consistency: Label
    usability_findings: tuple[FindingView, ...]
    consistency_findings: tuple[FindingView, ...]
    notes: tuple[FindingView, ...]
    notes_title: str
    sharpness: str
    sharpness_measured: str
    capture: str
    is_taken: bool
    times: tuple[tuple[TimeCandidate, float, float], ...]
    matches: tuple[MatchView, ...]
    metadata: tuple[tuple[str, str], ...]
    metadata_left: int
    text: str
    text_left: int
    video_strips: VideoStrips | None
    clip: str | None
    origin_chain: str
    copies: str
    is_waiting: bool
    classes: tuple[str, ...]


def anchor(item: EvidenceReport, place: int) -> str:
    """The item's id as an address in the page; its place where the id holds other than plain characters."""
    return f"item-{item.id}" if _SAFE_ID.match(item.id) else f"entry-{place + 1}"


def item_view(
    report: QualityReport,
    item: EvidenceReport,
    place: int,
    hrefs: dict[str, str],
    labels: Labels,
    address: Address = report_address,
) -> ItemView:
    """Everything the card of ``item`` shows. ``hrefs`` leads from an evidence id to its card."""
    loud = [finding_view(finding, labels) for finding in above_notes(item)]
    ranked = sorted(item.findings, key=finding_rank)
    notes = [finding_view(finding, labels) for finding in ranked if finding.severity == NOTE]
    pictures = pictures_of(item, address, labels)
    usability = labels.state(item.state)
    text = item.text or ""
    clip = next((address(item, d) for d in item.derivatives if d.kind == "clip"), None)
    return ItemView(
        record=item,
        anchor=anchor(item, place),
        tone=LOOK if reviews(item) and usability.tone != BAD else usability.tone,
        facts=_facts(item, labels),
        thumb=thumbnail_or_view(item, address, labels),
        main=next(iter(pictures), None),
        sheets=tuple(sheets_of(item, address, labels)),
        more=tuple(pictures[1:]),
        usability=usability,
        consistency=_consistency(report, item, labels),
        usability_findings=tuple(view for view in loud if not is_consistency(view.record.code)),
        consistency_findings=tuple(view for view in loud if is_consistency(view.record.code)),
        notes=tuple(notes),
        notes_title=", ".join(dict.fromkeys(_running(view, labels) for view in notes)),
        sharpness=_sharpness(item, labels),
        sharpness_measured=_sharpness_measured(item, labels),
        capture=_capture(item, labels),
        is_taken=date_kind(item) == TAKEN,
        times=_times(item),
        matches=tuple(
            match_view(match, item, hrefs, address, labels) for match in item.matches[:MATCHES_SHOWN]
        ),
        metadata=tuple((k, v[:VALUE_SHOWN]) for k, v in list(item.metadata.items())[:METADATA_SHOWN]),
        metadata_left=max(len(item.metadata) - METADATA_SHOWN, 0),
        text=text[:TEXT_SHOWN],
        text_left=max(len(text) - TEXT_SHOWN, 0),
        video_strips=video_strips(item, clip, labels),
        clip=clip,
        origin_chain=chain(item.origin.c2pa if item.origin else None, labels),
        copies=copies_line(item, labels),
        is_waiting=needs_someone(item),
        classes=filter_classes(item),
    )


def _running(view: FindingView, labels: Labels) -> str:
    """The finding's title as running text has it."""
    return labels.sentences.label("title", view.record.code)


def _consistency(report: QualityReport, item: EvidenceReport, labels: Labels) -> Label:
    """Never an all-clear: that nothing was found is all that can be said."""
    loud = [f for f in item.findings if is_consistency(f.code) and f.severity != NOTE]
    points = sum(finding.kind == REVIEW for finding in loud)
    if points:
        return Label(MARKS[LOOK], LOOK, labels.text("pages.item.points", count=points), "")
    if loud:
        return Label(MARKS[WARN], WARN, labels.text("pages.item.weaknesses", count=len(loud)), "")
    if item.state in (UNREADABLE, PROCESSING_FAILED):
        name = "not_compared"
    else:
        name = "nothing_found" if report.dispute.declared else "no_record"
    return Label(MARKS[CALM], CALM, labels.text(f"pages.item.{name}"), "")


def _facts(item: EvidenceReport, labels: Labels) -> str:
    """ "Photo · shows item photo · JPEG · 4000 × 3000 px · 2.1 MB"."""
    parts = [labels.heading("kind", item.kind)]
    if item.declared.roles:
        parts.append(labels.text("pages.item.shows", roles=item.declared.roles))
    if item.detected_type:
        parts.append(labels.sentences.label("type", item.detected_type))
    if item.width and item.height:
        parts.append(labels.text("pages.item.pixels", width=str(item.width), height=str(item.height)))
    if item.pages:
        parts.append(labels.text("pages.item.pages", count=item.pages))
    if item.duration_s is not None:
        parts.append(_length(item.duration_s, labels))
    if not item.withheld:
        parts.append(labels.formats.size(item.bytes))
    return " · ".join(parts)


def _length(seconds: float, labels: Labels) -> str:
    """ "31 seconds", "2:05 min"."""
    if seconds < _MINUTE_S:
        return labels.formats.seconds(seconds)
    return labels.text("pages.item.minutes", length=clock(seconds))


def _sharpness(item: EvidenceReport, labels: Labels) -> str:
    if item.clarity is None:
        return ""
    verdict = item.clarity.verdict
    if verdict == "blurred" and all(finding.code != "CLR_BLUR" for finding in item.findings):
        verdict = "soft"
    return labels.heading("clarity", verdict)


def _sharpness_measured(item: EvidenceReport, labels: Labels) -> str:
    if item.clarity is None or item.clarity.sharpness is None:
        return ""
    value = labels.formats.number(item.clarity.sharpness)
    return labels.text("pages.item.sharpness_scale", value=value)


def _capture(item: EvidenceReport, labels: Labels) -> str:
    best = item.capture_time.best if item.capture_time else None
    return quantities.capture(best, labels) if best and date_kind(item) in (TAKEN, DATED) else ""


def _times(item: EvidenceReport) -> tuple[tuple[TimeCandidate, float, float], ...]:
    """The best candidate first, each with start and length in 0..100 of the span of them all."""
    found = item.capture_time
    if found is None or not found.candidates:
        return ()
    times = sorted(found.candidates, key=lambda time: time != found.best)
    start = min(time.earliest for time in times)
    span = (max(time.latest for time in times) - start).total_seconds() or 1.0

    def place(seconds: float) -> float:
        return round(seconds / span * 100, 1)

    return tuple(
        (
            time,
            min(place((time.earliest - start).total_seconds()), 98.0),
            max(place((time.latest - time.earliest).total_seconds()), 2.0),
        )
        for time in times
    )
