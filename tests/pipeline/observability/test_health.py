"""Alive and able, with a clock that the tests turn."""

from __future__ import annotations

import pytest

from pipeline.observability.health import PARTS, Health


class Clock:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(silent_s=60, fresh_s=30, clock=clock)


def all_able(health):
    for part in PARTS:
        health.able(part)


def test_a_worker_without_slots_is_alive_and_not_ready(health):
    assert health.alive().ok
    verdict = health.ready()
    assert not verdict.ok
    assert verdict.troubles == dict.fromkeys(PARTS, "has not answered yet")


def test_an_idle_slot_that_falls_silent_is_named(health, clock):
    health.beat("consumer-1")
    health.beat("consumer-2")
    clock.now += 60
    health.beat("consumer-1")
    assert health.alive().ok
    clock.now += 10
    verdict = health.alive()
    assert not verdict.ok
    assert verdict.troubles == {"consumer-2": "silent for 10 s beyond its bound"}
    health.beat("consumer-2")
    assert health.alive().ok


def test_a_busy_slot_has_until_it_said_and_its_bound_besides(health, clock):
    health.beat("consumer-1", busy_until=clock.now + 300)
    clock.now += 360
    assert health.alive().ok
    clock.now += 1
    assert set(health.alive().troubles) == {"consumer-1"}


def test_a_busy_slot_that_is_idle_again_is_held_to_the_shorter_bound(health, clock):
    health.beat("consumer-1", busy_until=clock.now + 300)
    health.beat("consumer-1")
    clock.now += 61
    assert not health.alive().ok


def test_a_moment_already_past_shortens_nothing(health, clock):
    health.beat("consumer-1", busy_until=clock.now - 500)
    assert health.alive().ok


def test_a_slot_that_ended_on_purpose_is_not_missed(health, clock):
    health.beat("consumer-1")
    health.rest("consumer-1")
    health.rest("consumer-9")
    clock.now += 1000
    assert health.alive().ok


def test_ready_once_every_part_has_answered_lately(health, clock):
    all_able(health)
    assert health.ready().ok
    clock.now += 30
    assert health.ready().ok
    clock.now += 1
    for part in ("queue", "objects", "jail"):
        health.able(part)
    verdict = health.ready()
    assert not verdict.ok
    assert verdict.troubles == {"database": "last answered 31 s ago"}


def test_a_part_that_fails_is_named_with_its_reason_until_it_answers(health):
    all_able(health)
    health.unable("objects", "the bucket does not answer")
    assert health.ready().troubles == {"objects": "the bucket does not answer"}
    assert health.alive().ok
    health.able("objects")
    assert health.ready().ok


def test_stopping_is_alive_and_not_ready(health):
    health.beat("consumer-1")
    all_able(health)
    health.stopping()
    assert health.ready().troubles == {"worker": "stopping"}
    assert health.alive().ok


def test_an_unknown_part_is_refused(health):
    with pytest.raises(ValueError, match="none of the parts"):
        health.able("moon")
    with pytest.raises(ValueError, match="none of the parts"):
        health.unable("moon", "new")
