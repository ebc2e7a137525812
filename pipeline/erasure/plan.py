"""What to erase: the item or dispute that was named, and everything that depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.intake.member import with_members
from storage.interfaces.disputes import Disputes
from storage.interfaces.erasure import Erasure, UploadedObject
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.matches import Matches
from validators.dispute import Dispute
from validators.evidence import Evidence


class UnknownTargetError(LookupError):
    """Nothing on the record that can be erased by itself has that id or name: one plain sentence."""


class PlanRecords(Disputes, Erasure, EvidenceItems, Matches, Protocol):
    """What a plan is read from."""


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What is to be erased of one dispute. ``whole``: the dispute itself too.

    ``items`` hold every version of what was sent. ``contents`` are the content keys that no other item of the tenant has.
    ``objects_of`` are those that no item of any tenant has, since tenants share objects. ``others`` are disputes whose
    reports mention one of the items.
    """

    tenant: str
    dispute_id: str
    dispute: Dispute | None
    whole: bool
    items: tuple[Evidence, ...]
    contents: tuple[str, ...]
    objects_of: tuple[str, ...]
    uploads: tuple[UploadedObject, ...]
    others: tuple[str, ...]


def plan_erasure(tenant: str, target: str, records: PlanRecords) -> ErasurePlan:
    """The plan for ``target``: a dispute's id, an item's id, or DISPUTE/FILE. Raises UnknownTargetError."""
    dispute_id, items, whole = _named(tenant, target, records)
    ids = [item.id for item in items]
    contents = {item.content_key for item in items}
    hashes = {item.sha256 for item in items if item.sha256}
    own = contents - records.contents_held_elsewhere(tenant, hashes, ids)
    alone = contents - records.contents_held_elsewhere(None, hashes, ids)
    return ErasurePlan(
        tenant=tenant,
        dispute_id=dispute_id,
        dispute=records.dispute(tenant, dispute_id),
        whole=whole,
        items=tuple(items),
        contents=tuple(sorted(own)),
        objects_of=tuple(sorted(alone)),
        uploads=tuple(records.uploaded_objects(tenant, ids, dispute_id if whole else None)),
        others=tuple(sorted(_touched(tenant, ids, records) - {dispute_id})),
    )


def _named(tenant: str, target: str, records: PlanRecords) -> tuple[str, Sequence[Evidence], bool]:
    if records.dispute(tenant, target) is not None or records.every_item_of(tenant, target):
        return target, records.every_item_of(tenant, target), True
    for item in records.evidence(tenant, [target]):
        return item.dispute_id, _with_versions(item, records), False
    dispute_id, slash, file = target.partition("/")
    if slash:
        for item in records.every_item_of(tenant, dispute_id):
            if item.file == file:
                return dispute_id, _with_versions(item, records), False
    raise UnknownTargetError(f"no dispute and no item is named {target}")


def _with_versions(item: Evidence, records: Erasure) -> list[Evidence]:
    """The item with what was sent before and after under the same name, and everything found inside those."""
    if item.parent is not None:
        raise UnknownTargetError(
            f"{item.id} was found inside another item and is erased with it: name {item.parent}"
        )
    every = records.every_item_of(item.tenant, item.dispute_id)
    versions = [
        one.id
        for one in every
        if one.file == item.file and one.declared.on_listing == item.declared.on_listing
    ]
    erased = with_members(versions, every)
    return [one for one in every if one.id in erased]


class _Touched(EvidenceItems, Matches, Protocol):
    """Items and the pairs they stand in."""


def _touched(tenant: str, ids: Sequence[str], records: _Touched) -> set[str]:
    ends = {end for pair in records.pairs_of(tenant, ids) for end in (pair.first, pair.second)}
    return {item.dispute_id for item in records.evidence(tenant, ends)}
