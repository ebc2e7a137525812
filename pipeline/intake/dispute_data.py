"""Takes a dispute's own data, which may arrive before or after its evidence, and again when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Protocol

from pipeline.intake.arrival import as_declared
from pipeline.intake.known_facts import SharingRecords, mark_with_sharing
from storage.interfaces.audit import Audit
from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import Evidence

DISPUTE_CHANGED = "dispute_changed"
"""The audit entry of stated facts that were replaced. It names facts and never holds them: it outlives an erasure."""


class IntakeRecords(SharingRecords, Audit, Protocol):
    """What new dispute data changes."""


def take_dispute(dispute: Dispute, records: IntakeRecords, now: datetime) -> int:
    """Store the dispute, update its items with what it now declares of them, and mark it due.

    This alone replaces what was stated before, and the audit trail then says so. Open disputes that share a picture with it
    are marked too, since what they report of it may have changed. Nothing is opened. Returns how many of its items are known.
    """
    records.lock_dispute(dispute.tenant, dispute.id)
    before = records.dispute(dispute.tenant, dispute.id)
    records.put_dispute(dispute)
    items = records.evidence_of(dispute.tenant, dispute.id)
    declared = [(item, as_declared(item, dispute)) for item in items]
    changed = [(item, said) for item, said in declared if said != item]
    records.put_evidence([said for _, said in changed])
    _note_changes(before, dispute, changed, records, now)
    mark_with_sharing(dispute.tenant, dispute.id, items, records, now)
    return len(items)


def _note_changes(
    before: Dispute | None,
    dispute: Dispute,
    changed: Sequence[tuple[Evidence, Evidence]],
    records: Audit,
    now: datetime,
) -> None:
    of_dispute = () if before is None or not before.declared else _changed_fields(before, dispute)
    of_items = {item.id: facts for item, said in changed if (facts := _replaced(item, said.declared))}
    if not of_dispute and not of_items:
        return
    detail = {
        "dispute": " ".join(of_dispute),
        "items": " ".join(sorted(records.audit_name(dispute.tenant, id_) for id_ in of_items)),
        "facts": " ".join(sorted({fact for facts in of_items.values() for fact in facts})),
    }
    records.append_audit(dispute.tenant, dispute.id, DISPUTE_CHANGED, detail, now)


def _changed_fields(before: Dispute, after: Dispute) -> tuple[str, ...]:
    names = (one.name for one in fields(Dispute))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _replaced(item: Evidence, said: Declared) -> set[str]:
    """The facts that were stated of the item and are others now."""
    stated = item.declared.said - frozenset(item.guessed)
    return {name for name in stated if getattr(item.declared, name) != getattr(said, name)}
