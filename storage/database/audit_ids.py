"""Random ids that link the audit trail to disputes and items, so that the trail can outlive both and reveal neither."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Delete, Select, Table, and_, bindparam, delete, select, update

from storage.database.audit import genesis
from storage.database.base import Records
from storage.database.schema import audit, audit_names, audit_nonces
from storage.database.statements import Insert, insert_new

_SEALED = "sealed-"
_BYTES = 16


def _random() -> str:
    return secrets.token_hex(_BYTES)


@cache
def _put(dialect: str, table: Table) -> Insert:
    return insert_new(dialect, table)


@cache
def _one(table: Table, key: str, value: str) -> Select[tuple[Any, ...]]:
    columns = table.c
    return select(columns[value]).where(
        columns.tenant == bindparam("tenant_"), columns[key] == bindparam("key_")
    )


@cache
def _forget(table: Table, key: str) -> Delete:
    return delete(table).where(
        and_(table.c.tenant == bindparam("tenant_"), table.c[key] == bindparam("key_"))
    )


class AuditRecords(Records):
    """The part of ``Audit`` about ids."""

    def begin_audit(self, tenant: str, dispute_id: str) -> str:
        """What the first entry of the dispute's trail must name as ``previous``. The nonce is put on the record."""
        row = {"tenant": tenant, "dispute_id": dispute_id, "nonce": _random()}
        self._run(_put(self._dialect, audit_nonces), row)
        return genesis(tenant, dispute_id, self._nonce(tenant, dispute_id))

    def audit_name(self, tenant: str, evidence_id: str) -> str:
        row = {"tenant": tenant, "evidence_id": evidence_id, "name": _random()}
        self._run(_put(self._dialect, audit_names), row)
        return str(self.known_audit_name(tenant, evidence_id))

    def known_audit_name(self, tenant: str, evidence_id: str) -> str | None:
        sought = {"tenant_": tenant, "key_": evidence_id}
        return self._run(_one(audit_names, "evidence_id", "name"), sought).scalar_one_or_none()

    def forget_audit_names(self, tenant: str, evidence_ids: Sequence[str]) -> None:
        """From now on nothing shows which item an entry means."""
        rows = [{"tenant_": tenant, "key_": evidence_id} for evidence_id in evidence_ids]
        if rows:
            self._run(_forget(audit_names, "evidence_id"), rows)

    def seal_audit(self, tenant: str, dispute_id: str) -> str:
        sealed = _SEALED + _random()
        this = and_(audit.c.tenant == bindparam("tenant_"), audit.c.dispute_id == bindparam("key_"))
        self._run(
            update(audit).where(this).values(dispute_id=bindparam("sealed_")),
            {"tenant_": tenant, "key_": dispute_id, "sealed_": sealed},
        )
        self._run(_forget(audit_nonces, "dispute_id"), {"tenant_": tenant, "key_": dispute_id})
        return sealed

    def audit_chains(self) -> Sequence[tuple[str, str]]:
        columns = (audit.c.tenant, audit.c.dispute_id)
        return [
            (row.tenant, row.dispute_id) for row in self._rows(select(*columns).distinct().order_by(*columns))
        ]

    def audit_start(self, tenant: str, dispute_id: str) -> str | None:
        """A dispute whose own id starts like a sealed trail's has a nonce."""
        nonce = self._nonce(tenant, dispute_id)
        if not nonce and dispute_id.startswith(_SEALED):
            return None
        return genesis(tenant, dispute_id, nonce)

    def _nonce(self, tenant: str, dispute_id: str) -> str:
        sought = {"tenant_": tenant, "key_": dispute_id}
        return self._run(_one(audit_nonces, "dispute_id", "nonce"), sought).scalar_one_or_none() or ""
