"""From lines of text and barcodes to numbers: what is labelled, what is joined, what is left out."""

from __future__ import annotations

import pytest

from validators.evidence import Region
from validators.measures.numbers.number_shapes import canonical, edits, folded, has_s10_check, same_shape
from validators.measures.numbers.numbers import MOST, Barcode, TextLine, readings_of

BOX = Region(0.1, 0.1, 0.3, 0.02)


def line(text, x=0.1, y=0.1, w=0.3, confidence=0.99):
    return TextLine(text, confidence, Region(x, y, w, 0.02))


def told(*lines):
    return [(one.kind, one.value) for one in readings_of(lines, [])]


@pytest.mark.parametrize("number", ["RR123456785CN", "RR473124829RU", "CP000000005CN"])
def test_the_check_digit_of_a_postal_number_is_known(number):
    assert has_s10_check(number)
    wrong = f"{number[:10]}{(int(number[10]) + 1) % 10}{number[11:]}"
    assert not has_s10_check(wrong)


@pytest.mark.parametrize("number", ["LP00123456789CN", "123456785", "RR12345678CN", "", "RR123456785C1"])
def test_other_numbers_have_no_postal_check_digit(number):
    assert not has_s10_check(number)


def test_one_form_whatever_the_separators():
    assert canonical("rr 123-456 785 cn") == "RR123456785CN"
    assert folded("OIBS0185") == "01850185"
    assert same_shape("LPO0123CN", "LP00123CN")
    assert not same_shape("LPA0123CN", "LP00123CN")
    assert not same_shape("1234", "12345")
    assert (edits("12345", "12345"), edits("12345", "1235"), edits("4471", "4417")) == (0, 1, 2)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Order number: 123-4567890-1234567", "order", "12345678901234567"),
        ("Order no. 8123456789012345", "order", "8123456789012345"),
        ("Order ID 8123456789012345", "order", "8123456789012345"),
        ("Ordernumber8123456789012345", "order", "8123456789012345"),
        ("My order is 123-4567890-1234567.", "order", "12345678901234567"),
        ("thank you for your order 123-4567890-1234567.", "order", "12345678901234567"),
        ("Номер заказа 8123456789012345", "order", "8123456789012345"),
        ("Tracking number LP00123456789CN", "tracking", "LP00123456789CN"),
        ("TRACKING NO 1234567890", "tracking", "1234567890"),
        ("Tracking: LP 0012 3456 789 CN", "tracking", "LP00123456789CN"),
        ("Shipment 123-4567890-1234567", "tracking", "12345678901234567"),
        ("RR 123 456 785 CN", "tracking", "RR123456785CN"),
        ("Telephone 1234567890", "", "1234567890"),
        ("Order total 1234567890", "", "1234567890"),
        ("Reorder number 1234567890", "", "1234567890"),
        ("Tracking page 1234567890", "", "1234567890"),
    ],
)
def test_words_before_a_number_say_what_it_is(text, kind, value):
    assert (kind, value) in told(line(text))
    if kind:
        assert [one for one, _ in told(line(text)) if one] == [kind]


def test_a_label_stands_to_the_left_or_right_above():
    assert told(line("Order number"), line("8123456789", x=0.7)) == [("order", "8123456789")]
    assert told(line("Tracking"), line("8123456789", y=0.13)) == [("tracking", "8123456789")]
    assert told(line("Tracking"), line("8123456789", y=0.3)) == [("", "8123456789")]
    assert told(line("Tracking", y=0.13), line("8123456789")) == [("", "8123456789")]


def test_a_label_has_one_number():
    """What stands below a label that has its number beside it belongs to another row."""
    row = line("Tracking"), line("8123456789", x=0.7), line("7000000001", y=0.13)
    assert sorted(told(*row)) == [("", "7000000001"), ("tracking", "8123456789")]


def test_a_number_followed_by_another_is_offered_alone_too():
    assert ("", "8123456789") in told(line("Order 8123456789 12 Mar 2026"))


def test_short_numbers_prices_and_words_are_not_kept():
    assert told(line("Total 41.20"), line("12 Mar 2026"), line("Thank you"), line("AB12")) == []


def test_barcodes_are_of_a_kind_only_by_their_own_shape():
    codes = Barcode("RR123456785CN", BOX), Barcode("8123456789", BOX), Barcode("https://shop.example", BOX)
    found = readings_of([], codes)
    assert [(one.kind, one.value, one.checked) for one in found] == [
        ("tracking", "RR123456785CN", True),
        ("", "8123456789", False),
    ]


def test_no_more_than_a_bound_is_kept():
    assert len(readings_of([line(f"8{i:09}") for i in range(3 * MOST)], [])) == MOST
