"""The clocks of a dispute: what is due when, by which rule, and what came against it.

Every day-count is policy with its source. Withdrawal, or closing, stops the clocks. A clock that ran out is no fault: "late"
is only what came after its date, or what was required and never came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from validators.dispute import BUYER, SELLER, Dispute, EvidenceRequest
from validators.due_dates import (
    AnswerRules,
    ClockRules,
    DeadlineRules,
    clock,
    days_of,
    due_date,
    evidence_due,
    start_of,
)
from validators.finding import Finding
from validators.policy import Policy
from validators.report import Deadline, EvidenceDetails, EvidenceReport

OPEN, MET, LATE, CLOSED, NOT_KNOWN = "open", "met", "late", "closed", "not_known"
EVIDENCE, REQUESTED = "evidence", "evidence_requested"
_REQUESTS = "dispute.evidence_requests"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the parties sent, and CMP_MISSING for each required thing that never came."""

    items: Sequence[EvidenceReport] = ()
    missing: Sequence[Finding] = ()


NOTHING_SENT = Sent()


def deadlines(
    dispute: Dispute, policy: Policy, as_of: datetime, sent: Sent = NOTHING_SENT
) -> tuple[Deadline, ...]:
    """Every clock that has started, by due date. Without dispute data there is none."""
    if not dispute.declared:
        return ()
    now = clock(dispute, as_of)
    rules = policy.group(DeadlineRules)
    found = [
        _opening("open_from", dispute, rules.open_from, now),
        _opening("open_until", dispute, rules.open_until, now),
        _answer(dispute, rules.seller_answer, now),
        *(_evidence(party, dispute, rules.evidence, now, sent) for party in (BUYER, SELLER)),
        _running_out("protection", dispute, rules.protection, now),
        _running_out("mediation", dispute, rules.mediation, now),
        *(_requested(request, now, sent) for request in dispute.evidence_requests),
    ]
    clocks = (deadline for deadline in found if deadline is not None)
    return tuple(sorted(clocks, key=lambda d: (d.due_by, d.kind, d.party or "")))


def evidence_details(
    dispute: Dispute, items: Sequence[EvidenceReport], policy: Policy, clocks: Sequence[Deadline]
) -> tuple[EvidenceDetails, ...]:
    """How evidence stands for each party, in Stripe's terms. Items of one moment are one submission."""
    return tuple(_details(party, dispute, items, policy, clocks) for party in (BUYER, SELLER))


def _details(
    party: str,
    dispute: Dispute,
    items: Sequence[EvidenceReport],
    policy: Policy,
    clocks: Sequence[Deadline],
) -> EvidenceDetails:
    own = [item for item in items if item.declared.party == party and item.sha256]
    due = evidence_due(dispute, party, (), policy) if dispute.declared else None
    return EvidenceDetails(
        party=party,
        due_by=due[0] if due else None,
        has_evidence=bool(own),
        past_due=any(c.past_due for c in clocks if c.party == party and c.kind in (EVIDENCE, REQUESTED)),
        submission_count=len({_came(item) for item in own}),
    )


def _came(item: EvidenceReport) -> datetime | None:
    return item.declared.submitted_at or item.received_at


def _deadline(
    kind: str,
    party: str | None,
    dispute: Dispute,
    rules: ClockRules,
    state: str,
    last_at: datetime | None = None,
) -> Deadline | None:
    due, days = due_date(dispute, rules), days_of(dispute, rules)
    if due is None:
        return None
    return Deadline(kind, due, days.name, days.source, party, state == LATE, state, last_at)


def _opening(kind: str, dispute: Dispute, rules: ClockRules, now: datetime) -> Deadline | None:
    """A dispute that was opened in time is not past the date to open it by; nothing is late by the first date."""
    due, opened = due_date(dispute, rules), dispute.opened_at
    if due is None:
        return None
    if kind == "open_from":
        state = (MET if opened >= due else CLOSED) if opened else (OPEN if now < due else CLOSED)
    elif opened is not None:
        state = MET if opened <= due else LATE
    else:
        state = OPEN if now <= due else CLOSED
    return _deadline(kind, BUYER, dispute, rules, state, opened)


def _answer(dispute: Dispute, rules: AnswerRules, now: datetime) -> Deadline | None:
    """Only an event says that the seller answered; without one it is not known."""
    due, start = due_date(dispute, rules), start_of(dispute, rules)
    if due is None or start is None:
        return None
    answers = (event.at for event in dispute.order.events if event.type in rules.answers)
    answered = min((at for at in answers if at >= start), default=None)
    if answered is not None:
        state = MET if clock(dispute, answered) <= due else LATE
    else:
        state = OPEN if now <= due else NOT_KNOWN
    return _deadline("seller_answer", SELLER, dispute, rules, state, answered)


def _evidence(party: str, dispute: Dispute, rules: ClockRules, now: datetime, sent: Sent) -> Deadline | None:
    due = due_date(dispute, rules)
    if due is None:
        return None
    own = [item for item in sent.items if item.declared.party == party and item.sha256]
    missing = any(
        finding.params.get("party") == party and finding.params.get("due_rule") == rules.days.name
        for finding in sent.missing
    )
    state = _state(due, now, own, late=missing or any(item.late for item in own))
    return _deadline(EVIDENCE, party, dispute, rules, state, _last(own))


def _requested(request: EvidenceRequest, now: datetime, sent: Sent) -> Deadline:
    wanted = set(request.roles)
    own = [
        item
        for item in sent.items
        if item.declared.party == request.party
        and item.sha256
        and (not wanted or wanted & item.declared.all_roles)
    ]
    missing = any(
        finding.params.get("party") == request.party and finding.params.get("role") in wanted
        for finding in sent.missing
    )
    in_time = any((at := _came(item)) is not None and at <= request.due_by for item in own)
    known = all(_came(item) is not None for item in own)
    state = _state(request.due_by, now, own, late=missing or (known and not in_time))
    return Deadline(
        REQUESTED, request.due_by, _REQUESTS, "G3", request.party, state == LATE, state, _last(own)
    )


def _state(due: datetime, now: datetime, own: Sequence[EvidenceReport], *, late: bool) -> str:
    if now <= due:
        return OPEN
    if late:
        return LATE
    return MET if _last(own) is not None else CLOSED


def _last(items: Sequence[EvidenceReport]) -> datetime | None:
    return max((at for item in items if (at := _came(item)) is not None), default=None)


def _running_out(kind: str, dispute: Dispute, rules: ClockRules, now: datetime) -> Deadline | None:
    """A date that nobody has to answer by."""
    due = due_date(dispute, rules)
    return None if due is None else _deadline(kind, None, dispute, rules, OPEN if now <= due else CLOSED)
