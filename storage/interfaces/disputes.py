"""Disputes: their own data, and the lock under which their reports and audit trails grow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from validators.dispute import Dispute


class Disputes(Protocol):
    """The disputes of every tenant."""

    def put_dispute(self, dispute: Dispute, origin: str | None = None) -> None:
        """Insert or replace. ``origin`` says where an inferred dispute was read from."""

    def dispute(self, tenant: str, dispute_id: str) -> Dispute | None:
        """The dispute as stored last."""

    def dispute_origin(self, tenant: str, dispute_id: str) -> str | None:
        """The origin as stored last."""

    def dispute_ids(self) -> Sequence[tuple[str, str]]:
        """(tenant, id) of every dispute, sorted."""

    def lock_dispute(self, tenant: str, dispute_id: str) -> None:
        """Hold the dispute's row until the transaction ends (SQLite's write lock already does)."""
