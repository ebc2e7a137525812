"""The worker: uploads from a queue, reports on the record.

One process holds a few slots (threads), each with one message at a time, one jail in which all files are opened, a
thread that renews what is held, and one for housekeeping. Everything it knows is in the queue, the objects and the
record: it may be killed at any moment.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from dataclasses import dataclass

from pipeline.setup.context import Context
from pipeline.worker.consumer import Consumer, ConsumerParts
from pipeline.worker.maintenance import Housekeeper, Maintenance
from storage.errors import StorageError

log = logging.getLogger(__name__)

_LOOK_S = 0.2
_HANG_S = 14.0
"""A slot that is busy this long after its item's deadline hangs in our own code: the worker
ends, to be started anew. Longer than any single call may take that was begun in time."""

_HAND_BACK_S = 5.0


class ConsumerHungError(RuntimeError):
    """A slot did not end though its item's time was long over: a fault of ours."""


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
        slots = [self._slot(number) for number in range(1, self.jobs + 1)]
        housekeeper = Housekeeper(self.maintenance, self.parts.retry_policy, self.parts.progress)
        self.parts.renewer.start()
        self.parts.report_batcher.start()
        housekeeper.start()
        looks = 0
        while not self.asked_to_stop:
            time.sleep(_LOOK_S)
            slots = [slot if slot.is_alive() else self._slot(slot.number) for slot in slots]
            self._look_for_hung(slots)
            self._look_for_dead(housekeeper)
            looks = looks + 1 if once and self._is_drained(slots) else 0
            if looks >= 2:  # a served queue's figures lag behind
                break
        self._end(slots, housekeeper)
        if once and not self.asked_to_stop:
            while self.maintenance.do():
                pass

    def _slot(self, number: int) -> Consumer:
        slot = Consumer(number, self.parts)
        slot.start()
        return slot

    def _look_for_hung(self, slots: list[Consumer]) -> None:
        for slot in slots:
            if slot.busy_until is not None and time.monotonic() > slot.busy_until + _HANG_S:
                log.critical("%s hangs here:\n%s", slot.name, _stack_of(slot))
                raise ConsumerHungError(f"{slot.name} hangs {_HANG_S:.0f} s after its item's deadline")

    def _look_for_dead(self, housekeeper: Housekeeper) -> None:
        """Without them messages are taken and never acknowledged: better the worker ends, to be started anew."""
        parts = self.parts
        for name, is_alive in (
            ("settler", parts.report_batcher.is_alive),
            ("renewer", parts.renewer.is_alive),
            (housekeeper.name, housekeeper.is_alive),
        ):
            if not is_alive():
                raise ThreadDiedError(f"the {name} was ended by a fault of ours; its traceback is in the log")

    def _is_drained(self, slots: list[Consumer]) -> bool:
        if self._is_busy(slots):
            return False
        try:
            return self.parts.intake.is_drained()
        except StorageError as error:
            log.warning("the queue cannot be measured: %s", error)
            return False

    def _end(self, slots: list[Consumer], housekeeper: Housekeeper) -> None:
        """Take nothing new, let what is under way finish within the grace period, hand back the rest."""
        self.parts.health.stopping()
        self.parts.stopping.set()
        self.parts.progress.set()
        if not self._wait(slots, self.parts.settings.grace_s):
            log.warning("the grace period is over: what is under way goes back to the queue")
            self.context.opener.close()
            self._wait(slots, _HAND_BACK_S)
        self.parts.report_batcher.close()
        self.parts.report_batcher.join(_HAND_BACK_S)
        self.parts.renewer.stop()
        housekeeper.join(_HAND_BACK_S)

    def _is_busy(self, slots: list[Consumer]) -> bool:
        return any(slot.busy_until is not None for slot in slots) or not self.parts.report_batcher.is_idle

    def _wait(self, slots: list[Consumer], seconds: float) -> bool:
        """Whether nothing is under way any more. A slot that only waits for a message is not waited for."""
        until = time.monotonic() + seconds
        while self._is_busy(slots):
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)
        return True


def _stack_of(slot: Consumer) -> str:
    frame = sys._current_frames().get(slot.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame is not None else "it has ended meanwhile"
