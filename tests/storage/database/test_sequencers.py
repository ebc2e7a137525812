"""Sequencers order events as AWS says: right-padded with zeros, compared as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database.sequencers import newer, sequencer_key

HEX = st.text("0123456789ABCDEFabcdef", min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("0055AED6DCD90281E6", "0055AED6DCD90281E5", True),
        ("0055AED6DCD90281E5", "0055AED6DCD90281E6", False),
        ("0055AED6DCD90281E5", "0055AED6DCD90281E5", False),
        ("0055AED6DCD90281E500", "0055AED6DCD90281E5", False),
        ("0055AED6DCD90281E501", "0055AED6DCD90281E5", True),
        ("1", "0F", True),
        ("617f08299329d189", "617F08299329D188", True),
        ("617f08299329d189", "617F08299329D189", False),
    ],
)
def test_newer(one, other, expected):
    assert newer(one, other) is expected


@given(HEX, HEX)
def test_the_order_is_that_of_padded_numbers(one, other):
    width = max(len(one), len(other))
    assert newer(one, other) == (int(one.ljust(width, "0"), 16) > int(other.ljust(width, "0"), 16))


@given(HEX, HEX, st.integers(0, 10), st.integers(0, 10))
def test_padding_and_case_make_no_difference(one, other, zeros, more):
    assert newer(one.lower() + "0" * zeros, other.upper() + "0" * more) == newer(one, other)


@given(HEX, HEX, HEX)
def test_the_order_is_total(one, other, third):
    same = sequencer_key(one) == sequencer_key(other)
    assert [newer(one, other), newer(other, one), same].count(True) == 1
    if newer(one, other) and newer(other, third):
        assert newer(one, third)
