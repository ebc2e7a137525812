"""What several uploads marked is judged once; then, and only then, their messages are acknowledged."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from working_kit import FaultyDatabase, picture, s3_event, wait_until

from pipeline.worker import report_batching as settling
from pipeline.worker.report_batching import Pending, ReportBatcher
from storage.errors import StoreUnavailableError


def pending(bench, key, number):
    """A message that was worked on, but not judged for."""
    bench.upload(key, picture(number))
    message = bench.receive()
    verdict = bench.handle(message)
    return Pending(bench.queue, message, verdict.ended, bench.deadline)


def test_uploads_of_one_dispute_that_end_together_share_a_revision(bench):
    ended = [pending(bench, f"D-{number % 2}/buyer/{number}.jpg", number) for number in range(6)]
    assert (bench.report("D-0"), bench.queue.depth().in_flight) == (None, 6)
    bench.settle(*ended)
    assert [bench.report(dispute).revision for dispute in ("D-0", "D-1")] == [1, 1]
    assert (len(bench.items("D-0")), len(bench.items("D-1"))) == (3, 3)
    assert (bench.queue.depth().total, bench.due()) == (0, [])


def test_what_another_worker_has_judged_is_acknowledged(bench):
    ended = pending(bench, "D-1/buyer/a.jpg", 1)
    bench.maintenance.do()
    bench.settle(ended)
    assert (bench.queue.depth().total, bench.report().revision) == (0, 1)


def test_a_report_that_cannot_be_attached_hands_its_messages_back(bench):
    ended = [pending(bench, f"D-{number}/buyer/a.jpg", number) for number in (1, 2)]
    inner = bench.context.database
    bench.context = replace(bench.context, database=FaultyDatabase(inner, at=0))
    bench.stopping.set()  # no second try
    bench.settle(*ended)
    bench.stopping.clear()
    assert (bench.report("D-1"), bench.report("D-2").revision) == (None, 1)
    assert bench.queue.depth().total == 1
    bench.deliver()
    assert bench.upload_states() == ["done", "done"]
    bench.maintenance.do()
    assert (bench.report("D-1").revision, bench.queue.depth().total) == (1, 0)


def test_a_message_of_several_uploads_waits_for_all_its_disputes(bench):
    keys = ("D-1/a.jpg", "D-1/b.jpg", "D-2/c.jpg")
    for number, key in enumerate(keys):
        bench.objects.put(key, picture(number))
    bench.queue.send([s3_event(*keys)])
    message = bench.receive()
    verdict = bench.handle(message)
    assert len(verdict.ended) == 3
    bench.settle(Pending(bench.queue, message, verdict.ended, bench.deadline))
    assert (set(bench.items("D-1")), set(bench.items("D-2"))) == ({"a.jpg", "b.jpg"}, {"c.jpg"})
    assert bench.queue.depth().total == 0
    assert b'evidence_uploads_total{outcome="done"} 3.0' in bench.metrics.text()


def test_marks_are_left_for_a_while_to_the_worker_that_made_them(bench):
    ended = pending(bench, "D-1/buyer/a.jpg", 1)
    bench.maintenance.do(older_than_s=60.0)
    assert bench.report() is None
    bench.settle(ended)
    assert bench.report().revision == 1


def test_a_worker_that_dies_before_judging_leaves_the_mark_to_others(bench):
    pending(bench, "D-1/buyer/a.jpg", 1)
    assert bench.due() == ["D-1"]
    bench.maintenance.do()
    assert len(bench.report().evidence) == 1


def test_the_housekeeper_meets_a_database_that_is_away(bench):
    bench.context = replace(bench.context, database=FaultyDatabase(bench.context.database, at=0))
    with pytest.raises(StoreUnavailableError):
        bench.maintenance.do()


def test_within_a_burst_a_dispute_is_judged_once_a_second(bench, monkeypatch):
    monkeypatch.setattr(settling, "GATHER_S", 0.01)
    judged = []
    before = settling.judge_if_due

    def judge_if_due(tenant, dispute_id, *rest):
        judged.append((dispute_id, time.monotonic()))
        return before(tenant, dispute_id, *rest)

    monkeypatch.setattr(settling, "judge_if_due", judge_if_due)
    bench.settings = replace(bench.settings, deadline_s=60.0)
    batcher = ReportBatcher(bench.context, bench.retry_policy, bench.metrics, bench.health, bench.apply)
    batcher.start()
    for number in range(4):
        batcher.add(pending(bench, f"D-1/buyer/{number}.jpg", number))
        wait_until(lambda: bench.report() is not None)
    batcher.add(pending(bench, "D-2/buyer/a.jpg", 9))
    wait_until(lambda: bench.report("D-2") is not None)
    assert [dispute for dispute, _ in judged] == ["D-1", "D-2"], "another dispute does not wait"
    wait_until(lambda: batcher.is_idle)
    batcher.close()
    batcher.join()
    times = [at for dispute, at in judged if dispute == "D-1"]
    assert (len(times), bench.report().revision, len(bench.items())) == (2, 2, 4)
    assert times[1] - times[0] >= settling.BURST_S
    assert bench.queue.depth().total == 0
