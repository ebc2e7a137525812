"""The first screen of a case: the parties, what is due, what is missing, and the state of the items."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports.clock_rows import ClockRow, clock_rows
from pipeline.reports.confirmed_rows import (
    ConfirmedRow,
    confirmed_rows,
    confirmed_title,
    flagged_label,
)
from pipeline.reports.finding_views import FindingView, finding_view
from validators.dispute import BUYER, SELLER
from validators.disputes import attention
from validators.finding import NOTE
from validators.report import STATES, EvidenceDetails, QualityReport, Slot
from validators.sentences.labels import Label, Labels


@dataclass(frozen=True, slots=True)
class NeedView:
    """A thing that needs the mediator, and the address of the item or slot."""

    need: attention.Need
    href: str
    verdict: Label
    name: str
    party: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotView:
    """A line of the checklist. ``by`` names the items that fill the slot with their addresses."""

    record: Slot
    anchor: str
    name: str
    verdict: Label
    need: str
    message: str
    action: str
    by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PartySide:
    """One party's side of the case."""

    party: str
    name: str
    account: str | None
    details: EvidenceDetails | None
    details_words: str
    slots: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a party can do about one of their items, or about what is missing (without an address)."""

    name: str
    href: str | None
    message: str
    action: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything above the gallery."""

    reason: str
    status: str
    needs: tuple[NeedView, ...]
    needs_title: str
    counts: tuple[tuple[Label, int], ...]
    sides: tuple[PartySide, ...]
    findings: tuple[FindingView, ...]
    clocks: tuple[ClockRow, ...]
    confirmed: tuple[ConfirmedRow, ...]
    confirmed_title: str
    to_do: tuple[ToDo, ...] = ()
    """In a copy for one party, in place of what needs the mediator."""


def overview(report: QualityReport, hrefs: dict[str, str], labels: Labels) -> Overview:
    """The first screen of ``report``; ``hrefs`` leads from an evidence id to its card."""
    names = {item.id: item.file for item in report.evidence}
    slots = {id(slot): f"slot-{place}" for place, slot in enumerate(report.completeness.slots, 1)}
    of_slots = [attention.missing_finding(report, slot) for slot in report.completeness.slots]
    shown_there = {id(finding) for finding in of_slots if finding is not None}
    needs = tuple(_need(report, need, slots, hrefs, labels) for need in attention.needs(report))
    anchors = {f"{slot.party}:{slot.role}": f"#{slots[id(slot)]}" for slot in report.completeness.slots}
    confirmed = confirmed_rows(report, hrefs, anchors, labels)
    dispute = report.dispute
    status = (("stage", dispute.stage), ("status", dispute.status))
    return Overview(
        reason=labels.reason(dispute.reason, dispute.sub_reason),
        status=" · ".join(labels.heading(kind, code) for kind, code in status if code),
        needs=needs,
        needs_title=needs_title(len(needs), labels),
        counts=state_counts(report.summary.by_state, labels),
        sides=tuple(_side(report, party, slots, names, hrefs, labels) for party in (BUYER, SELLER)),
        findings=tuple(
            finding_view(f, labels) for f in report.completeness.findings if id(f) not in shown_there
        ),
        clocks=clock_rows(report, labels.sentences.language),
        confirmed=confirmed,
        confirmed_title=confirmed_title(len(confirmed), labels),
        to_do=_to_do(report, hrefs, labels) if report.copy_for else (),
    )


def _to_do(report: QualityReport, hrefs: dict[str, str], labels: Labels) -> tuple[ToDo, ...]:
    """Findings with an action, notes left out: of the party's own items, then of what is missing."""
    own = [
        (item.file, hrefs.get(item.id), finding)
        for item in report.evidence
        if item.declared.party == report.copy_for
        for finding in item.findings
        if finding.severity != NOTE
    ]
    missing = [("", None, finding) for finding in report.completeness.findings]
    sentences = labels.sentences
    return tuple(
        ToDo(name, href, sentences.sentence(finding), sentences.action(finding) or "")
        for name, href, finding in (*own, *missing)
        if finding.asks
    )


def needs_title(number: int, labels: Labels) -> str:
    """ "3 items to review"."""
    return labels.text("pages.needs.some", count=number) if number else labels.text("pages.needs.none")


def state_counts(by_state: dict[str, int], labels: Labels) -> tuple[tuple[Label, int], ...]:
    """States that occur, worst first, with their counts."""
    known = [state for state in reversed(STATES) if by_state.get(state)]
    other = [state for state, number in by_state.items() if state not in STATES and number]
    return tuple((labels.state(state), by_state[state]) for state in (*other, *known))


def _need(
    report: QualityReport,
    need: attention.Need,
    slots: dict[int, str],
    hrefs: dict[str, str],
    labels: Labels,
) -> NeedView:
    found = tuple(labels.sentences.sentence(finding) for finding in need.findings)
    if need.slot is not None:
        slot = need.slot
        return NeedView(
            need=need,
            href=f"#{slots[id(slot)]}",
            verdict=labels.need(need.kind),
            name=labels.heading("role", slot.role),
            party=labels.party(slot.party),
            sentences=found or (labels.missing_slot(_due_state(report, slot.party)),),
        )
    item = report.evidence[need.item or 0]
    state = labels.state(item.state)
    asks = need.kind == attention.REVIEW_IT
    return NeedView(
        need=need,
        href=hrefs[item.id],
        verdict=labels.need("review") if asks else labels.need("again", state.short),
        name=item.file,
        party=labels.party(item.declared.party),
        sentences=found or (state.words,),
    )


def _due_state(report: QualityReport, party: str) -> str:
    """Whether what is missing was due, is due later, or has no date."""
    if attention.overdue(report, party):
        return "overdue"
    due = next((d.due_by for d in report.dispute.evidence_details if d.party == party), None)
    return "open" if due else "undated"


def _side(
    report: QualityReport,
    party: str,
    anchors: dict[int, str],
    names: dict[str, str],
    hrefs: dict[str, str],
    labels: Labels,
) -> PartySide:
    view = report.dispute.parties.get(party)
    details = next((d for d in report.dispute.evidence_details if d.party == party), None)
    own = [slot for slot in report.completeness.slots if slot.party == party]
    sent = sum(item.declared.party == party for item in report.evidence)
    return PartySide(
        party=party,
        name=labels.party(party),
        account=view.id if view else None,
        details=details,
        details_words=_details(details, sent, labels),
        slots=tuple(
            SlotView(
                record=slot,
                anchor=anchors[id(slot)],
                name=labels.heading("role", slot.role),
                verdict=_slot_verdict(slot, labels),
                need=labels.text("pages.overview.required" if slot.required else "pages.overview.optional"),
                message=_message(report, slot, labels),
                action=_action(report, slot, labels),
                by=tuple((names.get(i, i), hrefs.get(i, "")) for i in slot.by),
            )
            for slot in own
        ),
    )


def _slot_verdict(slot: Slot, labels: Labels) -> Label:
    return flagged_label(labels) if slot.state == "filled" and slot.flagged else labels.slot(slot.state)


def _message(report: QualityReport, slot: Slot, labels: Labels) -> str:
    """What is said of a slot for which something of another kind came, or that a confirmed finding flags."""
    found = attention.missing_finding(report, slot)
    if found is not None and slot.state != "missing":
        return labels.sentences.sentence(found)
    return labels.text("confirmed.slot_why") if slot.flagged else ""


def _action(report: QualityReport, slot: Slot, labels: Labels) -> str:
    found = attention.missing_finding(report, slot)
    return (labels.sentences.action(found) or "") if found is not None else ""


def _details(details: EvidenceDetails | None, items: int, labels: Labels) -> str:
    if details is None:
        return ""
    uploads = labels.text("pages.overview.submissions", count=details.submission_count)
    parts = [
        labels.text("pages.overview.sent", count=items, submissions=uploads)
        if items
        else labels.text("pages.overview.nothing_sent")
    ]
    if details.due_by is not None:
        parts.append(labels.text("pages.overview.due", at=details.due_by))
    return "; ".join(parts)


_NAMES_ITS_PARTY = ("seller_answer", "protection")


def deadline_name(kind: str, party: str | None, labels: Labels) -> str:
    """What the deadline is called, and whose it is where its name does not say so."""
    name = labels.heading("deadline", kind)
    if not party or kind in _NAMES_ITS_PARTY:
        return name
    return labels.text("pages.clocks.name_of", name=name, party=labels.party(party))
