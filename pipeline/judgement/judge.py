"""Judges a dispute from the record alone: every item, then the whole. Attaches the report with its audit entry.

Nothing is opened. So the same code serves a new upload, a changed dispute, and an earlier dispute whose photo turned up
again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pipeline.judgement.confirmed import with_confirmed
from pipeline.judgement.judged_items import JudgedItem, JudgedItems
from pipeline.judgement.live_photos import films_of_stills, without
from pipeline.judgement.pair_view import seen_from
from pipeline.judgement.queue_line import put_line
from pipeline.judgement.remarks import Remarks, with_notices
from pipeline.judgement.report_content import TIMELESS
from pipeline.judgement.report_json import PlainItem, to_json
from pipeline.setup.context import Context
from pipeline.setup.object_keys import FOR_COMPARING
from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.decisions import Decisions
from storage.interfaces.dispute_queue import DisputeQueue
from storage.interfaces.disputes import Disputes
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.examinations import Examination, Examinations, StoredDerivative
from storage.interfaces.matches import Matches, Pair
from storage.interfaces.reports import Reports
from validators.case import Case
from validators.checks.mostly_text import shows_mostly_text
from validators.dispute import Dispute
from validators.disputes.judge import judge_dispute, judge_item
from validators.evidence import INSIDE, Comparison, Evidence, MatchSide, Measurements
from validators.measures.metadata.file_name_dates import file_name_times
from validators.policy import Policy
from validators.report import DerivativeRecord, EvidenceReport, QualityReport

_BATCH = 500
_judged = JudgedItems()


@dataclass(frozen=True, slots=True)
class Judged:
    """A dispute's report, and whether it is a new revision: judging again may change nothing."""

    report: QualityReport
    is_new: bool


class CaseRecords(Disputes, EvidenceItems, Examinations, Matches, Protocol):
    """What is read to judge a dispute's items."""


class JudgingRecords(CaseRecords, Decisions, DisputeQueue, Reports, Protocol):
    """What judging a dispute reads and writes."""


def judge_and_attach(
    tenant: str,
    dispute_id: str,
    context: Context,
    records: JudgingRecords,
    as_of: datetime,
    created_at: datetime,
    remarks: Remarks,
) -> Judged:
    """Judge every current item of the dispute and attach its report. The revision rises only if something changed."""
    records.lock_dispute(tenant, dispute_id)
    dispute = records.dispute(tenant, dispute_id)
    if dispute is None:
        raise LookupError(f"dispute {dispute_id} is not on the record")
    items = judged_items(tenant, dispute_id, records)
    before = bytes_before(items)
    films = films_of_stills(items, tenant, records)
    items = without(items, films)
    files = {still: (file,) for still, (_, file) in films.items()}
    judged: list[JudgedItem] = []
    content = hashlib.sha256()
    for start in range(0, len(items), _BATCH):
        cases = cases_of(items[start : start + _BATCH], before, dispute, context.policy, records, as_of)
        part = [
            _judged.judge(case, context.policy, derivatives, files.get(case.evidence.id, ()))
            for case, derivatives in cases
        ]
        bodies = [(one.report.id, one.report.state, one.body) for one in part]
        records.put_evidence_reports(tenant, MEASURES_VERSION, context.policy.sha256, bodies)
        for one in part:
            content.update(one.body.encode())
        judged += part
    reports = [one.report for one in judged]
    plain = [one.plain for one in judged]
    whole = judge_dispute(
        dispute, reports, context.policy, context.tool,
        as_of=as_of, created_at=created_at, revision=1, skipped=remarks.skipped, notices=remarks.notices,
        accepted=records.accepted_items(tenant, dispute_id),
    )  # fmt: skip
    whole = with_confirmed(with_notices(whole), records.decisions(tenant, dispute_id))
    content.update(_lasting_json(whole).encode())
    attached = _attach(whole, plain, content.hexdigest(), tenant, context, records)
    put_line(tenant, dispute, attached.report, created_at, records)
    return attached


def _lasting_json(report: QualityReport) -> str:
    """All of the report but its items and the times of judging: those alone are no change."""
    return to_json(replace(report, created_at=TIMELESS, as_of=TIMELESS, revision=0, evidence=()))


def judged_items(tenant: str, dispute_id: str, records: EvidenceItems) -> list[Evidence]:
    """What the parties sent; the listing's own images are only compared against."""
    return [item for item in records.evidence_of(tenant, dispute_id) if not item.declared.on_listing]


def bytes_before(items: Iterable[Evidence]) -> dict[str, int]:
    """By item, the size of all that its party sent to the dispute before it: by time, then file, then id.

    What was found inside an item was sent with it, and counts once.
    """
    sums: dict[str | None, int] = defaultdict(int)
    found = {}
    for item in sorted(items, key=lambda item: (item.uploaded_at, item.file, item.id)):
        found[item.id] = sums[item.declared.party]
        sums[item.declared.party] += item.bytes if item.parent is None else 0
    return found


def judge_items(
    items: Sequence[Evidence],
    before: Mapping[str, int],
    dispute: Dispute,
    policy: Policy,
    records: CaseRecords,
    as_of: datetime,
) -> list[EvidenceReport]:
    """The reports of items of one dispute, from the record alone; nothing is written."""
    cases = cases_of(items, before, dispute, policy, records, as_of)
    return [judge_item(case, policy, derivatives) for case, derivatives in cases]


def cases_of(
    items: Sequence[Evidence],
    before: Mapping[str, int],
    dispute: Dispute,
    policy: Policy,
    records: CaseRecords,
    as_of: datetime,
) -> Iterator[tuple[Case, tuple[DerivativeRecord, ...]]]:
    """What each item is judged by, and its pictures."""
    examinations = _examinations(items, dispute.tenant, records)
    match_sides = _match_sides(items, dispute.tenant, policy, records)
    for item in items:
        examination = examinations[item.content_key]
        seen = _with_named_time(item, examination.measurements)
        derivatives = tuple(
            _derivative(stored) for stored in examination.derivatives if stored.kind not in FOR_COMPARING
        )
        yield Case(item, seen, dispute, as_of, tuple(match_sides[item.id]), before[item.id]), derivatives


def _examinations(items: Iterable[Evidence], tenant: str, records: Examinations) -> dict[str, Examination]:
    """By content key. An item that only an older release examined is judged by that examination."""
    keys = {item.content_key for item in items}
    found = records.examinations(tenant, keys, MEASURES_VERSION)
    missing = keys - found.keys()
    return found | records.newest_examinations(tenant, missing) if missing else found


def _with_named_time(item: Evidence, measurements: Measurements) -> Measurements:
    """The date in a file's name belongs to the item, not to its bytes."""
    named = file_name_times(item.file.rsplit(INSIDE, 1)[-1].rsplit("/", 1)[-1])
    return replace(measurements, times=(*measurements.times, *named)) if named else measurements


def _derivative(stored: StoredDerivative) -> DerivativeRecord:
    path = f"media/{stored.key.rsplit('/', 1)[-1]}"
    return DerivativeRecord(
        stored.kind, path, stored.width, stored.height, stored.sha256, stored.page, stored.time_s
    )


def _match_sides(
    items: Sequence[Evidence], tenant: str, policy: Policy, records: CaseRecords
) -> dict[str, list[MatchSide]]:
    """The other side of every pair of every item, nearest first, then earliest."""
    mine = {item.id for item in items}
    pairs = records.pairs_of(tenant, mine)
    others = {item.id: item for item in records.evidence(tenant, _ends(pairs))}
    examinations = _examinations(others.values(), tenant, records)
    disputes = {i: records.dispute(tenant, i) for i in sorted({item.dispute_id for item in others.values()})}
    found: dict[str, list[MatchSide]] = defaultdict(list)
    for pair in pairs:
        for this in (pair.first, pair.second):
            that, turn, comparison = seen_from(pair, this)
            if this in mine and that in others:
                other = others[that]
                dispute, examination = disputes[other.dispute_id], examinations.get(other.content_key)
                side = _match_side(other, dispute, examination, pair, turn, comparison)
                text = examination is not None and shows_mostly_text(examination.measurements, policy)
                found[this].append(replace(side, other_mostly_text=text))
    for match_sides in found.values():
        match_sides.sort(key=lambda s: (s.distance, s.other.uploaded_at, s.other.id))
    return found


def _ends(pairs: Iterable[Pair]) -> set[str]:
    return {end for pair in pairs for end in (pair.first, pair.second)}


def _match_side(
    other: Evidence,
    dispute: Dispute | None,
    examination: Examination | None,
    pair: Pair,
    turn: int,
    comparison: Comparison | None,
) -> MatchSide:
    seen = examination.measurements if examination else Measurements("", "")
    return MatchSide(
        other=other,
        other_account=dispute.account_of(other.declared.party) if dispute else None,
        other_declared=dispute.declared if dispute else False,
        method=pair.method,
        distance=pair.distance,
        orientation=turn,
        other_kind=seen.kind,
        other_has_gps=seen.has_gps,
        comparison=comparison,
    )


def _attach(
    report: QualityReport,
    plain: list[PlainItem],
    content: str,
    tenant: str,
    context: Context,
    records: Reports,
) -> Judged:
    """Attach as a new revision only where the content changed."""
    known = records.report(tenant, report.dispute.id)
    if known is not None and known.content_sha256 == content:
        return Judged(replace(report, revision=known.revision), is_new=False)
    numbered = replace(report, revision=known.revision + 1 if known else 1)
    records.attach_report(
        tenant, report.dispute.id, to_json(numbered, plain), content, context.policy.sha256, report.created_at
    )
    return Judged(numbered, is_new=True)
