"""The worker: uploads from a queue, reports on the record.

One process runs a few consumers (threads), each with one message at a time, one jail in which all files are opened, a
thread that renews what they hold, and one for maintenance. Everything it knows is in the queue, the objects and the
record: it may be killed at any moment.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.setup.context import Context
from pipeline.worker.consumer import Consumer, ConsumerParts
from pipeline.worker.maintenance import Maintenance
from pipeline.worker.maintenance_threads import maintenance_threads
from storage.errors import StorageError

log = logging.getLogger(__name__)

_LOOK_S = 0.2
_HANG_S = 14.0
"""A consumer that is busy this long after its item's deadline hangs in our own code: the worker
ends, to be started anew. Longer than any single call may take that was begun in time."""

_RELEASE_S = 5.0


class ConsumerHungError(RuntimeError):
    """A consumer did not end long after its item's deadline: a fault of ours."""


class ThreadDiedError(RuntimeError):
    """A thread that every message needs was ended by a fault of ours; its traceback is in the log."""


@dataclass(slots=True)
class Worker:
    """Wired by pipeline/wiring/worker_assembly.py. ``asked_to_stop`` may be set from a signal handler."""

    context: Context
    parts: ConsumerParts
    maintenance: Maintenance
    jobs: int
    asked_to_stop: bool = False

    def run(self, *, once: bool = False) -> None:
        """Work until asked to stop; with ``once`` until queues, due disputes and outbox are empty."""
        consumers = [self._started(number) for number in range(1, self.jobs + 1)]
        maintenance = maintenance_threads(self.maintenance, self.parts.progress)
        self.parts.renewer.start()
        self.parts.report_batcher.start()
        for thread in maintenance:
            thread.start()
        looks = 0
        while not self.asked_to_stop:
            time.sleep(_LOOK_S)
            consumers = [
                consumer if consumer.is_alive() else self._started(consumer.number) for consumer in consumers
            ]
            self._look_for_hung(consumers)
            if (fault := self.parts.health.gave_up) is not None:
                raise fault
            self._look_for_dead(maintenance)
            looks = looks + 1 if once and self._is_drained(consumers) else 0
            if looks >= 2:  # a served queue's figures lag behind
                break
        self._end(consumers, maintenance)
        if once and not self.asked_to_stop:
            while self.maintenance.do():
                pass

    def _started(self, number: int) -> Consumer:
        consumer = Consumer(number, self.parts)
        consumer.start()
        return consumer

    def _look_for_hung(self, consumers: list[Consumer]) -> None:
        for consumer in consumers:
            if consumer.busy_until is not None and time.monotonic() > consumer.busy_until + _HANG_S:
                log.critical("%s hangs here:\n%s", consumer.name, _stack_of(consumer))
                raise ConsumerHungError(f"{consumer.name} hangs {_HANG_S:.0f} s after its item's deadline")

    def _look_for_dead(self, maintenance: Sequence[threading.Thread]) -> None:
        """Without these threads messages are received and never acknowledged, so the worker ends and is started anew."""
        parts = self.parts
        for name, is_alive in (
            ("report-batcher", parts.report_batcher.is_alive),
            ("renewer", parts.renewer.is_alive),
            *((thread.name, thread.is_alive) for thread in maintenance),
        ):
            if not is_alive():
                raise ThreadDiedError(f"the {name} was ended by a fault of ours; its traceback is in the log")

    def _is_drained(self, consumers: list[Consumer]) -> bool:
        if self._is_busy(consumers):
            return False
        try:
            return self.parts.intake.is_drained()
        except StorageError as error:
            log.warning("the queue cannot be measured: %s", error)
            return False

    def _end(self, consumers: list[Consumer], maintenance: Sequence[threading.Thread]) -> None:
        """Take nothing new, let what is under way finish within the grace period, release the rest."""
        self.parts.health.stopping()
        self.parts.stopping.set()
        self.parts.progress.set()
        if not self._wait(consumers, self.parts.settings.grace_s):
            log.warning("the grace period is over: messages under way go back to the queue")
            self.context.opener.close()
            self._wait(consumers, _RELEASE_S)
        self.parts.report_batcher.close()
        self.parts.report_batcher.join(_RELEASE_S)
        self.parts.renewer.stop()
        until = time.monotonic() + _RELEASE_S
        for thread in maintenance:
            thread.join(max(0.0, until - time.monotonic()))

    def _is_busy(self, consumers: list[Consumer]) -> bool:
        return (
            any(consumer.busy_until is not None for consumer in consumers)
            or not self.parts.report_batcher.is_idle
        )

    def _wait(self, consumers: list[Consumer], seconds: float) -> bool:
        """Whether nothing is under way any more. A consumer that only waits for a message is not waited for."""
        until = time.monotonic() + seconds
        while self._is_busy(consumers):
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        return True


def _stack_of(consumer: Consumer) -> str:
    frame = sys._current_frames().get(consumer.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame is not None else "it has ended meanwhile"
