"""What mediators decided. Decisions are only added, each with its link in the audit chain."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC
from functools import cache
from typing import Any

from sqlalchemy import Delete, Select, bindparam, case, delete, func, select

from storage.database.encoding import canonical_sha256
from storage.database.reports import ReportRecords
from storage.database.schema import decisions
from storage.database.statements import Insert, insert
from storage.interfaces.decisions import (
    ACCEPT_WEAK,
    ACTS,
    AGREE,
    DISAGREE,
    SEEN,
    UNACCEPT,
    UNDO,
    Agreement,
    Decision,
)

_COLUMNS = [column for column in decisions.columns if column.name != "tenant"]
_DISPUTE = (decisions.c.tenant == bindparam("tenant_"), decisions.c.dispute_id == bindparam("dispute_id_"))
_OF_FINDINGS = (AGREE, DISAGREE, SEEN, UNDO)

ACTION = "decision"
"""The audit entry of a decision."""


@cache
def _append(dialect: str) -> Insert:
    return insert(dialect, decisions)


@cache
def _erase() -> Delete:
    return delete(decisions).where(*_DISPUTE, decisions.c.number == bindparam("number_"))


@cache
def _last_number() -> Select[Any]:
    return select(func.max(decisions.c.number)).where(*_DISPUTE)


@cache
def _all() -> Select[Any]:
    return select(*_COLUMNS).where(*_DISPUTE).order_by(decisions.c.number)


@cache
def _accepting() -> Select[Any]:
    return (
        select(decisions.c.evidence_id, decisions.c.act)
        .where(*_DISPUTE, decisions.c.act.in_((ACCEPT_WEAK, UNACCEPT)), decisions.c.evidence_id.is_not(None))
        .order_by(decisions.c.number)
    )


@cache
def _of_findings() -> Select[Any]:
    columns = decisions.c
    of_checklist = case(
        (columns.evidence_id.is_(None), columns.slot)
    )  # an item's finding counts once, whatever slot is named
    last = (
        select(columns.dispute_id, columns.finding, func.max(columns.number).label("number"))
        .where(columns.tenant == bindparam("tenant_"), columns.finding.is_not(None))
        .where(columns.act.in_(_OF_FINDINGS))
        .group_by(columns.dispute_id, columns.finding, columns.evidence_id, of_checklist)
        .subquery()
    )
    return (
        select(columns.finding, columns.act, func.count().label("times"))
        .join(last, (columns.dispute_id == last.c.dispute_id) & (columns.number == last.c.number))
        .where(columns.tenant == bindparam("tenant_"))
        .group_by(columns.finding, columns.act)
    )


def decision_sha256(decision: Decision) -> str:
    """The SHA-256 over every field of a decision, for its audit entry: no field can be changed unnoticed.

    The random ``salt`` is deleted when the decision is erased. After that nobody can guess the decision from the hash.
    """
    at = decision.at.astimezone(UTC).isoformat(timespec="microseconds")
    return canonical_sha256(asdict(decision) | {"at": at})


class DecisionRecords(ReportRecords):
    """Implements ``Decisions``."""

    def append_decision(self, tenant: str, decision: Decision) -> Decision:
        """The chain is never erased, so it holds the note's hash and the item's random id, and neither of them in clear."""
        if decision.act not in ACTS:
            raise ValueError(f"{decision.act!r} is not an act of a mediator")
        self.lock_dispute(tenant, decision.dispute_id)
        scope = {"tenant_": tenant, "dispute_id_": decision.dispute_id}
        last = self._run(_last_number(), scope).scalar()
        numbered = replace(decision, number=(last or 0) + 1, salt=secrets.token_hex(16))
        self._run(_append(self._dialect), {"tenant": tenant} | asdict(numbered))
        detail = {
            "number": str(numbered.number),
            "act": numbered.act,
            "item": self.audit_name(tenant, numbered.evidence_id) if numbered.evidence_id else "",
            "finding": numbered.finding or "",
            "by": numbered.by,
            "sha256": decision_sha256(numbered),
        }
        self.append_audit(tenant, decision.dispute_id, ACTION, detail, numbered.at)
        return numbered

    def erase_decisions(self, tenant: str, dispute_id: str, evidence_ids: Iterable[str]) -> Sequence[int]:
        gone = set(evidence_ids)
        made = self.decisions(tenant, dispute_id)
        acts = {(one.at, one.by) for one in made if one.evidence_id in gone}
        numbers = [one.number for one in made if (one.at, one.by) in acts]
        if numbers:
            scope = {"tenant_": tenant, "dispute_id_": dispute_id}
            self._run(_erase(), [scope | {"number_": number} for number in numbers])
        return numbers

    def decisions(self, tenant: str, dispute_id: str) -> Sequence[Decision]:
        rows = self._rows(_all(), tenant_=tenant, dispute_id_=dispute_id)
        return [Decision(**row._mapping) for row in rows]

    def accepted_items(self, tenant: str, dispute_id: str) -> frozenset[str]:
        newest = {
            row.evidence_id: row.act
            for row in self._rows(_accepting(), tenant_=tenant, dispute_id_=dispute_id)
        }
        return frozenset(id_ for id_, act in newest.items() if act == ACCEPT_WEAK)

    def agreement(self, tenant: str) -> Sequence[Agreement]:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self._rows(_of_findings(), tenant_=tenant):
            counts[row.finding][row.act] = row.times
        return [
            Agreement(code, acts.get(AGREE, 0), acts.get(DISAGREE, 0), acts.get(SEEN, 0))
            for code, acts in sorted(counts.items())
            if acts.keys() - {UNDO}
        ]
