"""How the entries of a checklist stand: which items fill them, which make them weak, and which are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from validators.checks.clarity_faults import ClarityRules
from validators.disputes.role_kinds import expected_kinds, may_share
from validators.disputes.slot_matching import GOOD, WEAK, Entry, match_entries
from validators.finding import FAIL, WARNING, Finding
from validators.policy import Policy
from validators.report import USABLE, USABLE_WITH_WARNINGS, EvidenceReport, Slot

FILLED, WEAK_SLOT, MISSING = "filled", "weak", "missing"
_USABLE = (USABLE, USABLE_WITH_WARNINGS)


@dataclass(frozen=True, slots=True)
class Need:
    """A role that is asked of a party, and the table that asks for it."""

    role: str
    party: str
    required: bool
    rule: str


def fill_slots(
    needs: Sequence[Need], items: Sequence[EvidenceReport], policy: Policy, accepted: frozenset[str]
) -> tuple[Slot, ...]:
    """The slots in the order of ``needs``. An item counts for one of them, or for two that the policy pairs.

    ``accepted``: ids of items that a mediator accepted as they are; they fill their slots however weak.
    """
    fits = [_fits(need, items, policy, accepted) for need in needs]
    counted = match_entries([Entry(need.required, fit) for need, fit in zip(needs, fits, strict=True)])
    _share(counted, needs, fits, policy)
    further = _further(counted, fits)
    slots = []
    for place, need in enumerate(needs):
        state = MISSING
        if place in counted:
            state = FILLED if fits[place][counted[place]] == GOOD else WEAK_SLOT
        by = (
            [items[one] for one in sorted({counted[place], *further.get(place, ())})]
            if place in counted
            else []
        )
        named = tuple(item.id for item in by if item.id in accepted and not _good(need.role, item, policy))
        slots.append(Slot(need.role, need.party, need.required, state, tuple(item.id for item in by), named))
    return tuple(slots)


def _fits(
    need: Need, items: Sequence[EvidenceReport], policy: Policy, accepted: frozenset[str]
) -> dict[int, str]:
    """By place, the items that were sent for the need. One that never arrived fits nowhere."""
    found = {}
    for place, item in enumerate(items):
        arrived = item.sha256 and not any(found.code == "FMT_UPLOAD_FAILED" for found in item.findings)
        if need.role in item.declared.all_roles and item.declared.party in (need.party, None) and arrived:
            found[place] = GOOD if item.id in accepted or _good(need.role, item, policy) else WEAK
    return found


def _good(role: str, item: EvidenceReport, policy: Policy) -> bool:
    return item.state in _USABLE and not expected_kinds(role, item, policy)


def _share(
    counted: dict[int, int], needs: Sequence[Need], fits: Sequence[Mapping[int, str]], policy: Policy
) -> None:
    """Fill what is left by items that count for the other role of a pair, each for two at most."""
    shared: set[int] = set()
    for place, need in enumerate(needs):
        if place in counted and fits[place][counted[place]] == GOOD:
            continue
        for other, item in sorted(counted.items(), key=lambda one: one[1]):
            pair = fits[place].get(item) == GOOD and may_share(need.role, needs[other].role, policy)
            if pair and item not in shared:
                counted[place] = item
                shared.add(item)
                break


def _further(counted: Mapping[int, int], fits: Sequence[Mapping[int, str]]) -> dict[int, list[int]]:
    """By slot, what was sent for it beside the item that counts: each item under the first slot that is as good as it is."""
    taken, found = set(counted.values()), dict[int, list[int]]()
    for place, fit in enumerate(fits):
        for item, quality in fit.items():
            if item not in taken and place in counted and quality == fit[counted[place]]:
                taken.add(item)
                found.setdefault(place, []).append(item)
    return found


def mismatches(slots: Sequence[Slot], items: Sequence[EvidenceReport], policy: Policy) -> Iterator[Finding]:
    """SLOT_MISMATCH, for each slot that is weak because what was sent for it is of another kind."""
    by_id = {item.id: item for item in items}
    for slot in slots:
        for item in (by_id[one] for one in slot.by if slot.state == WEAK_SLOT):
            expected = expected_kinds(slot.role, item, policy)
            if expected and item.state in _USABLE:
                gone = slot.role in policy.group(ClarityRules).roles_gone
                yield _mismatch(slot, item, expected, gone=gone)
                break


def _mismatch(slot: Slot, item: EvidenceReport, expected: tuple[str, ...], *, gone: bool) -> Finding:
    return Finding(
        code="SLOT_MISMATCH",
        severity=WARNING,
        kind=FAIL,
        action_ids=("SLOT_MISMATCH.gone" if gone else "SLOT_MISMATCH.send",),
        params={
            "role": slot.role,
            "party": slot.party,
            "evidence_id": item.id,
            "file": item.file,
            "item_kind": item.kind,
            "expected": ",".join(expected),
        },
        rule="slots.kinds",
    )
