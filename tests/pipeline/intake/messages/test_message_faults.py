"""What is not understood is a fault of one plain sentence, and costs nothing else of the message."""

from __future__ import annotations

import json

import pytest
from message_shapes import aws, eventbridge, record, sns

from pipeline.intake.messages.parsing import parse_message
from storage.interfaces.queue import MAX_BODY

OWN = {"schema": "dispute-evidence/upload/1", "key": "D-1/a.jpg"}


def with_object(**changes) -> str:
    return json.dumps({"Records": [record("D-1/a.jpg", **changes)]})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "not JSON"),
        ("hello", "not JSON"),
        ('{"Records": [', "not JSON"),
        ('{"key": "a\0b"}', "not JSON"),
        ("[1, 2]", "no object"),
        ("null", "no object"),
        ('{"Records": NaN}', "a number that cannot be read"),
        ('{"Records": ' + "9" * 5000 + "}", "a number that cannot be read"),
        ("{}", "neither an event notification"),
        ('{"Type": "Other", "Message": "{}"}', "neither an event notification"),
        ('{"Records": {}}', "not a list"),
        ('{"x": "' + "a" * MAX_BODY + '"}', "at most 262144 are taken"),
        ('{"x": "' + "é" * (MAX_BODY // 2) + '"}', "at most 262144 are taken"),
        ('{"a":' * 40_000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, "nested too deeply"),
        (sns("[" * 20_000 + "]" * 20_000), "nested too deeply"),
        ('{"key": "\ud800"}', "not valid Unicode"),
        (sns("not json"), "not JSON"),
        (sns(sns(aws("a/b"))), "neither an event notification"),
        (sns("{}", "SubscriptionConfirmation"), "confirm it"),
        (sns("{}", "UnsubscribeConfirmation"), "removed"),
        ('{"Type": "Notification", "Message": {"Records": []}}', 'no text in "Message"'),
        ('{"detail-type": 7, "source": "aws.s3"}', "is no text"),
        ('{"detail-type": "Object Created", "source": "aws.s3"}', "detail: Field required"),
        (eventbridge(""), "1 to 1024 bytes"),
        (eventbridge("a\0b"), "NUL"),
        (eventbridge("\ud800"), "half of a surrogate pair"),
        (json.dumps(OWN | {"schema": "dispute-evidence/upload/2"}), "another version of the schema"),
        (json.dumps(OWN | {"key": ""}), "key: the key must have 1 to 1024 bytes"),
        (json.dumps(OWN | {"key": "é" * 513}), "not 1026"),
        (json.dumps({"schema": OWN["schema"]}), "key: Field required"),
        (json.dumps(OWN | {"kind": "moved"}), "kind"),
        (json.dumps(OWN | {"submitted_at": "2026-03-09T10:00:00"}), "submitted_at"),
        (json.dumps(OWN | {"submitted_at": "0001-01-01T00:00:00+14:00"}), "out of range"),
        (json.dumps(OWN | {"description": "a\0"}), "description: the text holds a NUL"),
        (json.dumps(OWN | {"description": "\udc80"}), "unicode"),
        (json.dumps(OWN | {"description": "x" * 10_001}), "10000 characters"),
        (json.dumps(OWN | {"roles": "item"}), "roles"),
        (json.dumps(OWN | {"roles": ["item"] * 21}), "roles"),
        (json.dumps(OWN | {"party": ""}), "party"),
    ],
)
def test_a_message_that_is_not_understood(body, said):
    parsed = parse_message(body)
    assert parsed.notices == ()
    (fault,) = parsed.faults
    assert said in fault
    assert_plain(fault)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (with_object(key=None), "s3.object.key: Field required"),
        (with_object(key=""), "1 to 1024 bytes"),
        (with_object(key=7), "s3.object.key"),
        (with_object(key="a%ff"), "does not decode as UTF-8"),
        (with_object(key="a%ED%A0%80"), "does not decode as UTF-8"),
        (with_object(key="100%.jpg"), "two hexadecimal digits"),
        (with_object(key="a%00b"), "NUL"),
        (with_object(key="a\0b"), "NUL"),
        (with_object(key="a\ud800"), "the key holds half of a surrogate pair"),
        (with_object(key="a" * 1025), "not 1025"),
        (with_object(size=-1), "s3.object.size"),
        (with_object(size=2**63), "s3.object.size"),
        (with_object(size="many"), "s3.object.size"),
        (with_object(versionId="\ud800"), "unicode"),
        (json.dumps({"Records": [7]}), "no object"),
        (json.dumps({"Records": [{}]}), "no eventName"),
        (json.dumps({"Records": [{"eventName": ["x"]}]}), "no eventName"),
        (json.dumps({"Records": [{"eventName": "ObjectCreated:Put"}]}), "s3: Field required"),
        (json.dumps({"Records": [record("a/b") | {"eventTime": "soon"}]}), "eventTime"),
        (
            json.dumps({"Records": [record("a/b") | {"eventTime": "0001-01-01T00:00:00+14:00"}]}),
            "out of range",
        ),
        (
            json.dumps(
                {"Records": [record("a/b") | {"s3": {"bucket": {"name": ""}, "object": {"key": "a"}}}]}
            ),
            "bucket",
        ),
    ],
)
def test_a_record_that_is_not_understood(body, said):
    parsed = parse_message(body)
    assert parsed.notices == ()
    (fault,) = parsed.faults
    assert fault.startswith("Record 1 of 1 was not understood: ")
    assert said in fault
    assert_plain(fault)


def test_one_malformed_record_costs_no_other():
    good, bad = record("D-1/a.jpg"), record("D-1/%ff.jpg")
    parsed = parse_message(json.dumps({"Records": [good, bad, record("D-1/b.jpg")]}))
    assert [notice.key for notice in parsed.notices] == ["D-1/a.jpg", "D-1/b.jpg"]
    assert parsed.faults == ("Record 2 of 3 was not understood: s3.object.key does not decode as UTF-8.",)


def test_countless_faults_are_counted():
    parsed = parse_message(json.dumps({"Records": [0] * 50_000}))
    assert len(parsed.faults) == 21
    assert parsed.faults[-1] == "Nor were 49980 more records."


def assert_plain(fault: str) -> None:
    assert fault.isprintable()
    assert fault.endswith(".")
    assert len(fault) <= 300
    assert "Traceback" not in fault
