"""What real servers tell of real uploads: the second opinion on the shapes written down here."""

from __future__ import annotations

import time

import pytest

from pipeline.intake.messages.notice import CREATED, DELETED, UploadNotice
from pipeline.intake.messages.parsing import parse_message

pytestmark = pytest.mark.servers

KEYS = [
    "D-1/buyer/a.jpg",
    "D-1/buyer/the lid + 100%25.jpg",
    "D-1/..hidden/写真 é.jpg",
    "D%2F1/seller/a&b=c;d:e@f,g$h!i'(j)*~k.pdf",
]


@pytest.fixture(scope="module", params=["ministack", "moto"])
def served(request):
    """An SQS client, its queue and an S3 client whose bucket tells the queue of everything."""
    server = request.getfixturevalue(request.param)
    sqs, objects = server.client("sqs"), server.client("s3")
    url = sqs.create_queue(QueueName="served-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    objects.create_bucket(Bucket="served-events")
    objects.put_bucket_notification_configuration(
        Bucket="served-events",
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}]
        },
    )
    return sqs, url, objects


def received(sqs, url, kind: str) -> UploadNotice:
    """The next notice of ``kind``; every message is understood, test events hold nothing."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=1)
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            parsed = parse_message(message["Body"])
            assert parsed.faults == ()
            for notice in parsed.notices:
                assert notice.kind == kind
                return notice
    raise AssertionError("no event came")


@pytest.mark.parametrize("key", KEYS)
def test_a_served_event_tells_the_key_as_uploaded(served, key):
    sqs, url, objects = served
    put = objects.put_object(Bucket="served-events", Key=key, Body=b"seven b")
    notice = received(sqs, url, CREATED)
    assert (notice.bucket, notice.key, notice.size) == ("served-events", key, 7)
    assert notice.etag == put["ETag"].strip('"')
    assert objects.head_object(Bucket=notice.bucket, Key=notice.key)["ContentLength"] == 7
    objects.delete_object(Bucket="served-events", Key=key)
    assert received(sqs, url, DELETED).key == key
