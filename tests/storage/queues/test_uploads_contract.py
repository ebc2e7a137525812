"""What every queue promises: one suite over the embedded queue, in memory and in a file, and over SQS."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from storage.interfaces.queue import MAX_BODY, Message, UploadQueue

LONG_S = 60
PATIENCE_S = 15


def received(uploads: UploadQueue, visibility_s: float = LONG_S) -> Message:
    """The next message, which must come."""
    message = uploads.receive(PATIENCE_S, visibility_s)
    assert message is not None
    return message


def until(condition: Callable[[], bool]) -> None:
    """Wait for what must become true."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def lapsed(uploads: UploadQueue) -> Message:
    """A delivery that ran out, with its message not yet received again."""
    uploads.send(["late"])
    message = received(uploads, 1)
    until(lambda: uploads.depth().waiting == 1)
    return message


@pytest.fixture
def taken_over(uploads: UploadQueue) -> tuple[Message, Message]:
    """A delivery that ran out, and the next one of the same message, which still holds."""
    uploads.send(["one"])
    return received(uploads, 1), received(uploads)


def test_a_message_comes_once_until_it_is_acknowledged(uploads: UploadQueue) -> None:
    uploads.send(["body"])
    message = received(uploads)
    assert (message.body, message.receives) == ("body", 1)
    assert abs((datetime.now(UTC) - message.sent_at).total_seconds()) < PATIENCE_S
    assert message.sent_at.utcoffset() is not None
    assert uploads.receive(0, LONG_S) is None
    assert uploads.depth().in_flight == 1
    uploads.acknowledge(message)
    assert uploads.depth().total == 0
    assert uploads.receive(0, LONG_S) is None


def test_an_empty_queue(uploads: UploadQueue) -> None:
    uploads.send([])
    assert uploads.receive(0, LONG_S) is None
    assert uploads.depth().total == 0
    assert uploads.depth().oldest_s == 0
    assert uploads.dead_count() == 0
    assert uploads.dead_letters(10) == []
    assert uploads.redrive(10) == 0


def test_every_message_of_many_comes(uploads: UploadQueue) -> None:
    bodies = {f"body {number}" for number in range(25)}
    uploads.send(sorted(bodies))
    assert uploads.depth().waiting == 25
    messages = [received(uploads) for _ in bodies]
    assert {message.body for message in messages} == bodies
    assert len({message.id for message in messages}) == len({message.receipt for message in messages}) == 25
    for message in messages:
        uploads.acknowledge(message)
    assert uploads.depth().total == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"key": "a/b c+%2F.jpg"}',
        "é \u4e2d \U0001f600 \t\r\n \x7f\x85 \ue000\ufffd",
        " ",
        "<a>&amp;\"'",
        "x" * MAX_BODY,
    ],
    ids=["json", "unicode", "space", "markup", "largest"],
)
def test_a_body_comes_as_it_was_sent(uploads: UploadQueue, body: str) -> None:
    uploads.send([body])
    message = received(uploads)
    assert message.body == body
    uploads.acknowledge(message)


def test_a_body_comes_back_from_the_dead_letters_as_it_was_sent(uploads: UploadQueue) -> None:
    body = "é \U0001f600 \t\r\n <a>&amp;" + "x" * (MAX_BODY - 100)
    uploads.send([body])
    uploads.dead_letter(received(uploads), "why")
    assert [letter.body for letter in uploads.dead_letters(1)] == [body]
    assert uploads.redrive(1) == 1
    assert received(uploads).body == body


def test_large_bodies_sent_together(uploads: UploadQueue) -> None:
    bodies = [letter * (MAX_BODY - 1) for letter in "abcdefghijk"]
    uploads.send(bodies)
    assert {received(uploads).body for _ in bodies} == set(bodies)


@pytest.mark.parametrize(
    "body", ["", "a\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800", "é" * (MAX_BODY // 2 + 1)]
)
def test_a_body_that_no_queue_takes_is_refused(uploads: UploadQueue, body: str) -> None:
    with pytest.raises(ValueError, match="body"):
        uploads.send([body])
    assert uploads.depth().total == 0


def test_times_out_of_range_are_refused(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    message = received(uploads)
    calls: list[Callable[[], object]] = [
        lambda: uploads.send(["two"], -1),
        lambda: uploads.send(["two"], 901),
        lambda: uploads.receive(21, LONG_S),
        lambda: uploads.receive(-1, LONG_S),
        lambda: uploads.receive(0, 43_201),
        lambda: uploads.renew(message, float("nan")),
        lambda: uploads.release(message, -1),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=" s"):
            call()
    assert uploads.depth().total == 1


def test_what_is_not_acknowledged_comes_again(
    uploads: UploadQueue, taken_over: tuple[Message, Message]
) -> None:
    first, second = taken_over
    assert (second.id, second.body, second.receives) == (first.id, "one", 2)
    assert second.receipt != first.receipt
    assert second.sent_at == first.sent_at


def test_a_receipt_whose_message_went_to_another_changes_nothing(
    uploads: UploadQueue, taken_over: tuple[Message, Message]
) -> None:
    first, second = taken_over
    assert not uploads.renew(first, LONG_S)
    uploads.release(first)
    uploads.dead_letter(first, "not mine any more")
    depth = uploads.depth()
    assert (depth.waiting, depth.in_flight) == (0, 1)
    assert uploads.dead_count() == 0
    assert uploads.renew(second, LONG_S)


def test_acknowledging_what_went_to_another_changes_nothing(
    uploads: UploadQueue, taken_over: tuple[Message, Message], request: pytest.FixtureRequest
) -> None:
    if "moto" in request.node.callspec.id:
        pytest.xfail("moto deletes by any receipt that the message ever had, SQS only by the latest")
    first, second = taken_over
    uploads.acknowledge(first)
    assert uploads.depth().in_flight == 1
    uploads.release(second)
    assert received(uploads).receives == 3


def test_a_delivery_that_ran_out_can_only_be_acknowledged(uploads: UploadQueue) -> None:
    message = lapsed(uploads)
    assert not uploads.renew(message, LONG_S)
    uploads.release(message, LONG_S)
    uploads.dead_letter(message, "late")
    assert uploads.depth().waiting == 1
    uploads.acknowledge(message)
    assert uploads.depth().total == 0
    assert uploads.dead_count() == 0


def test_renewed_it_stays_hidden(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    message = received(uploads, 2)
    assert uploads.renew(message, LONG_S)
    assert uploads.receive(3, LONG_S) is None
    assert uploads.renew(message, LONG_S)


def test_handed_back_it_comes_at_once(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    first = received(uploads)
    uploads.release(first)
    second = received(uploads)
    assert (second.id, second.receives) == (first.id, 2)
    uploads.acknowledge(first)
    assert not uploads.renew(first, LONG_S)
    assert uploads.depth().in_flight == 1


def test_handed_back_for_later_it_comes_later(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    started = time.monotonic()
    uploads.release(received(uploads), 3)
    assert uploads.depth().waiting == 0
    assert received(uploads).receives == 2
    assert time.monotonic() - started >= 2.9


def test_delayed_it_comes_later(uploads: UploadQueue) -> None:
    started = time.monotonic()
    uploads.send(["one"], 3)
    depth = uploads.depth()
    assert (depth.waiting, depth.in_flight, depth.delayed) == (0, 0, 1)
    assert received(uploads).receives == 1
    assert time.monotonic() - started >= 2.9


def test_what_is_done_is_done(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    message = received(uploads)
    uploads.acknowledge(message)
    uploads.acknowledge(message)
    assert not uploads.renew(message, LONG_S)
    uploads.release(message)
    uploads.dead_letter(message, "why")
    assert uploads.depth().total == 0
    assert uploads.dead_count() == 0


def test_a_buried_message_is_a_dead_letter(uploads: UploadQueue) -> None:
    uploads.send(["one"])
    before = datetime.now(UTC)
    uploads.dead_letter(received(uploads), "not JSON: line 1")
    assert uploads.depth().total == 0
    assert uploads.dead_count() == 1
    (letter,) = uploads.dead_letters(10)
    assert (letter.body, letter.reason) == ("one", "not JSON: line 1")
    assert abs((letter.dead_lettered_at - before).total_seconds()) < PATIENCE_S
    until(lambda: [one.id for one in uploads.dead_letters(10)] == [letter.id])
    assert uploads.dead_count() == 1


@pytest.mark.parametrize(
    ("reason", "kept"), [("", "no reason given"), ("a\x00b", "a\ufffdb"), ("é" * 5000, "é" * 1000)]
)
def test_any_reason_is_kept_as_far_as_it_can_be(uploads: UploadQueue, reason: str, kept: str) -> None:
    uploads.send(["one"])
    uploads.dead_letter(received(uploads), reason)
    assert [letter.reason for letter in uploads.dead_letters(1)] == [kept]


def test_at_most_so_many_dead_letters_are_shown_and_sent_back(uploads: UploadQueue) -> None:
    uploads.send(f"body {number}" for number in range(12))
    ids = set()
    for _ in range(12):
        message = received(uploads)
        ids.add(message.id)
        uploads.dead_letter(message, "why")
    assert len(uploads.dead_letters(11)) == 11
    assert uploads.dead_letters(0) == []
    until(lambda: len(uploads.dead_letters(100)) == 12)
    assert uploads.redrive(0) == 0
    assert uploads.redrive(11) == 11
    assert uploads.dead_count() == 1
    assert uploads.depth().waiting == 11
    assert uploads.redrive(100) == 1
    again = [received(uploads) for _ in range(12)]
    assert {message.body for message in again} == {f"body {number}" for number in range(12)}
    assert all(message.receives == 1 for message in again)
    assert not ids & {message.id for message in again}


def test_a_waiting_receive_is_told_promptly(uploads: UploadQueue) -> None:
    told: list[float] = []

    def wait() -> None:
        assert uploads.receive(20, LONG_S) is not None
        told.append(time.monotonic())

    waiter = threading.Thread(target=wait)
    waiter.start()
    assert uploads.depth().waiting == 0  # a served queue is by now asked
    sent = time.monotonic()
    uploads.send(["one"])
    waiter.join()
    assert told[0] - sent < 3


def test_threads_share_a_queue(uploads: UploadQueue) -> None:
    uploads.send(str(number) for number in range(40))
    seen: list[str] = []

    def work() -> None:
        while (message := uploads.receive(1, LONG_S)) is not None:
            seen.append(message.body)
            uploads.acknowledge(message)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(map(int, seen)) == list(range(40))
    assert uploads.depth().total == 0


def test_messages_that_name_a_key_are_erased_where_the_queue_can_be_searched(uploads: UploadQueue) -> None:
    uploads.send([json.dumps({"key": "D-1/buyer/é 1.jpg"})])
    uploads.dead_letter(received(uploads), "a reason")
    uploads.send([json.dumps({"key": "D-1/buyer/é 1.jpg"}), json.dumps({"key": "D-2/x.jpg"})])
    assert uploads.erase([]) is True
    if not uploads.erase(["D-1/buyer/é 1.jpg"]):
        until(lambda: uploads.depth().total == 2)
        return
    assert uploads.dead_count() == 0
    assert json.loads(received(uploads).body) == {"key": "D-2/x.jpg"}
