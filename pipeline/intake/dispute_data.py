"""Takes a dispute's own data, which may arrive before or after its evidence, and again when it changes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pipeline.intake.arrival import as_declared
from storage.interfaces.disputes import Disputes
from storage.interfaces.due_disputes import DueDisputes
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.matches import Matches
from validators.dispute import Dispute, is_open


class IntakeRecords(Disputes, DueDisputes, EvidenceItems, Matches, Protocol):
    """What new dispute data changes."""


def take_dispute(dispute: Dispute, records: IntakeRecords, now: datetime) -> int:
    """Store the dispute, update its items with what it now declares of them, and mark it due.

    Open disputes that share a picture with it are marked too, since what they report of it may have changed. Nothing is
    opened. Returns how many of its items are known.
    """
    tenant = dispute.tenant
    records.put_dispute(dispute)
    items = records.evidence_of(tenant, dispute.id)
    records.put_evidence([said for item in items if (said := as_declared(item, dispute)) != item])
    pairs = records.pairs_of(tenant, [item.id for item in items])
    ends = {end for pair in pairs for end in (pair.first, pair.second)}
    others = {item.dispute_id for item in records.evidence(tenant, ends)} - {dispute.id}
    touched = [other for other in others if is_open(records.dispute(tenant, other))]
    records.mark_due(tenant, [dispute.id, *touched], now)
    return len(items)
