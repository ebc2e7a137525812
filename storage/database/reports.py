"""Reports of items and of disputes, and the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, and_, bindparam, func, select, update

from storage.database.audit import next_entry
from storage.database.audit_ids import AuditRecords
from storage.database.disputes import DisputeRecords
from storage.database.schema import audit, dispute_reports, evidence_reports
from storage.database.statements import Insert, among, insert, upsert_changed
from storage.interfaces.audit import AuditEntry, AuditHead
from storage.interfaces.reports import AttachedReport

_AUDIT_COLUMNS = [audit.c[name] for name in ("sequence", "at", "action", "detail", "previous", "hash")]


@cache
def _put(dialect: str) -> Insert:
    return upsert_changed(dialect, evidence_reports)


@cache
def _bodies(dialect: str) -> Select[tuple[Any, ...]]:
    columns = evidence_reports.c
    return select(columns.evidence_id, columns.body).where(
        columns.tenant == bindparam("tenant_"),
        columns.version == bindparam("version_"),
        among(dialect, columns.evidence_id, "ids"),
    )


@cache
def _attach(dialect: str) -> Insert:
    return insert(dialect, dispute_reports)


@cache
def _shorten() -> Update:
    columns = dispute_reports.c
    return (
        update(dispute_reports)
        .where(
            columns.tenant == bindparam("tenant_"),
            columns.dispute_id == bindparam("dispute_id_"),
            columns.revision == bindparam("revision_"),
        )
        .values(body="")
    )


@cache
def _newest() -> Select[tuple[Any, ...]]:
    return _of_dispute().order_by(dispute_reports.c.revision.desc()).limit(1)


@cache
def _revisions() -> Select[tuple[Any, ...]]:
    return _of_dispute().order_by(dispute_reports.c.revision)


def _of_dispute() -> Select[tuple[Any, ...]]:
    columns = dispute_reports.c
    return select(columns.revision, columns.body, columns.content_sha256, columns.attached_at).where(
        columns.tenant == bindparam("tenant_"), columns.dispute_id == bindparam("dispute_id_")
    )


@cache
def _append(dialect: str) -> Insert:
    return insert(dialect, audit)


@cache
def _chain() -> Select[tuple[Any, ...]]:
    return (
        select(*_AUDIT_COLUMNS)
        .where(audit.c.tenant == bindparam("tenant_"), audit.c.dispute_id == bindparam("dispute_id_"))
        .order_by(audit.c.sequence)
    )


@cache
def _last_link() -> Select[tuple[Any, ...]]:
    return (
        select(*_AUDIT_COLUMNS)
        .where(audit.c.tenant == bindparam("tenant_"), audit.c.dispute_id == bindparam("dispute_id_"))
        .order_by(audit.c.sequence.desc())
        .limit(1)
    )


@cache
def _heads() -> Select[tuple[Any, ...]]:
    last = (
        select(audit.c.tenant, audit.c.dispute_id, func.max(audit.c.sequence).label("sequence"))
        .group_by(audit.c.tenant, audit.c.dispute_id)
        .subquery()
    )
    same = and_(
        audit.c.tenant == last.c.tenant,
        audit.c.dispute_id == last.c.dispute_id,
        audit.c.sequence == last.c.sequence,
    )
    columns = (audit.c.tenant, audit.c.dispute_id, audit.c.sequence, audit.c.hash)
    return select(*columns).join(last, same).order_by(audit.c.tenant, audit.c.dispute_id)


class ReportRecords(AuditRecords, DisputeRecords):
    """Implements ``Reports``, and of ``Audit`` the entries."""

    def put_evidence_reports(
        self, tenant: str, version: str, policy_sha256: str, reports: Iterable[tuple[str, str, str]]
    ) -> None:
        shared = {"tenant": tenant, "version": version, "policy_sha256": policy_sha256}
        rows = [
            shared | {"evidence_id": evidence_id, "state": state, "body": body}
            for evidence_id, state, body in sorted(reports)
        ]
        if rows:
            self._run(_put(self._dialect), rows)

    def evidence_reports(self, tenant: str, evidence_ids: Iterable[str], version: str) -> dict[str, str]:
        """Those items' current reports under ``version``, by evidence id; unknown ids are absent."""
        ids = self._texts(evidence_ids)
        rows = self._rows(_bodies(self._dialect), tenant_=tenant, version_=version, ids=ids)
        return {row.evidence_id: row.body for row in rows}

    def attach_report(
        self, tenant: str, dispute_id: str, body: str, content_sha256: str, policy_sha256: str, at: datetime
    ) -> AttachedReport:
        self.lock_dispute(tenant, dispute_id)
        newest = self.report(tenant, dispute_id)
        if newest is not None and newest.content_sha256 == content_sha256:
            return newest
        attached = AttachedReport(1 if newest is None else newest.revision + 1, body, content_sha256, at)
        row = {
            "tenant": tenant,
            "dispute_id": dispute_id,
            "revision": attached.revision,
            "content_sha256": content_sha256,
            "policy_sha256": policy_sha256,
            "attached_at": at,
            "body": body,
        }
        self._run(_attach(self._dialect), row)
        if newest is not None:
            self._shorten(tenant, dispute_id, newest.revision)
        detail = {
            "revision": str(attached.revision),
            "content_sha256": content_sha256,
            "policy_sha256": policy_sha256,
            "body_sha256": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest(),
        }
        self.append_audit(tenant, dispute_id, "report_attached", detail, at)
        return attached

    def _shorten(self, tenant: str, dispute_id: str, revision: int) -> None:
        """Of a former revision only the hashes are kept."""
        self._run(_shorten(), {"tenant_": tenant, "dispute_id_": dispute_id, "revision_": revision})

    def report(self, tenant: str, dispute_id: str) -> AttachedReport | None:
        row = self._run(_newest(), {"tenant_": tenant, "dispute_id_": dispute_id}).one_or_none()
        return (
            None
            if row is None
            else AttachedReport(row.revision, row.body, row.content_sha256, row.attached_at)
        )

    def revisions(self, tenant: str, dispute_id: str) -> Sequence[AttachedReport]:
        rows = self._rows(_revisions(), tenant_=tenant, dispute_id_=dispute_id)
        return [AttachedReport(*row) for row in rows]

    def append_audit(
        self, tenant: str, dispute_id: str, action: str, detail: dict[str, str], at: datetime
    ) -> AuditEntry:
        self.lock_dispute(tenant, dispute_id)
        row = self._run(_last_link(), {"tenant_": tenant, "dispute_id_": dispute_id}).one_or_none()
        last = None if row is None else AuditEntry(**row._mapping)
        start = self.begin_audit(tenant, dispute_id) if last is None else last.hash
        entry = next_entry(last, start, action, detail, at)
        self._run(_append(self._dialect), {"tenant": tenant, "dispute_id": dispute_id} | asdict(entry))
        return entry

    def audit(self, tenant: str, dispute_id: str) -> Sequence[AuditEntry]:
        rows = self._rows(_chain(), tenant_=tenant, dispute_id_=dispute_id)
        return [AuditEntry(**row._mapping) for row in rows]

    def audit_heads(self) -> Sequence[AuditHead]:
        return [AuditHead(*row) for row in self._rows(_heads())]
