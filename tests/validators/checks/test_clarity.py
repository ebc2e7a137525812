"""Clarity: one finding a cause, and actions that ask for what can be had."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import HEALTHY, SMEARED, case, codes, document, evidence, only, photo, video

from validators.checks.clarity import clarity, clarity_block
from validators.evidence import ClarityMeasures, GlareSpot, ImageFacts, LegibilityMeasures, Region
from validators.sentences.sentences import action, sentence

BLURRED = replace(HEALTHY, sharpness=0.32, definition=SMEARED, weakest=Region(0.1, 0.2, 0.3, 0.3))
DARK = replace(
    HEALTHY, luma_mean=8.0, luma_p05=1.0, luma_p95=28.0, luma_std=7.0, dark_fraction=1.0, sharpness=0.4
)
WHITE = replace(HEALTHY, luma_mean=245.0, luma_p05=210.0, luma_p95=255.0, luma_std=12.0, clipped_fraction=0.9)
BLANK = ClarityMeasures(None, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0)


def test_a_healthy_photo_yields_nothing(policy):
    assert codes(clarity(case(), policy)) == []


def test_blur_marks_the_weak_region_and_says_how_to_retake(policy):
    found = only(clarity(case(measured=photo(clarity=BLURRED)), policy), "CLR_BLUR")
    assert (found.severity, found.kind) == ("warning", "fail")
    assert found.region == Region(0.1, 0.2, 0.3, 0.3)
    assert found.measured < found.threshold == policy.rules["blur.focus_below"].value
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


def test_black_is_an_error_and_dim_a_warning(policy):
    black = replace(DARK, luma_p95=10.0, luma_std=3.0)
    assert only(clarity(case(measured=photo(clarity=black)), policy), "CLR_DARK").severity == "error"
    assert only(clarity(case(measured=photo(clarity=DARK)), policy), "CLR_DARK").severity == "warning"


@pytest.mark.parametrize("kind", ["screenshot", "document"])
@pytest.mark.parametrize("measures", [DARK, WHITE])
def test_screens_and_documents_may_be_dark_or_white(policy, kind, measures):
    assert codes(clarity(case(measured=photo(kind=kind, clarity=measures)), policy)) == []


@pytest.mark.parametrize(
    ("size", "severity", "rule"),
    [
        ((300, 389), "warning", "clarity.min_long_side"),
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
    worse = replace(BLURRED, sharpness=0.22, definition=replace(SMEARED, least_drawn=0.2))
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
