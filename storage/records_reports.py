"""Reports of items and of disputes, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from storage.audit import next_entry
from storage.interfaces import AttachedReport, AuditEntry
from storage.records_disputes import DisputeRecords
from storage.schema import audit, dispute_reports, evidence_reports
from storage.statements import Insert, insert, upsert

_AUDIT_COLUMNS = [audit.c[name] for name in ("sequence", "at", "action", "detail", "previous", "hash")]


@cache
def _put(dialect: str) -> Insert:
    return upsert(dialect, evidence_reports)


@cache
def _attach(dialect: str) -> Insert:
    return insert(dialect, dispute_reports)


@cache
def _newest() -> Select[tuple[Any, ...]]:
    columns = dispute_reports.c
    return (
        select(columns.revision, columns.body, columns.content_sha256, columns.attached_at)
        .where(columns.tenant == bindparam("tenant_"), columns.dispute_id == bindparam("dispute_id_"))
        .order_by(columns.revision.desc())
        .limit(1)
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


class ReportRecords(DisputeRecords):
    """The part of ``Disputes`` about reports and the audit trail."""

    def put_evidence_report(
        self, tenant: str, evidence_id: str, version: str, policy_sha256: str, state: str, body: str
    ) -> None:
        """See the interface."""
        row = {
            "tenant": tenant,
            "evidence_id": evidence_id,
            "version": version,
            "policy_sha256": policy_sha256,
            "state": state,
            "body": body,
        }
        self._run(_put(self._dialect), row)
