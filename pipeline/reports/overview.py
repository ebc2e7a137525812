"""The first screen of a case: who, what is due, what is missing, how the items stand."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports import quantities
from pipeline.reports.clock_rows import ClockRow, clock_rows
from pipeline.reports.confirmed_rows import (
    ConfirmedRow,
    confirmed_rows,
    confirmed_title,
    flagged_label,
    flagged_why,
)
from pipeline.reports.views import FindingView, finding_view
from validators.dispute import BUYER, SELLER
from validators.disputes import attention
from validators.finding import NOTE
from validators.report import STATES, EvidenceDetails, QualityReport, Slot
from validators.sentences import labels as words
from validators.sentences.sentences import action, sentence


@dataclass(frozen=True, slots=True)
class NeedView:
    """A thing that needs the mediator, and the address of the item or slot."""

    need: attention.Need
    href: str
    verdict: words.Label
    name: str
    party: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotView:
    """A line of the checklist. ``by`` names the items that fill the slot with their addresses."""

    record: Slot
    anchor: str
    name: str
    verdict: words.Label
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
    counts: tuple[tuple[words.Label, int], ...]
    sides: tuple[PartySide, ...]
    findings: tuple[FindingView, ...]
    clocks: tuple[ClockRow, ...]
    confirmed: tuple[ConfirmedRow, ...]
    confirmed_title: str
    to_do: tuple[ToDo, ...] = ()
    """In a copy for one party, in place of what needs the mediator."""


def overview(report: QualityReport, hrefs: dict[str, str]) -> Overview:
    """The first screen of ``report``; ``hrefs`` leads from an evidence id to its card."""
    names = {item.id: item.file for item in report.evidence}
    slots = {id(slot): f"consumer-{place}" for place, slot in enumerate(report.completeness.slots, 1)}
    spoken = [attention.missing_finding(report, slot) for slot in report.completeness.slots]
    told = {id(finding) for finding in spoken if finding is not None}  # shown with their slots
    needs = tuple(_need(report, need, slots, hrefs) for need in attention.needs(report))
    anchors = {f"{slot.party}:{slot.role}": f"#{slots[id(slot)]}" for slot in report.completeness.slots}
    confirmed = confirmed_rows(report, hrefs, anchors)
    dispute = report.dispute
    status = " · ".join(words.plain(part) for part in (dispute.stage, dispute.status) if part)
    return Overview(
        reason=words.reason(dispute.reason, dispute.sub_reason),
        status=status,
        needs=needs,
        needs_title=needs_title(len(needs)),
        counts=state_counts(report.summary.by_state),
        sides=tuple(_side(report, party, slots, names, hrefs) for party in (BUYER, SELLER)),
        findings=tuple(finding_view(f) for f in report.completeness.findings if id(f) not in told),
        clocks=clock_rows(report),
        confirmed=confirmed,
        confirmed_title=confirmed_title(len(confirmed)),
        to_do=_to_do(report, hrefs) if report.copy_for else (),
    )


def _to_do(report: QualityReport, hrefs: dict[str, str]) -> tuple[ToDo, ...]:
    """Findings with an action, notes left out: of the party's own items, then of what is missing."""
    own = [
        (item.file, hrefs.get(item.id), finding)
        for item in report.evidence
        if item.declared.party == report.copy_for
        for finding in item.findings
        if finding.severity != NOTE
    ]
    missing = [("", None, finding) for finding in report.completeness.findings]
    return tuple(
        ToDo(name, href, sentence(finding), action(finding) or "")
        for name, href, finding in (*own, *missing)
        if finding.asks
    )


def needs_title(number: int) -> str:
    """ "3 things need you"."""
    if not number:
        return "Nothing here waits for you"
    return f"{words.count(number, 'thing')} {'needs' if number == 1 else 'need'} you"


def state_counts(by_state: dict[str, int]) -> tuple[tuple[words.Label, int], ...]:
    """States that occur, worst first, with their counts."""
    known = [(words.STATES[state], by_state[state]) for state in reversed(STATES) if by_state.get(state)]
    other = [
        (words.Label("?", words.LOOK, words.plain(state), words.plain(state)), number)
        for state, number in by_state.items()
        if state not in words.STATES and number
    ]
    return tuple(other + known)


def _need(
    report: QualityReport, need: attention.Need, slots: dict[int, str], hrefs: dict[str, str]
) -> NeedView:
    said = tuple(sentence(finding) for finding in need.findings)
    if need.slot is not None:
        slot = need.slot
        return NeedView(
            need,
            f"#{slots[id(slot)]}",
            words.need(need.kind),
            words.heading("role", slot.role),
            words.party(slot.party),
            said or (words.missing_slot(_due_state(report, slot.party)),),
        )
    item = report.evidence[need.item or 0]
    state = words.state(item.state)
    verdict = words.need("review") if need.kind == attention.REVIEW_IT else words.need("again", state.short)
    return NeedView(
        need, hrefs[item.id], verdict, item.file, words.party(item.declared.party), said or (state.words,)
    )


def _due_state(report: QualityReport, party: str) -> str:
    """Whether what is missing was due, is due later, or has no date."""
    if attention.overdue(report, party):
        return "overdue"
    due = next((d.due_by for d in report.dispute.evidence_details if d.party == party), None)
    return "open" if due else "undated"


def _side(
    report: QualityReport, party: str, anchors: dict[int, str], names: dict[str, str], hrefs: dict[str, str]
) -> PartySide:
    view = report.dispute.parties.get(party)
    details = next((d for d in report.dispute.evidence_details if d.party == party), None)
    own = [slot for slot in report.completeness.slots if slot.party == party]
    return PartySide(
        party=party,
        name=words.party(party),
        account=view.id if view else None,
        details=details,
        details_words=_details(details, sum(item.declared.party == party for item in report.evidence)),
        slots=tuple(
            SlotView(
                record=slot,
                anchor=anchors[id(slot)],
                name=words.heading("role", slot.role),
                verdict=_slot_verdict(slot),
                need="required" if slot.required else "optional",
                message=_message(report, slot),
                action=_action(report, slot),
                by=tuple((names.get(i, i), hrefs.get(i, "")) for i in slot.by),
            )
            for slot in own
        ),
    )


def _slot_verdict(slot: Slot) -> words.Label:
    if slot.state == "filled" and slot.flagged:
        return flagged_label()
    return words.SLOTS.get(slot.state) or words.Label("?", words.LOOK, slot.state, "")


def _message(report: QualityReport, slot: Slot) -> str:
    """What is said of a slot for which something of another kind came, or that a confirmed finding flags."""
    found = attention.missing_finding(report, slot)
    if found is not None and slot.state != "missing":
        return sentence(found)
    return flagged_why() if slot.flagged else ""


def _action(report: QualityReport, slot: Slot) -> str:
    found = attention.missing_finding(report, slot)
    return (action(found) or "") if found is not None else ""


def _details(details: EvidenceDetails | None, items: int) -> str:
    if details is None:
        return ""
    submissions = words.count(details.submission_count, "submission")
    said = f"{words.count(items, 'item')} in {submissions}" if items else "Nothing sent"
    if details.due_by is not None:
        said += f"; due {quantities.day(details.due_by)}"
    return said
