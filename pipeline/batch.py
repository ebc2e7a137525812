"""The batch: folders in, a report on each dispute out.

Everything is examined first, in parallel and resumably; then compared in a fixed order with the store and with
this run; then judged. So the same input gives the same reports for any number of jobs.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from pipeline.intake.folders import renamed
from pipeline.intake.found import FoundDispute, FoundFile, Reading
from pipeline.intake.upload import BytesInWork, Upload
from pipeline.judgement.judge import Judged, JudgingRecords, judge_and_attach
from pipeline.judgement.judge_due import still_open
from pipeline.judgement.remarks import NO_REMARKS, Remarks
from pipeline.path import Examined, Item, examine, items_of, look, note, record, remember
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import Evidence
from validators.report import QualityReport

_COMMIT_EVERY = 16

Progress = Callable[[str, int, int], None]
"""Called with the phase ("examined", "compared", "judged"), how many are done and how many there are."""


@dataclass(slots=True)
class BatchResult:
    """What a batch did. ``reports`` in the order read; ``revised`` names earlier disputes with a new revision."""

    reports: list[QualityReport] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    resumed: int = 0


def check(reading: Reading, context: Context, as_of: datetime, jobs: int, progress: Progress) -> BatchResult:
    """Examine, compare, judge. Raises KeyboardInterrupt through; what was examined is kept."""
    disputes = _place(reading, context)
    uploads = [upload for found in disputes for upload in _uploads(found, as_of)]
    result = BatchResult()
    evidence = _examine_all(uploads, context, jobs, progress, result)
    touched = _compare_all(disputes, evidence, context, progress)
    _judge_all(disputes, touched, context, as_of, progress, result)
    return result


def _place(reading: Reading, context: Context) -> list[FoundDispute]:
    """Give an inferred dispute another name where the store holds one of that name from elsewhere; record all."""
    with context.database.transaction() as records:
        for found in reading.disputes:
            dispute = found.dispute
            if not dispute.declared:
                origin = records.dispute_origin(dispute.tenant, dispute.id)
                if records.dispute(dispute.tenant, dispute.id) is not None and origin != found.origin:
                    found.dispute = renamed(dispute, found.origin)
            records.put_dispute(found.dispute, found.origin)
    return reading.disputes


def _uploads(found: FoundDispute, as_of: datetime) -> Iterator[Upload]:
    for file in found.files:
        yield _upload(file, found.dispute, as_of)


def _upload(file: FoundFile, dispute: Dispute, as_of: datetime) -> Upload:
    guessed, _ = mimetypes.guess_type(file.file.rsplit("/", 1)[-1])
    declared = file.declared.over(Declared(declared_type=guessed, listing_id=dispute.listing_id))
    return Upload(
        file=file.file,
        path=file.path,
        dispute_id=dispute.id,
        tenant=dispute.tenant,
        received_at=declared.received_at or as_of,
        declared=declared,
        problem=file.problem,
        detail=file.detail,
    )


def _examine_all(
    uploads: list[Upload], context: Context, jobs: int, progress: Progress, result: BatchResult
) -> dict[str, list[Evidence]]:
    """Examine in parallel, committing every few, in the order given; evidence by dispute."""
    found: list[list[Examined]] = []
    claims = BytesInWork()
    queue = iter(uploads)
    pending: list[Future[list[Examined]]] = []
    batch: list[Examined] = []
    with ThreadPoolExecutor(jobs, thread_name_prefix="examine") as pool:
        try:
            for upload in islice(queue, 2 * jobs):
                pending.append(pool.submit(examine, upload, context, claims))
            while pending:
                examined = pending.pop(0).result()
                pending += [pool.submit(examine, upload, context, claims) for upload in islice(queue, 1)]
                found.append(examined)
                batch += examined
                result.resumed += examined[0].resumed
                if len(batch) >= _COMMIT_EVERY or not pending:
                    _record(batch, context)
                    batch = []
                progress("examined", len(found), len(uploads))
        except BaseException:
            _cancel(pending)
            context.opener.close()  # what is still open ends at once
            _record(batch, context)
            raise
    return _by_dispute(found, context)


def _by_dispute(found: list[list[Examined]], context: Context) -> dict[str, list[Evidence]]:
    """Every item, in the order of the uploads. What lies inside files that were not opened in this run is on the record."""
    by_dispute: dict[str, list[Evidence]] = {}
    with context.database.reading() as records:
        for item in items_of(chain.from_iterable(found), records):
            by_dispute.setdefault(item.evidence.dispute_id, []).append(item.evidence)
    return by_dispute


def _cancel(pending: list[Future[list[Examined]]]) -> None:
    for future in pending:
        future.cancel()


def _record(batch: list[Examined], context: Context) -> None:
    with context.database.transaction() as records:
        record(batch, records)


def _compare_all(
    disputes: list[FoundDispute], evidence: dict[str, list[Evidence]], context: Context, progress: Progress
) -> set[tuple[str, str]]:
    """Record every item, then compare in the order read, some items a transaction; the disputes touched."""
    from pipeline.reuse.sources import compact  # noqa: PLC0415 - OpenCV: while files are opened, they need the memory

    touched: set[tuple[str, str]] = set()
    total = sum(len(items) for items in evidence.values())
    done = 0
    with context.database.transaction() as records:
        for found in disputes:
            items = evidence.get(found.dispute.id, [])
            records.put_evidence(items)
            records.retire_evidence(found.dispute.tenant, found.dispute.id, [item.id for item in items])
    for found in disputes:
        items = evidence.get(found.dispute.id, [])
        for start in range(0, len(items), _COMMIT_EVERY):
            part = items[start : start + _COMMIT_EVERY]
            with context.database.transaction() as records:
                keys = [item.content_key for item in part]
                examinations = records.examinations(found.dispute.tenant, keys, MEASURES_VERSION)
                for one in part:
                    item = Item(one, examinations[one.content_key])
                    remember([item], records, context)
                    ids = note(one.tenant, look([item], records, context), records)
                    touched |= {(one.tenant, dispute_id) for dispute_id in ids}
            done += len(part)
            progress("compared", done, total)
    compact(context.database)
    return touched


def _judge_all(
    disputes: list[FoundDispute],
    touched: set[tuple[str, str]],
    context: Context,
    as_of: datetime,
    progress: Progress,
    result: BatchResult,
) -> None:
    """Judge this run's disputes, then revise the earlier, still open ones that a new pair touched."""
    own = {(found.dispute.tenant, found.dispute.id) for found in disputes}
    judged_ones = [found for found in disputes if found.judged]
    for done, found in enumerate(judged_ones, 1):
        remarks = Remarks(tuple(found.skipped), tuple(found.notices))
        with context.database.transaction() as records:
            judged = _judge(found.dispute.tenant, found.dispute.id, context, records, as_of, remarks)
        result.reports.append(judged.report)
        progress("judged", done, len(judged_ones))
    for tenant, dispute_id in sorted(touched - own):
        with context.database.transaction() as records:
            if not still_open(tenant, [dispute_id], records):
                continue
            if _judge(tenant, dispute_id, context, records, as_of).is_new:
                result.revised.append(dispute_id)


def _judge(
    tenant: str,
    dispute_id: str,
    context: Context,
    records: JudgingRecords,
    as_of: datetime,
    remarks: Remarks = NO_REMARKS,
) -> Judged:
    return judge_and_attach(tenant, dispute_id, context, records, as_of, datetime.now(as_of.tzinfo), remarks)
