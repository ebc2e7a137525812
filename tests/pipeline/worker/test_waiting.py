"""Waiting out a fault of the world, what becomes of a message of several uploads, and which queue comes first."""

from __future__ import annotations

import random
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.worker.disposition import (
    ACKNOWLEDGE,
    DEAD_LETTER,
    DONE,
    RELEASE,
    Disposition,
    EndedUpload,
    worst_of,
)
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.retry_policy import FIRST_S, LONGEST_S, RetryPolicy, pause_s
from storage.errors import StoreMisconfiguredError, StoreUnavailableError
from storage.memory import memory_uploads

AWAY = StoreUnavailableError("the database is away")


class NoWait(threading.Event):
    """Remembers how long was to be waited, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return self.is_set()


class Step:
    """Fails ``failures`` times, then succeeds."""

    def __init__(self, failures: float) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise AWAY
        return "done"


@given(st.integers(0, 10**6), st.integers())
def test_a_pause_lies_within_a_doubling_bound(attempt, seed):
    bound = min(LONGEST_S, FIRST_S * 2.0 ** min(attempt, 60))
    assert 0.0 <= pause_s(attempt, random.Random(seed)) <= bound


def test_pauses_use_the_whole_of_their_bound():
    for attempt, bound in ((0, FIRST_S), (3, 8 * FIRST_S), (50, LONGEST_S)):
        pauses = [pause_s(attempt, random.Random(seed)) for seed in range(200)]
        assert min(pauses) < 0.05 * bound
        assert max(pauses) > 0.95 * bound


@given(st.integers(0, 12), st.integers())
def test_a_step_is_done_again_until_it_succeeds(failures, seed):
    told: list[str] = []
    stopping, step = NoWait(), Step(failures)
    retry_policy = RetryPolicy(stopping, told.append, random.Random(seed))
    assert retry_policy.steadily("write", step, time.monotonic() + 1000) == "done"
    assert step.calls == failures + 1
    assert told == ["write"] * failures
    assert all(0 <= wait <= FIRST_S * 2**number for number, wait in enumerate(stopping.waits))


def test_patience_ends_before_the_time_is_over():
    step, until = Step(10**9), time.monotonic() + 0.3
    with pytest.raises(StoreUnavailableError):
        RetryPolicy(threading.Event(), [].append, random.Random(3)).steadily("write", step, until)
    assert time.monotonic() < until + 1.0
    assert step.calls >= 2


def test_patience_tries_once_where_the_worker_is_stopping():
    stopping, step = threading.Event(), Step(1)
    stopping.set()
    with pytest.raises(StoreUnavailableError):
        RetryPolicy(stopping, [].append).steadily("write", step, time.monotonic() + 60)
    assert step.calls == 1


def test_a_wait_ends_when_the_worker_is_told_to_stop():
    class Longest(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return 50.0

    stopping, step = threading.Event(), Step(10**9)
    timer = threading.Timer(0.1, stopping.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        RetryPolicy(stopping, [].append, Longest()).steadily("write", step, started + 100)
    timer.join()
    assert time.monotonic() - started < 5
    assert step.calls == 2


@pytest.mark.parametrize("error", [StoreMisconfiguredError("no such bucket"), ValueError("ours")])
def test_what_waiting_does_not_mend_is_not_waited_for(error):
    calls = []

    def step():
        calls.append(1)
        raise error

    with pytest.raises(type(error)):
        RetryPolicy(threading.Event(), [].append).steadily("write", step, time.monotonic() + 60)
    assert len(calls) == 1


ENDED = st.builds(EndedUpload, st.text(), st.text(), st.text(), st.text(), st.just("done"), st.datetimes())
VERDICTS = st.one_of(
    st.builds(Disposition, st.just(ACKNOWLEDGE), ended=st.lists(ENDED, max_size=2).map(tuple)),
    st.builds(Disposition, st.just(RELEASE), st.floats(0, 60)),
    st.builds(Disposition, st.just(DEAD_LETTER), reason=st.text(min_size=1)),
)


@given(st.lists(VERDICTS, max_size=6))
def test_the_worst_of_several_verdicts_counts(dispositions):
    worst = worst_of(dispositions)
    actions = {disposition.action for disposition in dispositions}
    assert worst.action == next((a for a in (RELEASE, DEAD_LETTER) if a in actions), ACKNOWLEDGE)
    if worst.action == RELEASE:
        assert worst.delay_s == max(disposition.delay_s for disposition in dispositions)
    elif worst.action == DEAD_LETTER:
        assert all(disposition.reason in worst.reason for disposition in dispositions)
    else:
        assert [one for disposition in dispositions for one in disposition.ended] == list(worst.ended)


def test_a_message_without_an_upload_is_done():
    assert worst_of([]) == DONE


@pytest.fixture
def intake():
    made = QueuePair(memory_uploads(), memory_uploads("backfill"))
    yield made
    made.close()


def test_backfill_is_served_only_while_no_upload_waits(intake):
    intake.backfill.send(["old 1", "old 2"])
    intake.uploads.send(["new 1", "new 2"])
    order = []
    while received := intake.receive(0.0, 60.0):
        queue, message = received
        order.append(message.body)
        if message.body == "old 1":
            intake.uploads.send(["new 3"])
        queue.acknowledge(message)
    assert order == ["new 1", "new 2", "old 1", "new 3", "old 2"]
    assert intake.is_drained()


class Served:
    """A queue that waits a second at least where it is empty, as SQS does; counts the seconds."""

    def __init__(self, *bodies: str) -> None:
        self._queue = memory_uploads()
        self._queue.send(bodies)
        self.waited = 0.0

    def receive(self, wait_s, visibility_s):
        message = self._queue.receive(0.0, visibility_s)
        self.waited += 0.0 if message else max(1.0, wait_s)
        return message

    def glance(self, visibility_s):
        return self._queue.receive(0.0, visibility_s)

    def close(self) -> None:
        self._queue.close()


def test_no_message_waits_while_there_is_backfill():
    intake = QueuePair(Served(), Served(*map(str, range(40))))
    for _ in range(40):
        assert intake.receive(20.0, 60.0) is not None
    assert (intake.uploads.waited, intake.backfill.waited) == (0.0, 0.0)
    assert intake.receive(20.0, 60.0) is None
    assert intake.uploads.waited == 20.0
    intake.close()


def test_an_idle_intake_waits_for_uploads(intake):
    timer = threading.Timer(0.1, intake.uploads.send, [["late"]])
    timer.start()
    received = intake.receive(5.0, 60.0)
    timer.join()
    assert received is not None
    assert (received[0], received[1].body) == (intake.uploads, "late")
    assert not intake.is_drained()  # received is not acknowledged


def test_without_a_backfill_queue_there_is_one_queue():
    queue = memory_uploads()
    intake = QueuePair(queue)
    assert intake.receive(0.0, 1.0) is None
    queue.send(["new"])
    assert not intake.is_drained()
    assert intake.receive(0.0, 1.0)[1].body == "new"
    assert intake.queues() == [queue]
    intake.close()
