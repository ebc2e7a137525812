"""What a worker does beside uploads: disputes that are due are judged again, the outbox is emptied, queues are measured."""

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
from pipeline.worker.outbox_relay import STEP_S, OutboxRelay
from pipeline.worker.queue_pair import Intake
from pipeline.worker.retry_policy import RetryPolicy, pause_s
from storage.errors import StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE_S = 0.5
"""Between two rounds while there is work: what comes meanwhile is done together."""
IDLE_S = 5.0
LOOK_S = 30.0
ROUND_S = 600.0
"""A round may take this long: fifty receivers of events that each run into their time limit."""
SETTLING_S = 2.0
"""What an upload marks is judged by its own worker at once; later it was left by one that died."""
_PROBE = "probe"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One round of everything; several workers may do it at once."""

    context: Context
    outbox_relay: OutboxRelay
    intake: Intake
    metrics: Metrics
    health: Health
    retry_policy: RetryPolicy

    def do(self, older_than_s: float = 0.0) -> int:
        """One round; how much was done. Disputes marked less than ``older_than_s`` ago are left to whoever marked
        them. Raises StorageError."""
        done = self._judge_due(older_than_s) + self.outbox_relay.tell()
        self.health.able(DATABASE)
        return done

    def _judge_due(self, older_than_s: float) -> int:
        """Each dispute by itself: one broken connection does not put off the others."""
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
        return self.retry_policy.steadily("housekeeping", step, time.monotonic() + STEP_S)

    def look(self) -> None:
        """Ask every part whether it answers, for an idle worker too, how the queues stand, and keep the index quick."""
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


class Housekeeper(threading.Thread):
    """Does the chores until told to stop, soon after each upload and every few seconds without one."""

    def __init__(
        self, maintenance: Maintenance, retry_policy: RetryPolicy, progress: threading.Event
    ) -> None:
        super().__init__(name="housekeeper", daemon=True)
        self._maintenance = maintenance
        self._retry_policy = retry_policy
        self._progress = progress

    def run(self) -> None:
        """Until stopping."""
        stopping = self._retry_policy.stopping
        failures, looked_at = 0, -math.inf
        while not stopping.is_set():
            self._maintenance.health.beat(self.name, time.monotonic() + ROUND_S)
            self._progress.clear()
            try:
                done = self._maintenance.do(SETTLING_S)
                now = time.monotonic()
                if now - looked_at >= LOOK_S:
                    self._maintenance.look()
                    looked_at = now
            except StorageError as error:
                self._maintenance.health.unable(DATABASE, "the record or the queue cannot be reached")
                wait = pause_s(failures, self._retry_policy.chance)
                log.warning("housekeeping waits: %s; trying again in %.1f s", error, wait)
                failures += 1
                stopping.wait(wait)
                continue
            failures = 0
            if done == 0:
                self._progress.wait(IDLE_S)
            stopping.wait(PAUSE_S)
        self._maintenance.health.rest(self.name)
