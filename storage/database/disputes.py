"""Disputes, and the lock under which a dispute's reports and audit trail grow."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from storage.database.base import Records
from storage.database.encoding import decode, encode
from storage.database.schema import disputes
from storage.database.statements import Insert, upsert
from validators.dispute import Dispute


@cache
def _put(dialect: str) -> Insert:
    return upsert(dialect, disputes)


@cache
def _one() -> Select[tuple[Any, ...]]:
    return select(disputes.c.body, disputes.c.origin).where(
        disputes.c.tenant == bindparam("tenant_"), disputes.c.id == bindparam("id_")
    )


@cache
def _every() -> Select[tuple[Any, ...]]:
    return select(disputes.c.tenant, disputes.c.id).order_by(disputes.c.tenant, disputes.c.id)


@cache
def _lock() -> Select[tuple[Any, ...]]:
    return select(func.pg_advisory_xact_lock(bindparam("key")))


class DisputeRecords(Records):
    """Implements ``Disputes``."""

    def put_dispute(self, dispute: Dispute, origin: str | None = None) -> None:
        self.lock_dispute(dispute.tenant, dispute.id)
        row = {
            "tenant": dispute.tenant,
            "id": dispute.id,
            "origin": origin,
            "stage": dispute.stage,
            "status": dispute.status,
            "opened_at": dispute.opened_at,
            "body": encode(Dispute, dispute),
        }
        self._run(_put(self._dialect), row)

    def dispute(self, tenant: str, dispute_id: str) -> Dispute | None:
        row = self._run(_one(), {"tenant_": tenant, "id_": dispute_id}).one_or_none()
        return None if row is None else decode(Dispute, row.body)

    def dispute_origin(self, tenant: str, dispute_id: str) -> str | None:
        row = self._run(_one(), {"tenant_": tenant, "id_": dispute_id}).one_or_none()
        return None if row is None else row.origin

    def dispute_ids(self) -> Sequence[tuple[str, str]]:
        return [(row.tenant, row.id) for row in self._rows(_every())]

    def lock_dispute(self, tenant: str, dispute_id: str) -> None:
        """The lock is on the dispute's name, so it also works for a dispute that is not stored yet."""
        if self._dialect != "postgresql":
            return
        name = f"dispute\x00{tenant}\x00{dispute_id}".encode("utf-8", "surrogatepass")
        key = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True)
        self._run(_lock(), {"key": key})
