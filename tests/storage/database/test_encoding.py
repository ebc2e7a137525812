"""Records survive as JSON; strange strings survive in columns."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import NOON, ODD_TEXT, full_dispute, full_measurements

from storage.database.columns import escape, unescape
from storage.database.encoding import canonical_json, canonical_sha256, decode, encode
from storage.errors import StorageError
from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import Evidence, Measurements

ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\ufdd0\ud800\udfff0af"))


def test_full_records_come_back_equal() -> None:
    assert decode(Measurements, encode(Measurements, full_measurements())) == full_measurements()
    assert decode(Dispute, encode(Dispute, full_dispute("t"))) == full_dispute("t")


@given(ANY_TEXT)
def test_any_string_survives_in_a_record_and_in_a_column(text: str) -> None:
    item = Evidence("E-1", "D-1", text, "s", 1, NOON, declared=Declared(description=text))
    stored = encode(Evidence, item)
    assert stored.isascii()
    assert decode(Evidence, stored) == item
    escaped = escape(text)
    assert unescape(escaped) == text
    assert "\x00" not in escaped
    escaped.encode("utf-8")


@given(ANY_TEXT, ANY_TEXT)
def test_different_strings_stay_different(one: str, other: str) -> None:
    assert (escape(one) == escape(other)) == (one == other)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(
            Measurements, replace(full_measurements(), video=replace(full_measurements().video, fps=number))
        )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        encode(Dispute, Dispute("D-1", opened_at=NOON.replace(tzinfo=None)))


def test_a_field_added_by_a_later_version_is_left_out() -> None:
    stored = json.loads(encode(Measurements, full_measurements()))
    assert decode(Measurements, json.dumps(stored | {"later": 1})) == full_measurements()


@pytest.mark.parametrize("text", ["{}", "[]", '{"version": "1"}', "null"])
def test_what_is_no_such_record_is_a_fault_of_the_store(text: str) -> None:
    with pytest.raises(StorageError, match="stored Measurements"):
        decode(Measurements, text)


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"\\u00e9"]}'
    assert canonical_sha256({"a": 1, "b": 2}) == canonical_sha256({"b": 2, "a": 1})
    assert canonical_json({"x": ODD_TEXT}).isascii()
