"""Judges a dispute that is due: attaches its report, posts the event, and marks it due at its next clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pipeline.judgement.event import event_text, report_attached
from pipeline.judgement.judge import Judged, JudgingRecords, judge_and_attach
from pipeline.judgement.remarks import NO_REMARKS, Remarks
from pipeline.setup.context import Context
from storage.interfaces.disputes import Disputes
from storage.interfaces.due_disputes import DueDisputes
from storage.interfaces.outbox import Outbox
from validators.dispute import Dispute, is_open


class DueRecords(JudgingRecords, DueDisputes, Outbox, Protocol):
    """What judging a dispute that is due reads and writes."""


def judge(
    tenant: str,
    dispute_id: str,
    context: Context,
    records: DueRecords,
    now: datetime,
    remarks: Remarks = NO_REMARKS,
) -> Judged:
    """Attach the dispute's report as of ``now``, post its event, and mark it due when its next clock runs out.

    The event's key names the revision, so a report that did not change posts nothing new.
    """
    report = judge_and_attach(
        tenant, dispute_id, context, records, now, datetime.now(now.tzinfo), remarks
    ).report
    is_new = announce(tenant, dispute_id, report.revision, records, now)
    upcoming = [clock.due_by for clock in report.deadlines if clock.due_by > now]
    if upcoming:
        records.mark_due(tenant, [dispute_id], min(upcoming))
    return Judged(report, is_new)


def announce(tenant: str, dispute_id: str, revision: int, records: Outbox, now: datetime) -> bool:
    """Post the event that a revision was attached; False where that was posted before."""
    event = report_attached(tenant, dispute_id, revision)
    return records.post(tenant, event.type, event.idempotency_key, event_text(event), now)


def still_open(tenant: str, dispute_ids: Iterable[str], records: Disputes) -> list[str]:
    """Those of the disputes whose reports a new match may still revise; ended ones keep theirs."""
    return [one for one in sorted(dispute_ids) if is_open(records.dispute(tenant, one))]


def judge_if_due(tenant: str, dispute_id: str, context: Context, now: datetime) -> Judged | None:
    """Judge the dispute in its own transaction if it is marked due; None if another worker has done so.

    The lock comes first, so the second of two that saw the mark finds it gone.
    """
    with context.database.transaction() as records:
        records.lock_dispute(tenant, dispute_id)
        if not records.take_due(tenant, dispute_id, now) or records.dispute(tenant, dispute_id) is None:
            return None
        return judge(tenant, dispute_id, context, records, now)


def known_dispute(tenant: str, dispute_id: str, records: Disputes) -> Dispute:
    """The dispute, locked until the transaction ends. A stand-in is stored where its data has not arrived yet."""
    records.lock_dispute(tenant, dispute_id)
    dispute = records.dispute(tenant, dispute_id)
    if dispute is None:
        dispute = Dispute(dispute_id, tenant, declared=False)
        records.put_dispute(dispute)
    return dispute
