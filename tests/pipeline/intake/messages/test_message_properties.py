"""Whatever a key or a message holds: keys come back as they were, and nothing raises."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from message_shapes import ENVELOPES, SEQUENCER, eventbridge, record, sns

from pipeline.intake.messages.notice import Parsed, UploadNotice
from pipeline.intake.messages.own import json_schema, own_message
from pipeline.intake.messages.parsing import parse_message
from storage.interfaces.queue import MAX_BODY

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
PARTS = st.one_of(
    st.sampled_from([" ", "+", "%", "%2F", "%zz", "/", "..", ".", "é", "写", "😀", "\n"]), CHARACTERS
)
KEYS = st.lists(PARTS, min_size=1, max_size=60).map("".join).filter(lambda key: len(key.encode()) <= 1024)


@pytest.mark.parametrize("shape", ENVELOPES)
@given(key=KEYS)
@example(key="D-1/buyer/..hidden name+1%2F100%.jpg")
@example(key="/" + "写" * 341)
@example(key="é" * 512)
@example(key="+")
@example(key=" ")
@example(key="%")
def test_a_key_comes_back_through_every_envelope(shape, key):
    parsed = parse_message(ENVELOPES[shape](key))
    assert parsed.faults == ()
    assert [notice.key for notice in parsed.notices] == [key]


ANY_TEXT = st.text(st.characters(), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def assert_told(parsed: Parsed) -> None:
    assert all(fault.isprintable() and len(fault) <= 300 for fault in parsed.faults)
    for notice in parsed.notices:
        assert notice.kind in {"created", "deleted"}
        assert 1 <= len(notice.key.encode()) <= 1024
        assert parse_message(own_message(notice)) == Parsed((notice,))


@given(ANY_TEXT)
def test_any_text_is_told(text):
    assert_told(parse_message(text))


@given(JSON)
def test_any_json_is_told(value):
    assert_told(parse_message(json.dumps(value)))


def changed(document: object, path: tuple[str, ...], value: object) -> str:
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


RECORD_PATHS = [
    ("eventName",),
    ("eventSource",),
    ("eventTime",),
    ("s3",),
    ("s3", "bucket"),
    ("s3", "bucket", "name"),
    ("s3", "object"),
    *(("s3", "object", name) for name in ("key", "size", "eTag", "versionId", "sequencer")),
]
EVENT_PATHS = [
    ("detail-type",),
    ("source",),
    ("time",),
    ("detail",),
    ("detail", "bucket"),
    ("detail", "object"),
    *(("detail", "object", name) for name in ("key", "size", "etag", "version-id", "sequencer")),
]
OWN_NAMES = [field.name for field in fields(UploadNotice)]


@given(path=st.sampled_from(RECORD_PATHS), value=JSON)
def test_any_value_in_a_record_is_told(path, value):
    assert_told(parse_message('{"Records": [' + changed(record("D-1/a.jpg"), path, value) + "]}"))


@given(path=st.sampled_from(EVENT_PATHS), value=JSON)
def test_any_value_in_an_eventbridge_event_is_told(path, value):
    assert_told(parse_message(sns(changed(json.loads(eventbridge("D-1/a.jpg")), path, value))))


@given(name=st.sampled_from(OWN_NAMES), value=JSON)
def test_any_value_in_our_own_message_is_told(name, value):
    body = {"schema": "dispute-evidence/upload/1", "key": "D-1/a.jpg"} | {name: value}
    assert_told(parse_message(json.dumps(body)))


IDS = st.text(CHARACTERS, min_size=1, max_size=200)
TIMES = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.just(UTC))
HEX = st.text("0123456789abcdefABCDEF", min_size=1, max_size=64).filter(lambda text: text.strip("0"))
NOTICES = st.builds(
    UploadNotice,
    kind=st.sampled_from(["created", "deleted"]),
    bucket=st.none() | st.text(CHARACTERS, min_size=1, max_size=63),
    key=KEYS,
    version_id=st.none() | st.just("v.1"),
    etag=st.none() | st.just("abc-3"),
    size=st.none() | st.integers(0, 2**63 - 1),
    sequencer=st.none() | HEX,
    event_at=st.none() | TIMES,
    tenant=st.none() | IDS,
    dispute_id=st.none() | IDS,
    file=st.none() | KEYS,
    party=st.none() | IDS,
    evidence_type=st.none() | IDS,
    roles=st.lists(IDS, max_size=5).map(tuple),
    description=st.none() | st.text(CHARACTERS),
    submitted_at=st.none() | TIMES,
    replaces=st.none() | IDS,
    declared_type=st.none() | IDS,
    on_listing=st.booleans(),
)


@given(NOTICES)
def test_our_own_message_gives_the_notice_back(notice):
    text = own_message(notice)
    assert text.isascii()
    assert parse_message(text) == Parsed((notice,))


def test_the_largest_message_of_ours_fits_a_queue():
    name = "😀" * 200
    notice = UploadNotice(
        "created", "b" * 255, "\x01" * 1024, "v" * 1024, "e" * 1024, 2**63 - 1, SEQUENCER, tenant=name,
        dispute_id=name, file="😀" * 1024, party=name, evidence_type=name, roles=(name,) * 20,
        description="😀" * 10_000, replaces=name, declared_type=name,
    )  # fmt: skip
    assert len(own_message(notice)) <= MAX_BODY
    assert parse_message(own_message(notice)).notices == (notice,)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": ""},
        {"key": "\udc80"},
        {"key": "a" * 1025},
        {"party": ""},
        {"event_at": datetime(2026, 3, 9)},
        {"description": "a\0"},
        {"kind": "moved"},
    ],
)
def test_what_does_not_fit_the_schema_is_refused(changes):
    values = {"kind": "created", "bucket": None, "key": "D-1/a.jpg"} | changes
    with pytest.raises(ValueError, match=r"^The upload does not fit in a message: .*\.$"):
        own_message(UploadNotice(**values))


def test_the_schema_names_every_field_of_a_notice():
    schema = json_schema()
    assert set(schema["properties"]) == {"schema", *OWN_NAMES}
    assert sorted(schema["required"]) == ["key", "schema"]
    assert schema["properties"]["schema"]["const"] == "dispute-evidence/upload/1"


def test_numbers_may_stand_for_ids():
    parsed = parse_message(
        '{"schema": "dispute-evidence/upload/1", "key": "k", "dispute_id": 1001, "new": 1}'
    )
    assert parsed.notices[0].dispute_id == "1001"
