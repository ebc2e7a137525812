"""What a mediator confirmed, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from validators.disputes.attention import missing_finding
from validators.finding import NOTE, Finding
from validators.report import ConfirmedFinding, EvidenceReport, QualityReport, Slot
from validators.sentences import labels as words
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import sentences_in


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
    report: QualityReport, hrefs: Mapping[str, str], anchors: Mapping[str, str], language: str = ENGLISH
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
                item.file if item else words.heading("role", slot.role if slot else ""),
                words.party(item.declared.party if item else slot.party if slot else None),
                words.title(one.code),
                sentences_in(language).sentence(finding),
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


def flagged_label(language: str = ENGLISH) -> words.Label:
    """Of a slot that is filled by an item with a confirmed finding."""
    text = sentences_in(language).text("confirmed.slot")
    return words.Label(words.MARKS[words.WARN], words.WARN, text, text.lower())


def flagged_why(language: str = ENGLISH) -> str:
    """Why it is flagged."""
    return sentences_in(language).text("confirmed.slot_why")


def confirmed_title(findings: int, language: str = ENGLISH) -> str:
    """How many findings are confirmed."""
    return sentences_in(language).text("confirmed.title", findings=findings)


def confirmed_count(findings: int, language: str = ENGLISH) -> str:
    """The same, short."""
    return sentences_in(language).text("confirmed.count", findings=findings)


def undo_labels(title: str, language: str = ENGLISH) -> tuple[str, str]:
    """The button that takes a word back: as seen, and as read aloud."""
    sentences = sentences_in(language)
    return sentences.text("confirmed.undo"), sentences.text("confirmed.undo_of", title=title)
