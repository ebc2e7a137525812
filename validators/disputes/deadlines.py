"""The clocks of a dispute: what is due when, by which rule, and what came late.

Every day-count is policy with its source. Withdrawal, or closing, stops the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from validators.dispute import BUYER, SELLER, Dispute, EvidenceRequest
from validators.evidence import Evidence
from validators.policy import Policy
from validators.report import Deadline, EvidenceDetails, EvidenceReport

_CLOCKS = (
    ("open_from", BUYER),
    ("open_until", BUYER),
    ("seller_answer", SELLER),
    ("evidence", BUYER),
    ("evidence", SELLER),
    ("protection", None),
    ("mediation", None),
)
"""Each kind of clock, named like its rules, and whose it is."""


def deadlines(dispute: Dispute, policy: Policy, as_of: datetime) -> tuple[Deadline, ...]:
    """Every clock that has started, by due date. Without dispute data there is none."""
    if not dispute.declared:
        return ()
    now = clock(dispute, as_of)
    found = [d for kind, party in _CLOCKS if (d := _deadline(dispute, policy, kind, party, now))]
    found += [_requested(request, now) for request in dispute.evidence_requests]
    return tuple(sorted(found, key=lambda d: (d.due_by, d.kind, d.party or "")))


def clock(dispute: Dispute, as_of: datetime) -> datetime:
    """The time by which clocks are read: it stands still from withdrawal or closing on."""
    return min(at for at in (as_of, dispute.withdrawn_at, dispute.closed_at) if at is not None)


def evidence_due(
    dispute: Dispute, party: str | None, roles: Iterable[str], policy: Policy
) -> tuple[datetime, str] | None:
    """When evidence of ``party`` in one of ``roles`` is due, and by which rule; None where no clock runs.

    The latest of the general date and of every request that covers it, so that the fewest items are late.
    """
    wanted = set(roles)
    dates = [
        (request.due_by, "dispute.evidence_requests")
        for request in dispute.evidence_requests
        if request.party == party and (not request.roles or not wanted or wanted & set(request.roles))
    ]
    general = _due(dispute, policy, "evidence")
    if general is not None:
        dates.append((general, "deadlines.evidence.days"))
    return max(dates) if dates else None


def is_late(evidence: Evidence, dispute: Dispute, policy: Policy) -> bool:
    """Whether the item came after its due date, going by the time it was submitted.

    Without a submission time the time of receipt counts only where the policy says so.
    """
    return lateness(evidence, dispute, policy) is not None


def lateness(evidence: Evidence, dispute: Dispute, policy: Policy) -> tuple[timedelta, datetime, str] | None:
    """How late the item is, the date it was due and the rule; None where it is in time or no clock runs."""
    came = evidence.submitted_at
    if came is None and policy.flag("deadlines.evidence.received_counts"):
        came = evidence.received_at
    due = evidence_due(dispute, evidence.party, evidence.roles, policy) if dispute.declared else None
    if came is None or due is None or came <= due[0] or clock(dispute, came) <= due[0]:
        return None
    return came - due[0], *due


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
    own = [item for item in items if item.party == party and item.sha256]
    moments = [item.submitted_at or item.received_at for item in own]
    last = max((at for at in moments if at is not None), default=None)
    due = evidence_due(dispute, party, (), policy) if dispute.declared else None
    return EvidenceDetails(
        party=party,
        due_by=due[0] if due else None,
        has_evidence=bool(own),
        past_due=any(item.late and (item.submitted_at or item.received_at) == last for item in own),
        submission_count=len(set(moments)),
    )


def _deadline(
    dispute: Dispute, policy: Policy, kind: str, party: str | None, now: datetime
) -> Deadline | None:
    due = _due(dispute, policy, kind)
    if due is None:
        return None
    rule = policy.rule(f"deadlines.{kind}.days")
    # A dispute that was opened in time is not past the date to open it by; nothing is late by the first date.
    reached = dispute.opened_at or now if kind == "open_until" else now
    past_due = kind != "open_from" and reached > due
    return Deadline(kind, due, rule.name, rule.source, party, past_due)


def _requested(request: EvidenceRequest, now: datetime) -> Deadline:
    rule = "dispute.evidence_requests"
    return Deadline("evidence_requested", request.due_by, rule, "G3", request.party, now > request.due_by)


def _due(dispute: Dispute, policy: Policy, kind: str) -> datetime | None:
    started = _start(dispute, str(policy.rule(f"deadlines.{kind}.event").value))
    return None if started is None else started + timedelta(days=policy.number(f"deadlines.{kind}.days"))


def _start(dispute: Dispute, event: str) -> datetime | None:
    """When the clock starts: of several such events the latest, which makes the fewest items late."""
    if event == "opened":
        return dispute.opened_at
    return max((e.at for e in dispute.order.events if e.type == event), default=None)
