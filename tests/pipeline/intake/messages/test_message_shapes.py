"""Every shape of message gives the same notice of the same upload."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import message_shapes as shapes
import pytest
from message_shapes import BUCKET, ENVELOPES, ETAG, SEQUENCER, VERSION, eventbridge, record, sns

from pipeline.intake.messages.notice import Parsed, UploadNotice
from pipeline.intake.messages.parsing import parse_message

KEY = "D-1001/buyer/the lid + 100%.jpg"


def records(*found) -> str:
    return json.dumps({"Records": list(found)})


def only(body: str) -> UploadNotice:
    parsed = parse_message(body)
    assert parsed.faults == ()
    (notice,) = parsed.notices
    return notice


@pytest.mark.parametrize("shape", ENVELOPES)
def test_bucket_and_key_are_read(shape):
    notice = only(ENVELOPES[shape](KEY))
    assert (notice.kind, notice.bucket, notice.key) == ("created", BUCKET, KEY)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (shapes.aws(KEY), (VERSION, SEQUENCER, datetime(2026, 3, 9, 10, 5, 0, 123000, UTC))),
        (sns(shapes.aws(KEY)), (VERSION, SEQUENCER, datetime(2026, 3, 9, 10, 5, 0, 123000, UTC))),
        (eventbridge(KEY), (VERSION, "617f08299329d189", datetime(2026, 3, 9, 10, 5, tzinfo=UTC))),
        (shapes.minio(KEY), (None, SEQUENCER, datetime(2026, 3, 9, 10, 5, tzinfo=UTC))),
        (shapes.moto(KEY), (None, None, datetime(2026, 3, 9, 10, 5, 0, 123000, UTC))),
        (
            shapes.moto_eventbridge(KEY),
            (None, "617f08299329d189", datetime(2026, 3, 9, 10, 5, 0, 123000, UTC)),
        ),
        (
            shapes.ministack(KEY),
            (None, "000006414F0B1C2D3E", datetime(2026, 3, 9, 10, 5, 0, 123000, UTC)),
        ),
        (shapes.ceph(KEY), (None, "F7E6D75DC742D108", datetime(2026, 3, 9, 10, 5, 0, 124724, UTC))),
    ],
)
def test_what_tells_versions_apart_is_read(body, expected):
    notice = only(body)
    assert (notice.version_id, notice.sequencer, notice.event_at) == expected
    assert (notice.etag, notice.size) == (ETAG, 1024)
    assert notice.event_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"eTag": f'"{ETAG}"'}, "etag", ETAG),
        ({"eTag": '""'}, "etag", None),
        ({"eTag": None, "etag": ETAG}, "etag", ETAG),
        ({"versionId": "null"}, "version_id", None),
        ({"versionId": ""}, "version_id", None),
        ({"size": "77"}, "size", 77),
        ({"size": None}, "size", None),
        ({"sequencer": "0"}, "sequencer", None),
        ({"sequencer": ""}, "sequencer", None),
        ({"sequencer": "Happy Sequencer"}, "sequencer", None),
        ({"sequencer": 12}, "sequencer", None),
    ],
)
def test_variants_of_an_object_field(changes, field, expected):
    assert getattr(only(records(record("D-1/a.jpg", **changes))), field) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D-1%2Fbuyer%2Fa.jpg", "D-1/buyer/a.jpg"),
        ("D-1/red+flower.jpg", "D-1/red flower.jpg"),
        ("D-1/1%2B1.jpg", "D-1/1+1.jpg"),
        ("D-1/%252F.jpg", "D-1/%2F.jpg"),
        ("D-1/%E5%86%99%E7%9C%9F.jpg", "D-1/写真.jpg"),
        ("D-1/写真+1%2B.jpg", "D-1/写真+1%2B.jpg"),
        ("D-1/red flower+.jpg", "D-1/red flower+.jpg"),
    ],
)
def test_encoded_keys_are_decoded_and_plain_ones_left(written, read):
    assert only(records(record(written))).key == read


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ObjectCreated:Post", "created"),
        ("ObjectCreated:Copy", "created"),
        ("ObjectCreated:CompleteMultipartUpload", "created"),
        ("s3:ObjectCreated:Put", "created"),
        ("ObjectRemoved:Delete", "deleted"),
        ("s3:ObjectRemoved:DeleteMarkerCreated", "deleted"),
        ("LifecycleExpiration:Delete", "deleted"),
        ("s3:LifecycleExpiration:DeleteMarkerCreated", "deleted"),
        ("ObjectLifecycle:Expiration:Current", "deleted"),
    ],
)
def test_kinds_of_event(name, kind):
    assert only(records(record("D-1/a.jpg", name, size=None, eTag=None))).kind == kind


@pytest.mark.parametrize(
    "name",
    [
        "ObjectTagging:Put",
        "s3:ObjectTagging:Delete",
        "s3:ObjectAcl:Put",
        "s3:LifecycleTransition",
        "s3:IntelligentTiering",
        "s3:ObjectRestore:Post",
        "ObjectRestore:Completed",
        "s3:Replication:OperationFailedReplication",
        "s3:ReducedRedundancyLostObject",
        "s3:ObjectAccessed:Get",
        "ObjectLifecycle:Expiration:AbortMultipartUpload",
    ],
)
def test_other_events_of_s3_are_no_uploads(name):
    assert parse_message(records(record("D-1/a.jpg", name))) == Parsed()


@pytest.mark.parametrize(
    "body",
    [
        shapes.TEST_EVENT,
        sns(shapes.TEST_EVENT),
        records(),
        records({"eventSource": "aws:sqs", "body": "{}"}, {"EventSource": "aws:sns", "Sns": {}}),
        eventbridge("D-1/a.jpg", "Object Tags Added"),
        eventbridge("D-1/a.jpg", "Object Restore Completed"),
        eventbridge("D-1/a.jpg").replace("aws.s3", "aws.ec2"),
        json.dumps({"version": "0", "detail-type": "Test Event", "source": "aws.s3", "detail": {}}),
    ],
)
def test_what_is_no_upload_is_no_fault_either(body):
    assert parse_message(body) == Parsed()


def test_eventbridge_tells_of_deletions():
    notice = only(eventbridge("D-1/a+b%20.jpg", "Object Deleted"))
    assert (notice.kind, notice.key) == ("deleted", "D-1/a+b%20.jpg")


def test_several_records_keep_their_order():
    found = parse_message(records(record("a/1"), record("a/2", "ObjectRemoved:Delete"), record("a/3")))
    assert [(notice.kind, notice.key) for notice in found.notices] == [
        ("created", "a/1"),
        ("deleted", "a/2"),
        ("created", "a/3"),
    ]


def test_only_our_own_message_declares_anything():
    declared = record("D-1/a.jpg") | {"party": "buyer", "dispute_id": "D-2"}
    notice = only(records(declared))
    assert (notice.party, notice.dispute_id) == (None, None)


def test_a_folder_marker_is_told_from_an_upload():
    assert only(records(record("D-1/", size=0))).is_folder_marker
    assert not only(records(record("D-1/", size=5))).is_folder_marker
    assert not only(records(record("D-1/a.jpg", size=0))).is_folder_marker
