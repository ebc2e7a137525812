"""Pairs of items that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that look alike: one row, shown from both sides; ``first`` < ``second`` as strings.

    ``orientation`` is the EXIF orientation that turns ``second`` into ``first``. ``detail`` is JSON that only its
    writer reads, as seen from ``first``. Of two pairs of the same items, the one with the higher ``rank`` counts.
    """

    first: str
    second: str
    method: str
    distance: int
    orientation: int
    algorithm: str
    version: str
    detail: str = ""
    rank: int = 0


class Matches(Protocol):
    """One row for each pair of items."""

    def put_pairs(self, tenant: str, pairs: Iterable[Pair]) -> Sequence[Pair]:
        """Store pairs. Returns those that change reports: new ones, and those that replaced one of lower rank.

        A stored pair is replaced only by one of a higher rank, or of the same rank and a smaller distance or
        another version.
        """

    def pairs_of(self, tenant: str, evidence_ids: Iterable[str]) -> Sequence[Pair]:
        """Every pair that has one of the items on either side, ordered by (first, second)."""
