"""A child's threads are bounded, whoever it runs as, and its bound is its own."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from small_limits import LIMITS

from jail.driver import ESCAPING
from pipeline.opening.child.confinement.confine import find_out
from pipeline.opening.child.confinement.threads import MOST
from pipeline.opening.host import jail as supervisor
from pipeline.opening.host.jail import Jail


@pytest.fixture
def taken_over(monkeypatch):
    if not find_out().threads and not os.environ.get("CI"):
        pytest.skip("this kernel does not ask about threads")
    monkeypatch.setattr(supervisor, "ZYGOTE", (*ESCAPING, "", ""))
    with Jail() as running:
        yield running


def threads_of(jail, upload, limits=LIMITS):
    return jail.measure(upload, {"what": "count threads", "wait_s": 1.0}, limits).body["made"]


def test_so_many_and_no_more(taken_over, upload):
    assert threads_of(taken_over, upload) == MOST - 1  # beside the first


def test_a_childs_threads_are_not_counted_against_another(taken_over, upload):
    made = []
    asking = [threading.Thread(target=lambda: made.append(threads_of(taken_over, upload))) for _ in range(3)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert made == [MOST - 1] * 3


def test_a_child_that_asks_without_end_keeps_no_other_from_its_work(taken_over, upload):
    bomb = threading.Thread(
        target=lambda: taken_over.measure(upload, {"what": "ask for threads"}, replace(LIMITS, seconds=2.0))
    )
    bomb.start()
    assert threads_of(taken_over, upload) == MOST - 1
    bomb.join()
    assert taken_over.is_running()


def test_threads_that_have_ended_are_not_counted(taken_over, upload):
    assert taken_over.measure(upload, {"what": "thread after thread"}, LIMITS).body["made"] == 2 * MOST
