"""Was this item used before: in the dispute, in another dispute, on the listing?

A signal for a person to look at, never a verdict. The later item carries the review and the earlier one a note. Where
the order is not known, both carry a review across accounts: an unknown order is not innocence. Messages are for the
mediator and name the other dispute; none of these findings asks the uploader for anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from validators.case import Case
from validators.checks.match_class import (
    ALIGNED,
    EARLIER,
    LATER,
    LISTING,
    LISTING_COPY,
    OPPOSING_PARTY,
    OTHER_DISPUTE,
    SAME_ACCOUNT,
    SAME_DISPUTE,
    SAME_FILE,
    SAME_PHOTO,
    SAME_SCENE,
    UNORDERED,
    Link,
    ReuseRules,
    links_of,
)
from validators.finding import NOT_APPLICABLE, NOTE, PASS, REVIEW, WARNING, Finding, Param
from validators.policy import Policy
from validators.report import Match, Segment, Where
from validators.sentences.wording import segment_text, shown, span

_ABSTAINED = {
    "blank": "it is blank",
    "near_uniform": "it is nearly of one tone",
    "split": "it is made of a few plain areas",
}
_WHAT = {
    SAME_FILE: "The same file",
    SAME_PHOTO: "The same picture",
    SAME_SCENE: "Another picture of the same scene or product",
}
CODES_OF_CLASSES = {
    SAME_FILE: "DUP_SAME_FILE",
    SAME_PHOTO: "DUP_SAME_PHOTO",
    SAME_SCENE: "DUP_SAME_SCENE",
    LISTING_COPY: "LST_MATCHES_LISTING",
}
"""Which finding tells of a match of a class."""
_CONTAINERS = {
    "screenshot": "inside a screenshot",
    "collage": "inside a collage",
    "border": "with a border",
}
_NOTHING_SHOWN = ("blank", "near_uniform")
_RELATIONS = {
    "same_account": "by the same account",
    "opposing_party": "by the other party",
    "other_account": "by another account",
}


def matches_of(case: Case, policy: Policy) -> tuple[Match, ...]:
    """The other items for the report, the most telling first, at most as many as the policy shows.

    ``direction`` says when the other item came: "earlier", "later" or "unordered".
    """
    rules = policy.group(ReuseRules)
    shown_most = rules.max_matches_shown
    return tuple(_match(link) for link in links_of(case, policy)[:shown_most])


def reuse(case: Case, policy: Policy) -> Iterator[Finding]:
    """DUP_* and LST_* findings: one for each kind of match and of weight, naming the most telling item."""
    links = links_of(case, policy)
    common = _common(links, policy)
    if common is not None:
        yield common
    groups: dict[tuple[str, bool, str], list[Link]] = {}
    for link in links:
        if link.scope != OTHER_DISPUTE or common is None:
            groups.setdefault((link.class_, _for_review(link, case, policy), link.scope), []).append(link)
    for (_, for_review, scope), group in groups.items():
        if scope == LISTING and group[0].class_ != SAME_SCENE:
            yield _listing_finding(group, for_review, case, policy)
        else:
            yield _finding(group, for_review, case, policy)
    yield from _cannot_compare(case)


def _match(link: Link) -> Match:
    other, seen = link.other, link.match_side.comparison
    return Match(
        class_=link.class_,
        scope=link.scope,
        relation=link.relation,
        direction=link.direction,
        dispute_id=other.dispute_id,
        evidence_id=other.id,
        file=other.file,
        sha256=other.sha256,
        party=other.declared.party,
        submitted_at=other.declared.submitted_at,
        distance=link.match_side.distance if link.match_side.method != ALIGNED else None,
        aligned_fraction=seen.correlated if seen is not None and seen.tiles else None,
        where=Where(seen.this_area, seen.other_area) if seen and seen.this_area and seen.other_area else None,
        segments=tuple(
            Segment(one.this_start_s, one.this_end_s, one.other_start_s, one.other_end_s)
            for one in (seen.stretches if seen else ())
        ),
        transform=link.transform,
    )


def _for_review(link: Link, case: Case, policy: Policy) -> bool:
    """Whether a person should look: the later item of a pair that nothing ordinary explains, or both of unknown order."""
    rules = policy.group(ReuseRules)
    if link.on_hash_alone or link.class_ == SAME_SCENE or _shows_nothing(case):
        return False
    if link.scope == LISTING:
        expected = set(rules.listing_note_roles)
        return _is_own_listing(link, case) and not expected & case.evidence.declared.all_roles
    if link.direction == LATER or not (case.dispute.declared and link.match_side.other_declared):
        return False
    if link.scope == SAME_DISPUTE:
        kinds = rules.opposing_review_kinds
        return link.relation == OPPOSING_PARTY and {case.measurements.kind, link.match_side.other_kind} <= {
            *kinds
        }
    return link.relation != SAME_ACCOUNT


def _shows_nothing(case: Case) -> bool:
    """Blank pictures are alike in their bytes, too, and say nothing of where they come from."""
    fingerprint = case.measurements.fingerprint
    return fingerprint is not None and fingerprint.abstained in _NOTHING_SHOWN


def _is_own_listing(link: Link, case: Case) -> bool:
    other, listing = link.other, case.dispute.listing_id
    return other.dispute_id == case.dispute.id or (
        listing is not None and other.declared.listing_id == listing
    )


def _common(links: Sequence[Link], policy: Policy) -> Finding | None:
    """DUP_COMMON in place of one finding after another, where a picture is in very many disputes."""
    rules = policy.group(ReuseRules)
    disputes = {
        link.other.dispute_id for link in links if link.scope == OTHER_DISPUTE and link.class_ != SAME_SCENE
    }
    limit = rules.common_above.value
    in_all = len(disputes) + 1
    if in_all <= limit:
        return None
    return Finding(
        "DUP_COMMON",
        NOTE,
        PASS,
        f"Appears in {in_all:,} disputes: probably a logo or a template.",
        None,
        {"unit": "disputes"},
        float(in_all),
        float(limit),
        rules.common_above.name,
    )


def _finding(group: Sequence[Link], for_review: bool, case: Case, policy: Policy) -> Finding:
    link = group[0]
    others = f" And {len(group) - 1:,} more like it." if len(group) > 1 else ""
    measured = _measured(link, policy)
    return Finding(
        CODES_OF_CLASSES[link.class_],
        WARNING if for_review else NOTE,
        REVIEW if for_review else PASS,
        f"{_WHAT[link.class_]} {_elsewhere(link, case)}{_how(link)}.{others}",
        None,
        _params(link, len(group), measured.unit),
        measured.value,
        measured.threshold,
        measured.rule,
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """The figure that a finding stands on; all None where bytes or pixels are equal."""

    value: float | None = None
    threshold: float | None = None
    rule: str | None = None
    unit: str | None = None


def _measured(link: Link, policy: Policy) -> _Measured:
    rules, seen = policy.group(ReuseRules), link.match_side.comparison
    if link.match_side.method in ("sha256", "pixels"):
        return _Measured()
    if link.match_side.method != ALIGNED:
        reach = rules.max_distance
        return _Measured(float(link.match_side.distance), float(reach.value), reach.name, "bits")
    if seen is None or seen.changed is not None:
        return _Measured(float(seen.changed or 0) if seen else None, 0.0, None, "places")
    if link.class_ == SAME_SCENE:
        least = rules.scene_inliers
        return _Measured(float(seen.inliers), float(least.value), least.name, "features")
    return _Measured(seen.correlated, rules.correlated_min.value, rules.correlated_min.name, "share of tiles")


def _params(link: Link, count: int, unit: str | None) -> dict[str, Param]:
    return {
        "dispute_id": shown(link.other.dispute_id),
        "evidence_id": shown(link.other.id),
        "scope": link.scope,
        "relation": link.relation,
        "direction": link.direction,
        "method": link.match_side.method,
        "mirrored": link.transform.mirrored,
        "rotation_deg": link.transform.rotation_deg,
        "matches": count,
        "unit": unit,
    }


def _elsewhere(link: Link, case: Case) -> str:
    """Where the other item is, when it came and whose it is."""
    if link.scope == SAME_DISPUTE:
        where = "this dispute"
        again = " too"
    else:
        where = f"dispute {shown(link.other.dispute_id)}"
        again = ""
    whose = f" {_RELATIONS[link.relation]}" if link.relation in _RELATIONS else ""
    if link.direction == UNORDERED:
        both = ": sent in both" if link.scope == OTHER_DISPUTE and link.relation != SAME_ACCOUNT else ""
        return f"is in {where}{again}{',' + whose if whose else ''}{both}; which came first is not known"
    apart = span(abs(case.evidence.uploaded_at - link.other.uploaded_at))
    when = "earlier" if link.direction == EARLIER else "later"
    return f"was sent in {where}{again}, {apart} {when}{',' + whose if whose else ''}"


def _how(link: Link) -> str:
    """The edit and the measurement, in words."""
    match_side, transform = link.match_side, link.transform
    if match_side.method == "sha256":
        return ""
    edits = ["mirrored"] if transform.mirrored else []
    if transform.rotation_deg:
        edits.append(f"turned by {transform.rotation_deg:.0f}°")
    if link.class_ == SAME_SCENE:
        edits = []
    elif transform.crop is not None:
        edits.append(f"cropped to {transform.crop:.0%}")
    if link.other_holds_it:
        edits.append("there inside a screenshot or page")
    if link.class_ != SAME_SCENE and transform.container in _CONTAINERS:
        edits.append(_CONTAINERS[transform.container])
    stretches = match_side.comparison.stretches if match_side.comparison else ()
    if stretches:
        edits.append(segment_text(stretches[0]))
    return f" ({', '.join([*edits, _figure(link)])})"


def _figure(link: Link) -> str:
    match_side, seen = link.match_side, link.match_side.comparison
    if match_side.method == "pixels":
        return "the same pixels in another file"
    if match_side.method != ALIGNED or seen is None:
        return f"{match_side.distance} of 256 bits differ"
    if seen.changed is not None:
        return f"{seen.tiles:,} places with text compared, none differs"
    if link.class_ == SAME_SCENE:
        return f"{seen.inliers} details in common, but not the same photo"
    return f"{seen.correlated:.0%} of the shared area agrees"


def _listing_finding(group: Sequence[Link], for_review: bool, case: Case, policy: Policy) -> Finding:
    link = group[0]
    measured = _measured(link, policy)
    own = _is_own_listing(link, case)
    message = "This is the listing's photo" if own else "This is a photo of another listing"
    if link.on_hash_alone:
        message = (
            "This looks like the listing's picture" if own else "This looks like a picture of another listing"
        )
    return Finding(
        "LST_MATCHES_LISTING",
        WARNING if for_review else NOTE,
        REVIEW if for_review else PASS,
        f"{message}{_how(link)}.",
        None,
        _params(link, len(group), measured.unit),
        measured.value,
        rule=measured.rule,
    )


def _cannot_compare(case: Case) -> Iterator[Finding]:
    fingerprint = case.measurements.fingerprint
    if fingerprint is not None and fingerprint.abstained is not None:
        why = _ABSTAINED.get(fingerprint.abstained, shown(fingerprint.abstained))
        yield Finding(
            "DUP_CANNOT_COMPARE",
            NOTE,
            NOT_APPLICABLE,
            f"It was not compared with other pictures, since {why}.",
            None,
            {"abstained": fingerprint.abstained},
        )
