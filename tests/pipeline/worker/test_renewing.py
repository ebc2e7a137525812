"""Held messages are renewed at a third of their visibility, until their deadline and no longer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from working_kit import NOON, wait_until

from pipeline.worker.renewal import Renewer, _Held
from storage.errors import StoreUnavailableError
from storage.interfaces.queue import Message

MESSAGE = Message("m1", "r1", "{}", 1, NOON)
OTHER = Message("m2", "r2", "{}", 1, NOON)


@dataclass
class StandInQueue:
    """Notes every renewal: when, of which message, for how long. ``answers`` come first, then True."""

    answers: list[bool | Exception] = field(default_factory=list)
    renewals: list[tuple[float, str, float]] = field(default_factory=list)

    def renew(self, message: Message, visibility_s: float) -> bool:
        self.renewals.append((time.monotonic(), message.id, visibility_s))
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer

    def of(self, message: Message) -> list[tuple[float, float]]:
        return [(at, seconds) for at, id_, seconds in self.renewals if id_ == message.id]


@pytest.fixture
def renewer():
    """Renews every 0.1 s."""
    made = Renewer(0.3)
    made.start()
    yield made
    made.stop()


def far() -> float:
    return time.monotonic() + 100


def test_what_is_held_is_renewed_at_a_third_of_its_visibility(renewer):
    queue = StandInQueue()
    renewer.hold(queue, MESSAGE, far())
    wait_until(lambda: len(queue.renewals) >= 5)
    apart = [later - earlier for (earlier, _), (later, _) in pairwise(queue.of(MESSAGE))]
    assert 0.08 < min(apart) < 0.2  # a busy machine makes some of them longer
    assert {seconds for _, seconds in queue.of(MESSAGE)} == {0.3}


def test_nothing_is_renewed_after_its_deadline(renewer):
    queue, deadline = StandInQueue(), time.monotonic() + 0.35
    renewer.hold(queue, MESSAGE, deadline)
    renewer.hold(queue, OTHER, far())
    wait_until(lambda: len(queue.of(OTHER)) >= 6)
    assert 1 <= len(queue.of(MESSAGE)) <= 4


def test_a_renewal_reaches_hardly_beyond_the_deadline():
    queue = StandInQueue()
    Renewer(60.0)._renew(_Held(queue, MESSAGE, time.monotonic() + 1.0))
    ((_, seconds),) = queue.of(MESSAGE)
    assert 1.0 < seconds <= 3.0


def test_what_was_released_is_renewed_no_more(renewer):
    queue = StandInQueue()
    renewer.hold(queue, MESSAGE, far())
    renewer.hold(queue, OTHER, far())
    wait_until(lambda: queue.of(MESSAGE))
    renewer.release(MESSAGE)
    before = len(queue.of(MESSAGE))
    wait_until(lambda: len(queue.of(OTHER)) >= before + 3)
    assert len(queue.of(MESSAGE)) <= before + 1  # one may have been under way
    renewer.release(MESSAGE)  # again is no fault


def test_a_message_that_went_to_another_worker_is_dropped(renewer):
    queue, others = StandInQueue([False]), StandInQueue()
    renewer.hold(queue, MESSAGE, far())
    renewer.hold(others, OTHER, far())
    wait_until(lambda: len(others.renewals) >= 3)
    assert len(queue.renewals) == 1


def test_a_queue_that_is_away_for_a_moment_is_asked_again(renewer):
    queue, others = StandInQueue([StoreUnavailableError("away")] * 2), StandInQueue()
    renewer.hold(queue, MESSAGE, far())
    renewer.hold(others, OTHER, far())
    wait_until(lambda: len(queue.renewals) >= 3)
    assert len(others.renewals) >= 2


def test_a_stopped_renewer_renews_nothing():
    renewer, queue = Renewer(0.03), StandInQueue()
    renewer.hold(queue, MESSAGE, far())
    renewer.start()
    wait_until(lambda: queue.renewals)
    renewer.stop()
    renewer._thread.join(5)
    assert not renewer._thread.is_alive()
