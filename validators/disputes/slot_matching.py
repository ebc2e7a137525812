"""Which item counts for which entry of the checklist: each for one, as many entries as can be met.

Plain augmenting paths on a small bipartite graph. Entries come in their order of importance (required ones first, then as
declared) and try items in the order in which those were sent, so that one answer comes out however often it is asked. An
entry that has an item keeps one: later entries may only make it change to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GOOD, WEAK = "good", "weak"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the checklist. ``fits``: by the item's place among those sent, GOOD or WEAK."""

    required: bool
    fits: Mapping[int, str]


def match_entries(entries: Sequence[Entry]) -> dict[int, int]:
    """From an entry's place to its item's.

    As many required entries as possible get a good item, then optional ones. Then what is left is met by weak items, for
    which a required entry may also take over a good item from another that has a weak one to fall back on.
    """
    matching = _Matching(entries)
    places = sorted(range(len(entries)), key=lambda place: not entries[place].required)
    for weak_left in (0, 1):
        for place in places:
            if place not in matching.item_of:
                matching.add(place, weak_left)
    return matching.item_of


class _Matching:
    """A matching while it grows."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.item_of: dict[int, int] = {}
        self._entry_of: dict[int, int] = {}

    def add(self, place: int, weak_left: int) -> None:
        """Find an item for the entry, moving others where that helps; so many more than before may end up weak."""
        self._find(place, weak_left, set(), for_required=self._entries[place].required)

    def _find(self, place: int, weak_left: int, tried: set[int], *, for_required: bool) -> bool:
        fits = self._entries[place].fits
        for item in sorted(fits, key=lambda one: (one in self._entry_of, fits[one] != GOOD, one)):
            left = weak_left - (fits[item] == WEAK)
            if left < 0 or item in tried:
                continue
            tried.add(item)
            holder = self._entry_of.get(item)
            if holder is None or self._find(
                holder,
                self._weak_left(holder, left, for_required=for_required),
                tried,
                for_required=for_required,
            ):
                self.item_of[place] = item
                self._entry_of[item] = place
                return True
        return False

    def _weak_left(self, holder: int, left: int, *, for_required: bool) -> int:
        """How many weak ones there may be from ``holder`` on, which gives up its item."""
        entry = self._entries[holder]
        if entry.fits[self.item_of[holder]] == WEAK:
            return left + 1
        # A required entry is not made weak for the sake of an optional one.
        return left if for_required or not entry.required else 0
