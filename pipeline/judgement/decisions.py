"""What mediators decided, compared with what a report needs a person for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.interfaces.decisions import ACCEPT_WEAK, AGREE, ASK, DISAGREE, SEEN, UNACCEPT, UNDO, Decision
from validators.disputes.attention import Need, above_notes, needs, reviews
from validators.finding import ERROR
from validators.report import EvidenceReport, QualityReport, Slot

_OF_FINDINGS = (AGREE, DISAGREE, SEEN, UNDO)


def slot_name(slot: Slot) -> str:
    """The name of a checklist slot in decisions: "buyer:packaging"."""
    return f"{slot.party}:{slot.role}"


def asking_codes(item: EvidenceReport) -> tuple[str, ...]:
    """The codes for which an item needs a person, each once: its reviews, then its errors."""
    wrong = [finding for finding in above_notes(item) if finding.severity == ERROR]
    return tuple(dict.fromkeys(finding.code for finding in [*reviews(item), *wrong]))


def on_finding(
    decisions: Iterable[Decision], evidence_id: str | None, code: str, slot: str | None = None
) -> list[Decision]:
    """What was decided on a finding of an item, or of an entry of the checklist, in order."""
    return [
        one
        for one in decisions
        if (one.evidence_id, one.finding) == (evidence_id, code)
        and one.act in _OF_FINDINGS
        and (evidence_id is not None or one.slot == slot)
    ]


def standing(decided: Sequence[Decision]) -> Decision | None:
    """Of what was decided on one thing, in order, what holds now: the last word, unless it was taken back."""
    last = decided[-1] if decided else None
    return last if last is not None and last.act != UNDO else None


def seen_whole(decisions: Iterable[Decision], evidence_id: str) -> Decision | None:
    """That the item as a whole was seen, where that was not taken back."""
    return standing([one for one in on_item(decisions, evidence_id) if one.act in (SEEN, UNDO)])


def on_item(decisions: Iterable[Decision], evidence_id: str) -> list[Decision]:
    """What was decided on an item as a whole, in order."""
    return [one for one in decisions if one.evidence_id == evidence_id and one.finding is None]


def is_accepted(decisions: Iterable[Decision], evidence_id: str) -> bool:
    """Whether the item is accepted though it is weak, and that was not taken back."""
    acts = [one.act for one in on_item(decisions, evidence_id) if one.act in (ACCEPT_WEAK, UNACCEPT)]
    return acts[-1:] == [ACCEPT_WEAK]


def is_settled(need: Need, report: QualityReport, decisions: Sequence[Decision]) -> bool:
    """Whether a mediator has decided everything that the need is about.

    An open slot is settled by requesting it, or by a decision on its finding. An item is settled by requesting another, by
    accepting it as it is, or by a decision on each finding that needs a person. An item without such a finding is settled
    once it has been seen. What was taken back does not count.
    """
    if need.slot is not None:
        name = slot_name(need.slot)
        if any(one.act == ASK and one.slot == name for one in decisions):
            return True
        said = [standing(on_finding(decisions, None, finding.code, name)) for finding in need.findings]
        return bool(said) and all(said)
    item = report.evidence[need.item or 0]
    whole = on_item(decisions, item.id)
    if any(one.act == ASK for one in whole) or is_accepted(whole, item.id):
        return True
    codes = asking_codes(item)
    if not codes:
        return seen_whole(decisions, item.id) is not None
    return all(standing(on_finding(decisions, item.id, code)) for code in codes)


def open_needs(report: QualityReport, decisions: Sequence[Decision]) -> list[Need]:
    """What still needs a person."""
    return [need for need in needs(report) if not is_settled(need, report, decisions)]
