"""Is everything there that the reason needs: filled, weak or missing, by party and role.

Weak never blocks: some photos cannot be taken again, and a mediator may accept one as it is. A missing slot
is an open item until its due date and only then CMP_MISSING.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from validators.dispute import BUYER, SELLER, Dispute
from validators.disputes.slots import MISSING, Need, fill_slots, mismatches
from validators.due_dates import clock, evidence_due
from validators.finding import FAIL, WARNING, Finding, time_param
from validators.policy import Policy, ReasonNeeds
from validators.report import Completeness, EvidenceReport, Slot

RETURN_AGREED = "return_agreed"
"""The policy's needs beside those of the sub-reason, once a return is agreed."""


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
    if not dispute.declared:
        return Completeness(applicable=False)
    table = checklist_of(dispute, policy)
    unknown = dispute.sub_reason is not None and table != dispute.sub_reason
    needs = list(_needs(table, dispute, policy))
    if not needs:
        return Completeness(applicable=False, unknown_sub_reason=unknown)
    slots = fill_slots(needs, items, policy, accepted)
    missing = [
        found
        for need, slot in zip(needs, slots, strict=True)
        if (found := _missing(need, slot, dispute, policy, as_of)) is not None
    ]
    return Completeness(
        applicable=True,
        slots=slots,
        findings=(*missing, *mismatches(slots, items, policy)),
        unknown_sub_reason=unknown,
        general=unknown and table is not None,
    )


def checklist_of(dispute: Dispute, policy: Policy) -> str | None:
    """The table of the policy that says what is needed: the sub-reason's, else for a sub-reason that the policy does not
    know the reason's general one; None without either."""
    if dispute.sub_reason is None or dispute.sub_reason in policy.reasons:
        return dispute.sub_reason
    return dispute.reason if dispute.reason in policy.reasons else None


def _needs(table: str | None, dispute: Dispute, policy: Policy) -> Iterator[Need]:
    """Each role of each party once: by the checklist, an agreed return, then what a mediator asked for."""
    seen: set[tuple[str, str]] = set()
    for need in (*_by_reason(table, dispute, policy), *_by_request(dispute)):
        if (need.party, need.role) not in seen:
            seen.add((need.party, need.role))
            yield need


def _by_reason(table: str | None, dispute: Dispute, policy: Policy) -> Iterator[Need]:
    names = [table] if table is not None else []
    if dispute.return_agreed and RETURN_AGREED in policy.reasons:
        names.append(RETURN_AGREED)
    needs = [need for name in names for need in _of(name, policy.reasons[name])]
    # What one table requires goes before what another merely allows.
    yield from sorted(needs, key=lambda need: not need.required)


def _of(name: str, reason: ReasonNeeds) -> Iterator[Need]:
    for party in (BUYER, SELLER):
        roles = reason.needs.get(party)
        if roles is not None:
            yield from (Need(role, party, True, f"reasons.{name}") for role in roles.required)
            yield from (Need(role, party, False, f"reasons.{name}") for role in roles.optional)


def _by_request(dispute: Dispute) -> Iterator[Need]:
    for request in dispute.evidence_requests:
        yield from (Need(role, request.party, True, "dispute.evidence_requests") for role in request.roles)


def _missing(need: Need, slot: Slot, dispute: Dispute, policy: Policy, as_of: datetime) -> Finding | None:
    if slot.state != MISSING or not need.required:
        return None
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
