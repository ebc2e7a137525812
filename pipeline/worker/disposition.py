"""What becomes of a message after it was worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ACKNOWLEDGE = "acknowledge"
HAND_BACK = "hand_back"
BURY = "bury"


@dataclass(frozen=True, slots=True)
class EndedUpload:
    """An upload whose item is on the record and whose dispute is marked to be judged. ``name`` is for the log."""

    name: str
    tenant: str
    dispute_id: str
    evidence_id: str
    state: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """``delay_s`` for what is handed back, ``reason`` (one sentence) for what is buried.

    A message is acknowledged once the disputes of its ``ended`` uploads have their reports.
    """

    action: str
    delay_s: float = 0.0
    reason: str = ""
    ended: tuple[EndedUpload, ...] = ()


DONE = Verdict(ACKNOWLEDGE)


def worst_of(verdicts: list[Verdict]) -> Verdict:
    """One verdict for a message of several records: whatever must come again comes first, then what is buried."""
    handed_back = [verdict for verdict in verdicts if verdict.action == HAND_BACK]
    if handed_back:
        return max(handed_back, key=lambda verdict: verdict.delay_s)
    buried = [verdict.reason for verdict in verdicts if verdict.action == BURY]
    if buried:
        return Verdict(BURY, reason=" ".join(buried))
    return Verdict(ACKNOWLEDGE, ended=tuple(one for verdict in verdicts for one in verdict.ended))
