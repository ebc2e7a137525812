"""May what a dispute holds be erased, or must it be kept?"""

from __future__ import annotations

from datetime import datetime, timedelta

from validators.dispute import Dispute
from validators.policy import Policy
from validators.sentences.wording import moment, shown

_ENDED = "retention.ended_statuses"
_DAYS = "retention.days_after_end"


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
    end = min((at for at in (dispute.closed_at, dispute.withdrawn_at) if at is not None), default=None)
    name = f"dispute {shown(dispute.id)}"
    if end is None and (dispute.status or "").upper() not in policy.names(_ENDED):
        status = shown(dispute.status) if dispute.status else "not known"
        return f"{name} has not ended (its status is {status}; rule {_ENDED})"
    days = policy.number(_DAYS)
    if not days:
        return None
    if end is None:
        return f"it is not known when {name} ended, and its evidence is kept for {days:g} days after (rule {_DAYS})"
    until = end + timedelta(days=days)
    return f"{name} is kept until {moment(until)} (rule {_DAYS})" if now < until else None
