"""What a mediator confirmed, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from validators.disputes.attention import missing_finding
from validators.finding import NOTE, Finding
from validators.report import ConfirmedFinding, EvidenceReport, QualityReport, Slot
from validators.sentences.labels import MARKS, WARN, Label, Labels


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """A confirmed finding, and the address of its item or slot."""

    record: ConfirmedFinding
    href: str
    name: str
    party: str
    title: str
    sentence: str


def confirmed_rows(
    report: QualityReport, hrefs: Mapping[str, str], anchors: Mapping[str, str], labels: Labels
) -> tuple[ConfirmedRow, ...]:
    """What is confirmed of the report. ``hrefs`` leads from an item's id, ``anchors`` from "buyer:packaging"."""
    items = {item.id: item for item in report.evidence}
    slots = {f"{slot.party}:{slot.role}": slot for slot in report.completeness.slots}
    rows = []
    for one in report.confirmed:
        item, slot = items.get(one.evidence_id or ""), slots.get(one.slot or "")
        finding = _finding(report, one, item, slot)
        if finding is None:
            continue
        rows.append(
            ConfirmedRow(
                one,
                hrefs.get(item.id, "") if item else anchors.get(one.slot or "", ""),
                item.file if item else labels.heading("role", slot.role if slot else ""),
                labels.party(item.declared.party if item else slot.party if slot else None),
                labels.title(one.code),
                labels.sentences.sentence(finding),
            )
        )
    return tuple(rows)


def _finding(
    report: QualityReport, one: ConfirmedFinding, item: EvidenceReport | None, slot: Slot | None
) -> Finding | None:
    if item is not None:
        return next((f for f in item.findings if f.code == one.code and f.severity != NOTE), None)
    return missing_finding(report, slot) if slot is not None else None


def confirmed_codes(report: QualityReport, evidence_id: str) -> frozenset[str]:
    """The codes that are confirmed of an item."""
    return frozenset(one.code for one in report.confirmed if one.evidence_id == evidence_id)


def flagged_label(labels: Labels) -> Label:
    """Of a slot that is filled by an item with a confirmed finding."""
    text = labels.text("confirmed.slot")
    return Label(MARKS[WARN], WARN, text, labels.text("confirmed.slot.short"))


def confirmed_title(findings: int, labels: Labels) -> str:
    """How many findings are confirmed."""
    return labels.text("confirmed.title", findings=findings)


def confirmed_count(findings: int, labels: Labels) -> str:
    """The same, short."""
    return labels.text("confirmed.count", findings=findings)


def undo_labels(title: str, labels: Labels) -> tuple[str, str]:
    """The button that takes a decision back: as seen, and as read aloud."""
    return labels.text("confirmed.undo"), labels.text("confirmed.undo_of", title=title)
