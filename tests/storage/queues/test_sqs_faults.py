"""SQS that is slow, away, refusing or set up wrongly; and what it does beside the contract."""

from __future__ import annotations

import http.server
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from queue_samples import lead_to_server, sqs_queue
from servers import Aws, running_ministack, started_or_skipped

from storage.errors import StorageError, StoreMisconfiguredError, StoreUnavailableError
from storage.interfaces.queue import Depth, Message
from storage.queues import sqs_clients
from storage.queues.sqs import SqsQueue

QUEUE = "https://sqs.eu-west-3.amazonaws.com/123456789012/uploads"
MESSAGE = Message("id", "receipt", "body", 1, datetime(2026, 3, 9, tzinfo=UTC))


def lead_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Point AWS's tools at a port of this machine; one attempt, short limits."""
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sqs_clients, "ATTEMPTS", 1)
    monkeypatch.setattr(sqs_clients, "RECEIVE_ATTEMPTS", 1)
    monkeypatch.setattr(sqs_clients, "CONNECT_S", 0.3)
    monkeypatch.setattr(sqs_clients, "READ_S", 0.3)


def opened() -> SqsQueue:
    """The queue that all addresses of these tests name."""
    return SqsQueue(QUEUE, f"{QUEUE}-dead")


CALLS: dict[str, Callable[[SqsQueue], object]] = {
    "send": lambda queue: queue.send(["body"]),
    "receive": lambda queue: queue.receive(1, 60),
    "renew": lambda queue: queue.renew(MESSAGE, 60),
    "acknowledge": lambda queue: queue.acknowledge(MESSAGE),
    "release": lambda queue: queue.release(MESSAGE),
    "dead_letter": lambda queue: queue.dead_letter(MESSAGE, "why"),
    "depth": lambda queue: queue.depth(),
    "dead_count": lambda queue: queue.dead_count(),
    "dead_letters": lambda queue: queue.dead_letters(1),
    "redrive": lambda queue: queue.redrive(1),
}


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("call", CALLS)
def test_no_call_waits_for_ever(monkeypatch: pytest.MonkeyPatch, silent: int, call: str) -> None:
    lead_to(monkeypatch, silent)
    queue = opened()
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="reached"):
        CALLS[call](queue)
    assert time.monotonic() - started < 4
    queue.close()


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, 1)
    with pytest.raises(StoreUnavailableError, match="reached"):
        opened().depth()


def test_no_credentials_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lead_to(monkeypatch, 1)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreMisconfiguredError, match="SQS: set AWS_ACCESS_KEY_ID"):
        opened().depth()


def test_an_endpoint_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "not an address")
    with pytest.raises(StoreMisconfiguredError, match="address of sqs"):
        opened()


class Telling(http.server.BaseHTTPRequestHandler):
    """Answers as its class says, and keeps what it was asked."""

    answers: ClassVar[list[tuple[int, dict[str, Any]]]]
    asked: ClassVar[list[tuple[str, dict[str, Any]]]]
    signed: ClassVar[list[str]]

    def do_POST(self) -> None:
        """Give the next answer, the last one for ever."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.headers["X-Amz-Target"], body))
        self.signed.append(self.headers["Authorization"])
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Telling]]:
    """A server of this machine that answers as told, and the environment that leads to it."""
    handler = type("Told", (Telling,), {"answers": [(200, {})], "asked": [], "signed": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    lead_to(monkeypatch, server.server_port)
    monkeypatch.setattr(sqs_clients, "READ_S", 5)
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (503, "ServiceUnavailable", StoreUnavailableError),
        (400, "com.amazonaws.sqs#RequestThrottled", StoreUnavailableError),
        (400, "ThrottlingException", StoreUnavailableError),
        (400, "OverLimit", StoreUnavailableError),
        (502, None, StoreUnavailableError),
        (403, "AccessDeniedException", StoreMisconfiguredError),
        (403, "InvalidClientTokenId", StoreMisconfiguredError),
        (403, "SignatureDoesNotMatch", StoreMisconfiguredError),
        (403, "ExpiredToken", StoreMisconfiguredError),
        (400, "AWS.SimpleQueueService.NonExistentQueue", StoreMisconfiguredError),
        (400, "KmsAccessDenied", StoreMisconfiguredError),
        (404, None, StoreMisconfiguredError),
        (400, "SomethingElse", StorageError),
    ],
)
def test_answers_are_translated(
    telling: type[Telling], status: int, code: str | None, fault: type[StorageError]
) -> None:
    telling.answers = [(status, {"__type": code, "message": "no"} if code else {})]
    queue = opened()
    for call in ("receive", "send", "renew"):
        with pytest.raises(StorageError) as raised:
            CALLS[call](queue)
        assert type(raised.value) is fault, call
    queue.close()


@pytest.mark.parametrize(
    "code",
    [
        "ReceiptHandleIsInvalid",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
    ],
)
def test_a_receipt_that_no_longer_holds(telling: type[Telling], code: str) -> None:
    telling.answers = [(400, {"__type": code, "message": "no"})]
    queue = opened()
    assert not queue.renew(MESSAGE, 60)
    queue.release(MESSAGE)
    queue.acknowledge(MESSAGE)
    assert len(telling.asked) == 3
    queue.close()


def test_what_a_batch_left_out_is_sent_again(telling: type[Telling], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqs_clients, "ATTEMPTS", 2)
    failed = {"Failed": [{"Id": "1", "Code": "InternalError", "SenderFault": False}]}
    telling.answers = [(200, failed), (200, {})]
    queue = opened()
    queue.send(["a", "b", "c"])
    assert [[entry["MessageBody"] for entry in body["Entries"]] for _, body in telling.asked] == [
        ["a", "b", "c"],
        ["b"],
    ]
    telling.answers = [(200, {"Failed": [{"Id": "0", "Code": "InternalError", "SenderFault": False}]})]
    with pytest.raises(StoreUnavailableError, match="InternalError"):
        queue.send(["a"])
    telling.answers = [(200, {"Failed": [{"Id": "0", "Code": "TooOdd", "SenderFault": True}]})]
    with pytest.raises(StorageError, match="TooOdd"):
        queue.send(["a"])
    queue.close()


def test_it_asks_by_long_polls_for_one_message(telling: type[Telling]) -> None:
    queue = opened()
    assert queue.receive(0, 59.5) is None
    ((target, body),) = telling.asked
    assert target == "AmazonSQS.ReceiveMessage"
    assert (body["MaxNumberOfMessages"], body["WaitTimeSeconds"], body["VisibilityTimeout"]) == (1, 1, 60)
    queue.close()


def test_a_glance_is_a_short_poll(telling: type[Telling]) -> None:
    queue = opened()
    assert queue.glance(59.5) is None
    ((_, body),) = telling.asked
    assert (body["MaxNumberOfMessages"], body["WaitTimeSeconds"], body["VisibilityTimeout"]) == (1, 0, 60)
    queue.close()


def test_the_region_is_the_addresss(telling: type[Telling], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    queue = opened()
    queue.acknowledge(MESSAGE)
    assert "/eu-west-3/sqs/" in telling.signed[0]
    queue.close()


@pytest.mark.servers
def test_the_read_limit_lies_above_the_wait(ministack: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqs_clients, "READ_S", 1)
    monkeypatch.setattr(sqs_clients, "RECEIVE_ATTEMPTS", 1)
    queue = sqs_queue(monkeypatch, ministack)
    assert queue.receive(3, 60) is None
    queue.close()


@pytest.fixture(scope="module")
def checking() -> Iterator[Aws]:
    """A server that checks credentials."""
    with started_or_skipped(lambda: running_ministack(checking=True)) as server:
        yield server


# SQS has no rights of their own for the batch calls; ministack asks for them by name, hence the two asterisks.
ACTIONS = (
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility*",
    "sqs:GetQueueAttributes",
    "sqs:SendMessage*",
)


def become_user(monkeypatch: pytest.MonkeyPatch, server: Aws, actions: tuple[str, ...]) -> None:
    """Act as a new user who may do ``actions`` and nothing else."""
    lead_to_server(monkeypatch, server)
    iam = server.client("iam")
    name = f"user-{secrets.token_hex(6)}"
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="queue", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@pytest.fixture
def checked_urls(checking: Aws) -> tuple[str, str]:
    """The addresses of a new queue and its dead letters, at the server that checks credentials."""
    name = f"test-{secrets.token_hex(6)}"
    return checking.create_queue(name), checking.create_queue(f"{name}-dead")


@pytest.mark.servers
def test_five_rights_are_enough(
    checking: Aws, monkeypatch: pytest.MonkeyPatch, checked_urls: tuple[str, str]
) -> None:
    become_user(monkeypatch, checking, ACTIONS)
    queue = SqsQueue(*checked_urls)
    queue.send(["one"])
    message = queue.receive(5, 60)
    assert message is not None
    assert queue.renew(message, 60)
    assert queue.depth() == Depth(0, 1, 0, None)
    queue.dead_letter(message, "why")
    assert queue.dead_count() == len(queue.dead_letters(1)) == queue.redrive(1) == 1


@pytest.mark.servers
@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"])
def test_credentials_that_do_not_fit(
    checking: Aws, monkeypatch: pytest.MonkeyPatch, checked_urls: tuple[str, str], name: str
) -> None:
    become_user(monkeypatch, checking, ACTIONS)
    monkeypatch.setenv(name, "wrong")
    queue = SqsQueue(*checked_urls)
    for call in ("send", "receive", "depth"):
        with pytest.raises(StoreMisconfiguredError, match="credentials"):
            CALLS[call](queue)


@pytest.mark.servers
def test_a_right_that_is_not_granted(
    checking: Aws, monkeypatch: pytest.MonkeyPatch, checked_urls: tuple[str, str]
) -> None:
    become_user(monkeypatch, checking, ("sqs:SendMessage*",))
    queue = SqsQueue(*checked_urls)
    queue.send(["one"])
    with pytest.raises(StoreMisconfiguredError, match="access is denied"):
        queue.receive(1, 60)


@pytest.mark.servers
@pytest.mark.parametrize("server", ["ministack", "moto"])
def test_a_queue_that_is_not_there(
    server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: Aws = request.getfixturevalue(server)
    lead_to_server(monkeypatch, running)
    url = running.create_queue(f"there-{server}")
    absent = SqsQueue(f"{url}-not", url)
    for call in ("send", "receive", "depth", "renew", "acknowledge"):
        with pytest.raises(StoreMisconfiguredError, match=f"{server}-not: the queue does not exist"):
            CALLS[call](absent)
    no_dead = SqsQueue(url, f"{url}-dead")
    no_dead.send(["one"])
    message = no_dead.receive(5, 60)
    assert message is not None
    with pytest.raises(StoreMisconfiguredError, match=f"{server}-dead: the queue does not exist"):
        no_dead.dead_letter(message, "why")
    assert no_dead.depth().in_flight == 1


@pytest.mark.servers
def test_what_the_queues_own_policy_set_aside(ministack: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = sqs_queue(monkeypatch, ministack)
    client = ministack.client("sqs")
    arn = client.get_queue_attributes(QueueUrl=queue._dead_url, AttributeNames=["QueueArn"])
    policy = json.dumps({"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 1})
    client.set_queue_attributes(QueueUrl=queue._url, Attributes={"RedrivePolicy": policy})
    queue.send(["one"])
    message = queue.receive(5, 60)
    assert message is not None
    queue.release(message)
    assert queue.receive(1, 60) is None
    (letter,) = queue.dead_letters(10)
    assert "redrive policy" in letter.reason
    assert queue.redrive(10) == 1
    assert queue.dead_count() == 0


@pytest.mark.servers
def test_a_message_without_room_for_a_reason_is_buried_without(
    ministack: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = sqs_queue(monkeypatch, ministack)
    largest = "x" * (1 << 20)
    ministack.client("sqs").send_message(QueueUrl=queue._url, MessageBody=largest)
    message = queue.receive(5, 60)
    assert message is not None
    queue.dead_letter(message, "too long")
    (letter,) = queue.dead_letters(10)
    assert letter.body == largest
    assert "too large" in letter.reason
    assert queue.redrive(10) == 1
    assert queue.depth().waiting == 1


@pytest.mark.servers
def test_the_age_is_what_cloudwatch_says(ministack: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = sqs_queue(monkeypatch, ministack)
    queue.send(["one"])
    assert queue.depth().oldest_s is None
    ministack.client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": queue._url.rpartition("/")[2]}],
                "Value": 123.0,
            }
        ],
    )
    assert queue.depth().oldest_s == 123


@pytest.mark.servers
def test_a_silent_cloudwatch_is_not_waited_for_twice(
    ministack: Aws, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", f"http://127.0.0.1:{silent}")
    monkeypatch.setattr(sqs_clients, "METRIC_S", 1)
    queue = sqs_queue(monkeypatch, ministack)
    queue.send(["one"])
    started = time.monotonic()
    assert queue.depth().oldest_s is None
    first = time.monotonic() - started
    assert queue.depth().oldest_s is None
    assert queue.depth().waiting == 1
    assert first >= 1
    assert time.monotonic() - started - first < 1
