"""What a worker does beside uploads: judge due disputes again, empty the outbox, compact the index, measure the queues."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from pipeline.judgement.judge_due import judge_if_due
from pipeline.observability.health import DATABASE, JAIL, OBJECTS, QUEUE, Health
from pipeline.observability.metrics import BACKFILL, UPLOADS, Metrics
from pipeline.reuse.sources import compact
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.worker.outbox_relay import STEP_S, Deliver, OutboxRelay
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import StorageError, StoreDamagedError, StoreUnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCHING_S = 2.0
"""A worker judges at once what its own uploads mark due. What is still marked after this was left by one that died."""
_PROBE = "probe"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The steps of maintenance. Several workers may do them at once, and one worker each in a thread of its own."""

    context: Context
    outbox_relay: OutboxRelay
    intake: QueuePair
    metrics: Metrics
    health: Health
    retry_policy: RetryPolicy

    def do(self, older_than_s: float = 0.0) -> int:
        """Judge what is due and relay the outbox; how much was done. Raises StorageError."""
        return self.judge_due(older_than_s) + self.relay()

    def judge_due(self, older_than_s: float = BATCHING_S) -> int:
        """Judge disputes that are due; how many there were. Raises StorageError where the record is away.

        Those marked less than ``older_than_s`` ago are left to the worker that marked them. Each is judged in its own
        transaction, so that neither a broken connection nor a record that cannot be read holds up the others.
        """
        now = datetime.now(UTC)
        due = self._steadily(lambda: self._due(now - timedelta(seconds=older_than_s)))
        for tenant, dispute_id in due:
            try:
                judged = self._steadily(partial(judge_if_due, tenant, dispute_id, self.context, now))
            except (StoreUnavailableError, StoreDamagedError):
                raise
            except StorageError:
                log.exception("this dispute cannot be judged", extra={"dispute": dispute_id})
                continue
            if judged is not None and judged.is_new:
                self.metrics.revised()
                log.info("judged again: revision %d", judged.report.revision, extra={"dispute": dispute_id})
        return len(due)

    def relay(self, deliver: Deliver | None = None) -> int:
        """Write reports and send events; see OutboxRelay."""
        return self.outbox_relay.relay(deliver)

    def compact(self) -> int:
        """Keep the index quick to search; how many steps that took. Raises StorageError."""
        return compact(self.context.database)

    def probe(self) -> int:
        """Ask every part whether it answers, and measure the queues. Only what is away is reported as away."""
        self._ask(DATABASE, self.outbox_relay.measure)
        self._ask(OBJECTS, self._look_at_objects)
        self._ask(QUEUE, self._measure_queues)
        if self.context.opener.is_running():
            self.health.able(JAIL)
        else:
            self.health.unable(JAIL, "the process that opens files is gone; the next file starts another")
        return 0

    def count_files(self) -> int:
        """Count the files that this version has measured. On a large record that reads a whole index."""
        with self.context.database.reading() as records:
            self.metrics.files(records.measured_files(MEASURES_VERSION))
        return 0

    def _ask(self, part: str, question: Callable[[], None]) -> None:
        try:
            question()
        except StoreDamagedError:
            raise
        except StorageError as error:
            self.health.unable(part, "does not answer")
            log.warning("the %s does not answer: %s", part, error)
        else:
            self.health.able(part)

    def _look_at_objects(self) -> None:
        self.context.objects.exists(_PROBE)
        self.outbox_relay.origin.objects.exists(_PROBE)

    def _measure_queues(self) -> None:
        for name, queue in zip((UPLOADS, BACKFILL), self.intake.queues(), strict=False):
            self.metrics.queue(queue.depth(), queue.dead_count(), name)

    def _due(self, at: datetime) -> Sequence[tuple[str, str]]:
        with self.context.database.reading() as records:
            return records.due_disputes(at, _BATCH)

    def _steadily(self, step: Callable[[], T]) -> T:
        return self.retry_policy.steadily("maintenance", step, time.monotonic() + STEP_S)
