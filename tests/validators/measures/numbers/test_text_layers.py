"""Numbers beside and below their labels in chats, mails and tables, in several languages."""

import pytest

from validators.measures.numbers.number_shapes import expected_s10_check
from validators.measures.numbers.text_layers import TEXT_LAYER, readings_in_text


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Anna: my order number is 8120-4551-23, thank you", "order", "8120455123"),
        ("我的订单号是8123456789012345", "order", "8123456789012345"),
        ("Номер заказа:\n5012345678", "order", "5012345678"),
        ("Order number    Tracking    Date\n8120455123      RR123456785CN   5.1.2024", "order", "8120455123"),
        ("Numéro de commande : 8120-455-123", "order", "8120455123"),
        ("Takip no: 7301234567", "tracking", "7301234567"),
        ("it was RR123456785CN yesterday", "tracking", "RR123456785CN"),
        ("order_number,tracking\n81204551,RR123456785CN", "tracking", "RR123456785CN"),
    ],
)
def test_a_number_is_found_with_its_kind(text, kind, value):
    found = {(one.kind, one.value) for one in readings_in_text([text])}
    assert (kind, value) in found


def test_a_number_without_a_label_has_no_kind():
    (found,) = readings_in_text(["call me: +7 912 345 67 89"])
    assert (found.kind, found.source, found.region) == ("", TEXT_LAYER, None)


@pytest.mark.parametrize(
    ("number", "digit"), [("RR123456780CN", 5), ("RR123456785CN", None), ("LP00123456789CN", None)]
)
def test_a_wrong_check_digit_is_told_from_other_numbers(number, digit):
    assert expected_s10_check(number) == digit
