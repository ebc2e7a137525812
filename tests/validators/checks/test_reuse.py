"""Reuse: who is told what, from which side, and when nobody is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from declared_kit import changed
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import (
    DAY,
    POLICY,
    SUBMITTED,
    case,
    codes,
    dispute,
    document,
    evidence,
    match_side,
    only,
    photo,
)
from PIL import Image, ImageOps

from validators.case import Case
from validators.checks.reuse import matches_of, reuse
from validators.evidence import Comparison, ContentMeasures, Fingerprint, MatchSide, Region
from validators.sentences.sentences import action, sentence


def judged(policy, *seen, item=None, measured=None, of=None):
    return tuple(reuse(case(item, measured, of, match_sides=seen), policy))


def weight(finding):
    return finding.severity, finding.kind


REVIEW = ("warning", "review")
NOTE = ("note", "pass")


def test_no_match_says_nothing(policy):
    assert judged(policy) == ()


def test_a_photo_of_another_dispute_and_account_is_for_review(policy):
    found = judged(policy, match_side(orientation=2))
    assert codes(found) == ["DUP_SAME_PHOTO"]
    assert weight(found[0]) == REVIEW
    assert sentence(found[0]) == (
        "The same picture was also sent in dispute D-9. The other item was sent first: 1 day earlier, by another account. "
        "This copy is mirrored."
    )
    assert (found[0].measured, found[0].threshold, found[0].rule) == (4.0, 31.0, "reuse.max_distance")
    assert action(found[0]) is None


def test_the_same_bytes(policy):
    found = only(judged(policy, match_side("sha256", 0)), "DUP_SAME_FILE")
    assert weight(found) == REVIEW
    assert sentence(found).startswith(
        "The same file was also sent in dispute D-9. The other item was sent first: 1 day earlier"
    )


def test_the_earlier_item_gets_a_note(policy):
    found = judged(policy, match_side(submitted_at=SUBMITTED + DAY))
    assert weight(only(found, "DUP_SAME_PHOTO")) == NOTE
    assert "1 day later" in sentence(found[0])


MIDNIGHT = SUBMITTED.replace(hour=0, minute=0)


@pytest.mark.parametrize(
    ("mine", "theirs", "direction"),
    [
        ({"submitted_at": SUBMITTED}, {"submitted_at": SUBMITTED}, "unordered"),
        ({"submitted_at": SUBMITTED}, {"submitted_at": None}, "unordered"),
        ({"submitted_at": None}, {"submitted_at": SUBMITTED - 9 * DAY}, "unordered"),
        (
            {"submitted_at": None, "stated_received_at": SUBMITTED},
            {"submitted_at": SUBMITTED - DAY},
            "earlier",
        ),
        ({"submitted_at": SUBMITTED}, {"submitted_at": None, "stated_received_at": SUBMITTED}, "unordered"),
        ({"submitted_at": MIDNIGHT}, {"submitted_at": MIDNIGHT}, "unordered"),
        ({"submitted_at": SUBMITTED}, {"submitted_at": MIDNIGHT}, "unordered"),
        ({"submitted_at": MIDNIGHT}, {"submitted_at": SUBMITTED}, "unordered"),
        ({"submitted_at": MIDNIGHT}, {"submitted_at": MIDNIGHT - DAY}, "earlier"),
        ({"submitted_at": MIDNIGHT - DAY}, {"submitted_at": SUBMITTED}, "later"),
        ({"submitted_at": SUBMITTED}, {"submitted_at": SUBMITTED - DAY / 86_400}, "earlier"),
    ],
)
def test_which_came_first_is_known_by_a_record_and_never_by_when_a_batch_ran(policy, mine, theirs, direction):
    made = case(evidence(**mine), match_sides=(match_side(**theirs),))
    (match,) = matches_of(made, policy)
    assert match.direction == direction


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, REVIEW),
        ({"account": None}, REVIEW),
        ({"account": "s-1", "party": "seller"}, REVIEW),
        ({"dispute_id": "D-1", "party": "seller"}, REVIEW),
        ({"account": "b-1"}, NOTE),
        ({"dispute_id": "D-1"}, NOTE),
        ({"declared": False}, NOTE),
    ],
)
def test_an_unknown_order_is_for_review_across_accounts(policy, changes, expected):
    found = judged(policy, match_side("sha256", 0, submitted_at=None, **changes))
    assert weight(only(found, "DUP_SAME_FILE")) == expected
    assert sentence(found[0]).endswith("which came first is not known.")


def test_an_unknown_order_is_said_as_such(policy):
    (found,) = judged(policy, match_side("sha256", 0, submitted_at=None))
    assert sentence(found) == (
        "The same file was also sent in dispute D-9. "
        "The other item was sent by another account: sent in both; which came first is not known."
    )


@pytest.mark.parametrize(
    ("changes", "expected", "relation"),
    [
        ({"account": "b-1"}, NOTE, "same_account"),
        ({"account": "s-1", "party": "seller"}, REVIEW, "opposing_party"),
        ({"account": None}, REVIEW, "unknown"),
        ({"declared": False}, NOTE, "other_account"),
        ({"dispute_id": "D-1"}, NOTE, "same_account"),
        ({"dispute_id": "D-1", "party": None}, NOTE, "unknown"),
        ({"dispute_id": "D-1", "party": "seller"}, REVIEW, "opposing_party"),
    ],
)
def test_weight_by_whose_it_is(policy, changes, expected, relation):
    seen = match_side(**changes)
    assert weight(only(judged(policy, seen), "DUP_SAME_PHOTO")) == expected
    assert matches_of(case(match_sides=(seen,)), policy)[0].relation == relation


def test_between_inferred_disputes_only_notes(policy):
    assert weight(judged(policy, match_side("sha256", 0), of=dispute(declared=False))[0]) == NOTE


def test_both_parties_may_send_the_same_document(policy):
    seen = match_side("sha256", 0, dispute_id="D-1", party="seller", kind="document")
    item = evidence(file="label.pdf")
    assert weight(judged(policy, seen, item=item, measured=document())[0]) == NOTE


@pytest.mark.parametrize("kind", ["screenshot", "document", "text", "unknown"])
def test_pages_of_one_template_are_no_reuse(policy, kind):
    item = photo(kind=kind)
    assert judged(policy, match_side("phash256", 0, kind=kind), measured=item) == ()
    assert matches_of(case(measured=item, match_sides=(match_side("phash256", 0, kind=kind),)), policy) == ()


@pytest.mark.parametrize("method", ["sha256", "pixels"])
def test_the_same_bytes_or_pixels_of_a_screen_count(policy, method):
    found = judged(policy, match_side(method, 0, kind="screenshot"), measured=photo(kind="screenshot"))
    assert [weight(f) for f in found] == [REVIEW]


def test_a_photo_and_a_screen_alike_by_hash_alone_are_a_note(policy):
    assert weight(only(judged(policy, match_side(kind="screenshot")), "DUP_SAME_PHOTO")) == NOTE


def test_beyond_the_limit_is_no_match(policy):
    limit = policy.rules["reuse.max_distance"].value
    assert judged(policy, match_side(distance=limit + 1)) == ()
    assert codes(judged(policy, match_side(distance=limit))) == ["DUP_SAME_PHOTO"]


def test_blank_pictures_are_never_held_against_anyone(policy):
    blank = photo(fingerprint=Fingerprint("phash256", "1", (), "blank"))
    found = judged(policy, match_side("sha256", 0), measured=blank)
    assert codes(found) == ["DUP_SAME_FILE", "DUP_CANNOT_COMPARE"]
    assert [f.severity for f in found] == ["note", "note"]
    assert found[1].kind == "not_applicable"


def test_empty_files_are_not_alike(policy):
    assert judged(policy, match_side("sha256", 0), item=evidence(bytes=0)) == ()


def test_nothing_matches_itself_or_another_tenant(policy):
    itself = match_side("sha256", 0, id="E-1", dispute_id="D-1")
    elsewhere = match_side("sha256", 0, tenant="other")
    assert judged(policy, itself, elsewhere) == ()


def test_the_strongest_method_speaks(policy):
    seen = (match_side("phash256", 2), match_side("sha256", 0))
    assert codes(judged(policy, *seen)) == ["DUP_SAME_FILE"]
    assert len(matches_of(case(match_sides=seen), policy)) == 1


def listing(**changes):
    about = {"id": "L-pic", "dispute_id": "D-1", "on_listing": True, "party": None, "account": None}
    return match_side(**{**about, **changes})


def test_the_listings_photo(policy):
    found = only(judged(policy, listing()), "LST_MATCHES_LISTING")
    assert weight(found) == REVIEW
    assert sentence(found).startswith("This is the listing’s own photo.")
    match = matches_of(case(match_sides=(listing(),)), policy)[0]
    assert (match.class_, match.scope) == ("LISTING_COPY", "listing")


@pytest.mark.parametrize("item", [{"roles": ("listing_snapshot",)}, {"evidence_type": "listing_snapshot"}])
def test_a_snapshot_of_the_listing_is_expected_to_match(policy, item):
    assert weight(only(judged(policy, listing(), item=evidence(**item)), "LST_MATCHES_LISTING")) == NOTE


def test_the_listing_is_known_by_its_id_in_another_dispute(policy):
    known = listing(dispute_id="D-7", listing_id="L-1")
    other = listing(dispute_id="D-7", listing_id="L-2")
    assert weight(only(judged(policy, known), "LST_MATCHES_LISTING")) == REVIEW
    assert weight(only(judged(policy, other), "LST_MATCHES_LISTING")) == NOTE


def test_a_picture_of_the_reference_folder_is_for_review(policy):
    known = listing(dispute_id="reference-1", evidence_type="reference", file="stock/mug.jpg")
    found = only(judged(policy, known), "LST_MATCHES_LISTING")
    assert weight(found) == REVIEW
    assert "stock/mug.jpg" in sentence(found)


LONG = Comparison(
    (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 90, 9000, 0.5, 0.95, 0.98, 0.0, changed=0,
    this_rows=(224, 8000), other_rows=(1200, 8976), widths=7.2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("widths", "share", "counts"), [(7.2, 0.95, True), (0.9, 1.0, False), (7.2, 0.5, False)]
)
def test_rows_of_long_screens_count_where_they_are_many(policy, widths, share, counts):
    seen = replace(match_side("aligned", 256), comparison=replace(LONG, widths=widths, correlated=share))
    found = judged(policy, seen)
    assert codes(found) == (["DUP_SAME_PHOTO"] if counts else [])
    if counts:
        assert "Rows 224 to 8,000" in sentence(found[0])


@pytest.mark.parametrize(
    ("role", "characters", "weighs"), [("invoice", 900, NOTE), ("item", 900, REVIEW), ("invoice", 0, REVIEW)]
)
def test_a_shops_picture_on_its_invoice_is_a_note(policy, role, characters, weighs):
    seen = replace(
        LONG,
        changed=None,
        widths=None,
        tone=1.0,
        this_rows=None,
        correlation=0.98,
        this_area=Region(0.1, 0.2, 0.3, 0.2, page=1),
    )
    pictured = replace(listing(method="aligned", distance=256), comparison=seen)
    measured = document(characters=characters)
    found = judged(policy, pictured, measured=measured, item=evidence(roles=(role,)))
    assert weight(only(found, "LST_MATCHES_LISTING")) == weighs


def test_a_plain_listing_picture_alike_by_hash_alone_is_a_note(policy):
    seen = listing(kind="screenshot")
    found = judged(policy, seen, measured=photo(kind="screenshot"))
    assert weight(only(found, "LST_MATCHES_LISTING")) == NOTE


def many(count, **changes):
    return [match_side(id=f"E-{i}", dispute_id=f"D-{i}", **changes) for i in range(100, 100 + count)]


def test_what_is_in_very_many_disputes_is_common(policy):
    limit = policy.rules["reuse.common_above"].value
    found = judged(policy, *many(limit))
    assert codes(found) == ["DUP_COMMON"]
    assert f"is in {limit + 1} disputes" in sentence(found[0])
    assert weight(found[0]) == NOTE
    assert codes(judged(policy, *many(limit - 1))) == ["DUP_SAME_PHOTO"]


def test_many_matches_make_one_finding_and_a_bounded_list(policy):
    shown = policy.rules["reuse.max_matches_shown"].value
    seen = many(shown + 5)
    found = judged(policy, *seen)
    assert codes(found) == ["DUP_SAME_PHOTO"]
    assert found[0].params["matches"] == shown + 5
    assert sentence(found[0]).endswith(f"There are {shown + 4} more matches like it.")
    assert len(matches_of(case(match_sides=tuple(seen)), policy)) == shown


UPRIGHT = [
    *((False, 0), (True, 0), (False, 180), (True, 180)),
    *((True, 270), (False, 90), (True, 90), (False, 270)),
]


@pytest.mark.parametrize(("orientation", "edit"), list(zip(range(1, 9), UPRIGHT, strict=True)))
def test_transform_by_exif_orientation(policy, orientation, edit):
    seen = case(match_sides=(match_side(orientation=orientation),))
    found = matches_of(seen, policy)[0].transform
    assert (found.mirrored, found.rotation_deg) == edit


def test_the_transform_table_turns_pixels_as_exif_says(policy):
    """Against Pillow's own reading of the tag: the other item, turned by it, is this one."""
    other = np.arange(6, dtype=np.uint8).reshape(2, 3)
    for orientation in range(1, 9):
        image = Image.fromarray(other)
        image.getexif()[0x0112] = orientation
        expected = np.asarray(ImageOps.exif_transpose(image))
        edit = matches_of(case(match_sides=(match_side(orientation=orientation),)), policy)[0].transform
        mirrored = np.fliplr(other) if edit.mirrored else other
        assert np.array_equal(np.rot90(mirrored, -round(edit.rotation_deg / 90)), expected), orientation


def test_actions_name_no_other_dispute(policy):
    for seen in (match_side(), match_side("sha256", 0), listing()):
        assert all(action(f) is None for f in judged(policy, seen))


def test_hostile_names_stay_on_one_line(policy):
    found = judged(policy, match_side(dispute_id="D\n9\x1b[31m" + "x" * 500))
    assert "\n" not in sentence(found[0])
    assert "\x1b" not in sentence(found[0])
    assert len(sentence(found[0])) < 250


@given(
    method=st.sampled_from(["sha256", "pixels", "phash256"]),
    hours=st.integers(-100, 100),
    party=st.sampled_from(["buyer", "seller", None]),
    dispute_id=st.sampled_from(["D-1", "D-2"]),
    account=st.sampled_from(["b-1", "s-1", "b-9", None]),
    kinds=st.tuples(*[st.sampled_from(["photo", "screenshot", "video"])] * 2),
)
def test_swapping_the_order_of_a_pair_moves_the_review(method, hours, party, dispute_id, account, kinds):
    """At most one side carries a review; with the times exchanged it is the other side."""
    policy = POLICY
    one = evidence(id="E-1", dispute_id="D-1")
    other = evidence(id="E-2", dispute_id=dispute_id, party=party, sha256="c" * 64)
    here = dispute()
    there = here if dispute_id == "D-1" else replace(dispute(id="D-2"), buyer=replace(here.buyer, id=account))

    def reviews(first, second, here, there, kind, other_kind):
        seen = MatchSide(second, there.account_of(second.declared.party), True, method, 0, 1, other_kind)
        found = reuse(Case(first, photo(kind=kind), here, SUBMITTED, (seen,)), policy)
        return sum(f.kind == "review" for f in found)

    def sides(shift):
        moved = changed(other, submitted_at=SUBMITTED + shift * DAY / 24)
        return reviews(one, moved, here, there, *kinds), reviews(moved, one, there, here, *reversed(kinds))

    ahead, behind = sides(hours), sides(-hours)
    if hours == 0:  # which came first is not known: both sides or neither
        assert ahead == behind
        assert sum(ahead) in (0, 2)
        return
    assert sum(ahead) <= 1
    if method != "phash256" and kinds[0] == kinds[1]:
        assert ahead == tuple(reversed(behind))


SAME = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def compared(method="aligned", distance=256, text=False, **changes):
    """A match with a comparison: a copy that agrees everywhere, but for the changes."""
    copy = Comparison(SAME, 100, 300, 1.0, 1.0, 0.99, 0.02, tone=1.0, recoloured=0.0, bits=distance)
    seen = replace(copy, **changes)
    return replace(match_side(method, distance), comparison=seen, other_mostly_text=text)


@pytest.mark.parametrize(
    ("seen", "class_"),
    [
        (compared(), "SAME_PHOTO"),
        (compared(recoloured=None), "SAME_PHOTO"),
        (compared(recoloured=0.4), "SAME_SCENE"),
        (compared("phash256", 4, recoloured=0.4), "SAME_SCENE"),
        (compared("phash256", 4), "SAME_PHOTO"),
        (compared(parallax_residual=0.115), "SAME_PHOTO"),
        (compared(parallax_residual=0.115, tone=12.0), "SAME_SCENE"),
        (compared(parallax_residual=0.115, correlated=0.7), "SAME_SCENE"),
        (compared(parallax_residual=0.13), "SAME_SCENE"),
        (compared(greyed=True), "SAME_PHOTO"),
        (compared(greyed=True, correlated=0.85), "SAME_SCENE"),
        (compared(text=True), "SAME_PHOTO"),
        (compared(text=True, tone=12.0), "SAME_SCENE"),
        (compared(text=True, tone=None), "SAME_SCENE"),
        (compared("phash256", 25, text=True, parallax_residual=0.3), "SAME_SCENE"),
        (compared("phash256", 8, text=True, parallax_residual=0.3), "SAME_PHOTO"),
        (compared("phash256", 8, text=True, tone=12.0), "SAME_SCENE"),
    ],
)
def test_colour_light_and_print_decide_what_aligned_pictures_are(policy, seen, class_):
    (match,) = matches_of(case(match_sides=(seen,)), policy)
    assert match.class_ == class_


def test_a_hash_alone_says_nothing_where_something_shows_mostly_text(policy):
    seen = replace(match_side("phash256", 0), other_mostly_text=True)
    assert judged(policy, seen) == ()
    printed = photo(content=ContentMeasures(0.0, 0.1, 0.0, 0.1, printed_fraction=0.6))
    assert judged(policy, match_side("phash256", 0), measured=printed) == ()


def test_a_painted_defect_is_said_and_outlined(policy):
    where = Region(0.4, 0.3, 0.2, 0.1)
    (found,) = judged(policy, compared(this_difference=where, differing=0.02))
    assert sentence(found).startswith("The same photo as in dispute D-9, except here. ")
    assert found.region == where
    assert found.params["differing"] == 0.02


def test_copies_are_one_line_and_the_earliest_is_named(policy):
    copies = [
        match_side("sha256", 0, id=f"X-{n}", dispute_id=f"D-{n + 100}", submitted_at=SUBMITTED - n * DAY)
        for n in range(1, 30)
    ]
    first = match_side("phash256", 31, id="E-30", dispute_id="D-30", submitted_at=SUBMITTED - 30 * DAY)
    unknown = match_side("sha256", 0, id="E-0", dispute_id="D-0", submitted_at=None)
    found = judged(policy, unknown, *copies, first)
    assert codes(found) == ["DUP_SAME_PHOTO"]
    assert found[0].params["dispute_id"] == "D-30"
    assert found[0].params["matches"] == 31
    shown = matches_of(case(match_sides=(unknown, *copies, first)), policy)
    assert len(shown) == 20
    assert shown[0].dispute_id == "D-30"
