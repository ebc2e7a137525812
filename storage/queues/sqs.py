"""An upload queue in SQS, or in a server that speaks its protocol."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from storage import aws_faults
from storage.errors import StorageError, StoreUnavailableError
from storage.interfaces.queue import MAX_BODY, DeadLetter, Depth, Message
from storage.queues import sqs_clients
from storage.queues.limits import (
    MAX_DELAY_S,
    MAX_HIDDEN_S,
    MAX_WAIT_S,
    checked_body,
    checked_seconds,
    kept_reason,
)

LOOK_S = 20
REDRIVE_S = 60
"""How long dead letters are hidden while they are listed, and while they are sent back."""

_BATCH = 10
_MAX_MESSAGE = 1 << 20  # body and attributes, in bytes
_ATTRIBUTES = 8 << 10  # more than a reason and an origin take
_REMEMBERED = 10_000
_RETRY_S = 0.1
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
# How SQS and compatible servers report a receipt that no longer holds: the documented codes, and one seen in practice.
_LAPSED = {"InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid"}
_GIVEN_UP = -math.inf
_NO_REASON = (
    "no reason was kept: the queue's own redrive policy set it aside, or it is too large to carry one"
)


class SqsQueue:
    """Implements ``storage.interfaces.queue.UploadQueue`` with a standard queue and another for its dead letters.

    Both are addresses as SQS gives them, on one host, and exist. Times are whole seconds, rounded up;
    ``receive`` waits one at least, since only a long poll asks all of SQS's machines. Region, credentials and
    AWS_ENDPOINT_URL come from the environment, as in every AWS tool. Serves any number of threads; forked
    children need their own.

    Raises StoreMisconfiguredError where no client can be made.
    """

    def __init__(self, queue_url: str, dead_letters_url: str) -> None:
        self._url = queue_url
        self._dead_url = dead_letters_url
        self._clients = sqs_clients.SqsClients(queue_url)
        # When each delivery ends by this machine's clock: not every server notices, and a message that went to
        # another must not be renewed or released by the one that had it before.
        self._ends: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def send(self, bodies: Iterable[str], delay_s: float = 0.0) -> None:
        """Sent ten at a time: where a later one fails, these stay."""
        delay = math.ceil(checked_seconds(delay_s, MAX_DELAY_S, "the delay"))
        for batch in _batches(checked_body(body) for body in bodies):
            self._send_batch(batch, delay)

    def receive(self, wait_s: float, visibility_s: float) -> Message | None:
        # Without a wait SQS asks only some of its servers, and misses what the others hold.
        return self._next(max(1, math.ceil(checked_seconds(wait_s, MAX_WAIT_S, "the wait"))), visibility_s)

    def glance(self, visibility_s: float) -> Message | None:
        """A short poll: SQS asks some of its servers."""
        return self._next(0, visibility_s)

    def _next(self, wait: int, visibility_s: float) -> Message | None:
        visibility = _visibility(visibility_s)
        found = self._received(self._url, wait, visibility, 1)
        if not found:
            return None
        message = _message(found[0])
        self._remember(message.receipt, time.monotonic() + visibility)
        return message

    def renew(self, message: Message, visibility_s: float) -> bool:
        """False also once the visibility ran out, whether or not another has the message."""
        visibility = _visibility(visibility_s)
        request = time.monotonic()
        if self._has_ended(message) or not self._change_visibility(message, visibility):
            return False
        self._remember(message.receipt, request + visibility)
        return True

    def acknowledge(self, message: Message) -> None:
        """Late acknowledging still counts until another consumer has the message."""
        if self._ends.get(message.receipt) == _GIVEN_UP:
            return
        self._while_held(
            lambda: self._clients.plain.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt)
        )
        self._remember(message.receipt, _GIVEN_UP)

    def release(self, message: Message, delay_s: float = 0.0) -> None:
        """``delay_s`` in 0..43,200."""
        delay = math.ceil(checked_seconds(delay_s, MAX_HIDDEN_S, "the delay"))
        if not self._has_ended(message) and self._change_visibility(message, delay):
            self._remember(message.receipt, _GIVEN_UP)

    def dead_letter(self, message: Message, reason: str) -> None:
        """A receipt that no longer holds changes nothing."""
        if self._has_ended(message):
            return
        texts = {"reason": kept_reason(reason), "origin": self._url}
        # A message as large as SQS allows has no room for them; without, it can still be moved.
        if len(message.body.encode()) > _MAX_MESSAGE - _ATTRIBUTES:
            texts = {}
        attributes = {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
        with self._clients.translated(self._dead_url):
            self._clients.plain.send_message(
                QueueUrl=self._dead_url, MessageBody=message.body, MessageAttributes=attributes
            )
        self.acknowledge(message)

    def depth(self) -> Depth:
        """The oldest of an empty queue is 0 s old; else as CloudWatch last knew it."""
        counts = self._counts(self._url)
        return Depth(*counts, self._clients.oldest_s() if any(counts) else 0.0)

    def dead_count(self) -> int:
        return sum(self._counts(self._dead_url))

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """In no order. Others do not see them meanwhile."""
        found: dict[str, dict[str, Any]] = {}
        while len(found) < limit:
            batch = self._dead(min(_BATCH, limit - len(found)), LOOK_S)
            before = len(found)
            found.update((one["MessageId"], one) for one in batch)
            if len(found) == before:
                break
        entries = [{"ReceiptHandle": one["ReceiptHandle"], "VisibilityTimeout": 0} for one in found.values()]
        for start in range(0, len(entries), _BATCH):
            numbered = [{"Id": str(i), **entry} for i, entry in enumerate(entries[start : start + _BATCH])]
            # One that is not shown again at once is after LOOK_S.
            with self._clients.translated(self._dead_url):
                self._clients.plain.change_message_visibility_batch(QueueUrl=self._dead_url, Entries=numbered)
        return [_dead_letter(one) for one in found.values()]

    def redrive(self, limit: int) -> int:
        """A crash half-way may leave one in both, never in neither."""
        sent = 0
        while sent < limit:
            batch = self._dead(min(_BATCH, limit - sent), REDRIVE_S)
            if not batch:
                break
            for one in batch:
                with self._clients.translated(self._url):
                    self._clients.plain.send_message(QueueUrl=self._url, MessageBody=one["Body"])
                with self._clients.translated(self._dead_url):
                    self._clients.plain.delete_message(
                        QueueUrl=self._dead_url, ReceiptHandle=one["ReceiptHandle"]
                    )
                sent += 1
        return sent

    def erase(self, keys: Sequence[str]) -> bool:
        """SQS can only show messages by delivering them."""
        return not keys

    def close(self) -> None:
        self._clients.close()

    def _send_batch(self, batch: Sequence[str], delay: int) -> None:
        entries: list[dict[str, Any]] = [
            {"Id": str(i), "MessageBody": body, "DelaySeconds": delay} for i, body in enumerate(batch)
        ]
        failed: list[dict[str, Any]] = []
        for attempt in range(sqs_clients.ATTEMPTS):
            with self._clients.translated(self._url):
                answer = self._clients.plain.send_message_batch(QueueUrl=self._url, Entries=entries)
            failed = answer.get("Failed", [])
            if not failed:
                return
            if any(one["SenderFault"] for one in failed):
                raise StorageError(f"SQS refused a message: {failed[0].get('Message') or failed[0]['Code']}")
            left = {one["Id"] for one in failed}
            entries = [entry for entry in entries if entry["Id"] in left]
            time.sleep(_RETRY_S * 2**attempt)
        raise StoreUnavailableError(f"SQS does not accept messages at the moment: {failed[0]['Code']}")

    def _change_visibility(self, message: Message, seconds: int) -> bool:
        return self._while_held(
            lambda: self._clients.plain.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message.receipt, VisibilityTimeout=seconds
            )
        )

    def _while_held(self, call: Callable[[], object]) -> bool:
        """Whether the call went through; False where the receipt no longer holds."""
        with self._clients.translated(self._url):
            try:
                call()
            except ClientError as error:
                if aws_faults.code_of(error) not in _LAPSED:
                    raise
                return False
        return True

    def _has_ended(self, message: Message) -> bool:
        return time.monotonic() >= self._ends.get(message.receipt, math.inf)

    def _remember(self, receipt: str, end: float) -> None:
        with self._lock:
            self._ends[receipt] = end
            self._ends.move_to_end(receipt)
            if len(self._ends) > _REMEMBERED:
                self._ends.popitem(last=False)

    def _dead(self, count: int, hidden_s: int) -> list[dict[str, Any]]:
        return self._received(self._dead_url, 1, hidden_s, count)

    def _received(self, url: str, wait: int, visibility: int, count: int) -> list[dict[str, Any]]:
        with self._clients.translated(url):
            answer = self._clients.receiver(wait).receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=count,
                WaitTimeSeconds=wait,
                VisibilityTimeout=visibility,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
                MessageAttributeNames=["reason"],
            )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def _counts(self, url: str) -> tuple[int, int, int]:
        with self._clients.translated(url):
            answer = self._clients.plain.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        waiting, in_flight, delayed = (int(answer["Attributes"].get(name, 0)) for name in _COUNTS)
        return waiting, in_flight, delayed


def _visibility(seconds: float) -> int:
    return math.ceil(checked_seconds(seconds, MAX_HIDDEN_S, "the visibility"))


def _message(one: dict[str, Any]) -> Message:
    receives = int(one["Attributes"]["ApproximateReceiveCount"])
    return Message(one["MessageId"], one["ReceiptHandle"], one["Body"], receives, _sent_at(one))


def _dead_letter(one: dict[str, Any]) -> DeadLetter:
    reason = one.get("MessageAttributes", {}).get("reason", {}).get("StringValue", _NO_REASON)
    return DeadLetter(one["MessageId"], one["Body"], reason, _sent_at(one))


def _sent_at(one: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(one["Attributes"]["SentTimestamp"]) / 1000, UTC)


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    """At most ten bodies each, which together are no larger than one may be."""
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == _BATCH or size + length > MAX_BODY):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch
