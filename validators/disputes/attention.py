"""What needs a person, and which items come first: shared by pages, tables and the terminal, which put it into words."""

from __future__ import annotations

from typing import NamedTuple

from validators.checks.restraint import came_along
from validators.evidence import Region
from validators.finding import ERROR, NOTE, REVIEW, SEVERITIES, Finding
from validators.report import NOT_CHECKED, STATES, EvidenceReport, QualityReport, Slot

REVIEW_IT, ASK_AGAIN, MISSING, DIFFERS = "review", "again", "missing", "differs"
"""What a mediator is to do: look at an item, ask for a better one, or ask for what is missing or of another kind."""

_WORST_TO_KEEP = STATES.index(NOT_CHECKED)


class Need(NamedTuple):
    """One thing for the mediator: an item by its place in ``report.evidence``, or an open slot.

    ``findings`` are those that say why; an item can need someone by its state alone.
    """

    kind: str
    findings: tuple[Finding, ...] = ()
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
    """Whether the item cannot be used as it was sent; what only came along inside another is not asked for again."""
    return state_rank(item) > _WORST_TO_KEEP and not came_along(item)


def is_weak(item: EvidenceReport) -> bool:
    """Whether a slot that it was sent for is weak, unless a mediator accepts it as it is."""
    return unusable(item) or item.state == NOT_CHECKED


def asks_for_look(item: EvidenceReport) -> bool:
    """Whether a person is to look at it: a finding says so, or nothing but a person can open it."""
    return not came_along(item) and (bool(reviews(item)) or item.state == NOT_CHECKED)


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
    return looks + again + [_slot_need(report, slot) for slot in open_slots(report)]


def open_slots(report: QualityReport) -> list[Slot]:
    """Required slots for which nothing came, or nothing of the kind that is expected. Those that are weak because of an
    item's own faults are left out: the item itself is among the needs."""
    return [
        slot
        for slot in report.completeness.slots
        if slot.required and (_is_missing(slot) or _differs(report, slot))
    ]


def missing_required(report: QualityReport) -> int:
    """How many required slots are open."""
    return len(open_slots(report))


def _is_missing(slot: Slot) -> bool:
    return slot.state == "missing"


def _differs(report: QualityReport, slot: Slot) -> bool:
    said = missing_finding(report, slot)
    return said is not None and said.code == "SLOT_MISMATCH"


def overdue(report: QualityReport, party: str) -> bool:
    """Whether something required of that party did not come by its date."""
    return any(details.past_due for details in report.dispute.evidence_details if details.party == party)


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
    return Need(REVIEW_IT if asks_for_look(item) else ASK_AGAIN, (*look, *wrong), item=place)


def _slot_need(report: QualityReport, slot: Slot) -> Need:
    said = missing_finding(report, slot)
    return Need(MISSING if _is_missing(slot) else DIFFERS, (said,) if said is not None else (), slot=slot)
