"""Does a party still have what it photographed? Nobody is asked for a new photo of something that is with somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from validators.case import Case
from validators.dispute import BUYER, SELLER
from validators.policy import Policy


@dataclass(frozen=True, slots=True)
class InHandRules:
    """[rules.in_hand]: after which events, and in which disputes, a party does not have the item."""

    table: ClassVar[str] = "in_hand"

    left_seller: tuple[str, ...]
    left_buyer: tuple[str, ...]
    never_with_buyer: tuple[str, ...]


def may_be_in_hand(case: Case, policy: Policy) -> bool:
    """Whether the party that sent the item may still have the goods, as far as the dispute says."""
    rules, dispute = policy.group(InHandRules), case.dispute
    party = case.evidence.declared.party
    if party == BUYER and dispute.sub_reason in rules.never_with_buyer:
        return False
    leaving = {BUYER: rules.left_buyer, SELLER: rules.left_seller}.get(party or "", ())
    coming = rules.left_buyer if party == SELLER else ()
    moves = sorted(
        (event.at, event.type in coming)
        for event in dispute.order.events
        if event.at <= case.as_of and event.type in (*leaving, *coming)
    )
    return not moves or moves[-1][1]
