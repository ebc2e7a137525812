"""What a worker does beside uploads: judge due disputes again, empty the outbox, measure the queues."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from pipeline.judgement.judge_due import judge_if_due
from pipeline.observability.health import DATABASE, JAIL, OBJECTS, Health
from pipeline.observability.metrics import BACKFILL, UPLOADS, Metrics
from pipeline.reuse.sources import compact
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.worker.outbox_relay import STEP_S, OutboxRelay
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.retry_policy import RetryPolicy, pause_s
from storage.errors import StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE_S = 0.5
"""Between two rounds while there is work, so that what comes meanwhile is done together."""
IDLE_S = 5.0
PROBE_S = 30.0
COUNT_S = 600.0
ROUND_S = 600.0
"""A round may take this long: fifty events whose receivers each run into their time limit."""
BATCHING_S = 2.0
"""A worker judges at once what its own uploads mark due. What is still marked after this was left by one that died."""
_PROBE = "probe"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One round of maintenance. Several workers may do it at once."""

    context: Context
    outbox_relay: OutboxRelay
    intake: QueuePair
    metrics: Metrics
    health: Health
    retry_policy: RetryPolicy

    def do(self, older_than_s: float = 0.0) -> int:
        """Do one round; how much was done. Raises StorageError.

        Disputes marked less than ``older_than_s`` ago are left to the worker that marked them.
        """
        done = self._judge_due(older_than_s) + self.outbox_relay.relay()
        self.health.able(DATABASE)
        return done

    def _judge_due(self, older_than_s: float) -> int:
        """Each dispute in its own transaction, so that one broken connection does not hold up the others."""
        now = datetime.now(UTC)
        due = self._steadily(lambda: self._due(now - timedelta(seconds=older_than_s)))
        for tenant, dispute_id in due:
            judged = self._steadily(partial(judge_if_due, tenant, dispute_id, self.context, now))
            if judged is not None and judged.is_new:
                self.metrics.revised()
                log.info("judged again: revision %d", judged.report.revision, extra={"dispute": dispute_id})
        return len(due)

    def _due(self, at: datetime) -> Sequence[tuple[str, str]]:
        with self.context.database.reading() as records:
            return records.due_disputes(at, _BATCH)

    def _steadily(self, step: Callable[[], T]) -> T:
        return self.retry_policy.steadily("maintenance", step, time.monotonic() + STEP_S)

    def probe(self) -> None:
        """Check that every part answers, measure the queues, and compact the index. An idle worker does it too."""
        compact(self.context.database)
        self.context.objects.exists(_PROBE)
        self.outbox_relay.origin.objects.exists(_PROBE)
        self.health.able(OBJECTS)
        if self.context.opener.is_running():
            self.health.able(JAIL)
        else:
            self.health.unable(JAIL, "the process that opens files is gone; the next file starts another")
        for name, queue in zip((UPLOADS, BACKFILL), self.intake.queues(), strict=False):
            self.metrics.queue(queue.depth(), queue.dead_count(), name)

    def count_files(self) -> None:
        """Count the files that this version has measured. On a large record that reads a whole index."""
        with self.context.database.reading() as records:
            self.metrics.files(records.measured_files(MEASURES_VERSION))


class MaintenanceThread(threading.Thread):
    """Does maintenance until the worker stops: soon after each upload, and every few seconds without one."""

    def __init__(
        self, maintenance: Maintenance, retry_policy: RetryPolicy, progress: threading.Event
    ) -> None:
        super().__init__(name="maintenance", daemon=True)
        self._maintenance = maintenance
        self._retry_policy = retry_policy
        self._progress = progress

    def run(self) -> None:
        """Until stopping."""
        stopping = self._retry_policy.stopping
        failures, probed_at, counted_at = 0, -math.inf, -math.inf
        while not stopping.is_set():
            self._maintenance.health.beat(self.name, time.monotonic() + ROUND_S)
            self._progress.clear()
            try:
                done = self._maintenance.do(BATCHING_S)
                now = time.monotonic()
                if now - probed_at >= PROBE_S:
                    self._maintenance.probe()
                    probed_at = now
                if now - counted_at >= COUNT_S:
                    self._maintenance.count_files()
                    counted_at = now
            except StorageError as error:
                self._maintenance.health.unable(DATABASE, "the record or the queue cannot be reached")
                wait = pause_s(failures, self._retry_policy.chance)
                log.warning("maintenance waits: %s; trying again in %.1f s", error, wait)
                failures += 1
                stopping.wait(wait)
                continue
            failures = 0
            if done == 0:
                self._progress.wait(IDLE_S)
            stopping.wait(PAUSE_S)
        self._maintenance.health.rest(self.name)
