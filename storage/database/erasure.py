"""Erases items and disputes: every row that names them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Delete, Select, Table, bindparam, delete, or_, select

from storage.database.audit_ids import AuditRecords
from storage.database.encoding import decode
from storage.database.schema import (
    attempts,
    decisions,
    dispute_reports,
    disputes,
    due_disputes,
    evidence,
    evidence_reports,
    matches,
    object_versions,
    outbox,
    queue_lines,
    uploads,
)
from storage.database.statements import among
from storage.interfaces.erasure import UploadedObject
from validators.evidence import Evidence


@cache
def _delete(table: Table, column: str) -> Delete:
    return delete(table).where(table.c.tenant == bindparam("tenant_"), table.c[column] == bindparam("value_"))


@cache
def _every_item() -> Select[tuple[Any, ...]]:
    mine = (evidence.c.tenant == bindparam("tenant_"), evidence.c.dispute_id == bindparam("dispute_id_"))
    return select(evidence.c.body).where(*mine).order_by(evidence.c.id)


@cache
def _holders(dialect: str) -> Select[tuple[Any, ...]]:
    columns = evidence.c
    return select(columns.tenant, columns.id, columns.sha256, columns.dispute_id).where(
        among(dialect, columns.sha256, "sha256s")
    )


@cache
def _objects(dialect: str) -> Select[tuple[Any, ...]]:
    columns = uploads.c
    wanted = or_(among(dialect, columns.evidence_id, "ids"), columns.dispute_id == bindparam("dispute_id_"))
    return (
        select(columns.bucket, columns.object_key)
        .where(columns.tenant == bindparam("tenant_"), wanted)
        .distinct()
    )


@cache
def _of_object() -> Select[tuple[Any, ...]]:
    columns = uploads.c
    return select(columns.digest).where(
        columns.tenant == bindparam("tenant_"),
        columns.bucket == bindparam("bucket_"),
        columns.object_key == bindparam("key_"),
    )


class ErasureRecords(AuditRecords):
    """The part of ``Erasure`` about items, uploads and disputes."""

    def every_item_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        rows = self._rows(_every_item(), tenant_=tenant, dispute_id_=dispute_id)
        return [decode(Evidence, row.body) for row in rows]

    def contents_held_elsewhere(
        self, tenant: str | None, contents: Iterable[str], but_for: Iterable[str]
    ) -> set[str]:
        """An item that was never opened shares its content with none."""
        mine = set(but_for)
        rows = self._rows(_holders(self._dialect), sha256s=self._texts(contents))
        return {row.sha256 for row in rows if tenant in (None, row.tenant) and row.id not in mine}

    def disputes_holding(self, contents: Iterable[str]) -> set[tuple[str, str, str]]:
        rows = self._rows(_holders(self._dialect), sha256s=self._texts(contents))
        return {(row.sha256, row.tenant, row.dispute_id) for row in rows}

    def uploaded_objects(
        self, tenant: str, evidence_ids: Iterable[str], dispute_id: str | None = None
    ) -> Sequence[UploadedObject]:
        rows = self._rows(
            _objects(self._dialect), tenant_=tenant, ids=self._texts(evidence_ids), dispute_id_=dispute_id
        )
        return sorted(
            (UploadedObject(row.bucket, row.object_key) for row in rows),
            key=lambda one: (one.bucket, one.key),
        )

    def erase_items(self, tenant: str, items: Iterable[Evidence]) -> None:
        ids = sorted({item.id for item in items})
        for table, column in (
            (matches, "first"),
            (matches, "second"),
            (evidence_reports, "evidence_id"),
            (object_versions, "evidence_id"),
            (evidence, "id"),
        ):
            self._each(_delete(table, column), tenant, ids)
        self.forget_audit_names(tenant, ids)

    def erase_uploads(self, tenant: str, objects: Iterable[UploadedObject]) -> None:
        for one in objects:
            rows = self._rows(_of_object(), tenant_=tenant, bucket_=one.bucket, key_=one.key)
            digests = sorted({row.digest for row in rows})
            self._each(_delete(attempts, "subject"), tenant, digests)
            self._each(_delete(uploads, "digest"), tenant, digests)

    def erase_former_item_reports(self, tenant: str, dispute_id: str, version: str) -> None:
        former = _delete(evidence_reports, "evidence_id").where(
            evidence_reports.c.version != bindparam("version_")
        )
        rows = [
            {"tenant_": tenant, "value_": item.id, "version_": version}
            for item in self.every_item_of(tenant, dispute_id)
        ]
        if rows:
            self._run(former, rows)

    def erase_revisions(self, tenant: str, dispute_id: str, before: int | None = None) -> None:
        statement = _delete(dispute_reports, "dispute_id")
        if before is not None:
            statement = statement.where(dispute_reports.c.revision < bindparam("before_"))
        bound: dict[str, Any] = {"tenant_": tenant, "value_": dispute_id}
        self._run(statement, bound if before is None else bound | {"before_": before})

    def erase_dispute(self, tenant: str, dispute_id: str) -> None:
        self.erase_revisions(tenant, dispute_id)
        for table in (due_disputes, decisions, queue_lines):
            self._each(_delete(table, "dispute_id"), tenant, [dispute_id])
        self._each(_delete(disputes, "id"), tenant, [dispute_id])
        rows = self._rows(
            select(outbox.c.id, outbox.c.body).where(outbox.c.tenant == bindparam("tenant_")), tenant_=tenant
        )
        self._each(
            _delete(outbox, "id"),
            tenant,
            [row.id for row in rows if json.loads(row.body)["dispute"] == dispute_id],
        )

    def _each(self, statement: Delete, tenant: str, values: Sequence[str]) -> None:
        rows = [{"tenant_": tenant, "value_": value} for value in values]
        if rows:
            self._run(statement, rows)
