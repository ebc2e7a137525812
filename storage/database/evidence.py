"""Evidence: the items that parties uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, distinct, false, func, not_, select, update

from storage.database.base import Records
from storage.database.encoding import decode, encode
from storage.database.schema import evidence
from storage.database.statements import Insert, among, insert, upsert
from validators.evidence import Evidence

_TENANT = evidence.c.tenant == bindparam("tenant_")


@cache
def _put(dialect: str) -> Insert:
    first_received = evidence.c.received_at
    submitted = insert(dialect, evidence).excluded.submitted_at
    uploaded = func.coalesce(submitted, first_received)
    return upsert(dialect, evidence, received_at=first_received, uploaded_at=uploaded)


def _select(*conditions: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    return select(evidence.c.received_at, evidence.c.body).where(_TENANT, *conditions)


@cache
def _by_id(dialect: str) -> Select[tuple[Any, ...]]:
    return _select(among(dialect, evidence.c.id, "ids")).order_by(evidence.c.id)


@cache
def _of_dispute() -> Select[tuple[Any, ...]]:
    return _select(evidence.c.dispute_id == bindparam("dispute_id_"), evidence.c.current).order_by(
        evidence.c.on_listing, evidence.c.file, evidence.c.id
    )


@cache
def _with_bytes() -> Select[tuple[Any, ...]]:
    earliest = (evidence.c.uploaded_at, evidence.c.id)
    return _select(evidence.c.sha256 == bindparam("sha256_")).order_by(*earliest).limit(bindparam("limit_"))


@cache
def _count() -> Select[int]:
    return (
        select(func.count()).select_from(evidence).where(_TENANT, evidence.c.sha256 == bindparam("sha256_"))
    )


@cache
def _count_disputes(dialect: str) -> Select[int]:
    return select(func.count(distinct(evidence.c.dispute_id))).where(
        _TENANT, among(dialect, evidence.c.sha256, "sha256s")
    )


@cache
def _retire(dialect: str) -> Update:
    return (
        update(evidence)
        .where(_TENANT, evidence.c.dispute_id == bindparam("dispute_id_"), evidence.c.current)
        .where(not_(among(dialect, evidence.c.id, "ids")))
        .values(current=false())
    )


class EvidenceRecords(Records):
    """Implements ``EvidenceItems``."""

    def put_evidence(self, evidence: Iterable[Evidence]) -> None:
        # The same order everywhere, so that two writers of the same items never deadlock.
        rows = [_row(item) for item in sorted(evidence, key=lambda item: (item.tenant, item.id))]
        if rows:
            self._run(_put(self._dialect), rows)

    def retire_evidence(self, tenant: str, dispute_id: str, current: Iterable[str]) -> None:
        ids = self._texts(current)
        self._run(_retire(self._dialect), {"tenant_": tenant, "dispute_id_": dispute_id, "ids": ids})

    def evidence(self, tenant: str, ids: Iterable[str]) -> Sequence[Evidence]:
        return [_item(row) for row in self._rows(_by_id(self._dialect), tenant_=tenant, ids=self._texts(ids))]

    def evidence_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        return [_item(row) for row in self._rows(_of_dispute(), tenant_=tenant, dispute_id_=dispute_id)]

    def evidence_with_bytes(self, tenant: str, sha256: str, limit: int) -> Sequence[Evidence]:
        return [_item(row) for row in self._rows(_with_bytes(), tenant_=tenant, sha256_=sha256, limit_=limit)]

    def count_with_bytes(self, tenant: str, sha256: str) -> int:
        return int(self._run(_count(), {"tenant_": tenant, "sha256_": sha256}).scalar_one())

    def count_disputes_with(self, tenant: str, sha256s: Iterable[str]) -> int:
        sought = {"tenant_": tenant, "sha256s": self._texts(sha256s)}
        return int(self._run(_count_disputes(self._dialect), sought).scalar_one())


def _row(item: Evidence) -> dict[str, Any]:
    return {
        "tenant": item.tenant,
        "id": item.id,
        "dispute_id": item.dispute_id,
        "file": item.file,
        "sha256": item.sha256,
        "on_listing": item.declared.on_listing,
        "current": True,
        "submitted_at": item.declared.submitted_at,
        "received_at": item.received_at,
        "uploaded_at": item.uploaded_at,
        "body": encode(Evidence, item),
    }


def _item(row: Any) -> Evidence:
    item = decode(Evidence, row.body)
    return item if item.received_at == row.received_at else replace(item, received_at=row.received_at)
