"""What happens to a message after it was worked on."""

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
    """``delay_s`` applies to a released message, ``reason`` (one sentence) to a dead-lettered one.

    A message is acknowledged once the disputes of its ``ended`` uploads have their reports.
    """

    action: str
    delay_s: float = 0.0
    reason: str = ""
    ended: tuple[EndedUpload, ...] = ()


DONE = Disposition(ACKNOWLEDGE)


def worst_of(dispositions: list[Disposition]) -> Disposition:
    """One disposition for a message of several records: release outranks dead letter, which outranks acknowledge."""
    released = [disposition for disposition in dispositions if disposition.action == RELEASE]
    if released:
        return max(released, key=lambda disposition: disposition.delay_s)
    reasons = [disposition.reason for disposition in dispositions if disposition.action == DEAD_LETTER]
    if reasons:
        return Disposition(DEAD_LETTER, reason=" ".join(reasons))
    return Disposition(
        ACKNOWLEDGE, ended=tuple(one for disposition in dispositions for one in disposition.ended)
    )
