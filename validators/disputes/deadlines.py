"""The clocks of a dispute: what is due when, by which rule, and what came late.

Every day-count is policy with its source. Withdrawal, or closing, stops the clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from validators.dispute import BUYER, SELLER, Dispute, EvidenceRequest
from validators.due_dates import ClockRules, DeadlineRules, clock, due_date, evidence_due
from validators.policy import Policy
from validators.report import Deadline, EvidenceDetails, EvidenceReport


def deadlines(dispute: Dispute, policy: Policy, as_of: datetime) -> tuple[Deadline, ...]:
    """Every clock that has started, by due date. Without dispute data there is none."""
    if not dispute.declared:
        return ()
    now = clock(dispute, as_of)
    found = [d for one in _clocks(policy) if (d := _deadline(dispute, *one, now))]
    found += [_requested(request, now) for request in dispute.evidence_requests]
    return tuple(sorted(found, key=lambda d: (d.due_by, d.kind, d.party or "")))


def _clocks(policy: Policy) -> tuple[tuple[str, str | None, ClockRules], ...]:
    """Each kind of clock, whose it is, and its rules."""
    rules = policy.group(DeadlineRules)
    return (
        ("open_from", BUYER, rules.open_from),
        ("open_until", BUYER, rules.open_until),
        ("seller_answer", SELLER, rules.seller_answer),
        ("evidence", BUYER, rules.evidence),
        ("evidence", SELLER, rules.evidence),
        ("protection", None, rules.protection),
        ("mediation", None, rules.mediation),
    )


def evidence_details(
    dispute: Dispute, items: Sequence[EvidenceReport], policy: Policy
) -> tuple[EvidenceDetails, ...]:
    """How evidence stands for each party, in Stripe's terms.

    ``past_due`` says that the last submission came after its due date; items of one moment are one
    submission.
    """
    return tuple(_details(party, dispute, items, policy) for party in (BUYER, SELLER))


def _details(
    party: str, dispute: Dispute, items: Sequence[EvidenceReport], policy: Policy
) -> EvidenceDetails:
    own = [item for item in items if item.declared.party == party and item.sha256]
    moments = [item.declared.submitted_at or item.received_at for item in own]
    last = max((at for at in moments if at is not None), default=None)
    due = evidence_due(dispute, party, (), policy) if dispute.declared else None
    return EvidenceDetails(
        party=party,
        due_by=due[0] if due else None,
        has_evidence=bool(own),
        past_due=any(item.late and (item.declared.submitted_at or item.received_at) == last for item in own),
        submission_count=len(set(moments)),
    )


def _deadline(
    dispute: Dispute, kind: str, party: str | None, rules: ClockRules, now: datetime
) -> Deadline | None:
    due = due_date(dispute, rules)
    if due is None:
        return None
    # A dispute that was opened in time is not past the date to open it by; nothing is late by the first date.
    reached = dispute.opened_at or now if kind == "open_until" else now
    past_due = kind != "open_from" and reached > due
    return Deadline(kind, due, rules.days.name, rules.days.source, party, past_due)


def _requested(request: EvidenceRequest, now: datetime) -> Deadline:
    rule = "dispute.evidence_requests"
    return Deadline("evidence_requested", request.due_by, rule, "G3", request.party, now > request.due_by)
