"""Sightings told apart: where the other item lies, whose it is, which came first, and what is shared.

A sighting becomes a link only where the method carries it: screens and documents of one template share a
perceptual hash, so between them only the same bytes or the same pixels count.
"""

from __future__ import annotations

from dataclasses import dataclass

from validators.case import Case
from validators.evidence import Evidence, Sighting
from validators.policy import Policy
from validators.report import Transform

SAME_FILE, SAME_PHOTO, LISTING_COPY = "SAME_FILE", "SAME_PHOTO", "LISTING_COPY"
SAME_DISPUTE, OTHER_DISPUTE, LISTING = "same_dispute", "other_dispute", "listing"
SAME_ACCOUNT, OPPOSING_PARTY, OTHER_ACCOUNT, UNKNOWN = (
    "same_account",
    "opposing_party",
    "other_account",
    "unknown",
)
EARLIER, LATER, UNORDERED = "earlier", "later", "unordered"

_METHODS = ("sha256", "pixels")
"""Strongest first; every other method is a perceptual hash."""

_TRANSFORMS = {
    1: Transform(),
    2: Transform(mirrored=True),
    3: Transform(rotation_deg=180.0),
    4: Transform(mirrored=True, rotation_deg=180.0),
    5: Transform(mirrored=True, rotation_deg=270.0),
    6: Transform(rotation_deg=90.0),
    7: Transform(mirrored=True, rotation_deg=90.0),
    8: Transform(rotation_deg=270.0),
}
"""EXIF's Orientation (Exif 2.32, tag 0x0112): mirrored left to right first, then turned clockwise."""


@dataclass(frozen=True, slots=True)
class Link:
    """One other item like this one. ``direction`` says when the other came.

    ``on_hash_alone`` says that only a perceptual hash speaks for it, and that at least one of the two is of a
    kind for which that proves nothing.
    """

    sighting: Sighting
    class_: str
    scope: str
    relation: str
    direction: str
    on_hash_alone: bool

    @property
    def other(self) -> Evidence:
        """The other item."""
        return self.sighting.other

    @property
    def transform(self) -> Transform:
        """What turns the other item into this one."""
        return _TRANSFORMS[self.sighting.orientation]


def links_of(case: Case, policy: Policy) -> tuple[Link, ...]:
    """Every other item that counts, each once by its strongest method, the most telling first.

    Nothing is linked to itself, across tenants, or where the file is empty and so equal to every empty file.
    """
    if case.evidence.bytes == 0 or not case.evidence.sha256:
        return ()
    strongest: dict[str, Sighting] = {}
    for sighting in sorted(case.sightings, key=_strength):
        if sighting.other.id != case.evidence.id and sighting.other.tenant == case.evidence.tenant:
            strongest.setdefault(sighting.other.id, sighting)
    found = (_link(sighting, case, policy) for sighting in strongest.values())
    return tuple(sorted((link for link in found if link is not None), key=_order))


def _strength(sighting: Sighting) -> tuple[int, int]:
    known = sighting.method in _METHODS
    return _METHODS.index(sighting.method) if known else len(_METHODS), sighting.distance


def _order(link: Link) -> tuple[int, tuple[int, int], object, str]:
    scope = (LISTING, OTHER_DISPUTE, SAME_DISPUTE).index(link.scope)
    return scope, _strength(link.sighting), link.other.uploaded_at, link.other.id


def _link(sighting: Sighting, case: Case, policy: Policy) -> Link | None:
    scope = _scope(sighting.other, case)
    on_hash_alone = False
    if sighting.method not in _METHODS:
        if sighting.distance > policy.integer("reuse.max_distance"):
            return None
        never = policy.names("reuse.hash_alone_never")
        screens = [kind in never for kind in (case.measurements.kind, sighting.other_kind)]
        if all(screens) and scope != LISTING:
            return None
        on_hash_alone = any(screens)
    class_ = SAME_FILE if sighting.method == "sha256" else SAME_PHOTO
    return Link(
        sighting,
        LISTING_COPY if scope == LISTING else class_,
        scope,
        _relation(sighting, case, scope),
        _direction(case.evidence, sighting.other),
        on_hash_alone,
    )


def _scope(other: Evidence, case: Case) -> str:
    if other.on_listing:
        return LISTING
    return SAME_DISPUTE if other.dispute_id == case.dispute.id else OTHER_DISPUTE


def _relation(sighting: Sighting, case: Case, scope: str) -> str:
    mine = case.evidence.party
    if scope == SAME_DISPUTE:
        theirs = sighting.other.party
        if mine is None or theirs is None:
            return UNKNOWN
        return SAME_ACCOUNT if mine == theirs else OPPOSING_PARTY
    own, other = case.dispute.account_of(mine), sighting.other_account
    if own is None or other is None or scope == LISTING:
        return UNKNOWN
    if own == other:
        return SAME_ACCOUNT
    return OPPOSING_PARTY if other in (case.dispute.buyer.id, case.dispute.seller.id) else OTHER_ACCOUNT


def _direction(mine: Evidence, other: Evidence) -> str:
    if mine.uploaded_at == other.uploaded_at:
        return UNORDERED
    return EARLIER if other.uploaded_at < mine.uploaded_at else LATER
