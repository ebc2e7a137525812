"""Copies of an item's copies: among many, an original is found by what its copies were paired with before.

A source proposes the few likeliest files, and twenty copies of one photo may all be likelier than the original of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pipeline.reuse.candidates import Candidate
from pipeline.reuse.codebook import SCHEME
from storage.database.encoding import decode
from storage.interfaces.matches import Pair
from storage.interfaces.record import Record
from validators.checks.match_class import ALIGNED
from validators.evidence import Comparison

_AGREES = 0.6  # of the tiles: pairs of one scene lead to nothing but the scene


def relatives(
    tenant: str, mates: Mapping[str, Candidate], compared: Collection[str], records: Record, most: int
) -> list[Candidate]:
    """What the ``mates``, items found already by id, were paired with, but for files ``compared``: at most ``most`` files, the
    earliest sent first."""
    parts: dict[str, tuple[int, int]] = {}
    for pair in records.pairs_of(tenant, mates):
        for mate, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if mate in mates and other not in mates:
                linked = _parts(pair, mate)
                if linked is not None:
                    parts.setdefault(other, (mates[mate].part, linked))
    return _earliest(tenant, parts, compared, records, most)


def _parts(pair: Pair, mate: str) -> int | None:
    """Which part of the other item the mate was found to show; None where the pair is no copy."""
    seen = decode(Comparison, pair.detail) if pair.detail else None
    if pair.method == ALIGNED and (seen is None or seen.correlated < _AGREES):
        return None
    if seen is None:
        return 0
    return seen.other_part if pair.first == mate else seen.this_part


def _earliest(
    tenant: str,
    parts: Mapping[str, tuple[int, int]],
    compared: Collection[str],
    records: Record,
    most: int,
) -> list[Candidate]:
    items = sorted(records.evidence(tenant, parts), key=lambda item: (item.uploaded_at, item.id))
    found: dict[str, Candidate] = {}
    for item in items:
        if item.sha256 and item.sha256 not in compared:
            mine, theirs = parts[item.id]
            found.setdefault(item.sha256, Candidate(mine, item.sha256, theirs, SCHEME))
    return list(found.values())[:most]
