"""What the record already says of items that arrive, or whose dispute's data changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from pipeline.intake.arrival import as_declared
from pipeline.intake.member import with_facts_of
from storage.interfaces.disputes import Disputes
from storage.interfaces.due_disputes import DueDisputes
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.matches import Matches
from validators.dispute import Dispute, is_open
from validators.evidence import Evidence


class SharingRecords(Disputes, DueDisputes, EvidenceItems, Matches, Protocol):
    """What is read to find the disputes that share a picture with some items."""


def with_known_facts(items: Sequence[Evidence], dispute: Dispute, records: EvidenceItems) -> list[Evidence]:
    """Items of one dispute, each after the item inside which it was found, with all that was ever stated of them.

    Sending an upload again never changes a fact: see ``Evidence.completed_by``. What the dispute says outranks both.
    """
    known = {one.id: one for one in records.evidence(dispute.tenant, [item.id for item in items])}
    settled: dict[str, Evidence] = {}
    for item in items:
        parent = settled.get(item.parent or "")
        sent = item if parent is None else with_facts_of(parent, item)
        before = known.get(item.id)
        settled[item.id] = as_declared(sent if before is None else before.completed_by(sent), dispute)
    return list(settled.values())


def mark_with_sharing(
    tenant: str, dispute_id: str, items: Iterable[Evidence], records: SharingRecords, now: datetime
) -> None:
    """Mark the dispute due, and the open ones that share a picture with its ``items``: what they report may have changed."""
    pairs = records.pairs_of(tenant, [item.id for item in items])
    ends = {end for pair in pairs for end in (pair.first, pair.second)}
    others = {item.dispute_id for item in records.evidence(tenant, ends)} - {dispute_id}
    touched = [other for other in sorted(others) if is_open(records.dispute(tenant, other))]
    records.mark_due(tenant, [dispute_id, *touched], now)
