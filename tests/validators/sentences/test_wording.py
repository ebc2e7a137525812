"""How numbers, times and foreign names are put into sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.sentences.wording import counted, listed, quantity, shown, span


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "bytes", "0 bytes"),
        (1, "bytes", "1 byte"),
        (1536, "bytes", "1.5 KB"),
        (104857600, "bytes", "100 MB"),
        (1.5 * 1024**3, "bytes", "1.5 GB"),
        (2.2e8, "pixels", "220 megapixels"),
        (30.0, "s", "30 seconds"),
        (40000, "px", "40,000 px"),
        (900, "pages", "900 pages"),
        (7, None, "7"),
    ],
)
def test_quantities(value, unit, text):
    assert quantity(value, unit) == text


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0.5, "less than an hour"), (1, "1 hour"), (23.9, "23 hours"), (24, "1 day"), (300, "12 days")],
)
def test_spans_are_never_rounded_up(hours, text):
    assert span(timedelta(hours=hours)) == text


def test_lists_and_counts():
    assert listed(["JPEG"]) == "JPEG"
    assert listed(["JPEG", "PNG", "PDF"]) == "JPEG, PNG or PDF"
    assert (counted(1, "page"), counted(1200, "page")) == ("1 page", "1,200 pages")


@given(st.text(st.characters(), max_size=300))
def test_foreign_names_become_printable_and_short(text):
    assert len(shown(text)) <= 80
    assert shown(text).isprintable()
    shown(text).encode()
