"""A dispute's line in the queue, made from its report and its decisions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from pipeline.judgement.decisions import open_needs
from pipeline.judgement.report_json import from_record
from storage.errors import RecordDamagedError
from storage.interfaces.decisions import Decision, Decisions
from storage.interfaces.dispute_queue import DisputeQueue, QueueLine
from storage.interfaces.disputes import Disputes
from storage.interfaces.record import Database
from storage.interfaces.reports import AttachedReport
from validators.dispute import Dispute
from validators.disputes.attention import asks_for_look, missing_required, needs, unusable
from validators.report import Deadline, QualityReport
from validators.safe_text import visible

log = logging.getLogger(__name__)

_OF_OPENING = ("open_from", "open_until")
"""Clocks that no longer matter once a dispute is open."""
_AT_ONCE = 100


def queue_line(
    report: QualityReport, dispute: Dispute, decisions: Sequence[Decision], attached_at: datetime
) -> QueueLine:
    """The dispute's line according to ``report``."""
    view = report.dispute
    due = next_clock(report)
    return QueueLine(
        dispute_id=view.id,
        revision=report.revision,
        attached_at=attached_at,
        reason=view.reason or "",
        sub_reason=view.sub_reason or "",
        stage=view.stage or "",
        order_id=view.order.id or "",
        closed=dispute.closed_at is not None or dispute.withdrawn_at is not None,
        items=len(report.evidence),
        needs=len(needs(report)),
        undecided=len(open_needs(report, decisions)),
        looks=sum(bool(asks_for_look(item)) for item in report.evidence),
        unusable=sum(unusable(item) for item in report.evidence),
        missing=missing_required(report),
        next_due=due.due_by if due else None,
        next_kind=due.kind if due else "",
        past_due=tuple(dict.fromkeys(clock.kind for clock in past_due(report))),
        by_state=tuple(report.summary.by_state.items()),
        confirmed=len(report.confirmed),
    )


def next_clock(report: QualityReport) -> Deadline | None:
    """The first clock still running when the report was made, else the last that ran out; none of a withdrawn dispute."""
    if report.dispute.withdrawn_at is not None:
        return None
    clocks = [clock for clock in report.deadlines if clock.kind not in _OF_OPENING]
    running = [clock for clock in clocks if clock.due_by > report.as_of]
    if running:
        return min(running, key=lambda clock: clock.due_by)
    return max(clocks, key=lambda clock: clock.due_by, default=None)


def past_due(report: QualityReport) -> list[Deadline]:
    """The clocks that have run out; none of a withdrawn dispute."""
    return [clock for clock in report.deadlines if clock.past_due and report.dispute.withdrawn_at is None]


class LineRecords(Decisions, DisputeQueue, Disputes, Protocol):
    """What a dispute's line is made from."""


def put_line(
    tenant: str, dispute: Dispute, report: QualityReport, at: datetime, records: LineRecords
) -> None:
    """Bring the dispute's line up to date, inside the caller's transaction."""
    decisions = records.decisions(tenant, dispute.id)
    records.put_queue_line(tenant, queue_line(report, dispute, decisions, at))


def fill_lines(database: Database) -> int:
    """Make the lines of reports that earlier releases attached; returns how many. May be stopped and run again.

    A report that cannot be read gets an empty line, and the log names it.
    """
    made = 0
    while True:
        with database.transaction() as records:
            wanted = records.without_queue_line(_AT_ONCE)
            for tenant, dispute_id in wanted:
                attached = records.report(tenant, dispute_id)
                if attached is not None:
                    records.put_queue_line(tenant, _line_of(tenant, dispute_id, attached, records))
        made += len(wanted)
        if len(wanted) < _AT_ONCE:
            return made


def _line_of(tenant: str, dispute_id: str, attached: AttachedReport, records: LineRecords) -> QueueLine:
    dispute = records.dispute(tenant, dispute_id) or Dispute(dispute_id, tenant)
    try:
        report = replace(from_record(attached.body), revision=attached.revision)
    except RecordDamagedError:
        log.exception(
            "report revision %d of dispute %s cannot be read", attached.revision, visible(dispute_id)
        )
        return QueueLine(
            dispute_id, attached.revision, attached.attached_at, "", "", "", "", False, 0, 0, 0, 0, 0, 0
        )  # fmt: skip
    return queue_line(report, dispute, records.decisions(tenant, dispute_id), attached.attached_at)
