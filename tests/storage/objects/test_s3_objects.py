"""What S3 adds to the contract: paging, prefixes, credentials, servers that fail."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import storage.objects.s3
from storage.errors import (
    ARCHIVED,
    DENIED,
    ENCRYPTED,
    UNREADABLE,
    ObjectMissingError,
    ObjectRefusedError,
    ObjectUnavailableError,
    StorageError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)
from storage.objects.open_objects import open_objects
from storage.objects.s3 import S3Objects


@pytest.mark.servers
def test_more_keys_than_one_page_lists(s3_bucket: str) -> None:
    objects = S3Objects(s3_bucket)
    keys = [f"page/{number:04}" for number in range(1_001)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: objects.put(key, b""), keys))
    assert list(objects.keys("page/")) == keys


@pytest.mark.servers
def test_a_prefix_keeps_stores_apart(s3_bucket: str) -> None:
    one, other = open_objects(f"s3://{s3_bucket}/one/"), open_objects(f"s3://{s3_bucket}/one-more")
    one.put("key", b"1")
    other.put("key", b"2")
    assert one.get("key") == b"1"
    assert list(one.keys()) == ["key"]
    assert sorted(S3Objects(s3_bucket).keys()) == ["one-more/key", "one/key"]


@pytest.mark.servers
def test_the_content_type_is_kept(s3_bucket: str, bucket_maker: Any) -> None:
    S3Objects(s3_bucket).put("key", b"1", "image/jpeg")
    assert bucket_maker.head_object(Bucket=s3_bucket, Key="key")["ContentType"] == "image/jpeg"


@pytest.mark.servers
@pytest.mark.parametrize("bucket", ["no-such-bucket-here", "Not A Bucket"])
def test_a_bucket_that_is_not_there(s3_bucket: str, bucket: str) -> None:
    with pytest.raises(StoreMisconfiguredError, match="bucket"):
        S3Objects(bucket).get("key")
    with pytest.raises(StoreMisconfiguredError, match="bucket"):
        list(S3Objects(bucket).keys())


@pytest.mark.servers
@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"])
def test_credentials_that_do_not_fit(s3_bucket: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "wrong")
    with pytest.raises(StoreMisconfiguredError, match="credentials"):
        S3Objects(s3_bucket).put("key", b"1")


def test_no_credentials_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(StoreMisconfiguredError, match="AWS_ACCESS_KEY_ID"):
        S3Objects("bucket").get("key")


class Failing(http.server.BaseHTTPRequestHandler):
    """Answers every request as its class says, or breaks off in the middle."""

    status = 200
    code = ""
    message = "no"
    serves = True
    asked = 0

    def do_GET(self) -> None:
        """Answer."""
        type(self).asked += 1
        body = f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>".encode()
        if self.status == 200:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only a part")
            return
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """Answer; for the bucket itself, whether it serves."""
        if self.path.count("/") == 1 and self.serves:
            self.send_response(200)
            self.end_headers()
        else:
            self.do_GET()

    def do_PUT(self) -> None:
        """Answer, the body read."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Failing]]:
    """A server on this machine that fails as told, and the environment that leads to it."""
    handler = type("Told", (Failing,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    lead_to(monkeypatch, server.server_port)
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def lead_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Point AWS's tools at a port of this machine; two attempts, short limits."""
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(storage.objects.s3, "ATTEMPTS", 2)
    monkeypatch.setattr(storage.objects.s3, "READ_S", 0.3)


@pytest.mark.parametrize(
    ("status", "code", "fault", "asked"),
    [
        (503, "SlowDown", StoreUnavailableError, 2),
        (500, "InternalError", StoreUnavailableError, 2),
        (502, "", StoreUnavailableError, 2),
        (507, "InsufficientStorage", StoreFullError, None),
        (403, "QuotaExceeded", StoreFullError, 1),
        (403, "AccessDenied", StoreMisconfiguredError, 1),
        (403, "ExpiredToken", StoreMisconfiguredError, 1),
        (400, "SomethingElse", StorageError, 1),
    ],
)
def test_answers_are_translated(
    failing: type[Failing], status: int, code: str, fault: type[StorageError], asked: int | None
) -> None:
    failing.status, failing.code = status, code
    with pytest.raises(StorageError) as raised:
        S3Objects("bucket").put("key", b"1")
    assert type(raised.value) is fault
    assert asked is None or failing.asked == asked


DECRYPT = "User: arn:aws:iam::1:role/w is not authorized to perform: kms:Decrypt on the resource"
NAMED = 'no identity-based policy allows s3:GetObject on "arn:aws:s3:::evidence/kms.jpg"'


@pytest.mark.parametrize(
    ("status", "code", "message", "fault"),
    [
        (403, "InvalidObjectState", "The operation is not valid for the object's storage class", ARCHIVED),
        (403, "AccessDenied", NAMED, DENIED),
        (403, "AccessDenied", DECRYPT, ENCRYPTED),
        (400, "KMS.DisabledException", "the key is disabled", ENCRYPTED),
        (400, "KMS.KMSInvalidStateException", "the key is pending deletion", ENCRYPTED),
        (400, "InvalidRequest", "The object was stored using a form of Server Side Encryption.", ENCRYPTED),
        (400, "SomethingElse", "no", UNREADABLE),
        (404, "NoSuchKey", "no", ObjectMissingError),
        (404, "NoSuchVersion", "no", ObjectMissingError),
        (405, "MethodNotAllowed", "a delete marker", ObjectMissingError),
        (400, "InvalidArgument", "Invalid version id specified", ObjectMissingError),
        (404, "NoSuchBucket", "no", StoreMisconfiguredError),
        (403, "ExpiredToken", "no", StoreMisconfiguredError),
        (400, "KMS.ThrottlingException", "slower", StoreUnavailableError),
        (429, "TooManyRequests", "slower", StoreUnavailableError),
        (503, "SlowDown", "slower", StoreUnavailableError),
        (500, "InternalError", "a chunk is lost", ObjectUnavailableError),
    ],
)
def test_an_object_that_is_refused_is_told_from_a_store_that_refuses_us(
    failing: type[Failing], tmp_path: Path, status: int, code: str, message: str, fault: Any
) -> None:
    failing.status, failing.code, failing.message = status, code, message
    with pytest.raises(StorageError) as raised:
        S3Objects("bucket", attempts=1).fetch("kms.jpg", tmp_path / "new", "v1")
    if isinstance(fault, str):
        assert isinstance(raised.value, ObjectRefusedError)
        assert raised.value.reason == fault
    else:
        assert type(raised.value) is fault
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_that_denies_everything_is_the_operators_fault(
    failing: type[Failing], tmp_path: Path
) -> None:
    failing.status, failing.code, failing.serves = 403, "AccessDenied", False
    with pytest.raises(StoreMisconfiguredError):
        S3Objects("bucket").fetch("key", tmp_path / "new")


@pytest.mark.servers
def test_a_packed_object_is_fetched_as_it_is_stored(
    s3_bucket: str, bucket_maker: Any, tmp_path: Path
) -> None:
    packed = gzip.compress(b"a log", mtime=0)
    bucket_maker.put_object(Bucket=s3_bucket, Key="log", Body=packed, ContentEncoding="gzip")
    S3Objects(s3_bucket).fetch("log", tmp_path / "log")
    assert (tmp_path / "log").read_bytes() == packed


def test_a_refused_look_is_not_taken_for_absence(failing: type[Failing]) -> None:
    failing.status = 403
    with pytest.raises(StoreMisconfiguredError):
        S3Objects("bucket").exists("key")
    failing.status = 404
    assert not S3Objects("bucket").exists("key")
    with pytest.raises(ObjectMissingError):
        S3Objects("bucket").get("key")


def test_an_answer_broken_off_leaves_no_file(failing: type[Failing], tmp_path: Path) -> None:
    with pytest.raises(ObjectUnavailableError):
        S3Objects("bucket").fetch("key", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreUnavailableError):
        S3Objects("bucket").get("key")


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, 1)
    with pytest.raises(StoreUnavailableError, match="reached"):
        S3Objects("bucket").get("key")


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lead_to(monkeypatch, silent.getsockname()[1])
        with pytest.raises(StoreUnavailableError, match="reached"):
            S3Objects("bucket").get("key")
