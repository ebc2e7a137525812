"""Strings made safe to look at, and escapes that can be undone."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from validators.safe_text import (
    escape_surrogates,
    printable_in,
    unescape_surrogates,
    visible,
    visible_block,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\\xud8c5f9\udce9\ud800"))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain ümläut 漢字.jpg", "plain ümläut 漢字.jpg"),
        ("a\x1b[31m\x07", "a\\x1b[31m\\x07"),
        ("two\nlines\t\r", "two\\nlines\\t\\r"),
        ("invoice\u202egpj.exe", "invoice\\u202egpj.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("caf\udce9", "caf\\xe9"),
        ("tag\U000e0041", "tag\\U000e0041"),
    ],
)
def test_hidden_characters_are_spelled_out(raw, shown):
    assert visible(raw) == shown


def test_running_text_keeps_its_lines_and_joiners_but_no_overrides():
    assert visible_block("a\r\nb\rc\td\u200d\u202ee\x1b") == "a\nb\nc\td\u200d\\u202ee\\x1b"


def test_what_an_encoding_cannot_hold_is_spelled_out():
    assert printable_in("ascii", "é\x1b") == "\\xe9\\x1b"


@given(ANY_TEXT)
@example("\\xff")
@example("\\\\x5cx80\\udc80\udc80")
def test_escapes_give_valid_unicode_and_can_be_undone(raw):
    escaped = escape_surrogates(raw)
    escaped.encode("utf-8")
    assert unescape_surrogates(escaped) == raw


@given(ANY_TEXT)
def test_nothing_steering_survives(raw):
    assert not set(visible(raw)) & set(map(chr, [*range(32), *range(127, 160), *range(0x202A, 0x202F)]))
