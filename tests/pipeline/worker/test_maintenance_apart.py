"""Maintenance in its threads: what hangs or is away holds up nothing else, and only that is reported as away."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from working_kit import picture, wait_until

from pipeline.observability.health import OBJECTS, QUEUE
from pipeline.worker import maintenance as maintaining
from pipeline.worker.event_receivers import ReceiverAwayError
from storage.errors import RecordDamagedError, StoreDamagedError, StoreUnavailableError

REPORT = "{}/evidence-report/report.json"


class Hanging:
    """A receiver that answers nothing until ``may_go``."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.may_go = threading.Event()
        self.tried: list[str] = []

    def send(self, entry) -> None:
        self.tried.append(entry.id)
        self.asked.set()
        self.may_go.wait(20)
        raise ReceiverAwayError("it did not answer")


@contextmanager
def running(bench):
    worker = bench.worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.asked_to_stop = True
        thread.join(15)
        assert not thread.is_alive()


def mark_due(bench, *disputes: str) -> None:
    with bench.context.database.transaction() as records:
        records.mark_due("default", disputes, datetime.now(UTC) - timedelta(minutes=1))


def waiting(bench) -> float:
    (line,) = [
        one
        for one in bench.metrics.text().decode().splitlines()
        if one.startswith("evidence_outbox_waiting ")
    ]
    return float(line.split()[1])


def test_a_receiver_that_hangs_delays_no_report_and_its_events_are_counted(bench):
    receiver = bench.events = Hanging()
    with running(bench) as worker:
        bench.upload("D-0/buyer/a.jpg", picture(0))
        assert receiver.asked.wait(10)
        for number in range(1, 4):
            bench.upload(f"D-{number}/buyer/a.jpg", picture(number))
        wait_until(lambda: all(bench.objects.exists(REPORT.format(f"D-{n}")) for n in range(4)), 10)
        wait_until(lambda: waiting(bench) == 4)
        assert len(receiver.tried) == 1, "it still hangs"
        worker.asked_to_stop = True
        receiver.may_go.set()
    bench.events = None
    bench.stopping.clear()


def test_a_receiver_that_is_away_is_tried_once_a_batch(bench):
    receiver = bench.events = Hanging()
    receiver.may_go.set()
    for number in range(5):
        bench.process(f"D-{number}/buyer/a.jpg", picture(number))
    assert bench.outbox_relay.relay() == 5
    assert len(receiver.tried) == 1
    assert bench.outbox_relay.relay() == 0, "the others wait too"


def test_only_what_is_away_is_reported(bench, monkeypatch):
    def away(*_):
        raise StoreUnavailableError("no answer")

    bench.maintenance.probe()
    assert bench.health.ready().troubles.keys() <= {QUEUE}, "no consumer asked for messages yet"
    with monkeypatch.context() as patch:
        patch.setattr(bench.objects, "exists", away)
        bench.maintenance.probe()
        assert bench.health.ready().troubles.keys() == {OBJECTS}
    with monkeypatch.context() as patch:
        patch.setattr(bench.queue, "depth", away)
        bench.maintenance.probe()
        assert bench.health.ready().troubles.keys() == {QUEUE}
    bench.maintenance.probe()
    assert bench.health.ready().ok


def test_a_dispute_that_cannot_be_read_holds_up_no_other(bench, monkeypatch):
    for number in (1, 2, 3):
        bench.process(f"D-{number}/buyer/a.jpg", picture(number))
    before = maintaining.judge_if_due
    judged = []

    def judge_if_due(tenant, dispute_id, *rest):
        if dispute_id == "D-1":
            raise RecordDamagedError("a stored Dispute is damaged")
        judged.append(dispute_id)
        return before(tenant, dispute_id, *rest)

    monkeypatch.setattr(maintaining, "judge_if_due", judge_if_due)
    mark_due(bench, "D-1", "D-2", "D-3")
    assert bench.maintenance.judge_due(0.0) == 3
    assert judged == ["D-2", "D-3"]


def test_a_damaged_database_ends_the_worker(bench, monkeypatch):
    def damaged(*_):
        raise StoreDamagedError("the database file is damaged: restore it from a copy")

    monkeypatch.setattr(maintaining, "judge_if_due", damaged)
    bench.process("D-1/buyer/a.jpg", picture(1))
    mark_due(bench, "D-1")
    with pytest.raises(StoreDamagedError):
        bench.run()
