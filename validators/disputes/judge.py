"""Judging: one item to its report, and a dispute's items to the dispute's report. Nothing is opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from validators.case import Case
from validators.chat_block import chat_block
from validators.checks.all_checks import examine, guarded
from validators.checks.capture_time import best_candidate
from validators.checks.clarity import clarity_block
from validators.checks.dated import what_it_says
from validators.checks.mostly_text import shows_mostly_text
from validators.checks.order_numbers import number_answers
from validators.checks.origin import origin_block
from validators.checks.recordings.audio import audio_block
from validators.checks.reuse import matches_of
from validators.checks.video_block import video_block
from validators.dispute import BUYER, SELLER, Dispute
from validators.disputes.completeness import completeness
from validators.disputes.deadlines import Sent, deadlines, evidence_details
from validators.disputes.summary import summarize
from validators.due_dates import is_late
from validators.evidence import Measurements
from validators.policy import Policy
from validators.report import (
    SCHEMA,
    CaptureTime,
    DerivativeRecord,
    DisputeView,
    EvidenceDetails,
    EvidenceReport,
    OrderEventView,
    OrderView,
    PartyView,
    PolicyStamp,
    QualityReport,
    ResolutionView,
    ToolStamp,
)
from validators.states import state_of


def judge_item(case: Case, policy: Policy, derivatives: tuple[DerivativeRecord, ...] = ()) -> EvidenceReport:
    """The report of one item."""
    item, measured = case.evidence, case.measurements
    findings = examine(case, policy)
    blocks = (
        guarded("clarity", case, lambda: clarity_block(measured, policy)),
        guarded("capture_time", case, lambda: _capture_time(case, policy)),
        guarded("reuse", case, lambda: matches_of(case, policy)),
        guarded("numbers", case, lambda: number_answers(case, policy)),
        guarded("moving", case, lambda: video_block(case, policy)),
        guarded("origin", case, lambda: origin_block(case, policy)),
        guarded("audio", case, lambda: audio_block(case, policy)),
        guarded("chat", case, lambda: chat_block(measured)),
    )
    (
        (clarity, _),
        (capture_time, _),
        (matches, _),
        (answers, _),
        (video, _),
        (origin, _),
        (sound, _),
        (chat, _),
    ) = blocks
    told = {finding.params.get("validator") for finding in findings}
    findings += tuple(fault for _, fault in blocks if fault and fault.params["validator"] not in told)
    width, height = _size(measured)
    return EvidenceReport(
        id=item.id,
        file=item.file,
        sha256=item.sha256 or None,
        bytes=item.bytes,
        declared=item.declared,
        detected_type=measured.detected_type or None,
        kind=measured.kind,
        state=state_of(findings, measured),
        received_at=item.declared.received_at,
        late=is_late(item, case.dispute, policy),
        width=width,
        height=height,
        pages=measured.page_count,
        duration_s=_duration(measured),
        metadata=measured.metadata,
        text=measured.text,
        clarity=clarity,
        capture_time=capture_time,
        findings=findings,
        matches=matches or (),
        derivatives=derivatives,
        numbers=answers or (),
        video=video,
        audio=sound,
        chat=chat,
        mostly_text=shows_mostly_text(measured, policy),
        parent=item.parent,
        origin=origin,
    )


def judge_dispute(
    dispute: Dispute,
    items: Sequence[EvidenceReport],
    policy: Policy,
    tool: ToolStamp,
    *,
    as_of: datetime,
    created_at: datetime,
    revision: int,
    skipped: tuple[str, ...] = (),
    notices: tuple[str, ...] = (),
    accepted: frozenset[str] = frozenset(),
) -> QualityReport:
    """The report of a dispute from its items' reports. ``as_of`` and ``created_at`` are aware UTC.

    ``accepted``: see completeness.
    """
    filled = completeness(dispute, items, policy, as_of, accepted)
    missing = [finding for finding in filled.findings if finding.code == "CMP_MISSING"]
    clocks = deadlines(dispute, policy, as_of, Sent(items, missing))
    return QualityReport(
        schema=SCHEMA,
        created_at=created_at,
        as_of=as_of,
        revision=revision,
        dispute=_view(dispute, evidence_details(dispute, items, policy, clocks)),
        policy=PolicyStamp(policy.id, policy.version, policy.sha256),
        tool=tool,
        evidence=tuple(items),
        completeness=filled,
        deadlines=clocks,
        summary=summarize(items, filled),
        skipped=skipped,
        notices=notices,
    )


def _capture_time(case: Case, policy: Policy) -> CaptureTime:
    times = case.measurements.times
    best = best_candidate(times, policy, case.evidence.uploaded_at)
    return CaptureTime(best, times, what_it_says(best, case.measurements.kind, case.dispute, policy))


def _duration(measured: Measurements) -> float | None:
    timed = measured.video or measured.audio
    return timed.duration_s if timed else None


def _size(measured: Measurements) -> tuple[int | None, int | None]:
    geometry = measured.image or measured.video
    return (geometry.width, geometry.height) if geometry else (None, None)


def _view(dispute: Dispute, details: tuple[EvidenceDetails, ...]) -> DisputeView:
    order, asked = dispute.order, dispute.requested_resolution
    events = tuple(OrderEventView(event.type, event.at, event.source) for event in order.events)
    return DisputeView(
        id=dispute.id,
        tenant=dispute.tenant,
        declared=dispute.declared,
        reason=dispute.reason,
        sub_reason=dispute.sub_reason,
        stage=dispute.stage,
        status=dispute.status,
        opened_at=dispute.opened_at,
        withdrawn_at=dispute.withdrawn_at,
        listing_id=dispute.listing_id,
        parties={BUYER: PartyView(dispute.buyer.id), SELLER: PartyView(dispute.seller.id)},
        order=OrderView(order.id, order.tracking, order.promised_by, events),
        evidence_details=details,
        requested_resolution=ResolutionView(asked.type, asked.amount, asked.return_goods) if asked else None,
    )
