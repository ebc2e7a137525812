"""Clarity: the three-way verdict, one finding a cause, and actions that ask for what can be had."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import HEALTHY, POLICY, case, codes, document, evidence, only, photo, video

from validators.checks.clarity import clarity, clarity_block, clarity_verdict
from validators.evidence import ClarityMeasures, GlareSpot, ImageFacts, LegibilityMeasures, Region
from validators.sentences.sentences import action, sentence

BLURRED = replace(HEALTHY, sharpness=0.32, weakest=Region(0.1, 0.2, 0.3, 0.3))
DARK = replace(
    HEALTHY, luma_mean=8.0, luma_p05=1.0, luma_p95=28.0, luma_std=7.0, dark_fraction=1.0, sharpness=0.4
)
WHITE = replace(HEALTHY, luma_mean=245.0, luma_p05=210.0, luma_p95=255.0, luma_std=12.0, clipped_fraction=0.9)
BLANK = ClarityMeasures(None, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0)


def limits(policy, screen=False):
    suffix = "_screen" if screen else ""
    below = policy.rules["clarity.blurred_below_screen" if screen else "clarity.soft_below"].value
    return below, policy.rules[f"clarity.min_edges{suffix}"].value


def test_a_healthy_photo_yields_nothing(policy):
    assert codes(clarity(case(), policy)) == []


def test_the_three_verdicts(policy):
    below, edges = limits(policy)
    above = policy.rules["clarity.sharp_above"].value
    at = replace(HEALTHY, edge_count=int(edges))
    assert clarity_verdict(replace(at, sharpness=below * 0.99), "photo", policy) == "blurred"
    screen, many = limits(policy, screen=True)
    between = replace(HEALTHY, sharpness=screen, edge_count=int(many))
    assert clarity_verdict(between, "screenshot", policy) == "undetermined"
    assert clarity_verdict(replace(at, sharpness=above), "photo", policy) == "sharp"
    assert clarity_verdict(replace(at, sharpness=None), "photo", policy) == "undetermined"
    assert clarity_verdict(None, "photo", policy) == "undetermined"


def test_few_edges_are_never_called_blurred(policy):
    for kind in ("photo", "screenshot", "document", "video", "unknown"):
        _, edges = limits(policy, kind not in ("photo", "video"))
        sparse = replace(HEALTHY, sharpness=0.0, edge_count=int(edges) - 1)
        assert clarity_verdict(sparse, kind, policy) == "undetermined"


def test_noise_is_never_called_sharp(policy):
    noisy = replace(HEALTHY, noise=policy.rules["clarity.noise_above"].value + 1)
    assert clarity_verdict(noisy, "photo", policy) == "undetermined"


def test_grain_on_what_even_a_thumbnail_shows_smeared_is_not_sharp(policy):
    limit = policy.rules["clarity.severe_blur_below"].value
    grainy = replace(HEALTHY, sharpness=0.7, sharpness_coarse=0.3, sharpness_thumbnail=limit * 0.9)
    assert clarity_verdict(grainy, "photo", policy) == "blurred"
    found = only(clarity(case(measured=photo(clarity=grainy)), policy), "CLR_BLUR")
    assert found.severity == "error"
    assert clarity_verdict(replace(grainy, sharpness_thumbnail=limit), "photo", policy) == "sharp"


@given(
    sharpness=st.floats(0, 1),
    more=st.floats(0, 1),
    edges=st.integers(0, 100_000),
    kind=st.sampled_from(["photo", "screenshot", "document", "video"]),
)
def test_a_sharper_picture_is_never_judged_worse(sharpness, more, edges, kind):
    policy = POLICY
    order = ["blurred", "undetermined", "sharp"]
    one = replace(HEALTHY, sharpness=sharpness, edge_count=edges)
    other = replace(one, sharpness=max(sharpness, more))
    first, second = (order.index(clarity_verdict(m, kind, policy)) for m in (one, other))
    assert second >= first


def test_blur_marks_the_weak_region_and_says_how_to_retake(policy):
    found = only(clarity(case(measured=photo(clarity=BLURRED)), policy), "CLR_BLUR")
    assert (found.severity, found.kind) == ("warning", "fail")
    assert found.region == Region(0.1, 0.2, 0.3, 0.3)
    assert found.measured == 0.32
    assert found.threshold == policy.rules["clarity.blurred_below"].value
    assert action(found).startswith("Hold still, tap the item to focus, and photograph it again in daylight.")
    assert "may accept it as it is" in action(found)


def test_what_cannot_be_had_is_not_asked_for_twice(policy):
    soft = photo(clarity=BLURRED)
    again = only(clarity(case(evidence(replaces="E-0"), soft), policy), "CLR_BLUR")
    gone = only(clarity(case(evidence(roles=("packaging",)), soft), policy), "CLR_BLUR")
    assert "photograph" not in action(again)
    assert "Do this only if you still can" in action(gone)
    assert all("the mediator may accept it as it is" in action(f) for f in (again, gone))


@pytest.mark.parametrize(
    ("measures", "code"),
    [(BLURRED, "CLR_BLUR"), (DARK, "CLR_DARK"), (WHITE, "CLR_OVEREXPOSED"), (BLANK, "CLR_BLANK")],
)
def test_one_cause_makes_one_finding(policy, measures, code):
    assert codes(clarity(case(measured=photo(clarity=measures)), policy)) == [code]


SPOT = GlareSpot(0.05, 0.95, 0.95, 110.0, Region(0.3, 0.4, 0.2, 0.2))


def test_reflected_light_is_told_with_its_place_and_what_to_do(policy):
    found = only(clarity(case(measured=photo(clarity=replace(HEALTHY, glare=SPOT))), policy), "CLR_GLARE")
    assert (found.severity, found.kind, found.measured) == ("warning", "fail", 0.05)
    assert found.threshold == policy.rules["clarity.glare_area_above"].value
    assert found.region == SPOT.region
    assert "without flash" in action(found)


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("area", "glare_area_above"),
        ("solidity", "glare_solidity_above"),
        ("softness", "glare_softness_above"),
        ("around", "glare_around_below"),
    ],
)
def test_every_rule_of_reflected_light_must_hold(policy, field, rule):
    at_rule = replace(SPOT, **{field: policy.rules[f"clarity.{rule}"].value})
    assert codes(clarity(case(measured=photo(clarity=replace(HEALTHY, glare=at_rule))), policy)) == []


def test_reflected_light_is_not_told_of_screens_nor_beside_blur(policy):
    screen = replace(photo(clarity=replace(HEALTHY, glare=SPOT)), kind="screenshot")
    assert "CLR_GLARE" not in codes(clarity(case(measured=screen), policy))
    assert codes(clarity(case(measured=photo(clarity=replace(BLURRED, glare=SPOT))), policy)) == ["CLR_BLUR"]


def test_text_too_small_is_told_before_reflected_light(policy):
    small = LegibilityMeasures(3.0, 120.0, 200)
    label = replace(photo(clarity=replace(HEALTHY, glare=SPOT)), legibility=small)
    assert codes(clarity(case(evidence(roles=("label",)), label), policy)) == ["CLR_TEXT_ILLEGIBLE"]


def test_hardly_any_contrast(policy):
    fog = replace(HEALTHY, luma_p05=118.0, luma_p95=130.0, luma_std=3.0, flat_fraction=0.5, sharpness=0.1)
    assert codes(clarity(case(measured=photo(clarity=fog)), policy)) == ["CLR_LOW_CONTRAST"]


def test_a_slightly_soft_photo_is_called_so_and_not_asked_for_again(policy):
    request, soft = policy.rules["clarity.blurred_below"].value, policy.rules["clarity.soft_below"].value
    slight = replace(HEALTHY, sharpness=(request + soft) / 2)
    assert clarity_verdict(slight, "photo", policy) == "blurred"
    assert codes(clarity(case(measured=photo(clarity=slight)), policy)) == []


def test_long_movement_shows_on_the_coarse_copy_where_it_streaks_the_fine_one(policy):
    limit, soft = policy.rules["clarity.blurred_below"].value, policy.rules["clarity.soft_below"].value
    streaked = replace(HEALTHY, sharpness=(limit + soft) / 2, sharpness_coarse=limit - 0.02)
    found = only(clarity(case(measured=photo(clarity=streaked)), policy), "CLR_BLUR")
    assert found.measured == limit - 0.02
    assert "small copy" in sentence(found)
    subject = replace(streaked, sharpness=soft + 0.1)  # sharp before a soft background
    assert codes(clarity(case(measured=photo(clarity=subject)), policy)) == []


def test_blur_is_an_error_only_where_a_thumbnail_is_blurred_too(policy):
    limit = policy.rules["clarity.severe_blur_below"].value
    soft = replace(BLURRED, sharpness=0.3, sharpness_coarse=0.3)
    seen, unseen = (replace(soft, sharpness_thumbnail=limit + by) for by in (0.01, -0.01))
    for measures, severity in ((soft, "warning"), (seen, "warning"), (unseen, "error")):
        assert only(clarity(case(measured=photo(clarity=measures)), policy), "CLR_BLUR").severity == severity


def test_black_is_an_error_and_dim_a_warning(policy):
    black = replace(DARK, luma_p95=10.0, luma_std=3.0)
    assert only(clarity(case(measured=photo(clarity=black)), policy), "CLR_DARK").severity == "error"
    assert only(clarity(case(measured=photo(clarity=DARK)), policy), "CLR_DARK").severity == "warning"


@pytest.mark.parametrize("kind", ["screenshot", "document"])
@pytest.mark.parametrize("measures", [DARK, WHITE, replace(BLURRED, edge_count=300)])
def test_screens_and_documents_may_be_dark_white_or_sparse(policy, kind, measures):
    assert codes(clarity(case(measured=photo(kind=kind, clarity=measures)), policy)) == []


def test_a_thoroughly_soft_screen_is_told(policy):
    soft = replace(HEALTHY, sharpness=0.01, edge_count=50_000)
    assert codes(clarity(case(measured=photo(kind="screenshot", clarity=soft)), policy)) == ["CLR_BLUR"]


@pytest.mark.parametrize(
    ("size", "severity", "rule"),
    [
        ((300, 399), "warning", "clarity.min_long_side"),
        ((100, 1000), "warning", "clarity.min_short_side"),
        ((80, 60), "error", "clarity.min_long_side"),
    ],
)
def test_too_small_names_the_side(policy, size, severity, rule):
    measured = photo(image=ImageFacts(*size, "JPEG"), clarity=BLURRED)
    found = tuple(clarity(case(measured=measured), policy))
    assert codes(found) == ["CLR_LOW_RES"]
    assert (found[0].severity, found[0].rule) == (severity, rule)
    assert f"{size[0]:,} × {size[1]:,}" in sentence(found[0])


def test_the_worst_page_is_named(policy):
    worse = replace(BLURRED, sharpness=0.22)
    measured = document(HEALTHY, replace(BLURRED, sharpness=0.25), worse)
    found = only(clarity(case(measured=measured), policy), "CLR_BLUR")
    assert found.region.page == 3
    assert "2 of 3 pages, page 3 most of all" in sentence(found)
    assert clarity_block(measured, policy).sharpness == 0.22


def test_blank_pages_count_only_where_all_are_blank(policy):
    assert codes(clarity(case(measured=document(HEALTHY, BLANK)), policy)) == []
    assert codes(clarity(case(measured=document(BLANK, BLANK)), policy)) == ["CLR_BLANK"]


def test_a_page_with_text_of_its_own_is_legible(policy):
    assert codes(clarity(case(measured=document(BLANK, characters=500)), policy)) == []


def test_single_soft_frames_are_normal(policy):
    assert codes(clarity(case(measured=video(BLURRED, HEALTHY, HEALTHY, HEALTHY)), policy)) == []
    found = only(clarity(case(measured=video(BLURRED, BLURRED, BLURRED, BLURRED)), policy), "CLR_BLUR")
    assert "4 of 4 sampled frames" in sentence(found)
    assert found.region.time_s is not None


def test_unopened_items_are_not_judged(policy):
    nothing = photo(kind="unknown", clarity=None, image=None, fingerprint=None)
    assert codes(clarity(case(measured=nothing), policy)) == []
    assert clarity_block(nothing, policy) is None
