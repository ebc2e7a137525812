"""Due dates: when a clock of a dispute runs out, and how late an item was.

Every day-count is policy with its source. Withdrawal, or closing, stops the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from validators.dispute import Dispute
from validators.evidence import Evidence
from validators.policy import Policy
from validators.rules import Rule


@dataclass(frozen=True, slots=True)
class ClockRules:
    """One clock: the event that starts it and the days that it runs."""

    days: Rule[float]
    event: str


@dataclass(frozen=True, slots=True)
class OpenUntilRules(ClockRules):
    """The last day to open a dispute. For some sub-reasons the guides give fewer days."""

    other_recipient_days: Rule[float]
    other_recipient_sub_reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerRules(ClockRules):
    """The clock of the seller's answer, and the events that count as one."""

    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceClockRules(ClockRules):
    """The clock of evidence, and whether the time of receipt counts if no time of submission is known."""

    received_counts: bool


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """[rules.deadlines]: the clocks of a dispute."""

    table: ClassVar[str] = "deadlines"

    open_from: ClockRules
    open_until: OpenUntilRules
    seller_answer: AnswerRules
    evidence: EvidenceClockRules
    protection: ClockRules
    mediation: ClockRules


def clock(dispute: Dispute, as_of: datetime) -> datetime:
    """The time at which clocks are read. It stops at withdrawal or closing."""
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
    rules = policy.group(DeadlineRules).evidence
    general = due_date(dispute, rules)
    if general is not None:
        dates.append((general, rules.days.name))
    return max(dates) if dates else None


def is_late(evidence: Evidence, dispute: Dispute, policy: Policy) -> bool:
    """Whether the item came after its due date, going by the time it was submitted.

    Without a submission time the time of receipt counts only where the policy says so.
    """
    return lateness(evidence, dispute, policy) is not None


def lateness(evidence: Evidence, dispute: Dispute, policy: Policy) -> tuple[timedelta, datetime, str] | None:
    """How late the item is, the date it was due and the rule; None where it is in time or no clock runs."""
    came = evidence.declared.submitted_at
    if came is None and policy.group(DeadlineRules).evidence.received_counts:
        came = evidence.declared.received_at
    due = (
        evidence_due(dispute, evidence.declared.party, evidence.declared.roles, policy)
        if dispute.declared
        else None
    )
    if came is None or due is None or clock(dispute, came) <= due[0]:
        return None
    return came - due[0], *due


def days_of(dispute: Dispute, rules: ClockRules) -> Rule[float]:
    """The rule that says how many days the clock runs in this dispute."""
    if isinstance(rules, OpenUntilRules) and dispute.sub_reason in rules.other_recipient_sub_reasons:
        return rules.other_recipient_days
    return rules.days


def due_date(dispute: Dispute, rules: ClockRules) -> datetime | None:
    """When the clock runs out; None where it has not started."""
    started = start_of(dispute, rules)
    return None if started is None else started + timedelta(days=days_of(dispute, rules).value)


def start_of(dispute: Dispute, rules: ClockRules) -> datetime | None:
    """When the clock started; None where it has not."""
    return _start(dispute, rules.event)


def _start(dispute: Dispute, event: str) -> datetime | None:
    """When the clock starts: of several such events the latest, which makes the fewest items late."""
    if event == "opened":
        return dispute.opened_at
    return max((e.at for e in dispute.order.events if e.type == event), default=None)
