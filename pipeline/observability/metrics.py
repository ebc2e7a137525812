"""Metrics for Prometheus, in their own registry. Every label takes values of a bounded set."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from storage.interfaces.claims import DONE, GIVEN_UP, GONE, QUARANTINED, SUPERSEDED
from storage.interfaces.queue import Depth
from storage.interfaces.remeasurement import MeasuredFiles
from validators.finding import CODES

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OTHER = "other"
UPLOADS = "uploads"
BACKFILL = "backfill"

OUTCOMES = (DONE, QUARANTINED, GONE, SUPERSEDED, GIVEN_UP, "duplicate", "malformed")
STAGES = ("claim", "open", "keep", "conclude", "acknowledge")
REASONS = ("busy", "crashed", "vanished", "unavailable", "refused", "full", "stopping")
RELAYED = ("sent", "failed")
STATES = ("waiting", "in_flight", "delayed", "dead")
FILES = ("measured", "behind", "lost")

STAGE_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0)
UPLOAD_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0)
WAIT_BUCKETS = (0.1, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0, 345600.0)
"""Upper bounds in seconds; a queue may be days behind."""

_ROOM = 16


class Labels:
    """The values a label takes: those ``known``, then the first sixteen others seen; any further one is "other"."""

    def __init__(self, known: Iterable[str]) -> None:
        self._taken = set(known)
        self._limit = len(self._taken) + _ROOM
        self._lock = Lock()

    def admit(self, value: str) -> str:
        """``value`` itself, or "other" where there is no room for it."""
        with self._lock:
            if value in self._taken:
                return value
            if len(self._taken) >= self._limit:
                return OTHER
            self._taken.add(value)
            return value


class Metrics:
    """What one worker process counts. Every method may be called from any thread."""

    def __init__(
        self,
        version: str = "",
        measures_version: str = "",
        policy_sha256: str = "",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """``clock`` returns seconds, for durations only."""
        registry = self._registry = CollectorRegistry()
        self._clock = clock
        ProcessCollector(namespace="evidence", registry=registry)
        build = {"version": version, "measures_version": measures_version, "policy_sha256": policy_sha256}
        Info("evidence_build", "What is running.", registry=registry).info(build)
        self._make_counters(registry)
        self._make_histograms(registry)
        self._make_gauges(registry)

    def _make_counters(self, registry: CollectorRegistry) -> None:
        self._outcomes, self._reasons, self._relay_outcomes = (
            Labels(OUTCOMES),
            Labels(REASONS),
            Labels(RELAYED),
        )
        self._uploads = _counter(registry, "uploads", "Deliveries dealt with.", "outcome", OUTCOMES)
        self._findings = _counter(registry, "findings", "Findings in new reports.", "code", sorted(CODES))
        self._retries = _counter(
            registry, "retries", "Deliveries released, and calls retried.", "reason", REASONS
        )
        self._outbox = _counter(registry, "outbox", "Events relayed.", "outcome", RELAYED)
        self._quarantines = Counter("evidence_quarantines", "Uploads quarantined.", registry=registry)
        self._dead_letters = Counter("evidence_dead_letters", "Messages dead-lettered.", registry=registry)
        self._revisions = Counter(
            "evidence_revisions", "Dispute reports attached as a new revision.", registry=registry
        )

    def _make_histograms(self, registry: CollectorRegistry) -> None:
        self._stage_names = Labels(STAGES)
        self._stages = Histogram(
            "evidence_stage_seconds",
            "Seconds in a stage.",
            ("stage",),
            buckets=STAGE_BUCKETS,
            registry=registry,
        )
        for stage in STAGES:
            self._stages.labels(stage)
        self._upload_seconds = Histogram(
            "evidence_upload_seconds",
            "Seconds from receipt to report.",
            buckets=UPLOAD_BUCKETS,
            registry=registry,
        )
        self._waits = Histogram(
            "evidence_queue_wait_seconds",
            "Seconds from sent to received.",
            buckets=WAIT_BUCKETS,
            registry=registry,
        )

    def _make_gauges(self, registry: CollectorRegistry) -> None:
        self._in_flight = Gauge("evidence_in_flight", "Uploads being worked on here.", registry=registry)
        self._oldest = Gauge(
            "evidence_oldest_upload_age_seconds",
            "Age of the oldest upload waiting; NaN where the queue does not know.",
            registry=registry,
        )
        self._oldest.set(math.nan)
        self._messages = Gauge(
            "evidence_queue_messages", "Messages in the queue.", ("queue", "state"), registry=registry
        )
        self._files = Gauge(
            "evidence_files",
            "Files by whether this version measured them, or earlier ones only.",
            ("state",),
            registry=registry,
        )
        self._outbox_waiting = Gauge("evidence_outbox_waiting", "Events not yet relayed.", registry=registry)

    @contextmanager
    def working(self) -> Iterator[None]:
        """One more upload is in flight within the block."""
        self._in_flight.inc()
        try:
            yield
        finally:
            self._in_flight.dec()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the block as a stage of an upload, whether it ends well or not."""
        started = self._clock()
        try:
            yield
        finally:
            self._stages.labels(self._stage_names.admit(name)).observe(self._clock() - started)

    def received(self, waited_s: float) -> None:
        """A message came ``waited_s`` seconds after it was sent; clocks that differ may make that negative."""
        self._waits.observe(max(0.0, waited_s))

    def ended(self, outcome: str, seconds: float | None = None) -> None:
        """A delivery was dealt with; ``seconds`` from receipt to report, None where there is no report."""
        self._uploads.labels(self._outcomes.admit(outcome)).inc()
        if seconds is not None:
            self._upload_seconds.observe(max(0.0, seconds))

    def findings(self, codes: Iterable[str]) -> None:
        """The findings of one new report; a code outside the contract counts as "other"."""
        for code in codes:
            self._findings.labels(code if code in CODES else OTHER).inc()

    def retried(self, reason: str) -> None:
        """A delivery was released, or a call that a store had refused was retried."""
        self._retries.labels(self._reasons.admit(reason)).inc()

    def quarantined(self) -> None:
        """An upload was quarantined."""
        self._quarantines.inc()

    def dead_lettered(self) -> None:
        """A message was dead-lettered."""
        self._dead_letters.inc()

    def revised(self) -> None:
        """A dispute got a new revision of its report."""
        self._revisions.inc()

    def relayed(self, outcome: str, count: int = 1) -> None:
        """``count`` entries of the outbox were relayed ("sent") or could not be ("failed")."""
        self._outbox.labels(self._relay_outcomes.admit(outcome)).inc(count)

    def outbox_waiting(self, count: int) -> None:
        """How many entries wait in the outbox."""
        self._outbox_waiting.set(count)

    def files(self, found: MeasuredFiles) -> None:
        """How far this version has come with the files on the record."""
        behind = found.files - found.measured - found.lost
        for state, count in zip(FILES, (found.measured, behind, found.lost), strict=True):
            self._files.labels(state).set(count)

    def queue(self, depth: Depth, dead: int, queue: str = UPLOADS) -> None:
        """How a queue stands ("uploads" or "backfill"; ValueError for another). The age of the oldest upload is
        that of "uploads"."""
        if queue not in (UPLOADS, BACKFILL):
            raise ValueError(f"{queue!r} is neither 'uploads' nor 'backfill'")
        for state, count in zip(STATES, (depth.waiting, depth.in_flight, depth.delayed, dead), strict=True):
            self._messages.labels(queue, state).set(count)
        if queue == UPLOADS:
            self._oldest.set(math.nan if depth.oldest_s is None else depth.oldest_s)

    def text(self) -> bytes:
        """Everything in Prometheus's text format 0.0.4 (CONTENT_TYPE)."""
        return exposition(self._registry)


def exposition(registry: CollectorRegistry) -> bytes:
    """What the registry holds in Prometheus's text format 0.0.4 (CONTENT_TYPE)."""
    return generate_latest(_WithoutCreated(registry))


class _WithoutCreated(Collector):
    """The registry without the time each series was made, which would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


def _counter(registry: CollectorRegistry, name: str, text: str, label: str, known: Iterable[str]) -> Counter:
    """A counter that shows every known value from the start: rates need the zero before the first event."""
    counter = Counter(f"evidence_{name}", text, (label,), registry=registry)
    for value in known:
        counter.labels(value)
    return counter
