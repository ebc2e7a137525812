"""A deadline in words: what came when against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from validators.report import Deadline, QualityReport
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import CALM, GOOD, MARKS, WARN
from validators.sentences.sentences import Sentences, sentences_in

_MARKS = {"met": GOOD, "late": WARN}
_PARTY_SAID = ("open_from", "open_until", "seller_answer")
"""Kinds whose sentence says whose they are."""


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A deadline with its mark and its sentence, without a full stop."""

    record: Deadline
    mark: str
    tone: str
    text: str


def clock_rows(report: QualityReport, language: str = ENGLISH) -> tuple[ClockRow, ...]:
    """The deadlines of the report, in its order."""
    return tuple(_row(report, deadline, sentences_in(language)) for deadline in report.deadlines)


def _row(report: QualityReport, deadline: Deadline, sentences: Sentences) -> ClockRow:
    state = deadline.state or ("late" if deadline.past_due else "open")
    tone = _MARKS.get(state, CALM)
    text = sentences.text(_message(report, deadline, state, sentences), **_params(deadline))
    if deadline.party and deadline.kind not in _PARTY_SAID:
        text = sentences.text("clocks.of_party", party=deadline.party, row=text)
    if report.dispute.withdrawn_at is not None:
        tone, text = CALM, sentences.text("clocks.stopped", row=text)
    return ClockRow(deadline, MARKS[tone], tone, text)


def _message(report: QualityReport, deadline: Deadline, state: str, sentences: Sentences) -> str:
    if not deadline.state:  # of a report that an earlier release made
        return f"clocks.other.{'past_due' if deadline.past_due else 'open'}"
    came = deadline.last_at is not None
    if deadline.kind == "open_from" and state == "closed" and came:
        state = "early"
    elif deadline.kind in ("evidence", "evidence_requested"):
        state = _of_evidence(report, deadline, state)
    msgid = f"clocks.{deadline.kind}.{state}"
    return msgid if sentences.has(msgid) else "clocks.other.open"


def _of_evidence(report: QualityReport, deadline: Deadline, state: str) -> str:
    last = deadline.last_at
    if state == "open" and last is not None:
        return "open_came"
    if state == "late" and (last is None or last <= deadline.due_by):
        return "never"
    if state == "closed" and any(
        item.declared.party == deadline.party and item.sha256 for item in report.evidence
    ):
        return "no_times"
    return state


def _params(deadline: Deadline) -> dict[str, Any]:
    last = deadline.last_at
    late = (last - deadline.due_by).total_seconds() if last is not None else 0.0
    return {
        "kind": deadline.kind,
        "due_by": deadline.due_by,
        "last_at": last,
        "late_s": max(late, 0.0),
    }
