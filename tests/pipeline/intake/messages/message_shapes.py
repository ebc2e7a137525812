"""Messages of every shape, written after the public documentation of those who send them."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

BUCKET = "evidence-uploads"
ETAG = "d41d8cd98f00b204e9800998ecf8427e"
VERSION = "096fKKXTRTtl3on89fVO.nfljtsv6qko"
SEQUENCER = "0055AED6DCD90281E5"
AT = "2026-03-09T10:05:00.123Z"


def record(key: str, name: str = "ObjectCreated:Put", /, **changes) -> dict:
    """One record of AWS; ``key`` as it stands in the event. ``changes``: the object's fields, None removes one."""
    entity = {"key": key, "size": 1024, "eTag": ETAG, "versionId": VERSION, "sequencer": SEQUENCER} | changes
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": AT,
        "eventName": name,
        "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "abc"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "uploads",
            "bucket": {
                "name": BUCKET,
                "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                "arn": f"arn:aws:s3:::{BUCKET}",
            },
            "object": {name: value for name, value in entity.items() if value is not None},
        },
    }


def aws(key: str) -> str:
    """S3's own notification: form encoding that leaves "/"."""
    return json.dumps({"Records": [record(quote_plus(key, safe="/"))]})


def aws_star(key: str) -> str:
    """The same with the few characters more that Java's form encoding leaves, and all else escaped."""
    return json.dumps({"Records": [record(quote(key, safe="*-._~").replace("%20", "+"))]})


def minio(key: str) -> str:
    """MinIO: "s3:" names, "/" escaped, the whole key once more at the top."""
    one = record(quote_plus(key), "s3:ObjectCreated:Put", versionId=None)
    one |= {"eventSource": "minio:s3", "eventTime": "2026-03-09T10:05:00Z", "source": {"host": "192.0.2.1"}}
    return json.dumps({"EventName": "s3:ObjectCreated:Put", "Key": f"{BUCKET}/{key}", "Records": [one]})


def moto(key: str) -> str:
    """moto: no sequencer, no version, "/" escaped."""
    return json.dumps({"Records": [record(quote_plus(key), versionId=None, sequencer=None)]})


def ministack(key: str) -> str:
    """ministack: sequencers of 18 digits, a later version of the structure."""
    one = record(quote_plus(key, safe="/"), versionId=None, sequencer="000006414F0B1C2D3E")
    return json.dumps({"Records": [one | {"eventVersion": "2.6"}]})


def ceph(key: str) -> str:
    """Ceph: keys as they are, sizes as text, empty texts for what is absent."""
    one = record(key, size="1024", versionId="", sequencer="F7E6D75DC742D108")
    one |= {
        "eventSource": "ceph:s3",
        "eventTime": "2026-03-09T10:05:00.124724Z",
        "opaqueData": "me@example.com",
    }
    return json.dumps({"Records": [one]})


def eventbridge(key: str, name: str = "Object Created", /, **changes) -> str:
    """EventBridge: keys as they are, names with hyphens."""
    entity = {"key": key, "size": 1024, "etag": ETAG, "version-id": VERSION, "sequencer": "617f08299329d189"}
    return json.dumps(
        {
            "version": "0",
            "id": "17793124-05d4-b198-2fde-7ededc63b103",
            "detail-type": name,
            "source": "aws.s3",
            "account": "111122223333",
            "time": "2026-03-09T10:05:00Z",
            "region": "eu-central-1",
            "resources": [f"arn:aws:s3:::{BUCKET}"],
            "detail": {
                "version": "0",
                "bucket": {"name": BUCKET},
                "object": entity | changes,
                "request-id": "N4N7GDK58NMKJ12R",
                "requester": "123456789012",
                "source-ip-address": "192.0.2.1",
                "reason": "PutObject",
            },
        }
    )


def moto_eventbridge(key: str) -> str:
    """moto's EventBridge event: the time as a number, the ETag's name as in S3's events, no version."""
    event = json.loads(eventbridge(key, **{"version-id": None}))
    event["time"] = 1773050700.123
    event["detail"]["object"]["eTag"] = event["detail"]["object"].pop("etag")
    return json.dumps(event)


def sns(message: str, kind: str = "Notification") -> str:
    """``message`` as SNS delivers it where raw delivery is off."""
    return json.dumps(
        {
            "Type": kind,
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": "arn:aws:sns:eu-central-1:111122223333:uploads",
            "Subject": "Amazon S3 Notification",
            "Message": message,
            "Timestamp": AT,
            "SignatureVersion": "1",
            "Signature": "EXAMPLE",
            "SigningCertURL": "https://sns.example/cert.pem",
            "UnsubscribeURL": "https://sns.example/unsubscribe",
        }
    )


def own(key: str) -> str:
    """The least that our own message needs."""
    return json.dumps(
        {"schema": "dispute-evidence/upload/1", "bucket": BUCKET, "key": key}, ensure_ascii=False
    )


ENVELOPES = {
    "aws": aws,
    "aws, all escaped": aws_star,
    "sns": lambda key: sns(aws(key)),
    "eventbridge": eventbridge,
    "eventbridge in sns": lambda key: sns(eventbridge(key)),
    "minio": minio,
    "moto": moto,
    "moto's eventbridge": moto_eventbridge,
    "ministack": ministack,
    "ceph": ceph,
    "own": own,
    "own in sns": lambda key: sns(own(key)),
}

TEST_EVENT = json.dumps(
    {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-03-09T10:05:00.000Z",
        "Bucket": BUCKET,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
    }
)
