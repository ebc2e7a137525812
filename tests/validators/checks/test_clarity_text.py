"""Text that is too small to read: who is told, what, and what else is then not told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import HEALTHY, SMEARED, case, codes, evidence, only, photo

from validators.checks.clarity import clarity
from validators.evidence import ContentMeasures, ImageFacts, LegibilityMeasures, Measurements
from validators.sentences.sentences import action, sentence

TINY = LegibilityMeasures(text_height=4.0, text_contrast=120.4, words=30)


def with_text(
    kind: str = "screenshot", text: LegibilityMeasures | None = TINY, **changes: object
) -> Measurements:
    return replace(photo(kind=kind, legibility=text), **changes)


def test_it_carries_height_and_contrast(policy):
    found = only(clarity(case(measured=with_text()), policy), "CLR_TEXT_ILLEGIBLE")
    assert (found.severity, found.kind) == ("error", "fail")
    assert (found.measured, found.threshold) == (4.0, policy.rules["clarity.text_height_below"].value)
    assert found.params["unit"] == "px"
    assert found.params["contrast"] == 120.4
    assert "4 px tall" in sentence(found)


@pytest.mark.parametrize(
    ("kind", "roles", "asked"),
    [
        ("screenshot", (), "Send the original screenshot"),
        ("document", (), "Send the original file or PDF"),
        ("photo", ("invoice",), "Move closer"),
    ],
)
def test_each_kind_has_its_action(policy, kind, roles, asked):
    found = only(clarity(case(evidence(roles=roles), with_text(kind)), policy), "CLR_TEXT_ILLEGIBLE")
    assert action(found).startswith(asked)


def test_photos_are_told_only_where_text_is_their_purpose(policy):
    for roles in ((), ("item",), ("packaging",)):
        assert codes(clarity(case(evidence(roles=roles), with_text("photo")), policy)) == []
    typed = case(evidence(evidence_type="label"), with_text("photo"))
    assert codes(clarity(typed, policy)) == ["CLR_TEXT_ILLEGIBLE"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        LegibilityMeasures(),
        LegibilityMeasures(None, None, 2),
        replace(TINY, text_height=9.0),
        replace(TINY, words=5),
        replace(TINY, text_contrast=22.0),
    ],
)
def test_without_enough_text_or_with_large_text_nothing_is_said(policy, text):
    assert codes(clarity(case(measured=with_text(text=text)), policy)) == []


def test_lines_of_a_photographed_page_are_told_without_a_role_however_faint_their_letters_have_become(policy):
    faint = replace(TINY, text_contrast=31.0, lines=True)
    page = ContentMeasures(0.1, 0.5, 0.0, 0.5, printed_fraction=0.4)
    assert codes(clarity(case(measured=with_text("photo", faint, content=page)), policy)) == [
        "CLR_TEXT_ILLEGIBLE"
    ]
    thing = replace(page, printed_fraction=0.05)
    assert codes(clarity(case(measured=with_text("photo", faint, content=thing)), policy)) == []


def test_at_the_threshold_it_is_legible(policy):
    at = replace(TINY, text_height=policy.rules["clarity.text_height_below"].value)
    assert codes(clarity(case(measured=with_text(text=at)), policy)) == []


def test_one_cause_makes_one_finding(policy):
    soft = replace(HEALTHY, sharpness=0.01, definition=SMEARED)
    blank = replace(HEALTHY, luma_std=0.5, flat_fraction=1.0)
    assert codes(clarity(case(measured=with_text(clarity=soft)), policy)) == ["CLR_BLUR"]
    assert codes(clarity(case(measured=with_text(clarity=blank)), policy)) == ["CLR_BLANK"]
    small = with_text(image=ImageFacts(180, 390, "PNG"))
    assert codes(clarity(case(measured=small), policy)) == ["CLR_TEXT_ILLEGIBLE"]


def test_nobody_is_asked_twice(policy):
    again = only(clarity(case(evidence(replaces="E-0"), with_text()), policy), "CLR_TEXT_ILLEGIBLE")
    gone = only(clarity(case(evidence(roles=("label",)), with_text("photo")), policy), "CLR_TEXT_ILLEGIBLE")
    assert "original" not in action(again)
    assert action(gone).startswith("Move closer")
    assert "Do this only if you still can" in action(gone)
    assert all("the mediator may accept it as it is" in action(f) for f in (again, gone))
