"""The outbox: events for others, committed together with what they report."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from storage.database.base import Records
from storage.database.schema import outbox
from storage.database.statements import Insert, insert_new
from storage.interfaces.outbox import OutboxEntry

_UNSENT = outbox.c.sent_at.is_(None)
_ENTRY = and_(outbox.c.tenant == bindparam("tenant_"), outbox.c.id == bindparam("id_"))


@cache
def _post(dialect: str) -> Insert:
    return insert_new(dialect, outbox)


@cache
def _take() -> ReturningUpdate[Any]:
    columns = outbox.c
    # A CTE that locks runs exactly once; a sub-query might run again for each row.
    taken = (
        select(columns.tenant, columns.id)
        .where(_UNSENT, columns.not_before <= bindparam("at"))
        .order_by(columns.not_before, columns.created_at)
        .limit(bindparam("limit_"))
        .with_for_update(skip_locked=True)
        .cte("taken")
    )
    return (
        update(outbox)
        .where(columns.tenant == taken.c.tenant, columns.id == taken.c.id)
        .values(not_before=bindparam("lease_until"), attempts=columns.attempts + 1)
        .returning(
            columns.tenant,
            columns.id,
            columns.idempotency_key,
            columns.kind,
            columns.body,
            columns.created_at,
            columns.attempts,
        )
    )


@cache
def _sent() -> Update:
    return update(outbox).where(_ENTRY, _UNSENT).values(sent_at=bindparam("at"))


@cache
def _retry() -> Update:
    mine = and_(_ENTRY, _UNSENT, outbox.c.attempts == bindparam("attempts_"))
    return update(outbox).where(mine).values(not_before=bindparam("again_at"))


@cache
def _count() -> Select[int]:
    return select(func.count()).select_from(outbox).where(_UNSENT)


class OutboxRecords(Records):
    """Implements ``Outbox``."""

    def post(self, tenant: str, kind: str, idempotency_key: str, body: str, at: datetime) -> bool:
        row = {
            "tenant": tenant,
            "id": secrets.token_hex(16),
            "idempotency_key": idempotency_key,
            "kind": kind,
            "body": body,
            "created_at": at,
            "attempts": 0,
            "not_before": at,
        }
        return self._run(_post(self._dialect), row).rowcount > 0

    def take_unsent(self, at: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxEntry]:
        """Takes those that are due longest, and returns them in the order in which they were posted. Entries that another
        transaction is taking are left to it, without waiting."""
        rows = self._rows(_take(), at=at, lease_until=lease_until, limit_=limit)
        entries = [OutboxEntry(**row._mapping) for row in rows]
        return sorted(entries, key=lambda entry: (entry.created_at, entry.id))

    def mark_sent(self, entries: Iterable[OutboxEntry], at: datetime) -> None:
        rows = [{"tenant_": entry.tenant, "id_": entry.id, "at": at} for entry in _ordered(entries)]
        if rows:
            self._run(_sent(), rows)

    def retry_unsent(self, entries: Iterable[OutboxEntry], not_before: datetime) -> None:
        """An entry whose lease ran out and that another worker took since is left to that worker."""
        rows = [
            {
                "tenant_": entry.tenant,
                "id_": entry.id,
                "attempts_": entry.attempts,
                "again_at": not_before,
            }
            for entry in _ordered(entries)
        ]
        if rows:
            self._run(_retry(), rows)

    def unsent_count(self) -> int:
        return int(self._run(_count()).scalar_one())


def _ordered(entries: Iterable[OutboxEntry]) -> list[OutboxEntry]:
    """The same order everywhere, so that two writers of the same entries never deadlock."""
    return sorted(entries, key=lambda entry: (entry.tenant, entry.id))
