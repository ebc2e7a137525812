"""Which item is current for each object, and which disputes are to be judged again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningDelete, ReturningInsert

from storage.database.base import Records
from storage.database.schema import due_disputes, evidence, object_versions
from storage.database.sequencers import newer
from storage.database.statements import Insert, insert, insert_new
from storage.interfaces.claims import Claim

_MARKS_A_DISPUTE = 64
"""How many marks are read for each dispute wanted, so that a long backlog is never read whole."""

_OBJECT = and_(
    object_versions.c.tenant == bindparam("tenant_"),
    object_versions.c.object_digest == bindparam("object_digest_"),
)
_DISPUTE = and_(
    due_disputes.c.tenant == bindparam("tenant_"),
    due_disputes.c.dispute_id == bindparam("dispute_id_"),
)


def is_newer(sequencer: str | None, event_at: datetime, claim: Claim) -> bool:
    """Whether a version of those two is newer than the claim's: by sequencers where both have one."""
    if sequencer is not None and claim.sequencer is not None:
        return newer(sequencer, claim.sequencer)
    return event_at > claim.event_at


@cache
def _first(dialect: str) -> ReturningInsert[Any]:
    return insert_new(dialect, object_versions).returning(object_versions.c.evidence_id)


@cache
def _current() -> Select[tuple[Any, ...]]:
    columns = object_versions.c
    return select(columns.evidence_id, columns.sequencer, columns.event_at).where(_OBJECT).with_for_update()


@cache
def _item() -> Select[str]:
    return select(object_versions.c.evidence_id).where(_OBJECT)


@cache
def _replace() -> Update:
    names = ("evidence_id", "sequencer", "event_at")
    return update(object_versions).where(_OBJECT).values({name: bindparam(f"{name}_") for name in names})


@cache
def _retire() -> Update:
    this = and_(evidence.c.tenant == bindparam("tenant_"), evidence.c.id == bindparam("id_"))
    return update(evidence).where(this, evidence.c.current).values(current=false())


@cache
def _mark(dialect: str) -> Insert:
    return insert(dialect, due_disputes)


@cache
def _due() -> Select[tuple[Any, ...]]:
    columns = due_disputes.c
    oldest = (
        select(columns.tenant, columns.dispute_id, columns.not_before)
        .where(columns.not_before <= bindparam("at"))
        .order_by(columns.not_before)
        .limit(bindparam("marks"))
        .subquery()
    ).c
    return (
        select(oldest.tenant, oldest.dispute_id)
        .group_by(oldest.tenant, oldest.dispute_id)
        .order_by(func.min(oldest.not_before), oldest.tenant, oldest.dispute_id)
        .limit(bindparam("limit_"))
    )


@cache
def _take() -> ReturningDelete[Any]:
    # Marks that another worker is taking are left to it, without waiting.
    columns = due_disputes.c
    mine = (
        select(columns.mark, columns.not_before).where(_DISPUTE).with_for_update(skip_locked=True).cte("mine")
    )
    is_due = exists(select(mine.c.mark).where(mine.c.not_before <= bindparam("at")))
    # Rows rather than a count: Python's sqlite3 counts none for a statement that starts with a CTE.
    taken = delete(due_disputes).where(_DISPUTE, columns.mark.in_(select(mine.c.mark)), is_due)
    return taken.returning(columns.mark)


class VersionRecords(Records):
    """Implements ``Versions`` and ``DueDisputes``."""

    def set_current(self, claim: Claim, evidence_id: str) -> str | None:
        """The object's row stays locked until the transaction ends, so of two versions set at once, one sees the other."""
        key = {"tenant": claim.upload.tenant, "object_digest": claim.upload.object_digest}
        values = {"evidence_id": evidence_id, "sequencer": claim.sequencer, "event_at": claim.event_at}
        if self._run(_first(self._dialect), key | values).one_or_none() is not None:
            return None
        this = _bound(key)
        current = self._run(_current(), this).one()
        same = current.evidence_id == evidence_id
        if is_newer(current.sequencer, current.event_at, claim):
            return None if same else evidence_id
        self._run(_replace(), this | _bound(values))
        return None if same else str(current.evidence_id)

    def current_item(self, tenant: str, object_digest: str) -> str | None:
        this = {"tenant_": tenant, "object_digest_": object_digest}
        found = self._run(_item(), this).scalar_one_or_none()
        return None if found is None else str(found)

    def retire_items(self, tenant: str, ids: Iterable[str]) -> None:
        rows = [{"tenant_": tenant, "id_": id_} for id_ in sorted(set(ids))]
        if rows:
            self._run(_retire(), rows)

    def mark_due(self, tenant: str, dispute_ids: Iterable[str], not_before: datetime) -> None:
        """Never waits for another transaction."""
        rows = [
            {
                "tenant": tenant,
                "dispute_id": dispute_id,
                "mark": secrets.randbits(63),
                "not_before": not_before,
            }
            for dispute_id in sorted(set(dispute_ids))
        ]
        if rows:
            self._run(_mark(self._dialect), rows)

    def due_disputes(self, at: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Fewer than ``limit`` may come where one dispute has very many marks."""
        rows = self._rows(_due(), at=at, limit_=limit, marks=limit * _MARKS_A_DISPUTE)
        return [(row.tenant, row.dispute_id) for row in rows]

    def take_due(self, tenant: str, dispute_id: str, at: datetime) -> bool:
        """Call it before reading anything of the dispute: the changes behind a mark that is taken are then seen, and a
        later mark stays. Never waits for another transaction."""
        return bool(self._rows(_take(), tenant_=tenant, dispute_id_=dispute_id, at=at))


def _bound(values: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_": value for name, value in values.items()}
