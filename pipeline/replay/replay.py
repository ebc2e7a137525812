"""Judges every stored report again under another policy, from the record alone. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.judgement.confirmed import with_confirmed
from pipeline.judgement.judge import JudgingRecords, bytes_before, judge_items, judged_items
from pipeline.judgement.live_photos import films_of_stills, without
from pipeline.judgement.report_json import plain_report, tree_from_record
from pipeline.replay.differences import Change, Plain, differences_of
from storage.interfaces.record import Database
from validators.before_judging import BEFORE_JUDGING
from validators.disputes.judge import judge_dispute
from validators.policy import Policy
from validators.report import ToolStamp
from validators.rules import rule_names

_AT_A_TIME = 100
_NO_TOOL = ToolStamp("", {}, "")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One dispute judged again: the stored report's revision, how many items it has, and what would change."""

    tenant: str
    dispute_id: str
    revision: int
    items: int
    changes: tuple[Change, ...]


def needs_a_run(names: tuple[str, ...]) -> tuple[str, ...]:
    """The rules among these whose effect a replay cannot show in full."""
    before = {name for group in BEFORE_JUDGING for name in rule_names(group)}
    return tuple(name for name in names if name in before)


def replay_all(
    database: Database, policy: Policy, as_of: datetime | None, only: str | None = None
) -> Iterator[Replayed]:
    """Every dispute with a report, in order; each as of its report's own time unless ``as_of`` is given.

    Reads in many short transactions, so that a worker can go on meanwhile.
    """
    with database.reading() as records:
        ids = [found for found in records.dispute_ids() if only is None or found[1] == only]
    for start in range(0, len(ids), _AT_A_TIME):
        with database.reading() as records:
            for tenant, dispute_id in ids[start : start + _AT_A_TIME]:
                replayed = replay_one(tenant, dispute_id, records, policy, as_of)
                if replayed is not None:
                    yield replayed


def replay_one(
    tenant: str, dispute_id: str, records: JudgingRecords, policy: Policy, as_of: datetime | None
) -> Replayed | None:
    """What would change in one dispute's newest report; None where it has none."""
    stored = records.report(tenant, dispute_id)
    if stored is None:
        return None
    before: Plain = tree_from_record(stored.body)
    after = judged(tenant, dispute_id, records, policy, as_of or datetime.fromisoformat(before["as_of"]))
    changes = tuple(differences_of(before, after)) if after is not None else ()
    return Replayed(tenant, dispute_id, stored.revision, len(before["evidence"]), changes)


def judged(
    tenant: str, dispute_id: str, records: JudgingRecords, policy: Policy, as_of: datetime
) -> Plain | None:
    """The dispute's report under ``policy``, as in report.json; None for a dispute not on the record."""
    dispute = records.dispute(tenant, dispute_id)
    if dispute is None:
        return None
    items = judged_items(tenant, dispute_id, records)
    items = without(items, films_of_stills(items, tenant, records))
    reports = judge_items(items, bytes_before(items), dispute, policy, records, as_of)
    accepted = records.accepted_items(tenant, dispute_id)
    whole = judge_dispute(
        dispute, reports, policy, _NO_TOOL, as_of=as_of, created_at=as_of, revision=1, accepted=accepted
    )
    return plain_report(with_confirmed(whole, records.decisions(tenant, dispute_id)))
