"""The outbox: events for others, written in the transaction that caused them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """An event for others, to be sent at least once. ``attempts`` counts this one."""

    tenant: str
    id: str
    idempotency_key: str
    kind: str
    body: str
    created_at: datetime
    attempts: int


class Outbox(Protocol):
    """Entries that others must receive at least once."""

    def post(self, tenant: str, kind: str, idempotency_key: str, body: str, at: datetime) -> bool:
        """Put an event in the outbox; False where the key is there already, and nothing is changed."""

    def take_unsent(self, at: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxEntry]:
        """The oldest entries due at ``at``, hidden from other workers until ``lease_until``."""

    def mark_sent(self, entries: Iterable[OutboxEntry], at: datetime) -> None:
        """These were sent."""

    def retry_unsent(self, entries: Iterable[OutboxEntry], not_before: datetime) -> None:
        """Sending these failed. Retry from ``not_before`` on."""

    def unsent_count(self) -> int:
        """How many entries wait in the outbox."""
