"""One consumer of a worker: a thread that takes one message at a time from receipt to acknowledgement."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.intake.worker_settings import WorkerSettings
from pipeline.observability.health import DATABASE, JAIL, OBJECTS, QUEUE, Health
from pipeline.observability.logs import upload_context
from pipeline.observability.metrics import Metrics
from pipeline.opening.host.jail import JailError
from pipeline.worker.acknowledge import Applier
from pipeline.worker.disposition import ACKNOWLEDGE, RELEASE, Disposition
from pipeline.worker.handler import Handler
from pipeline.worker.maintenance_threads import Signal
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.renewal import Renewer
from pipeline.worker.report_batching import Pending, ReportBatcher
from pipeline.worker.retry_policy import RetryPolicy, pause_s
from storage.errors import StorageError, StoreDamagedError, StoreFullError, StoreUnavailableError
from storage.interfaces.queue import Message, UploadQueue

log = logging.getLogger(__name__)

WAIT_S = 20.0
"""How long one receive waits for a message: SQS's longest, so that an idle consumer makes few requests."""
_OUTAGE_S = 15.0
_MISCONFIGURED_S = 60.0
_FULL_S = (15.0, 900.0)

_ENDING_S = 20.0


def full_wait_s(receives: int) -> float:
    """Seconds until an upload without room for it comes again: doubling, an hour in all before it is given up."""
    return min(_FULL_S[0] * 2.0 ** (min(receives, 20) - 1), _FULL_S[1])


@dataclass(frozen=True, slots=True)
class ConsumerParts:
    """What all consumers of a worker share. ``progress`` is set whenever a message has been dealt with."""

    intake: QueuePair
    handler: Handler
    renewer: Renewer
    applier: Applier
    report_batcher: ReportBatcher
    retry_policy: RetryPolicy
    metrics: Metrics
    health: Health
    settings: WorkerSettings
    stopping: threading.Event
    progress: Signal
    wait_s: float = WAIT_S


class Consumer(threading.Thread):
    """Receives a message only when it is free to work on it.

    A fault of ours ends the thread, with its traceback in the log. The worker starts another, and the queue delivers the
    message again.
    """

    def __init__(self, number: int, parts: ConsumerParts) -> None:
        super().__init__(name=f"consumer-{number}", daemon=True)
        self._parts = parts
        self.number = number
        self.busy_until: float | None = None
        """The deadline (of time.monotonic) of the message being worked on; None while there is none."""

    def run(self) -> None:
        """Work until the worker stops."""
        parts = self._parts
        failures = 0
        while not parts.stopping.is_set():
            parts.health.beat(self.name, time.monotonic() + parts.wait_s)
            try:
                received = parts.intake.receive(parts.wait_s, parts.settings.visibility_s)
            except StoreDamagedError as error:
                parts.health.give_up(error)
                break
            except StorageError as error:
                if parts.stopping.is_set():
                    break  # the queue has been closed
                parts.health.unable(QUEUE, "messages cannot be received")
                wait = pause_s(failures, parts.retry_policy.chance)
                log.warning("no message can be received: %s; trying again in %.1f s", error, wait)
                failures += 1
                parts.stopping.wait(wait)
                continue
            failures = 0
            parts.health.able(QUEUE)
            if received is not None:
                self._take(*received)
        parts.health.rest(self.name)

    def _take(self, queue: UploadQueue, message: Message) -> None:
        parts = self._parts
        deadline = time.monotonic() + parts.settings.deadline_s
        self.busy_until = deadline
        try:
            with upload_context(message=message.id, consumer=self.name), parts.metrics.working():
                if parts.stopping.is_set():
                    parts.applier.apply(Disposition(RELEASE), queue, message)
                    return
                parts.metrics.received((datetime.now(UTC) - message.sent_at).total_seconds())
                parts.health.beat(self.name, deadline + _ENDING_S)
                parts.renewer.hold(queue, message, deadline)
                disposition: Disposition | None = None
                try:
                    disposition = self._handled(message, deadline)
                finally:
                    if (
                        disposition is None
                    ):  # an error of ours ends this thread; the message returns by itself
                        parts.renewer.release(message)
                if disposition.ended and disposition.action == ACKNOWLEDGE:
                    parts.report_batcher.add(Pending(queue, message, disposition.ended, deadline))
                else:
                    parts.applier.apply(disposition, queue, message)
        finally:
            self.busy_until = None
            parts.progress.set()

    def _handled(self, message: Message, deadline: float) -> Disposition:
        parts = self._parts
        try:
            disposition = parts.handler.handle(message, deadline)
        except StoreUnavailableError as error:
            reason, wait = "unavailable", parts.retry_policy.chance.uniform(0.0, _OUTAGE_S)
            log.warning("released: %s", error)
        except StoreFullError as error:
            reason, wait = "full", full_wait_s(message.receives)
            parts.health.unable(error.part, str(error))
            log.error("released: %s", error)  # noqa: TRY400 - the sentence names the place
        except StorageError as error:
            if isinstance(error, StoreDamagedError):
                parts.health.give_up(error)
            reason, wait = "refused", _MISCONFIGURED_S
            parts.health.unable(error.part, "refuses its work; the log says why")
            log.error("released: %s", error)  # noqa: TRY400 - the sentence says what to do
        except JailError as error:
            stopping = parts.stopping.is_set()
            reason, wait = ("stopping", 0.0) if stopping else ("unavailable", _OUTAGE_S)
            if not stopping:
                parts.health.unable(JAIL, "files cannot be opened; the log says why")
                log.error("released: %s", error)  # noqa: TRY400
        else:
            for part in (DATABASE, OBJECTS, JAIL):
                parts.health.able(part)
            return disposition
        parts.metrics.retried(reason)
        return Disposition(RELEASE, 0.0 if parts.stopping.is_set() else wait)
