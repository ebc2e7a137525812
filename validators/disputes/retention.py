"""May what a dispute holds be erased, or must it be kept?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from validators.dispute import Dispute
from validators.policy import Policy
from validators.rules import Rule
from validators.sentences.wording import moment, shown


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """[rules.retention]: how long evidence is kept."""

    table: ClassVar[str] = "retention"

    ended_statuses: Rule[tuple[str, ...]]
    days_after_end: Rule[float]


def held(dispute: Dispute | None) -> str | None:
    """Why nothing of the dispute may be erased at all; None where nothing forbids it."""
    if dispute is not None and dispute.legal_hold:
        return f"dispute {shown(dispute.id)} is under a legal hold"
    return None


def retained(dispute: Dispute | None, policy: Policy, now: datetime) -> str | None:
    """Why the dispute's evidence is to be kept for now, naming the rule; None where it may go.

    A folder that was merely read as a dispute has no status, and is nobody's open case.
    """
    if dispute is None or not dispute.declared:
        return None
    rules = policy.group(RetentionRules)
    end = min((at for at in (dispute.closed_at, dispute.withdrawn_at) if at is not None), default=None)
    name = f"dispute {shown(dispute.id)}"
    if end is None and (dispute.status or "").upper() not in rules.ended_statuses.value:
        status = shown(dispute.status) if dispute.status else "not known"
        return f"{name} has not ended (its status is {status}; rule {rules.ended_statuses.name})"
    days, rule = rules.days_after_end.value, rules.days_after_end.name
    if not days:
        return None
    if end is None:
        return f"it is not known when {name} ended, and its evidence is kept for {days:g} days after (rule {rule})"
    until = end + timedelta(days=days)
    return f"{name} is kept until {moment(until)} (rule {rule})" if now < until else None
