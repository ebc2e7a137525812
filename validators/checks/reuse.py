"""Was this item used before: in the dispute, in another dispute, on the listing?

A signal for a person to look at, never a verdict. The later item carries the review and the earlier one a note. Where
the order is not known, both carry a review across accounts: an unknown order is not innocence. The sentences are for the
mediator and name the other dispute; none of these findings asks the uploader for anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from validators.case import Case
from validators.checks.match_class import (
    ALIGNED,
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
    Link,
    ReuseRules,
    links_of,
)
from validators.checks.order_times import CaptureTimeRules
from validators.checks.restraint import came_along
from validators.declared import REFERENCE
from validators.evidence import DOCUMENT, Region
from validators.finding import NOT_APPLICABLE, NOTE, PASS, REVIEW, WARNING, Finding, Param
from validators.policy import Policy
from validators.report import Match, Segment, Where

CODES_OF_CLASSES = {
    SAME_FILE: "DUP_SAME_FILE",
    SAME_PHOTO: "DUP_SAME_PHOTO",
    SAME_SCENE: "DUP_SAME_SCENE",
    LISTING_COPY: "LST_MATCHES_LISTING",
}
"""Which finding tells of a match of a class."""
_CONTAINERS = ("screenshot", "collage", "border")
_ABSTAINED = ("blank", "near_uniform", "split")
_NOTHING_SHOWN = ("blank", "near_uniform")
_RELATIONS = ("same_account", "opposing_party", "other_account")


def matches_of(case: Case, policy: Policy) -> tuple[Match, ...]:
    """The other items for the report, at most as many as the policy shows: the earliest of each scope first.

    ``direction`` says when the other item came: "earlier", "later" or "unordered".
    """
    rules = policy.group(ReuseRules)
    shown_most = rules.max_matches_shown
    return tuple(_match(link) for link in case.once(links_of, policy)[:shown_most])


def reuse(case: Case, policy: Policy) -> Iterator[Finding]:
    """DUP_* and LST_* findings: copies of one scope and weight are one line, which names the earliest."""
    links = case.once(links_of, policy)
    common = _common(links, policy)
    if common is not None:
        yield common
    groups: dict[tuple[str, bool, str], list[Link]] = {}
    for link in links:
        if link.scope != OTHER_DISPUTE or common is None:
            kind = SAME_PHOTO if link.class_ == SAME_FILE else link.class_
            groups.setdefault((kind, _for_review(link, case, policy), link.scope), []).append(link)
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
    if link.on_hash_alone or link.class_ == SAME_SCENE or _shows_nothing(case) or came_along(link.other):
        return False
    if _illustrates_document(link, case, policy):
        return False
    if link.scope == LISTING:
        expected = set(rules.listing_note_roles)
        known = _is_own_listing(link, case) or _is_reference(link)
        return known and not expected & case.evidence.declared.all_roles
    if link.direction == LATER or not (case.dispute.declared and link.match_side.other_declared):
        return False
    if link.scope == SAME_DISPUTE:
        kinds = rules.opposing_review_kinds
        return link.relation == OPPOSING_PARTY and {case.measurements.kind, link.match_side.other_kind} <= {
            *kinds
        }
    return link.relation != SAME_ACCOUNT


def _illustrates_document(link: Link, case: Case, policy: Policy) -> bool:
    """Whether the picture stands on a page among text, as a shop's does on its invoice, and is not sent to show the goods."""
    seen = link.match_side.comparison
    area = seen.this_area if seen is not None and seen.changed is None else None
    if case.measurements.kind != DOCUMENT or area is None or area.page is None:
        return False
    page = next((one for one in case.measurements.pages if one.number == area.page), None)
    goods = set(policy.group(CaptureTimeRules).goods_roles)
    return page is not None and page.characters > 0 and not goods & case.evidence.declared.all_roles


def _shows_nothing(case: Case) -> bool:
    """Blank pictures are alike in their bytes, too, and say nothing of where they come from."""
    fingerprint = case.measurements.fingerprint
    return fingerprint is not None and fingerprint.abstained in _NOTHING_SHOWN


def _is_own_listing(link: Link, case: Case) -> bool:
    other, listing = link.other, case.dispute.listing_id
    return other.dispute_id == case.dispute.id or (
        listing is not None and other.declared.listing_id == listing
    )


def _is_reference(link: Link) -> bool:
    return link.other.declared.on_listing and link.other.declared.evidence_type == REFERENCE


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
        code="DUP_COMMON",
        severity=NOTE,
        kind=PASS,
        params={"unit": "disputes"},
        measured=float(in_all),
        threshold=float(limit),
        rule=rules.common_above.name,
    )


def _finding(group: Sequence[Link], for_review: bool, case: Case, policy: Policy) -> Finding:
    link = group[0]
    code = CODES_OF_CLASSES[link.class_]
    more = ("findings.reuse.more",) if len(group) > 1 else ()
    measured = _measured(link, policy)
    return Finding(
        code=code,
        severity=WARNING if for_review else NOTE,
        kind=REVIEW if for_review else PASS,
        message_ids=(f"{code}.{link.scope}{_except_here(link)}", _which_and_whose(link), *_how(link), *more),
        region=_differing(link),
        params=_params(link, case, len(group), measured.unit),
        measured=measured.value,
        threshold=measured.threshold,
        rule=measured.rule,
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


def _params(link: Link, case: Case, count: int, unit: str | None) -> dict[str, Param]:
    transform, seen = link.transform, link.match_side.comparison
    params: dict[str, Param] = {
        "dispute_id": link.other.dispute_id,
        "evidence_id": link.other.id,
        "scope": link.scope,
        "relation": link.relation,
        "direction": link.direction,
        "apart_s": abs(case.evidence.uploaded_at - link.other.uploaded_at).total_seconds(),
        "method": link.match_side.method,
        "mirrored": transform.mirrored,
        "rotation_deg": transform.rotation_deg,
        "crop": transform.crop,
        "edits": ", ".join(_edits(link)),
        "matches": count,
        "more": count - 1,
        "unit": unit,
    }
    if seen is not None and _differing(link) is not None:
        params["differing"] = seen.differing
    if seen is not None and seen.stretches:
        params.update(asdict(seen.stretches[0]))
    if seen is not None and seen.changed is not None:
        params["tiles"] = seen.tiles
    if seen is not None and seen.this_rows is not None and seen.other_rows is not None:
        (params["from_row"], params["to_row"]), (params["other_from_row"], params["other_to_row"]) = (
            seen.this_rows,
            seen.other_rows,
        )
    return params


def _which_and_whose(link: Link) -> str:
    """Which item came first, and whose the other is where that is known."""
    whose = f".{link.relation}" if link.relation in _RELATIONS else ""
    return f"findings.reuse.{link.direction}{whose}"


def _how(link: Link) -> tuple[str, ...]:
    """The edit, and what the match rests on beside the hash."""
    match_side = link.match_side
    if match_side.method == "sha256":
        return ()
    found = ["findings.reuse.edits"] if _edits(link) else []
    if match_side.comparison is not None and match_side.comparison.stretches:
        found.append("findings.reuse.segment")
    return (*found, *_figure(link))


def _edits(link: Link) -> list[str]:
    """What was done to this copy, as codes. Two pictures of one scene are no edits of each other."""
    transform, copy = link.transform, link.class_ != SAME_SCENE
    told = {
        "mirrored": copy and transform.mirrored,
        "rotated": copy and bool(transform.rotation_deg),
        "cropped": copy and transform.crop is not None,
        "part": link.other_holds_it,
        transform.container: copy and transform.container in _CONTAINERS,
    }
    return [name for name, there in told.items() if there]


def _differing(link: Link) -> Region | None:
    """Where this copy shows something else than the other."""
    seen = link.match_side.comparison
    return seen.this_difference if seen is not None and link.class_ != SAME_SCENE else None


def _except_here(link: Link) -> str:
    """The part of a message's id for copies that differ in one place."""
    return ".except" if _differing(link) is not None else ""


def _figure(link: Link) -> tuple[str, ...]:
    match_side, seen = link.match_side, link.match_side.comparison
    if match_side.method == "pixels":
        return ("findings.reuse.pixels",)
    if match_side.method != ALIGNED or seen is None:
        return ()
    if seen.this_rows is not None:
        return ("findings.reuse.rows",)
    if seen.changed is not None:
        return ("findings.reuse.places",)
    return ("findings.reuse.scene",) if link.class_ == SAME_SCENE else ("findings.reuse.area",)


def _listing_finding(group: Sequence[Link], for_review: bool, case: Case, policy: Policy) -> Finding:
    link = group[0]
    measured = _measured(link, policy)
    whose = "own" if _is_own_listing(link, case) else "reference" if _is_reference(link) else "other"
    variant = f"like_{whose}" if link.on_hash_alone else whose
    return Finding(
        code="LST_MATCHES_LISTING",
        severity=WARNING if for_review else NOTE,
        kind=REVIEW if for_review else PASS,
        message_ids=(f"LST_MATCHES_LISTING.{variant}{_except_here(link)}", *_how(link)),
        region=_differing(link),
        params=_params(link, case, len(group), measured.unit) | _reference(link),
        measured=measured.value,
        rule=measured.rule,
    )


def _reference(link: Link) -> dict[str, Param]:
    return {"reference": link.other.file} if _is_reference(link) else {}


def _cannot_compare(case: Case) -> Iterator[Finding]:
    fingerprint = case.measurements.fingerprint
    if fingerprint is not None and fingerprint.abstained is not None:
        why = fingerprint.abstained if fingerprint.abstained in _ABSTAINED else "other"
        yield Finding(
            code="DUP_CANNOT_COMPARE",
            severity=NOTE,
            kind=NOT_APPLICABLE,
            message_ids=(f"DUP_CANNOT_COMPARE.{why}",),
            params={"abstained": fingerprint.abstained},
        )
