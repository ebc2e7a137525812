"""What becomes of a message after it was worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ACKNOWLEDGE = "acknowledge"
RELEASE = "release"
DEAD_LETTER = "dead_letter"


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
class Disposition:
    """``delay_s`` for what is handed back, ``reason`` (one sentence) for what is buried.

    A message is acknowledged once the disputes of its ``ended`` uploads have their reports.
    """

    action: str
    delay_s: float = 0.0
    reason: str = ""
    ended: tuple[EndedUpload, ...] = ()


DONE = Disposition(ACKNOWLEDGE)


def worst_of(dispositions: list[Disposition]) -> Disposition:
    """One verdict for a message of several records: whatever must come again comes first, then what is buried."""
    handed_back = [disposition for disposition in dispositions if disposition.action == RELEASE]
    if handed_back:
        return max(handed_back, key=lambda disposition: disposition.delay_s)
    buried = [disposition.reason for disposition in dispositions if disposition.action == DEAD_LETTER]
    if buried:
        return Disposition(DEAD_LETTER, reason=" ".join(buried))
    return Disposition(
        ACKNOWLEDGE, ended=tuple(one for disposition in dispositions for one in disposition.ended)
    )
