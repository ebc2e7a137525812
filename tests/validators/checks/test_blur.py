"""Blur: what everybody sees is reported, of photos, pages and frames, and the verdict says the same as the findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import HEALTHY, POLICY, SMEARED, case, codes, document, only, photo, video

from validators.checks.clarity import clarity, clarity_block
from validators.checks.views.blur import BlurRules
from validators.evidence import ContentMeasures, Definition, ImageFacts
from validators.sentences.sentences import sentence

RULES = POLICY.group(BlurRules)
MOVED = Definition(0.2, 0.47, 150)
PAGE = ContentMeasures(0.2, 0.85, 0.0, 0.9, largest_patch=0.3)


def seen(definition, *, small=HEALTHY.definition_small, sharpness=0.5, **changes):
    measures = replace(HEALTHY, sharpness=sharpness, definition=definition, definition_small=small)
    return photo(clarity=measures, **changes)


def findings(measured, policy=POLICY):
    return tuple(clarity(case(measured=measured), policy))


def test_softness_in_every_direction_is_out_of_focus():
    found = only(findings(seen(SMEARED)), "CLR_BLUR")
    assert (found.severity, found.rule) == ("warning", "blur.focus_below")
    assert sentence(found) == "The whole picture is out of focus."


def test_softness_in_one_direction_is_movement():
    found = only(findings(seen(MOVED)), "CLR_BLUR")
    assert (found.severity, found.rule) == ("warning", "blur.focus_below")
    assert sentence(found) == "The picture is blurred by movement."


def test_a_direction_that_falls_behind_by_nature_is_not_movement():
    assert findings(seen(Definition(0.36, 0.48, 150), sharpness=0.6)) == ()


def test_fine_texture_and_the_softness_of_few_pixels_speak_against_it():
    soft = Definition(0.3, 0.42, 150)
    assert codes(findings(seen(soft))) == ["CLR_BLUR"]
    assert findings(photo(clarity=replace(seen(soft).clarity, fine_detail=0.8))) == ()
    assert findings(photo(clarity=replace(seen(Definition(0.28, 0.36, 150)).clarity, side=534))) == ()


def test_blur_that_a_small_copy_shows_too_is_asked_for_again():
    for definition in (SMEARED, MOVED):
        assert only(findings(seen(definition, small=definition)), "CLR_BLUR").severity == "error"
    assert findings(seen(HEALTHY.definition, small=SMEARED)) == ()


def test_without_any_edge_left_it_is_the_strongest_blur():
    none_left = seen(Definition(0.0, 0.0, 40), small=Definition(0.0, 0.0, 40), sharpness=None)
    found = only(findings(none_left), "CLR_BLUR")
    assert found.severity == "error"
    assert clarity_block(none_left, POLICY).verdict == "blurred"


def test_what_is_plain_says_nothing():
    plain = seen(Definition(0.0, 0.0, RULES.least_places - 1), sharpness=None)
    assert findings(plain) == ()
    assert clarity_block(plain, POLICY).verdict == "undetermined"


def test_pages_are_held_to_crisp_strokes_though_blur_makes_photos_of_them():
    soft = Definition(0.37, 0.48, 150, least_drawn=RULES.page_severe_below - 0.01)
    assert findings(seen(soft, sharpness=0.6)) == ()
    found = only(findings(seen(soft, sharpness=0.6, content=PAGE)), "CLR_BLUR")
    assert (found.severity, found.rule) == ("error", "blur.page_definition_below")
    assert sentence(found) == "The picture is so blurred that its text cannot be read."
    for kind in ("screenshot", "document"):
        assert codes(findings(seen(soft, sharpness=0.6, kind=kind))) == ["CLR_BLUR"]


@pytest.mark.parametrize(
    "content",
    [
        replace(PAGE, palette_share=RULES.page_palette_above - 0.01),
        replace(PAGE, largest_patch=RULES.page_patch_below),
        replace(PAGE, printed_fraction=RULES.page_printed_below),
    ],
)
def test_photos_things_on_white_and_visible_print_are_not_held_to_it(content):
    soft = Definition(RULES.page_severe_below - 0.01, 0.48, 150)
    assert findings(seen(soft, sharpness=0.6, content=content)) == ()


def test_a_page_of_print_that_keeps_its_detail_or_shows_hardly_any_is_not_called_blurred():
    for detail in (0.0, RULES.page_fine_detail_above):
        crisp = replace(HEALTHY, definition=SMEARED, fine_detail=detail)
        assert findings(document(crisp)) == ()


def test_a_page_that_its_document_draws_is_never_blurred_and_a_scan_may_be():
    soft = replace(HEALTHY, definition=SMEARED, definition_small=SMEARED)
    scan = document(HEALTHY, soft)
    assert only(findings(scan), "CLR_BLUR").params["page"] == 2
    drawn = replace(scan.pages[1], pictured=RULES.drawn_pictured_below - 0.01)
    assert findings(replace(scan, pages=(scan.pages[0], drawn))) == ()


@pytest.mark.parametrize("kind", ["photo", "screenshot", "document"])
def test_a_still_that_is_even_for_the_most_part_is_drawn(kind):
    icon = replace(PAGE, flat_fraction=RULES.drawn_flat_above)
    assert findings(seen(SMEARED, kind=kind, content=icon)) == ()
    grainy = replace(icon, flat_fraction=RULES.drawn_flat_above - 0.01)
    assert codes(findings(seen(SMEARED, kind=kind, content=grainy))) == ["CLR_BLUR"]


def test_blur_of_a_page_is_told_before_its_white_paper():
    white = seen(SMEARED, content=PAGE)
    washed = replace(white.clarity, luma_p05=240.0, luma_p95=255.0, luma_std=4.0, clipped_fraction=0.9)
    assert codes(findings(replace(white, clarity=washed))) == ["CLR_BLUR"]
    assert codes(findings(replace(white, clarity=washed, content=None))) == ["CLR_OVEREXPOSED"]


def test_a_picture_too_small_is_soft_by_its_size():
    small = seen(SMEARED, image=ImageFacts(300, 389, "JPEG"))
    assert codes(findings(small)) == ["CLR_LOW_RES"]
    assert clarity_block(small, POLICY).verdict != "blurred"


def test_noise_is_never_called_sharp():
    noisy = photo(clarity=replace(HEALTHY, noise=RULES.noise_above + 1))
    assert clarity_block(noisy, POLICY).verdict == "undetermined"
    assert clarity_block(photo(), POLICY).verdict == "sharp"


def test_what_was_measured_before_definition_was_is_not_called_blurred():
    assert findings(seen(None, small=None, sharpness=0.1)) == ()


DEFINITIONS = st.builds(
    lambda least, more, places: Definition(least, min(least + more, 0.6), places),
    st.floats(0, 0.5), st.floats(0, 0.3), st.integers(0, 300),
)  # fmt: skip


@given(
    views=st.lists(st.tuples(DEFINITIONS, st.none() | st.floats(0, 1)), min_size=1, max_size=4),
    kind=st.sampled_from(["photo", "screenshot", "document", "video"]),
    light=st.sampled_from([{}, {"luma_mean": 8.0, "luma_p95": 28.0, "dark_fraction": 1.0}]),
)
def test_verdict_and_findings_never_contradict_each_other(views, kind, light):
    measures = [replace(HEALTHY, definition=d, sharpness=s, **light) for d, s in views]
    if kind == "document":
        measured = document(*measures)
    elif kind == "video":
        measured = video(*measures)
    else:
        measured = photo(kind=kind, clarity=measures[0])
    told = "CLR_BLUR" in codes(findings(measured))
    assert told == (clarity_block(measured, POLICY).verdict == "blurred")


@given(definition=DEFINITIONS, sharper=st.floats(0, 0.3), sharpness=st.floats(0, 1))
def test_a_better_defined_photo_is_never_judged_worse(definition, sharper, sharpness):
    better = replace(definition, least=definition.least + sharper, most=definition.most + sharper)
    if findings(seen(better, sharpness=sharpness)):
        assert findings(seen(definition, sharpness=sharpness)) or definition.places < RULES.least_places
