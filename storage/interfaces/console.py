"""The console's part of the record: what mediators decided, how disputes stand in the queue, who may ask the API.

Every call runs inside the transaction that ``Database.transaction`` opened, like the rest of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SEEN = "seen"
AGREE = "agree"
DISAGREE = "disagree"
ACCEPT_WEAK = "accept_weak"
UNACCEPT = "unaccept"
ASK = "ask"
ACTS = (SEEN, AGREE, DISAGREE, ACCEPT_WEAK, UNACCEPT, ASK)
"""What a mediator does: looked at it; the finding is right, or is not (with a note); the weak item fills its slot
anyway, or no longer; the party was asked for better evidence."""

BY_DEADLINE = "deadline"
BY_NEEDS = "needs"
BY_NAME = "name"
ORDERS = (BY_DEADLINE, BY_NEEDS, BY_NAME)

OPERATOR = "operator"
MEDIATOR = "mediator"
READ_ONLY = "read-only"
ROLES = (OPERATOR, MEDIATOR, READ_ONLY)


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
    """Random, made when it is put on the record: part of its sum in the audit trail."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """How a dispute stands: one row for each dispute with a report, of its newest revision.

    ``needs`` counts what asks for a person, ``undecided`` what of it no mediator has decided. ``next_due`` is the first
    clock that had not run out when the report was made, else the last that had, ``next_kind`` which one; ``past_due``
    names clocks that had. ``by_state`` counts items. ``closed``: the dispute is closed or withdrawn.
    """

    dispute_id: str
    revision: int
    attached_at: datetime
    reason: str
    sub_reason: str
    stage: str
    order_id: str
    closed: bool
    items: int
    needs: int
    undecided: int
    looks: int
    unusable: int
    missing: int
    next_due: datetime | None = None
    next_kind: str = ""
    past_due: tuple[str, ...] = ()
    by_state: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What of the queue is asked for. ``text`` is sought in dispute and order ids, file names and SHA-256 sums.

    ``closed`` None: open and closed ones. ``only_undecided`` and ``only_past_due`` narrow it down.
    """

    text: str = ""
    reason: str = ""
    closed: bool | None = False
    only_undecided: bool = False
    only_past_due: bool = False
    order: str = BY_DEADLINE
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The lines asked for, and how many there are in all."""

    lines: tuple[QueueLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often mediators agreed with findings of one code, and how often they did not: the last word of each finding."""

    code: str
    agreed: int
    disagreed: int
    seen: int


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Who may use the API. Of the token itself only the SHA-256 (hex) is kept."""

    id: str
    tenant: str
    sha256: str
    role: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Consoles(Protocol):
    """What the console keeps. Times are passed in, so that tests choose them."""

    def append_decision(self, tenant: str, decision: Decision) -> Decision:
        """Put the decision on the record with its audit entry ("decision", naming the SHA-256 of all of it); returns
        it with its number. Nothing is ever replaced: of two mediators at once both stay. ValueError for no act."""

    def decisions(self, tenant: str, dispute_id: str) -> Sequence[Decision]:
        """All of the dispute's, in order."""

    def accepted_items(self, tenant: str, dispute_id: str) -> frozenset[str]:
        """Evidence ids that a mediator accepted though they are weak, and did not take back."""

    def agreement(self, tenant: str) -> Sequence[Agreement]:
        """By finding code, sorted: the newest agree, disagree or seen of each finding of each item counts."""

    def put_queue_line(self, tenant: str, line: QueueLine) -> None:
        """Insert or replace the dispute's line."""

    def queue(self, tenant: str, query: QueueQuery) -> QueuePage:
        """The tenant's disputes that the query asks for."""

    def queue_reasons(self, tenant: str) -> Sequence[str]:
        """Every sub-reason (else reason) in the queue, sorted."""

    def without_queue_line(self, limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, dispute id) of disputes whose newest report has no line: reports of earlier releases."""

    def put_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Insert or replace by (tenant, id)."""

    def token_by_sha256(self, sha256: str) -> ApiToken | None:
        """The token with that sum, whatever its tenant, expired and revoked ones too."""

    def tokens(self) -> Sequence[ApiToken]:
        """Every token, by tenant and id."""
