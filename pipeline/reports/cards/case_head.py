"""What a case is about, in a line: who asks for what, which deadline comes next, and two sentences on what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.judgement.queue_line import next_clock
from pipeline.reports import quantities
from pipeline.reports.clock_rows import ClockRow
from validators.disputes.attention import Need, above_notes, open_slots, unusable
from validators.report import QualityReport, ResolutionView
from validators.sentences.labels import Labels


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The top of a case. ``claim`` and ``distance`` are empty where nobody said; ``facts`` are stage, reason and the like."""

    claim: str
    facts: tuple[str, ...]
    deadline: ClockRow | None
    distance: str
    summary: tuple[str, ...]


def case_head(
    report: QualityReport, needs: Sequence[Need], clocks: Sequence[ClockRow], labels: Labels, now: datetime
) -> CaseHead:
    """The top of the case; ``needs`` are those that still wait, ``clocks`` the deadlines in words."""
    dispute = report.dispute
    due = next_clock(report)
    row = next((one for one in clocks if one.record is due), None)
    coded = (("stage", dispute.stage), ("status", dispute.status))
    facts = [labels.reason(dispute.reason, dispute.sub_reason) or labels.text("pages.overview.no_reason")]
    facts += [labels.heading(kind, code) for kind, code in coded if code]
    return CaseHead(
        claim=claim_of(dispute.requested_resolution, labels),
        facts=tuple(facts),
        deadline=row,
        distance=quantities.distance(row.record.due_by, now, labels) if row else "",
        summary=() if report.copy_for else (_asked(report, needs, labels), _rest(report, labels)),
    )


def claim_of(asked: ResolutionView | None, labels: Labels) -> str:
    """Who asks for what, in a line; empty where the platform did not say."""
    if asked is None:
        return ""
    if asked.amount:
        claim = labels.text("pages.claim.amount", type=asked.type, amount=asked.amount)
    else:
        claim = labels.text("pages.claim.plain", type=asked.type)
    if asked.return_goods is None:
        return claim
    return labels.text("pages.claim.return" if asked.return_goods else "pages.claim.no_return", claim=claim)


def _asked(report: QualityReport, needs: Sequence[Need], labels: Labels) -> str:
    """Which items need a person, and for what."""
    places = [need.item for need in needs if need.item is not None]
    if not places:
        return labels.text("pages.summary.nothing")
    codes = [
        finding.code
        for need in needs
        if need.item is not None
        for finding in need.findings or above_notes(report.evidence[need.item])
    ]
    if not codes:
        return labels.text("pages.summary.untitled", count=len(places), items=len(report.evidence))
    titles = list(dict.fromkeys(labels.sentences.label("title", code) for code in codes))
    return labels.text("pages.summary.titled", count=len(places), items=len(report.evidence), titles=titles)


def _rest(report: QualityReport, labels: Labels) -> str:
    """How many items can be used, and what is missing."""
    items = len(report.evidence)
    usable = sum(not unusable(item) for item in report.evidence)
    missing = [
        labels.text("pages.summary.slot", role=slot.role, party=slot.party) for slot in open_slots(report)
    ]
    if missing:
        return labels.text("pages.summary.missing", count=usable, items=items, roles=missing)
    name = "complete" if report.completeness.applicable else "usable"
    return labels.text(f"pages.summary.{name}", count=usable, items=items)
