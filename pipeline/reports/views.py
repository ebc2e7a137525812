"""One item of evidence as the page shows it: everything decided here, so that the template only lays out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from pipeline.reports import quantities
from pipeline.reports.video_strips import VideoStrips, video_strips
from validators.checks.dated import DATED, TAKEN, date_kind
from validators.disputes.attention import above_notes, finding_rank, reviews, weakest_regions
from validators.evidence import Region, TimeCandidate
from validators.finding import ERROR, NOTE, REVIEW, Finding
from validators.report import (
    PROCESSING_FAILED,
    UNREADABLE,
    DerivativeRecord,
    EvidenceReport,
    Match,
    QualityReport,
)
from validators.sentences import labels as words
from validators.sentences.sentences import action, sentence

MATCHES_SHOWN = 8
SEGMENTS_SHOWN = 3
METADATA_SHOWN = 150
VALUE_SHOWN = 400
TEXT_SHOWN = 8_000
_SAFE_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class Picture:
    """A derivative on the page. ``url`` is relative; ``regions`` are outlined, in percent of the picture."""

    url: str
    width: int
    height: int
    alt: str
    caption: str = ""
    regions: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its verdict mark and its measurement on a scale."""

    record: Finding
    message: str
    action: str | None
    title: str
    mark: str
    tone: str
    word: str
    scale: quantities.Scale | None


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match in words. ``href`` leads to the other item where this report shows it."""

    record: Match
    title: str
    who: str
    measured: str
    edit: str
    href: str | None
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One card. ``anchor`` is unique in the report; ``capture`` is empty where nothing was found; ``is_taken``:
    whether it says when the item was taken, and not what it is dated.

    ``times`` holds each candidate with its place on a common scale, the one used first.
    """

    record: EvidenceReport
    anchor: str
    tone: str
    facts: str
    main: Picture | None
    sheets: tuple[Picture, ...]
    more: tuple[Picture, ...]
    usability: words.Label
    consistency: words.Label
    usability_findings: tuple[FindingView, ...]
    consistency_findings: tuple[FindingView, ...]
    notes: tuple[FindingView, ...]
    notes_title: str
    sharpness: str
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


def anchor(item: EvidenceReport, place: int) -> str:
    """The item's id as an address in the page; its place where the id holds other than plain characters."""
    return f"item-{item.id}" if _SAFE_ID.match(item.id) else f"entry-{place + 1}"


def media_url(path: str) -> str | None:
    """``path`` as a relative address below the report; None where it would lead elsewhere."""
    if not path or path.startswith("/") or ".." in path.split("/"):
        return None
    return quote(path, safe="/", errors="surrogateescape")


Address = Callable[[EvidenceReport, DerivativeRecord], str | None]
"""Where a page finds a picture of an item; None where it is not to be shown."""


def report_address(item: EvidenceReport, derivative: DerivativeRecord) -> str | None:
    """Below the report, where it was written."""
    return media_url(derivative.path)


def item_view(
    report: QualityReport,
    item: EvidenceReport,
    place: int,
    hrefs: dict[str, str],
    address: Address = report_address,
) -> ItemView:
    """Everything the card of ``item`` shows. ``hrefs`` leads from an evidence id to its card."""
    loud = [finding_view(f) for f in above_notes(item)]
    notes = [finding_view(f) for f in sorted(item.findings, key=finding_rank) if f.severity == NOTE]
    pictures = _pictures(item, address)
    usability = words.STATES.get(item.state) or words.Label("?", words.LOOK, words.plain(item.state), "")
    consistency = _consistency(report, item)
    text = item.text or ""
    clip = next((address(item, d) for d in item.derivatives if d.kind == "clip"), None)
    return ItemView(
        record=item,
        anchor=anchor(item, place),
        tone=words.LOOK if reviews(item) and usability.tone != words.BAD else usability.tone,
        facts=_facts(item),
        main=next(iter(pictures), None),
        sheets=tuple(_sheets(item, address)),
        more=tuple(pictures[1:]),
        usability=usability,
        consistency=consistency,
        usability_findings=tuple(f for f in loud if not words.is_consistency(f.record.code)),
        consistency_findings=tuple(f for f in loud if words.is_consistency(f.record.code)),
        notes=tuple(notes),
        notes_title=", ".join(dict.fromkeys(n.title.lower() for n in notes)),
        sharpness=_sharpness(item),
        capture=_capture(item),
        is_taken=date_kind(item) == TAKEN,
        times=_times(item),
        matches=tuple(_match(m, item, hrefs, address) for m in item.matches[:MATCHES_SHOWN]),
        metadata=tuple((k, v[:VALUE_SHOWN]) for k, v in list(item.metadata.items())[:METADATA_SHOWN]),
        metadata_left=max(len(item.metadata) - METADATA_SHOWN, 0),
        text=text[:TEXT_SHOWN],
        text_left=max(len(text) - TEXT_SHOWN, 0),
        video_strips=video_strips(item, clip),
        clip=clip,
    )


def finding_view(finding: Finding) -> FindingView:
    """A finding with its mark: the severity, unless a person is asked to look."""
    if finding.kind == REVIEW and finding.severity != NOTE:
        tone, word = words.LOOK, "Look at this"
    elif finding.severity == NOTE:
        tone, word = words.CALM, "Note"
    else:
        tone, word = (words.BAD, "Problem") if finding.severity == ERROR else (words.WARN, "Weakness")
    unit = finding.params.get("unit")
    return FindingView(
        record=finding,
        message=sentence(finding),
        action=action(finding),
        title=words.title(finding.code),
        mark=words.MARKS[tone],
        tone=tone,
        word=word,
        scale=quantities.scale(finding.measured, finding.threshold, unit if isinstance(unit, str) else None),
    )


def _consistency(report: QualityReport, item: EvidenceReport) -> words.Label:
    """Never an all-clear: that nothing was found is all that can be said."""
    found = [f for f in item.findings if words.is_consistency(f.code)]
    loud = [f for f in found if f.severity != NOTE]
    look = sum(f.kind == REVIEW for f in loud)
    if look:
        return words.Label("?", words.LOOK, f"{words.count(look, 'point')} to look at.", "look")
    if loud:
        return words.Label("!", words.WARN, f"{words.count(len(loud), 'weakness', 'weaknesses')}.", "weak")
    if item.state in (UNREADABLE, PROCESSING_FAILED):
        return words.Label("–", words.CALM, "Not compared: it was not opened.", "not compared")
    if not report.dispute.declared:
        return words.Label("–", words.CALM, "No dispute record to compare with.", "no record")
    return words.Label("–", words.CALM, "Nothing found that conflicts with the record.", "nothing found")


def _facts(item: EvidenceReport) -> str:
    """ "Photo · item, label · JPEG · 4,000 × 3,000 · 2.1 MB"."""
    kind = words.KINDS.get(item.kind, item.kind).capitalize()
    parts = [kind]
    if item.declared.roles:
        parts.append("shows " + ", ".join(role.replace("_", " ") for role in item.declared.roles))
    if item.detected_type:
        parts.append(words.label("type", item.detected_type))
    if item.width and item.height:
        parts.append(f"{item.width} × {item.height}\u00a0px")
    if item.pages:
        parts.append(words.count(item.pages, "page"))
    if item.duration_s is not None:
        parts.append(f"{quantities.duration(item.duration_s)}\u00a0min")
    if not item.withheld:
        parts.append(quantities.size(item.bytes))
    return " · ".join(parts)


def _sharpness(item: EvidenceReport) -> str:
    if item.clarity is None:
        return ""
    verdict = words.CLARITY.get(item.clarity.verdict, item.clarity.verdict)
    if item.clarity.verdict == "blurred" and all(f.code != "CLR_BLUR" for f in item.findings):
        verdict = words.CLARITY["soft"]
    if item.clarity.sharpness is None:
        return verdict
    return f"{verdict} ({quantities.number(item.clarity.sharpness)} on 0 to 1, higher is sharper)"


def _capture(item: EvidenceReport) -> str:
    best = item.capture_time.best if item.capture_time else None
    return quantities.capture(best) if best and date_kind(item) in (TAKEN, DATED) else ""


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


def _pictures(item: EvidenceReport, address: Address) -> list[Picture]:
    """The upright view, then further pages; a thumbnail only where nothing larger exists."""
    for kinds in (("preview", "poster"), ("thumbnail",)):
        chosen = [d for d in item.derivatives if d.kind in kinds]
        if chosen:
            regions = weakest_regions(item)
            made = [_picture(item, d, regions, address) for d in sorted(chosen, key=lambda d: d.page or 0)]
            return [picture for picture in made if picture is not None]
    return []


def _sheets(item: EvidenceReport, address: Address) -> list[Picture]:
    made = [_picture(item, d, [], address) for d in item.derivatives if d.kind == "contact_sheet"]
    return [picture for picture in made if picture is not None]


def _picture(
    item: EvidenceReport, derivative: DerivativeRecord, regions: list[Region], address: Address
) -> Picture | None:
    url = address(item, derivative)
    if url is None:
        return None
    what = words.KINDS.get(item.kind, item.kind)
    caption = ""
    if derivative.kind == "contact_sheet":
        alt, caption = f"Frames of {item.file} in the order of time", _moments(item)
    elif derivative.page is not None:
        alt = f"Page {derivative.page} of {item.file}"
        caption = f"Page {derivative.page} of {item.pages or '?'}"
    elif derivative.kind == "poster":
        alt = f"A frame of the video {item.file}"
        if derivative.time_s is not None:
            caption = f"Frame at {quantities.duration(derivative.time_s)}"
    else:
        alt = f"The {what} {item.file}"
    own = [r for r in regions if r.page is None or r.page == (derivative.page or 1)]
    if own:
        caption = f"{caption}. " * bool(caption) + "Outlined: the part a finding is about"
    boxes = tuple((r.x * 100, r.y * 100, r.w * 100, r.h * 100) for r in own)
    return Picture(url, derivative.width, derivative.height, alt, caption, boxes)


def _moments(item: EvidenceReport) -> str:
    """What the contact sheet shows."""
    times = item.video.moments if item.video else ()
    if not times:
        return "Frames in the order of time"
    first, last = quantities.duration(times[0]), quantities.duration(times[-1])
    return f"{words.count(len(times), 'moment')} from {first} to {last}, each with its time"


def _match(match: Match, item: EvidenceReport, hrefs: dict[str, str], address: Address) -> MatchView:
    who = [words.SCOPES.get(match.scope, words.plain(match.scope).lower())]
    if match.scope != "listing":
        who.append(words.RELATIONS.get(match.relation, words.plain(match.relation).lower()))
    who.append(words.DIRECTIONS.get(match.direction, match.direction))
    measured = ""
    if match.class_ != "SAME_FILE" and match.distance is not None:
        measured = f"{match.distance} of 256 bits differ"
    if match.aligned_fraction is not None:
        measured += f"{', ' * bool(measured)}{match.aligned_fraction:.0%} of the picture lines up"
    for one in match.segments[:SEGMENTS_SHOWN]:
        measured += f"{', ' * bool(measured)}{words.segment(one)}"
    return MatchView(
        record=match,
        title=words.MATCH_CLASSES.get(match.class_, words.plain(match.class_)),
        who=", ".join(who),
        measured=measured,
        edit=words.transform(match.transform),
        href=hrefs.get(match.evidence_id) if match.scope == "same_dispute" else None,
        picture=_comparison(match, item, address),
    )


def _comparison(match: Match, item: EvidenceReport, address: Address) -> Picture | None:
    if match.comparison is None:
        return None
    record = next((d for d in item.derivatives if d.path == match.comparison), None)
    url = address(item, record) if record is not None else None
    if record is None or url is None:
        return None
    alt = f"{item.file} beside {match.file}, aligned, with what they share and where they differ"
    edit = words.transform(match.transform)
    caption = f"This item beside the other{f', {edit}' if edit else ''}. Select it to see it in full size"
    return Picture(url, record.width, record.height, alt, caption)
