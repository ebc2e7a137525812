"""Measures again, under the present version, what earlier versions measured. Nothing that was stated of an item changes.

All progress is on the record: what the present version measured is done, so a run may end at any moment and another goes on.
A file inside another is measured with it. Where the original cannot be had any more, the former measurements stay, with a
problem that says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.intake.known_facts import with_known_facts
from pipeline.intake.origin import Origin
from pipeline.judgement.judge_due import judge_if_due, known_dispute, still_open
from pipeline.path import (
    OUR_FAULTS,
    Examined,
    Item,
    content_fault,
    examine_again,
    is_known,
    items_of,
    keep_former,
    look,
    note,
    record,
    remember,
    with_attempts,
)
from pipeline.remeasurement.fetch_again import OriginalLostError, fetched
from pipeline.reuse.sources import forget
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.claims import DONE, QUARANTINED, UploadId
from storage.interfaces.record import Record
from storage.interfaces.remeasurement import StoredUpload
from validators.evidence import Evidence

log = logging.getLogger(__name__)

MEASURED = "measured"
LOST = "lost"
FAILED = "failed"
OUTCOMES = (MEASURED, LOST, FAILED)
"""What becomes of an upload: measured again, kept as it was because its original is lost, or left for another run
because of a fault of ours."""

_PAGE = 50
_DUE = 50
_ATTEMPTS = 2
_EVERY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Remeasurement:
    """Serves any number of threads."""

    context: Context
    origin: Origin

    def uploads(self) -> Iterator[StoredUpload]:
        """Every upload that is behind, in a fixed order; none is given twice in one run."""
        after = ("", "")
        while True:
            with self.context.database.reading() as records:
                page = records.uploads_behind(MEASURES_VERSION, after, _PAGE)
            if not page:
                return
            after = page[-1].id.tenant, page[-1].id.digest
            yield from page

    def items(self) -> Sequence[tuple[str, str]]:
        """(tenant, id) of the items that came in otherwise, such as by an import."""
        with self.context.database.reading() as records:
            return records.items_behind(MEASURES_VERSION)

    def measure_upload(self, upload: StoredUpload) -> str:
        """Measure the upload's file again; one of OUTCOMES. Raises StorageError and JailError."""
        item = self._item(upload.id.tenant, upload.evidence_id)
        return MEASURED if item is None else self._measure(item, upload.id)

    def measure_item(self, tenant: str, evidence_id: str) -> str:
        """The same for an item without an upload: its original may have been kept."""
        item = self._item(tenant, evidence_id)
        return MEASURED if item is None or item.parent is not None else self._measure(item, None)

    def judge(self) -> int:
        """Judge every dispute that is due; how many there were."""
        done = 0
        while True:
            now = datetime.now(UTC)
            with self.context.database.reading() as records:
                due = records.due_disputes(now, _DUE)
            for tenant, dispute_id in due:
                judge_if_due(tenant, dispute_id, self.context, now)
            done += len(due)
            if not due:
                return done

    def _item(self, tenant: str, evidence_id: str) -> Evidence | None:
        with self.context.database.reading() as records:
            return next(iter(records.evidence(tenant, [evidence_id])), None)

    def _measure(self, item: Evidence, upload: UploadId | None) -> str:
        key, version = _place(upload, self.origin)
        try:
            if is_known(item, self.context):
                examined = [Examined(item, None)]
            else:
                with fetched(item, key, version, self.origin, self.context) as path:
                    examined = self._examined(item, path)
        except OriginalLostError as error:
            self._keep_former(item, error.reason)
            return LOST
        if any(one.examination and one.examination.measurements.problem(*OUR_FAULTS) for one in examined):
            log.error("%s was not measured again: a fault of ours", item.id)
            return FAILED
        items = self._store(item, examined)
        self._compare(items, upload, QUARANTINED if content_fault(examined[0]) else DONE)
        return MEASURED

    def _examined(self, item: Evidence, path: Path) -> list[Examined]:
        """A crash may be chance, so the file is opened once more before it is believed."""
        for attempt in range(1, _ATTEMPTS + 1):
            examined = examine_again(item, path, self.context)
            if content_fault(examined[0]) is None:
                break
            examined[0] = with_attempts(examined[0], attempt)
        return examined

    def _store(self, item: Evidence, examined: list[Examined]) -> list[Item]:
        """Put the measurements on the record and make them findable, before anything is searched for.

        Files that this version finds inside the item for the first time become items.
        """
        with self.context.database.transaction() as records:
            dispute = known_dispute(item.tenant, item.dispute_id, records)
            record(examined, records)
            found = list(items_of(examined, records))
            settled = with_known_facts([one.evidence for one in found], dispute, records)
            known = {one.id: one for one in records.evidence(item.tenant, [one.id for one in settled])}
            records.put_evidence([one for one in settled if one.id not in known])
            evidence = [known.get(one.id, one) for one in settled]
            items = [replace(one, evidence=other) for one, other in zip(found, evidence, strict=True)]
            forget(item.tenant, {one.evidence.content_key for one in items}, records)
            remember(items, records, self.context)
        return items

    def _compare(self, items: list[Item], upload: UploadId | None, state: str) -> None:
        tenant = items[0].evidence.tenant
        with self.context.database.reading() as records:
            pairs = look(items, records, self.context)
        with self.context.database.transaction() as records:
            touched = still_open(tenant, note(tenant, pairs, records), records)
            records.mark_due(tenant, [*touched, *self._holders(items, records)], datetime.now(UTC))
            if upload is not None:
                records.advance_upload(upload, MEASURES_VERSION, state)

    def _holders(self, items: list[Item], records: Record) -> set[str]:
        """The disputes whose reports show these files, ended ones too: the pictures that they name go."""
        tenant = items[0].evidence.tenant
        return {
            held.dispute_id
            for one in items
            if one.evidence.sha256
            for held in records.evidence_with_bytes(tenant, one.evidence.sha256, _EVERY)
        }

    def _keep_former(self, item: Evidence, reason: str) -> None:
        with self.context.database.transaction() as records:
            records.lock_dispute(item.tenant, item.dispute_id)
            keep_former(item, reason, records)
            records.mark_due(item.tenant, [item.dispute_id], datetime.now(UTC))


def _place(upload: UploadId | None, origin: Origin) -> tuple[str | None, str | None]:
    """The key inside the uploads' objects, and S3's version id where the upload has one."""
    if upload is None or upload.bucket != origin.bucket or not upload.key.startswith(origin.prefix):
        return None, None
    # Without a version id the upload is named by "ETag:size". A version id never holds a colon.
    version = None if ":" in upload.version else upload.version
    return upload.key.removeprefix(origin.prefix), version
