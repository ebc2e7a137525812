"""TXT_DIFFERS: three answers, and the many cases in which nothing may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import case, codes, dispute, evidence, only, photo

from validators.checks.order_numbers import number_checks, numbers
from validators.dispute import Order
from validators.disputes.judge import judge_item
from validators.evidence import Reading
from validators.report import NumberAnswer
from validators.sentences.sentences import sentence

OWN_ORDER, OWN_TRACKING = "812-3456789-4417", "LP00123456789CN"


def reading(value, kind="order", confidence=0.99, source="text", checked=False):
    return Reading(kind, value, confidence, source, checked)


def seen(*readings, item=None, order=OWN_ORDER, tracking=OWN_TRACKING, kind="screenshot", readers=("text",)):
    measured = photo(kind=kind, readings=readings, readers=readers)
    return case(item or evidence(), measured, dispute(order=Order(order, tracking)))


def answers(found, policy):
    return {check.kind: check.answer for check in number_checks(found, policy)}


def test_another_number_is_told_by_its_end_alone(policy):
    found = only(numbers(seen(reading("81234567894471")), policy), "TXT_DIFFERS")
    assert sentence(found) == "The order number on this item ends in 4471. The dispute’s ends in 4417."
    assert (found.severity, found.kind, found.measured) == ("warning", "review", 2.0)
    assert "8123456789" not in str(found)


def test_where_the_ends_agree_the_place_that_differs_is_shown(policy):
    first = only(numbers(seen(reading("99234567894417"), kind="photo"), policy), "TXT_DIFFERS")
    assert (
        sentence(first) == "The order number on this item begins with 9923. The dispute’s begins with 8123."
    )
    middle = only(numbers(seen(reading("81239967894417")), policy), "TXT_DIFFERS")
    assert sentence(middle) == "The order number on this item contains 9967. The dispute’s contains 4567."


@pytest.mark.parametrize("value", ["81234567894417", "8I234S6789441 7".replace(" ", ""), "B1234567B94417"])
def test_lookalikes_agree(policy, value):
    assert answers(seen(reading(value)), policy)["order"] == "agrees"


@pytest.mark.parametrize(
    "readings",
    [
        (),
        (reading("81234567894471", kind=""),),
        (reading("81234567894471", confidence=0.89),),
        (reading("81234567894418"),),
        (reading("8123456789447"),),
        (reading("812345678944171"),),
        (reading("81234567899417"),),
        (reading("12345678944178"),),
        (reading("8A234567894471"),),
        (reading("81234567894471"), reading("81234567894472")),
        (reading("81234567894471", kind="tracking"),),
    ],
    ids="none unlabelled unsure one-off shorter longer one-off-inside shifted other-shape two other-kind".split(),
)
def test_what_is_not_sure_cannot_be_read(policy, readings):
    assert answers(seen(*readings), policy)["order"] == "cannot_read"
    assert codes(numbers(seen(*readings), policy)) == []


def test_the_disputes_own_number_anywhere_settles_it(policy):
    both = reading("81234567894471"), reading("81234567894417", kind="", confidence=0.5)
    assert answers(seen(*both), policy)["order"] == "agrees"


def test_a_barcode_may_hold_more_than_the_number(policy):
    code = reading(f"420{OWN_TRACKING}", kind="", source="barcode")
    assert answers(seen(code), policy)["tracking"] == "agrees"
    assert answers(seen(replace(code, source="text")), policy)["tracking"] == "cannot_read"


@pytest.mark.parametrize("source", ["text", "barcode"])
def test_with_a_check_digit_one_character_is_enough(policy, source):
    other = reading("RR123456799CN", "tracking", source=source, checked=True)
    found = only(numbers(seen(other, tracking="RR123456785CN"), policy), "TXT_DIFFERS")
    assert found.params["number"] == "tracking"
    assert "ends in 99CN. The dispute’s ends in 85CN" in sentence(found)


def test_a_return_travels_under_a_number_of_its_own(policy):
    other = reading("LP00123499999CN", "tracking")
    assert answers(seen(other), policy)["tracking"] == "differs"
    returned = seen(other, item=evidence(roles=("return_receipt",)))
    assert answers(returned, policy)["tracking"] == "cannot_read"


def test_without_a_reader_or_a_number_there_is_no_answer(policy):
    assert answers(seen(reading("81234567894471"), readers=()), policy) == {}
    assert answers(seen(order=None, tracking=None), policy) == {}
    assert answers(seen(reading("O77"), order="O-77", tracking=None), policy) == {}


def test_the_report_answers_for_each_number_that_the_dispute_has(policy):
    read = reading(OWN_TRACKING, kind="tracking", confidence=1.0, source="barcode", checked=True)
    answered = judge_item(seen(read, reading("812345", kind="order")), policy).numbers
    assert answered == (
        NumberAnswer("order", "cannot_read", "text", 0.99),
        NumberAnswer("tracking", "agrees", "barcode", 1.0),
    )
    assert OWN_TRACKING not in str(answered)


def test_where_no_reader_looked_the_report_answers_nothing(policy):
    assert judge_item(seen(reading(OWN_ORDER), readers=()), policy).numbers == ()
