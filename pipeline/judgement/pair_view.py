"""A stored pair as one of its two items sees it."""

from __future__ import annotations

from storage.database.encoding import decode
from storage.interfaces.matches import Pair
from validators.checks.comparison_sides import turned
from validators.evidence import Comparison
from validators.measures.image.orientation import inverse_orientation


def seen_from(pair: Pair, this_id: str) -> tuple[str, int, Comparison | None]:
    """The other item's id, the EXIF orientation that turns the other into this one, and what comparing measured."""
    found = decode(Comparison, pair.detail) if pair.detail else None
    if pair.first == this_id:
        return pair.second, pair.orientation, found
    return pair.first, inverse_orientation(pair.orientation), turned(found) if found else None
