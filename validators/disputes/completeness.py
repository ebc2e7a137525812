"""Is everything there that the reason needs: filled, weak or missing, by party and role.

Weak never blocks: some photos cannot be taken again, and a mediator may accept one as it is. A missing slot
is an open item until its due date and only then CMP_MISSING.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from validators.dispute import BUYER, SELLER, Dispute
from validators.due_dates import clock, evidence_due
from validators.finding import FAIL, WARNING, Finding, time_param
from validators.policy import Policy, ReasonNeeds
from validators.report import USABLE, USABLE_WITH_WARNINGS, Completeness, EvidenceReport, Slot

FILLED, WEAK, MISSING = "filled", "weak", "missing"
RETURN_AGREED = "return_agreed"
"""The policy's needs beside those of the sub-reason, once a return is agreed."""

_USABLE = (USABLE, USABLE_WITH_WARNINGS)


@dataclass(frozen=True, slots=True)
class _Need:
    role: str
    party: str
    required: bool
    rule: str


def completeness(
    dispute: Dispute,
    items: Sequence[EvidenceReport],
    policy: Policy,
    as_of: datetime,
    accepted: frozenset[str] = frozenset(),
) -> Completeness:
    """The slots that the dispute asks for; not applicable without dispute data or a known reason.

    ``accepted``: ids of items that a mediator accepted as they are; they fill their slots however weak.
    """
    needs = list(_needs(dispute, policy)) if dispute.declared else []
    if not needs:
        return Completeness(applicable=False)
    slots = tuple(_slot(need, items, accepted) for need in needs)
    missing = [
        need for need, slot in zip(needs, slots, strict=True) if slot.state == MISSING and need.required
    ]
    found = (_missing(need, dispute, policy, as_of) for need in missing)
    return Completeness(True, slots, tuple(finding for finding in found if finding is not None))


def _needs(dispute: Dispute, policy: Policy) -> Iterator[_Need]:
    """Each role of each party once: by the sub-reason, an agreed return, then what a mediator asked for."""
    seen: set[tuple[str, str]] = set()
    for need in (*_by_reason(dispute, policy), *_by_request(dispute)):
        if (need.party, need.role) not in seen:
            seen.add((need.party, need.role))
            yield need


def _by_reason(dispute: Dispute, policy: Policy) -> Iterator[_Need]:
    names = [dispute.sub_reason] if dispute.sub_reason in policy.reasons else []
    if dispute.return_agreed and RETURN_AGREED in policy.reasons:
        names.append(RETURN_AGREED)
    needs = [need for name in names if name for need in _of(name, policy.reasons[name])]
    # What one table requires goes before what another merely allows.
    yield from sorted(needs, key=lambda need: not need.required)


def _of(name: str, reason: ReasonNeeds) -> Iterator[_Need]:
    for party in (BUYER, SELLER):
        roles = reason.needs.get(party)
        if roles is not None:
            yield from (_Need(role, party, True, f"reasons.{name}") for role in roles.required)
            yield from (_Need(role, party, False, f"reasons.{name}") for role in roles.optional)


def _by_request(dispute: Dispute) -> Iterator[_Need]:
    for request in dispute.evidence_requests:
        yield from (_Need(role, request.party, True, "dispute.evidence_requests") for role in request.roles)


def _slot(need: _Need, items: Sequence[EvidenceReport], accepted: frozenset[str]) -> Slot:
    there = [item for item in items if _fits(item, need)]
    weak_but_accepted = tuple(i.id for i in there if i.id in accepted and i.state not in _USABLE)
    filling = tuple(i.id for i in there if i.state in _USABLE or i.id in weak_but_accepted)
    if filling:
        return Slot(need.role, need.party, need.required, FILLED, filling, weak_but_accepted)
    by = tuple(item.id for item in there)
    return Slot(need.role, need.party, need.required, WEAK if by else MISSING, by)


def _fits(item: EvidenceReport, need: _Need) -> bool:
    """Whether the item was sent to fill the slot. One that never arrived fills none."""
    named = need.role in item.declared.roles or item.declared.evidence_type == need.role
    return named and item.declared.party in (need.party, None) and bool(item.sha256)


def _missing(need: _Need, dispute: Dispute, policy: Policy, as_of: datetime) -> Finding | None:
    due = evidence_due(dispute, need.party, (need.role,), policy)
    if due is None or clock(dispute, as_of) <= due[0]:
        return None
    return Finding(
        code="CMP_MISSING",
        severity=WARNING,
        kind=FAIL,
        action_ids=("CMP_MISSING.send",),
        params={
            "role": need.role,
            "party": need.party,
            "due_by": time_param(due[0]),
            "due_rule": due[1],
        },
        rule=need.rule,
    )
