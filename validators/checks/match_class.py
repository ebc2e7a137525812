"""Sightings told apart: where the other item lies, whose it is, which came first, and what is shared.

A sighting becomes a link only where the method carries it: screens and documents of one template share a
perceptual hash, so between them only the same bytes or the same pixels count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from validators.case import Case
from validators.checks.comparison_sides import recovered
from validators.checks.mostly_text import shows_mostly_text
from validators.evidence import DOCUMENT, SCREENSHOT, Comparison, Evidence, MatchSide
from validators.evidence import UNKNOWN as UNKNOWN_KIND
from validators.policy import Policy
from validators.report import Transform
from validators.rules import Rule

SAME_FILE, SAME_PHOTO, SAME_SCENE, LISTING_COPY = "SAME_FILE", "SAME_PHOTO", "SAME_SCENE", "LISTING_COPY"
SAME_DISPUTE, OTHER_DISPUTE, LISTING = "same_dispute", "other_dispute", "listing"
SAME_ACCOUNT, OPPOSING_PARTY, OTHER_ACCOUNT, UNKNOWN = (
    "same_account",
    "opposing_party",
    "other_account",
    "unknown",
)
EARLIER, LATER, UNORDERED = "earlier", "later", "unordered"

_METHODS = ("sha256", "pixels")
"""Strongest first; then come perceptual hashes, and last what only laying over each other shows."""
ALIGNED = "aligned"

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
class ReuseRules:
    """[rules.reuse], as judging reads it: which matches count, and what they amount to."""

    table: ClassVar[str] = "reuse"

    max_distance: Rule[int]
    least_inliers: int
    scene_inliers: Rule[int]
    tiles_min: int
    correlated_min: Rule[float]
    drift_max: float
    near_bits: int
    near_correlated_min: float
    near_drift_max: float
    well_correlated_min: float
    well_tone_max: float
    well_drift_max: float
    recoloured_max: float
    greyed_correlated_min: float
    text_tone_max: float
    text_near_bits: int
    page_shared_min: float
    rows_agreeing_min: float
    rows_widths_min: float
    max_matches_shown: int
    common_above: Rule[int]
    hash_alone_never: tuple[str, ...]
    listing_note_roles: tuple[str, ...]
    opposing_review_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One other item like this one. ``direction`` says when the other came, UNORDERED where no record tells.

    ``on_hash_alone`` says that only a perceptual hash speaks for it, and that at least one of the two is of a
    kind for which that proves nothing.
    """

    match_side: MatchSide
    class_: str
    scope: str
    relation: str
    direction: str
    on_hash_alone: bool
    this_kind: str = UNKNOWN_KIND

    @property
    def other(self) -> Evidence:
        """The other item."""
        return self.match_side.other

    @property
    def transform(self) -> Transform:
        """What turns the other item into this one."""
        seen = self.match_side.comparison
        if seen is None:
            return _TRANSFORMS[self.match_side.orientation]
        return recovered(seen, self.this_kind, other_holds_it=self.other_holds_it)

    @property
    def other_holds_it(self) -> bool:
        """Whether the other is a screen or page that this picture is a part of."""
        seen, pages = self.match_side.comparison, (SCREENSHOT, DOCUMENT)
        is_part = seen is not None and seen.changed is None
        return is_part and self.match_side.other_kind in pages and self.this_kind not in pages


def links_of(case: Case, policy: Policy) -> tuple[Link, ...]:
    """Every other item that counts, each once by its strongest method, the most telling first.

    Nothing is linked to itself, across tenants, or where the file is empty and so equal to every empty file.
    """
    if case.evidence.bytes == 0 or not case.evidence.sha256:
        return ()
    strongest: dict[str, MatchSide] = {}
    for match_side in sorted(case.match_sides, key=_strength):
        if match_side.other.id != case.evidence.id and match_side.other.tenant == case.evidence.tenant:
            strongest.setdefault(match_side.other.id, match_side)
    found = (_link(match_side, case, policy) for match_side in strongest.values())
    return tuple(sorted((link for link in found if link is not None), key=_order))


def _strength(match_side: MatchSide) -> tuple[int, int]:
    if match_side.method in _METHODS:
        return _METHODS.index(match_side.method), match_side.distance
    return len(_METHODS) + (match_side.method == ALIGNED), match_side.distance


def _order(link: Link) -> tuple[int, int, object, str, str]:
    """Copies before other photos of the scene, the earliest first: however many copies there are, the original is named."""
    scope = (LISTING, OTHER_DISPUTE, SAME_DISPUTE).index(link.scope) + 3 * (link.class_ == SAME_SCENE)
    known = (EARLIER, UNORDERED, LATER).index(link.direction)
    return scope, known, link.other.uploaded_at, link.other.dispute_id, link.other.file


def _link(match_side: MatchSide, case: Case, policy: Policy) -> Link | None:
    rules = policy.group(ReuseRules)
    scope = _scope(match_side.other, case)
    class_, on_hash_alone = SAME_FILE if match_side.method == "sha256" else SAME_PHOTO, False
    if match_side.method not in _METHODS:
        text = match_side.other_mostly_text or shows_mostly_text(case.measurements, policy)
        found = _class_by_likeness(match_side, rules, text=text)
        if found is None or (found == SAME_SCENE and scope == SAME_DISPUTE):
            return None  # several photos of the item are what a dispute is made of
        class_ = found
        if match_side.method != ALIGNED:
            pages = _pages(match_side, case, policy)
            if all(pages) and scope != LISTING:
                return None
            on_hash_alone = any(pages)
    return Link(
        match_side,
        LISTING_COPY if scope == LISTING and class_ != SAME_SCENE else class_,
        scope,
        _relation(match_side, case, scope),
        _direction(case.evidence, match_side.other),
        on_hash_alone,
        case.measurements.kind,
    )


def _class_by_likeness(match_side: MatchSide, rules: ReuseRules, *, text: bool) -> str | None:
    """What a perceptual hash or an alignment amounts to."""
    seen = match_side.comparison
    if match_side.method == ALIGNED:
        return class_of(seen, rules, text=text) if seen else None
    if match_side.distance > rules.max_distance.value:
        return None
    if seen is None or not seen.tiles:
        # Photographs of pages lie as near one another as copies do: there a hash alone says nothing.
        return None if text else SAME_PHOTO
    agrees = not text or match_side.distance <= rules.text_near_bits or _is_same_photo(seen, rules)
    return SAME_PHOTO if agrees and _looks_alike(seen, rules, text=text) else _scene(seen, rules)


def class_of(seen: Comparison, rules: ReuseRules, *, text: bool = False) -> str | None:
    """What aligned pictures show: the same photo or page, the same scene, or nothing. ``text``: one shows mostly text."""
    if seen.widths is not None:
        enough = seen.widths >= rules.rows_widths_min and seen.correlated >= rules.rows_agreeing_min
        return SAME_PHOTO if enough else None
    if seen.changed is not None:
        return SAME_PHOTO if seen.changed == 0 and seen.shared >= rules.page_shared_min else None
    enough = seen.inliers >= rules.least_inliers
    if enough and _is_same_photo(seen, rules) and _looks_alike(seen, rules, text=text):
        return SAME_PHOTO
    return _scene(seen, rules)


def _scene(seen: Comparison, rules: ReuseRules) -> str | None:
    return SAME_SCENE if seen.inliers >= rules.scene_inliers.value else None


def _is_same_photo(seen: Comparison, rules: ReuseRules) -> bool:
    """Whether the detail agrees and lies where it does in a copy."""
    near = seen.bits is not None and seen.bits <= rules.near_bits
    lit_alike = seen.tone is not None and seen.tone <= rules.well_tone_max
    limits = [(rules.correlated_min.value, rules.drift_max, True)]
    limits.append((rules.near_correlated_min, rules.near_drift_max, near))
    limits.append((rules.well_correlated_min, rules.well_drift_max, lit_alike))
    return seen.tiles >= rules.tiles_min and any(
        applies and seen.correlated >= correlated and seen.parallax_residual <= residual
        for correlated, residual, applies in limits
    )


def _looks_alike(seen: Comparison, rules: ReuseRules, *, text: bool) -> bool:
    """Whether one tint explains the colours, and of pages the light: another variant has other colours, and another
    photograph of a page other light. Where one was made grey only the print can tell, and has to agree nearly everywhere."""
    if seen.recoloured is not None and seen.recoloured > rules.recoloured_max:
        return False
    if seen.greyed and seen.correlated < rules.greyed_correlated_min:
        return False
    return not text or (seen.tone is not None and seen.tone <= rules.text_tone_max)


def _pages(match_side: MatchSide, case: Case, policy: Policy) -> tuple[bool, bool]:
    """Whether each side is of a kind for which a hash alone proves nothing; a photo laid into a screen is none."""
    rules = policy.group(ReuseRules)
    never = rules.hash_alone_never
    seen = match_side.comparison
    parts = (seen.this_part, seen.other_part) if seen else (0, 0)
    kinds = (case.measurements.kind, match_side.other_kind)
    mine, theirs = (kind in never and part == 0 for kind, part in zip(kinds, parts, strict=True))
    return mine, theirs


def _scope(other: Evidence, case: Case) -> str:
    if other.declared.on_listing:
        return LISTING
    return SAME_DISPUTE if other.dispute_id == case.dispute.id else OTHER_DISPUTE


def _relation(match_side: MatchSide, case: Case, scope: str) -> str:
    mine = case.evidence.declared.party
    if scope == SAME_DISPUTE:
        theirs = match_side.other.declared.party
        if mine is None or theirs is None:
            return UNKNOWN
        return SAME_ACCOUNT if mine == theirs else OPPOSING_PARTY
    own, other = case.dispute.account_of(mine), match_side.other_account
    if own is None or other is None or scope == LISTING:
        return UNKNOWN
    if own == other:
        return SAME_ACCOUNT
    return OPPOSING_PARTY if other in (case.dispute.buyer.id, case.dispute.seller.id) else OTHER_ACCOUNT


def _direction(mine: Evidence, other: Evidence) -> str:
    here, there = mine.sent_between, other.sent_between
    if here is None or there is None:
        return UNORDERED
    if there[1] < here[0]:
        return EARLIER
    return LATER if here[1] < there[0] else UNORDERED
