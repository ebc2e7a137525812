"""May what a dispute holds be erased, or must it be kept?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from validators.dispute import Dispute
from validators.finding import time_param
from validators.policy import Policy
from validators.rules import Rule
from validators.statement import Statement


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """[rules.retention]: how long evidence is kept."""

    table: ClassVar[str] = "retention"

    ended_statuses: Rule[tuple[str, ...]]
    days_after_end: Rule[float]
    media_days: Rule[float]


def held(dispute: Dispute | None) -> Statement | None:
    """Why nothing of the dispute may be erased at all; None where nothing forbids it."""
    if dispute is not None and dispute.legal_hold:
        return Statement("retention.held", {"dispute": dispute.id})
    return None


def retained(dispute: Dispute | None, policy: Policy, now: datetime) -> Statement | None:
    """Why the dispute's evidence is to be kept for now, naming the rule; None where it may go.

    A folder that was merely read as a dispute has no status, and is nobody's open case.
    """
    if dispute is None or not dispute.declared:
        return None
    rules = policy.group(RetentionRules)
    end = min((at for at in (dispute.closed_at, dispute.withdrawn_at) if at is not None), default=None)
    if end is None and (dispute.status or "").upper() not in rules.ended_statuses.value:
        told = {"dispute": dispute.id, "status": dispute.status, "rule": rules.ended_statuses.name}
        return Statement("retention.not_ended" if dispute.status else "retention.no_status", told)
    days, rule = rules.days_after_end.value, rules.days_after_end.name
    if not days:
        return None
    if end is None:
        return Statement("retention.end_unknown", {"dispute": dispute.id, "days": days, "rule": rule})
    until = end + timedelta(days=days)
    if now >= until:
        return None
    return Statement("retention.until", {"dispute": dispute.id, "until": time_param(until), "rule": rule})


def media_kept(
    dispute: Dispute | None, last_received: datetime | None, policy: Policy, now: datetime
) -> Statement | None:
    """Why the dispute's files and pictures are to be kept for now; None where their time has run out.

    The time starts at the end of the dispute or with its last upload, whichever is later. What is not known to have
    ended is kept: nobody asked for this removal, so doubt speaks against it.
    """
    if (hold := held(dispute)) is not None:
        return hold
    rules = policy.group(RetentionRules)
    if dispute is None or not dispute.declared:
        return Statement(
            "retention.no_status",
            {"dispute": dispute.id if dispute else "", "rule": rules.ended_statuses.name},
        )
    ends = [at for at in (dispute.closed_at, dispute.withdrawn_at) if at is not None]
    status = (dispute.status or "").upper()
    if status not in rules.ended_statuses.value and (status or not ends):
        told = {"dispute": dispute.id, "status": dispute.status, "rule": rules.ended_statuses.name}
        return Statement("retention.not_ended" if status else "retention.no_status", told)
    days, rule = rules.media_days.value, rules.media_days.name
    if not ends:
        return Statement("retention.end_unknown", {"dispute": dispute.id, "days": days, "rule": rule})
    until = max([*ends, *([last_received] if last_received else [])]) + timedelta(days=days)
    if now >= until:
        return None
    return Statement("retention.until", {"dispute": dispute.id, "until": time_param(until), "rule": rule})
