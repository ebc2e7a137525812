"""Figures, read back with Prometheus's own parser."""

from __future__ import annotations

import math
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.observability.metrics import OUTCOMES, REASONS, RELAYED, STAGES, Metrics
from storage.interfaces.claims import OPEN, UPLOAD_STATES
from storage.interfaces.queue import Depth
from validators.finding import CODES


class Clock:
    """Seconds that pass when told."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def metrics(clock):
    return Metrics("0.1.0", "3", "abc", clock)


def families(metrics):
    return {family.name: family for family in text_string_to_metric_families(metrics.text().decode())}


def values(metrics):
    """(sample, label value…) → value."""
    found = {}
    for family in families(metrics).values():
        for sample in family.samples:
            found[sample.name, *sample.labels.values()] = sample.value
    return found


def test_every_family_is_ours_and_explained(metrics):
    for family in families(metrics).values():
        assert family.name.startswith("evidence_")
        assert family.documentation
        assert not family.name.endswith("_created")


def test_what_is_running(metrics):
    (sample,) = families(metrics)["evidence_build_info"].samples
    assert sample.labels == {"version": "0.1.0", "measures_version": "3", "policy_sha256": "abc"}


def test_what_has_not_happened_yet_shows_as_zero(metrics):
    seen = values(metrics)
    for name, known in (
        ("evidence_uploads_total", OUTCOMES),
        ("evidence_findings_total", CODES),
        ("evidence_retries_total", REASONS),
        ("evidence_outbox_total", RELAYED),
        ("evidence_stage_seconds_count", STAGES),
    ):
        for value in known:
            assert seen[name, value] == 0


def test_final_states_of_an_upload_are_outcomes():
    assert set(UPLOAD_STATES) - {OPEN} <= set(OUTCOMES)


def test_counters(metrics):
    metrics.ended("done", 2.0)
    metrics.ended("gone")
    metrics.findings(["CLR_BLUR", "CLR_BLUR", "NO_SUCH_CODE"])
    metrics.retried("vanished")
    metrics.quarantined()
    metrics.dead_lettered()
    metrics.revised()
    metrics.relayed("sent", 5)
    metrics.outbox_waiting(7)
    seen = values(metrics)
    assert seen["evidence_uploads_total", "done"] == seen["evidence_uploads_total", "gone"] == 1
    assert (seen["evidence_upload_seconds_count",], seen["evidence_upload_seconds_sum",]) == (1, 2.0)
    assert seen["evidence_findings_total", "CLR_BLUR"] == 2
    assert seen["evidence_findings_total", "other"] == 1
    assert seen["evidence_retries_total", "vanished"] == 1
    for name in ("quarantines", "dead_letters", "revisions"):
        assert seen[f"evidence_{name}_total",] == 1
    assert seen["evidence_outbox_total", "sent"] == 5
    assert seen["evidence_outbox_waiting",] == 7


def test_a_stage_is_timed_also_where_it_fails(metrics, clock):
    with pytest.raises(KeyError), metrics.stage("open"):
        clock.now += 0.03
        raise KeyError
    seen = values(metrics)
    assert seen["evidence_stage_seconds_sum", "open"] == pytest.approx(0.03)
    assert seen["evidence_stage_seconds_bucket", "0.02", "open"] == 0
    assert seen["evidence_stage_seconds_bucket", "0.05", "open"] == 1
    bounds = [key[1] for key in seen if key[0] == "evidence_stage_seconds_bucket" and key[2] == "open"]
    assert (bounds[0], bounds[-2], bounds[-1]) == ("0.005", "300.0", "+Inf")


def test_waiting_is_never_negative_where_clocks_differ(metrics):
    metrics.received(-3.0)
    assert values(metrics)["evidence_queue_wait_seconds_sum",] == 0


def test_in_flight_counts_those_within(metrics):
    with metrics.working(), metrics.working():
        assert values(metrics)["evidence_in_flight",] == 2
    assert values(metrics)["evidence_in_flight",] == 0


def test_how_the_queues_stand(metrics):
    assert math.isnan(values(metrics)["evidence_oldest_upload_age_seconds",])
    metrics.queue(Depth(5, 2, 1, 12.5), 3)
    metrics.queue(Depth(9, 0, 0, 99.0), 0, "backfill")
    seen = values(metrics)
    states = [
        seen["evidence_queue_messages", "uploads", state]
        for state in ("waiting", "in_flight", "delayed", "dead")
    ]
    assert states == [5, 2, 1, 3]
    assert seen["evidence_queue_messages", "backfill", "waiting"] == 9
    assert seen["evidence_oldest_upload_age_seconds",] == 12.5
    metrics.queue(Depth(0, 0, 0, None), 0)
    assert math.isnan(values(metrics)["evidence_oldest_upload_age_seconds",])
    with pytest.raises(ValueError, match="neither 'uploads' nor 'backfill'"):
        metrics.queue(Depth(0, 0, 0, None), 0, "mine")


def test_labels_stay_bounded_whatever_comes(metrics):
    for number in range(1000):
        metrics.ended(f"outcome-{number}")
        metrics.retried(f"reason-{number}")
        metrics.relayed(f"told-{number}")
        metrics.findings([f"CODE_{number}"])
        with metrics.stage(f"stage-{number}"):
            pass
    seen = values(metrics)
    for name, known in (("uploads", OUTCOMES), ("retries", REASONS), ("outbox", RELAYED)):
        series = [key for key in seen if key[0] == f"evidence_{name}_total"]
        assert len(series) == len(known) + 16 + 1
        assert sum(seen[key] for key in series) == 1000
    assert seen["evidence_findings_total", "other"] == 1000
    assert seen["evidence_stage_seconds_count", "other"] == 1000 - 16


def test_registries_are_apart_and_threads_lose_nothing(metrics):
    other = Metrics()
    threads = [threading.Thread(target=lambda: [metrics.ended("done") for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values(metrics)["evidence_uploads_total", "done"] == 2000
    assert values(other)["evidence_uploads_total", "done"] == 0
