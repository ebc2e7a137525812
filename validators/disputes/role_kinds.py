"""Which kinds of item a role takes: a photo is no video of a defect, and no tracking page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from validators.evidence import PHOTO, UNKNOWN
from validators.policy import Policy
from validators.report import EvidenceReport

PAGE_PHOTO = "page_photo"
"""A photo that shows mostly text: it does for a page."""


@dataclass(frozen=True, slots=True)
class SlotRules:
    """[rules.slots]: what fills an entry of the checklist."""

    table: ClassVar[str] = "slots"

    kinds: Mapping[str, tuple[str, ...]]
    pairs: tuple[tuple[str, ...], ...]


def expected_kinds(role: str, item: EvidenceReport, policy: Policy) -> tuple[str, ...]:
    """The kinds that the role takes, where the item is of none of them; empty where it may fill the role.

    Of an item whose kind is not known nothing is said.
    """
    takes = policy.group(SlotRules).kinds.get(role, ())
    if not takes or item.kind == UNKNOWN or item.kind in takes:
        return ()
    page = item.kind == PHOTO and item.mostly_text and PAGE_PHOTO in takes
    return () if page else tuple(kind for kind in takes if kind != PAGE_PHOTO)


def may_share(first: str, second: str, policy: Policy) -> bool:
    """Whether one item may fill both roles."""
    return any({first, second} == set(pair) for pair in policy.group(SlotRules).pairs)
