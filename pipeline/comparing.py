"""Remember, then look: every item is made findable before it searches, so of two twins at least one sees the other."""

from __future__ import annotations

from collections.abc import Sequence

from storage.interfaces import Disputes, Examination, Hit, Pair
from validators.evidence import PHOTO, Evidence, Fingerprint, Measurements
from validators.measures.orientation import inverse_orientation
from validators.policy import Policy

PIXELS = "pixels"
"""Algorithm of the fingerprint that only the very same decoded pixels share."""


def remember(evidence: Evidence, examination: Examination, records: Disputes) -> None:
    """Make the item's file findable by its fingerprint, or by its very pixels where it is no photo.

    An item without bytes has no fingerprint either.
    """
    found = fingerprints_of(examination.measurements)
    records.add_fingerprints(evidence.tenant, [(evidence.sha256, fingerprint) for fingerprint in found])


def look(evidence: Evidence, examination: Examination, records: Disputes, policy: Policy) -> Sequence[Pair]:
    """Find items like this one and store each pair; returns the pairs that were new."""
    limit = policy.integer("reuse.max_pairs")
    pairs = [
        _pair(evidence, other, Hit(evidence.sha256, 0, 1), "sha256", "1")
        for other in records.evidence_with_bytes(evidence.tenant, evidence.sha256, limit)
    ]
    for fingerprint in fingerprints_of(examination.measurements):
        reach = policy.integer("reuse.max_distance") if fingerprint.algorithm != PIXELS else 0
        for hit in records.search(evidence.tenant, fingerprint, reach, limit):
            if hit.sha256 != evidence.sha256 and _comparable(
                examination, hit, fingerprint, records, evidence.tenant
            ):
                others = records.evidence_with_bytes(evidence.tenant, hit.sha256, limit)
                pairs += [
                    _pair(evidence, other, hit, fingerprint.algorithm, fingerprint.version)
                    for other in others
                ]
    wanted = [pair for pair in pairs if pair.first != pair.second]
    return records.put_pairs(evidence.tenant, wanted) if wanted else ()


def fingerprints_of(measurements: Measurements) -> list[Fingerprint]:
    """What a file is found by: a photo by its perceptual hash, anything else by its very pixels."""
    found = []
    if measurements.fingerprint is not None and measurements.fingerprint.orientations:
        if measurements.kind == PHOTO:
            found.append(measurements.fingerprint)
        elif measurements.pixels_sha256 is not None:
            found.append(Fingerprint(PIXELS, measurements.version, (measurements.pixels_sha256,)))
    return found


def _comparable(
    mine: Examination, hit: Hit, fingerprint: Fingerprint, records: Disputes, tenant: str
) -> bool:
    """Screens and documents of one template share a hash: only photos are paired by it."""
    if fingerprint.algorithm == PIXELS:
        return True
    other = records.examination(tenant, hit.sha256, mine.version)
    return other is not None and other.measurements.kind == PHOTO


def _pair(evidence: Evidence, other: Evidence, hit: Hit, method: str, version: str) -> Pair:
    """One row a pair. A hit's orientation turns the query into the other; the pair's turns second into first."""
    first, second = sorted((evidence.id, other.id))
    turn = hit.orientation if first == other.id else inverse_orientation(hit.orientation)
    return Pair(first, second, method, hit.distance, turn, method, version)
