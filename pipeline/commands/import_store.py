"""The command ``evidence import``: what an embedded store knows, brought into the configured one in bulk.

Old evidence is examined apart, with ``evidence check`` on any machine, and then made findable at once, without
passing through the queue. Which upload came earlier is decided by when it was submitted, so the order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.intake.known_facts import with_known_facts
from pipeline.judgement.judge_due import known_dispute
from pipeline.reuse.sources import remember
from storage.errors import ObjectMissingError
from storage.interfaces.examinations import Examination
from storage.interfaces.matches import Pair
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database, Record
from validators.dispute import Dispute
from validators.evidence import Evidence

AT_ONCE = 2_000
"""Items of one transaction, about: a dispute is never divided."""

Progress = Callable[[int], None]
"""Called with how many items were imported so far."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many disputes and items were brought over; what was there already counts too."""

    disputes: int
    items: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Whole disputes of one tenant with everything known of their items."""

    tenant: str
    disputes: tuple[tuple[Dispute, str | None], ...]
    items: Sequence[Evidence]
    examinations: Sequence[Examination]
    pairs: Sequence[Pair]


def import_store(
    source: Database, target: Database, version: str, progress: Progress, objects: Objects
) -> Imported:
    """Bring disputes, items, examinations under ``version`` and pairs into ``target``, and make the items findable there.

    Local features are read from the source's ``objects``.
    A dispute that ``target`` knows keeps its own data. Every dispute is marked to be judged by a worker. May be repeated.
    """
    disputes = items = 0
    now = datetime.now(UTC)
    for part in _parts(source, version):
        with target.transaction() as records:
            _put(part, records, now, objects)
        disputes += len(part.disputes)
        items += len(part.items)
        progress(items)
    return Imported(disputes, items)


def _parts(source: Database, version: str) -> Iterator[_Part]:
    with source.reading() as records:
        gathered: list[str] = []
        count, tenant_before = 0, ""
        for tenant, dispute_id in records.dispute_ids():
            if gathered and (count >= AT_ONCE or tenant != tenant_before):
                yield _part(tenant_before, gathered, version, records)
                gathered, count = [], 0
            gathered.append(dispute_id)
            tenant_before = tenant
            count += len(records.evidence_of(tenant, dispute_id))
        if gathered:
            yield _part(tenant_before, gathered, version, records)


def _part(tenant: str, dispute_ids: list[str], version: str, records: Record) -> _Part:
    items = [item for dispute_id in dispute_ids for item in records.evidence_of(tenant, dispute_id)]
    known = records.examinations(tenant, {item.content_key for item in items}, version)
    disputes = tuple(
        (dispute, records.dispute_origin(tenant, dispute_id))
        for dispute_id in dispute_ids
        if (dispute := records.dispute(tenant, dispute_id)) is not None
    )
    examined = [item for item in items if item.content_key in known]
    pairs = records.pairs_of(tenant, [item.id for item in examined])
    return _Part(tenant, disputes, examined, list(known.values()), pairs)


def _put(part: _Part, records: Record, now: datetime, objects: Objects) -> None:
    for dispute, origin in part.disputes:
        records.lock_dispute(part.tenant, dispute.id)
        if records.dispute(part.tenant, dispute.id) is None:
            records.put_dispute(dispute, origin)
    records.put_examinations(part.tenant, part.examinations)
    for dispute_id, items in groupby(part.items, key=lambda item: item.dispute_id):
        dispute = known_dispute(part.tenant, dispute_id, records)
        records.put_evidence(with_known_facts(list(items), dispute, records))
    remember(part.tenant, part.examinations, records, objects)
    records.put_pairs(part.tenant, part.pairs)
    records.mark_due(part.tenant, [dispute.id for dispute, _ in part.disputes], now)


def import_objects(source: Objects, target: Objects) -> int:
    """Copy what was derived from the items, unless it is there; how many objects were copied."""
    prefixes = ("derivatives/", "features/")
    there = {key for prefix in prefixes for key in target.keys(prefix)}
    copied = 0
    with TemporaryDirectory() as scratch:
        for number, key in enumerate(key for prefix in prefixes for key in source.keys(prefix)):
            if key in there:
                continue
            path = Path(scratch) / str(number)
            try:
                source.fetch(key, path)
            except ObjectMissingError:
                continue  # removed meanwhile
            target.put_file(key, path)
            path.unlink()
            copied += 1
    return copied
