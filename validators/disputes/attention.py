"""What needs a person, and which items come first: shared by the pages, the table and the terminal."""

from __future__ import annotations

from typing import NamedTuple

from validators.evidence import Region
from validators.finding import ERROR, NOTE, REVIEW, SEVERITIES, Finding
from validators.report import NOT_CHECKED, STATES, EvidenceReport, QualityReport, Slot
from validators.sentences import labels as words

_WORST_TO_KEEP = STATES.index(NOT_CHECKED)


class Need(NamedTuple):
    """One thing for the mediator: a missing slot, or an item by its place in ``report.evidence``."""

    verdict: words.Label
    name: str
    party: str
    sentences: tuple[str, ...]
    item: int | None = None
    slot: Slot | None = None


def state_rank(item: EvidenceReport) -> int:
    """0 is best. A state this version does not know ranks worst."""
    return STATES.index(item.state) if item.state in STATES else len(STATES)


def reviews(item: EvidenceReport) -> list[Finding]:
    """The findings that ask a person to look."""
    return [f for f in item.findings if f.kind == REVIEW and f.severity != NOTE]


def above_notes(item: EvidenceReport) -> list[Finding]:
    """Warnings and errors, worst first."""
    return sorted((f for f in item.findings if f.severity != NOTE), key=finding_rank)


def finding_rank(finding: Finding) -> tuple[int, bool]:
    """Sorts errors before reviews before warnings before notes."""
    severity = SEVERITIES.index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)
    return -severity, finding.kind != REVIEW


def unusable(item: EvidenceReport) -> bool:
    """Whether the item cannot be used as it was sent."""
    return state_rank(item) > _WORST_TO_KEEP


def is_weak(item: EvidenceReport) -> bool:
    """Whether a slot that it was sent for is weak, unless a mediator accepts it as it is."""
    return unusable(item) or item.state == NOT_CHECKED


def asks_for_look(item: EvidenceReport) -> bool:
    """Whether a person is to look at it: a finding says so, or nothing but a person can open it."""
    return bool(reviews(item)) or item.state == NOT_CHECKED


def badness(item: EvidenceReport) -> tuple[int, int, int]:
    """Larger is worse: by state, then by reviews, then by findings above notes."""
    return state_rank(item), len(reviews(item)), len(above_notes(item))


def needs_someone(item: EvidenceReport) -> bool:
    """Whether the item is among the things that need a person."""
    return unusable(item) or asks_for_look(item)


def needs(report: QualityReport) -> list[Need]:
    """Everything that needs a person: items to look at, then items to ask for again, then missing slots."""
    looks, again = [], []
    for place, item in enumerate(report.evidence):
        if asks_for_look(item):
            looks.append(_item_need(place, item))
        elif unusable(item):
            again.append(_item_need(place, item))
    missing = [slot for slot in report.completeness.slots if slot.required and slot.state == "missing"]
    return looks + again + [_slot_need(report, slot) for slot in missing]


def missing_required(report: QualityReport) -> int:
    """How many required slots nothing fills."""
    return sum(slot.required and slot.state == "missing" for slot in report.completeness.slots)


def overdue(report: QualityReport, party: str) -> bool:
    """Whether the date that party's evidence was due has passed."""
    dues = (d.due_by for d in report.dispute.evidence_details if d.party == party)
    return any(due is not None and due < report.as_of for due in dues)


def missing_finding(report: QualityReport, slot: Slot) -> Finding | None:
    """The finding that speaks of this slot, by its ``role`` and ``party`` parameters."""
    wanted = (slot.role, slot.party)
    found = report.completeness.findings
    return next((f for f in found if (f.params.get("role"), f.params.get("party")) == wanted), None)


def weakest_regions(item: EvidenceReport) -> list[Region]:
    """The regions that findings above notes point at, then the weakest by clarity, on the picture itself."""
    found = [f.region for f in above_notes(item) if f.region is not None]
    return [region for region in found if region.time_s is None]


def _item_need(place: int, item: EvidenceReport) -> Need:
    look = reviews(item)
    wrong = [f for f in above_notes(item) if f.severity == ERROR and f not in look]
    sentences = tuple(f.message for f in look + wrong)
    state = words.STATES.get(item.state)
    if asks_for_look(item):
        verdict = words.Label("?", words.LOOK, "Look at this", "look")
    else:
        verdict = words.Label("✕", words.BAD, state.short if state else words.plain(item.state), "again")
    if not sentences and state:
        sentences = (state.words,)
    return Need(verdict, item.file, words.party(item.declared.party), sentences, item=place)


def _slot_need(report: QualityReport, slot: Slot) -> Need:
    said = missing_finding(report, slot)
    due = next((d.due_by for d in report.dispute.evidence_details if d.party == slot.party), None)
    if said is not None:
        sentence = said.message
    elif overdue(report, slot.party):
        sentence = "Required, and past its due date."
    else:
        sentence = "Required, not here yet; it is not past due." if due else "Required, not here yet."
    return Need(
        words.Label("○", words.BAD, "Missing", "missing"),
        words.plain(slot.role),
        words.party(slot.party),
        (sentence,),
        slot=slot,
    )
