"""The queue of disputes, as mediators see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

BY_DEADLINE = "deadline"
BY_NEEDS = "needs"
BY_NAME = "name"
ORDERS = (BY_DEADLINE, BY_NEEDS, BY_NAME)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A dispute in the queue: one row for each dispute with a report, from its newest revision.

    ``needs`` counts what needs a person, ``undecided`` the part of it that no mediator has decided, ``confirmed`` the
    findings that one agreed with. ``next_due`` is the first clock that had not run out when the report was made, else the
    last that had, ``next_kind`` which one; ``past_due`` names clocks that something came late against. ``by_state`` counts
    items. ``closed``: the dispute is closed or withdrawn.
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
    confirmed: int = 0


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """A request for part of the queue. ``text`` is sought in dispute and order ids, file names and SHA-256 hashes.

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
    """The lines requested, and how many there are in all."""

    lines: tuple[QueueLine, ...]
    total: int


class DisputeQueue(Protocol):
    """One line for each dispute with a report."""

    def put_queue_line(self, tenant: str, line: QueueLine) -> None:
        """Insert or replace the dispute's line."""

    def queue(self, tenant: str, query: QueueQuery) -> QueuePage:
        """The tenant's disputes that match the query."""

    def queue_reasons(self, tenant: str) -> Sequence[str]:
        """Every sub-reason (else reason) in the queue, sorted."""

    def without_queue_line(self, limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, dispute id) of disputes whose newest report has no line: reports of earlier releases."""
