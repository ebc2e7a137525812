"""What a worker reads and writes of an upload's items, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.intake.arrival import Arrival
from pipeline.intake.known_facts import mark_with_sharing, with_known_facts
from pipeline.intake.member import with_members
from pipeline.judgement.judge_due import known_dispute
from pipeline.path import Examined, Item, items_of, record, remember
from pipeline.setup.context import Context
from storage.interfaces.claims import Claim
from storage.interfaces.record import Record
from validators.evidence import Evidence

_SAME = timedelta(seconds=2)
"""Events state when an object was stored to the millisecond, listings to the second, and clocks differ a little."""


def keep_items(examined: Sequence[Examined], claim: Claim, records: Record, context: Context) -> list[Item]:
    """Put the items on the record and make them findable. This is committed before anything is searched for.

    The same transaction sets the object's current version: an older one whose worker dies here is then displaced by a
    newer one, and one that comes late is never shown.
    """
    own = examined[0].evidence
    tenant, dispute = own.tenant, known_dispute(own.tenant, own.dispute_id, records)
    record(examined, records)
    found = list(items_of(examined, records))
    settled = with_known_facts([item.evidence for item in found], dispute, records)
    found = [replace(item, evidence=evidence) for item, evidence in zip(found, settled, strict=True)]
    records.put_evidence(settled)
    displaced = records.set_current(claim, own.id)
    if displaced is not None:
        every = records.every_item_of(tenant, own.dispute_id)
        records.retire_items(tenant, with_members([displaced], every))
    remember(found, records, context)
    return found


def located(arrival: Arrival, records: Record) -> Arrival:
    """The arrival at the place where the record has its object, since its key is only a guess where the message states none.

    An upload without a time of its own happened when its first message was sent. One that is sent again must not become the
    newest version of its object.
    """
    if arrival.notice.event_at is None:
        first = records.first_event_at(arrival.id)
        arrival = replace(arrival, event_at=min(first or arrival.event_at, arrival.event_at))
    item = current_item(arrival, records)
    return arrival if item is None else arrival.known_as(item)


def dated(examined: Sequence[Examined], arrival: Arrival) -> list[Examined]:
    """The upload's own item (the first) without the times of a message that tells of other bytes than were read.

    Where the bucket keeps no versions, an object may be replaced before its first message is worked on. That message's time
    would then make the new bytes look older than they are; the message of the new bytes states theirs.
    """
    own, *inside = examined
    notice = arrival.notice
    if notice.version_id is not None or notice.size in (None, own.evidence.bytes):
        return [own, *inside]
    stated = notice.submitted_at
    undated = replace(own.evidence.declared, submitted_at=stated, received_at=None)
    gone = {"submitted_at", "received_at"} if stated is None else {"received_at"}
    guessed = tuple(name for name in own.evidence.guessed if name not in gone)
    return [replace(own, evidence=replace(own.evidence, declared=undated, guessed=guessed)), *inside]


def current_item(arrival: Arrival, records: Record) -> Evidence | None:
    """The item that the record has of the object, whatever its version."""
    id_ = records.current_item(arrival.id.tenant, arrival.id.object_digest)
    return next(iter(records.evidence(arrival.id.tenant, [id_])), None) if id_ else None


def opened_before(arrival: Arrival, records: Record) -> Evidence | None:
    """The item in this dispute that came of the same version of the object: known by its name, else by its time."""
    tenant = arrival.id.tenant
    id_ = records.item_of_upload(arrival.id)
    item = next(iter(records.evidence(tenant, [id_])), None) if id_ else None
    if item is None:
        current = current_item(arrival, records)
        is_same = current is not None and current.received_at >= arrival.event_at - _SAME
        item = current if is_same else None
    known = item is not None and item.sha256 and item.dispute_id == arrival.place.dispute_id
    return item if known else None


def completed(arrival: Arrival, records: Record) -> list[Evidence]:
    """The upload's item, and those inside it, with what the message states and nobody stated before; none if it adds
    nothing."""
    tenant, dispute_id = arrival.place.tenant, arrival.place.dispute_id
    dispute, known = records.dispute(tenant, dispute_id), current_item(arrival, records)
    if dispute is None or known is None:
        return []
    sent = arrival.upload().evidence(known.sha256, known.bytes)
    if sent.id != known.id:
        return []  # a newer version of the object, or another place
    every = sorted(records.every_item_of(tenant, dispute_id), key=lambda item: item.file)
    inside = with_members([sent.id], every) - {sent.id}
    before = [known, *(item for item in every if item.id in inside)]
    after = with_known_facts([sent, *before[1:]], dispute, records)
    return [] if after == before else after


def complete_item(arrival: Arrival, records: Record) -> None:
    """Put that on the record, under the dispute's lock."""
    tenant, dispute_id = arrival.place.tenant, arrival.place.dispute_id
    records.lock_dispute(tenant, dispute_id)
    items = completed(arrival, records)
    if items:
        records.put_evidence(items)
        mark_with_sharing(tenant, dispute_id, items, records, datetime.now(UTC))
