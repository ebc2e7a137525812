"""What mediators decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SEEN = "seen"
AGREE = "agree"
DISAGREE = "disagree"
ACCEPT_WEAK = "accept_weak"
UNACCEPT = "unaccept"
ASK = "ask"
UNDO = "undo"
ACTS = (SEEN, AGREE, DISAGREE, ACCEPT_WEAK, UNACCEPT, ASK, UNDO)
"""What a mediator does: see an item; agree or disagree with a finding (with a note); accept a weak item for its slot, or
take that back; request better evidence from the party; undo a decision on a finding."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One act of one mediator. ``number`` counts from 1 within the dispute, 0 before it is on the record.

    Of an item where ``evidence_id`` is set, of one finding where ``finding`` (its code) is; of a slot of the checklist
    where ``slot`` is ("buyer:packaging"). ``revision`` is the report's that the mediator saw. ``at`` is aware UTC.
    """

    dispute_id: str
    act: str
    by: str
    at: datetime
    evidence_id: str | None = None
    finding: str | None = None
    slot: str | None = None
    note: str = ""
    revision: int = 0
    number: int = 0
    salt: str = ""
    """Random, made when it is put on the record: part of its hash in the audit trail."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often mediators agreed and disagreed with findings of one code, by the last decision on each finding."""

    code: str
    agreed: int
    disagreed: int
    seen: int


class Decisions(Protocol):
    """Every act of every mediator. Nothing is ever replaced."""

    def append_decision(self, tenant: str, decision: Decision) -> Decision:
        """Put the decision on the record with its audit entry ("decision", with the SHA-256 over all of it); returns it
        with its number. Decisions of two mediators at once both stay. ValueError for an unknown act."""

    def decisions(self, tenant: str, dispute_id: str) -> Sequence[Decision]:
        """All of the dispute's, in order."""

    def accepted_items(self, tenant: str, dispute_id: str) -> frozenset[str]:
        """Ids of weak items that a mediator accepted, unless that was taken back."""

    def agreement(self, tenant: str) -> Sequence[Agreement]:
        """By finding code, sorted: the newest agree, disagree or seen of each finding of each item counts, unless it was
        taken back."""
