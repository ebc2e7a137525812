"""A worker that is told to stop, a slot that dies, a slot that hangs: in process, over stores in memory."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from working_kit import failing, picture, wait_until, working_threads

from pipeline.opening.host.jail import JailError
from pipeline.worker import outbox_relay as telling
from pipeline.worker import renewal as renewing
from pipeline.worker import report_batching as settling
from pipeline.worker import worker as worker_module
from pipeline.worker.worker import ConsumerHungError, ThreadDiedError

KEY = "D-1/buyer/lid.jpg"


class Gate:
    """A step of the opener's script that waits: for the test, or for the jail to be closed."""

    def __init__(self, bench) -> None:
        self._jail = bench.opener.jail
        self.entered = threading.Event()
        self.may_go = threading.Event()

    def __call__(self, _deadline: float) -> None:
        self.entered.set()
        while not self.may_go.wait(0.005):
            if self._jail.closed.is_set():
                raise JailError("the process that opens files has been closed")


@contextmanager
def running(worker):
    """The worker in a thread of its own; ended after the block, which asks it to stop."""
    faults = []

    def run():
        try:
            worker.run()
        except ConsumerHungError as error:
            faults.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        worker.asked_to_stop = True
        thread.join(10)
    assert not thread.is_alive()
    assert not faults


def slots():
    return [name for name in working_threads() if name.startswith("consumer-")]


def test_an_idle_worker_ends_at_once_though_a_slot_waits_for_messages(bench):
    worker = bench.worker(jobs=3, wait_s=20.0)
    with running(worker) as thread:
        wait_until(lambda: len(slots()) >= 3)
        started = time.monotonic()
        worker.asked_to_stop = True
        thread.join(10)
        assert time.monotonic() - started < 2.0
    assert "worker" in bench.health.ready().troubles
    bench.queue.close()
    wait_until(lambda: not slots())


def test_a_busy_worker_finishes_what_it_has_and_takes_nothing_new(bench):
    gate = Gate(bench)
    bench.opener.script = [gate]
    bench.upload(KEY, picture(1))
    bench.upload("D-2/buyer/box.jpg", picture(2))
    worker = bench.worker()
    with running(worker):
        assert gate.entered.wait(5)
        worker.asked_to_stop = True
        wait_until(bench.stopping.is_set)
        gate.may_go.set()
    assert bench.report("D-1").revision == 1
    assert (bench.upload_states(), bench.outcomes()) == (["done"], ["finished"])
    assert not bench.opener.jail.closed.is_set()
    assert bench.queue.depth().total == 1
    assert (bench.receive().receives, bench.report("D-2")) == (1, None)


def test_after_the_grace_period_the_child_is_killed_and_the_message_handed_back(bench):
    bench.settings = replace(bench.settings, grace_s=0.1, visibility_s=60.0)
    gate = Gate(bench)
    bench.opener.script = [gate]
    bench.upload(KEY, picture(1))
    worker = bench.worker()
    with running(worker):
        assert gate.entered.wait(5)
    assert bench.opener.jail.closed.is_set()
    assert bench.outcomes() == ["returned"]
    assert bench.queue.depth().waiting == 1
    assert bench.receive().receives == 2
    assert bench.report() is None


def test_a_message_that_comes_while_stopping_goes_straight_back(bench):
    bench.stopping.set()
    bench.upload(KEY, picture(1))
    worker = bench.worker()
    slot = worker_module.Consumer(1, worker.parts)
    message = bench.receive()
    slot._take(bench.queue, message)
    assert (bench.upload_states(), bench.opener.opened) == ([], [])
    assert bench.queue.depth().waiting == 1
    assert slot.busy_until is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_slot_that_dies_is_replaced_and_its_message_comes_again(bench):
    bench.settings = replace(bench.settings, visibility_s=0.3)
    bench.opener.script = [RuntimeError("a fault of ours")]
    bench.upload(KEY, picture(1))
    bench.run(once=True)
    assert bench.outcomes() == ["vanished", "finished"]
    assert (bench.report().revision, bench.queue.depth().total) == (1, 0)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_upload_that_always_kills_its_slot_is_given_up_and_others_are_not(bench):
    bench.settings = replace(bench.settings, visibility_s=0.06, deadline_s=30.0)

    def die_of_the_first(_deadline):
        bench.opener.script.append(die_of_the_first)
        if bench.opener.opened[-1] == picture(1):
            raise RuntimeError("a fault of ours")

    bench.opener.script = [die_of_the_first]
    bench.upload(KEY, picture(1))
    bench.upload("D-2/box.jpg", picture(2))
    bench.run(once=True)
    assert bench.opener.opened.count(picture(1)) == 5
    assert sorted(bench.upload_states()) == ["done", "given_up"]
    assert bench.queue.dead_count() == 1
    assert bench.items()["buyer/lid.jpg"].state == "PROCESSING_FAILED"


def test_a_slot_that_hangs_beyond_its_deadline_ends_the_worker(bench, monkeypatch, caplog):
    monkeypatch.setattr(worker_module, "_HANG_S", 0.1)
    bench.settings = replace(bench.settings, deadline_s=0.2)
    gate = Gate(bench)
    bench.opener.script = [gate]
    bench.upload(KEY, picture(1))
    try:
        with pytest.raises(ConsumerHungError, match="consumer-1"):
            bench.run()
    finally:
        gate.may_go.set()
    assert "__call__" in caplog.text  # the log shows where it hangs


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("module", "name", "thread"),
    [
        (settling, "judge_if_due", "report-batcher"),
        (telling.OutboxRelay, "relay", "maintenance-reports"),
        (renewing.Renewer, "_renew", "renewer"),
    ],
)
def test_a_thread_that_all_messages_need_does_not_die_in_silence(bench, monkeypatch, module, name, thread):
    def fail(*_):
        raise KeyError("a fault of ours")

    monkeypatch.setattr(module, name, fail)
    bench.settings = replace(bench.settings, visibility_s=0.3)
    gate = Gate(bench)
    bench.opener.script = [gate] if thread == "renewer" else []
    bench.upload(KEY, picture(1))
    try:
        with pytest.raises(ThreadDiedError, match=thread):
            bench.run()
    finally:
        gate.may_go.set()


def test_what_ends_by_its_deadline_is_no_hang(bench, monkeypatch):
    monkeypatch.setattr(worker_module, "_HANG_S", 0.2)
    bench.settings = replace(bench.settings, deadline_s=0.3)

    def until_the_deadline(deadline):
        time.sleep(max(0.0, deadline - time.monotonic()))
        return failing("time_limit")

    bench.opener.script = [until_the_deadline] * 2
    bench.upload(KEY, picture(1))
    bench.run(once=True)
    assert bench.upload_states() == ["quarantined"]


def test_no_more_is_taken_than_there_are_slots(bench):
    gates = [Gate(bench) for _ in range(2)]
    bench.opener.script = list(gates)
    for number in range(4):
        bench.upload(f"D-{number}/a.jpg", picture(number))
    worker = bench.worker(jobs=2)
    with running(worker):
        assert all(gate.entered.wait(5) for gate in gates)
        depth = bench.queue.depth()
        assert (depth.in_flight, depth.waiting) == (2, 2)
        for gate in gates:
            gate.may_go.set()


def test_many_uploads_of_one_dispute_on_several_slots_give_one_report_with_all(bench):
    for number in range(12):
        bench.upload(f"D-1/buyer/{number}.jpg", picture(number))
    bench.run(jobs=4, once=True)
    assert len(bench.items()) == 12
    assert bench.events.taken[-1]["revision"] == bench.report().revision <= 12
