"""The threads of maintenance: each step has one of its own, so that none waits for another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.observability.health import Health
from pipeline.worker.event_sender import EventSender
from pipeline.worker.maintenance import Maintenance
from pipeline.worker.retry_policy import RetryPolicy, pause_s
from storage.errors import StorageError, StoreDamagedError

log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""Between two rounds while there is work, so that what comes meanwhile is done together."""
IDLE_S = 5.0
COMPACT_S = 30.0
COUNT_S = 600.0
ROUND_S = 600.0
"""A round may take this long: fifty disputes, each with many items, or an index that is merged."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Wakes every thread that waits for work."""

    listeners: list[threading.Event] = field(default_factory=list)

    def listener(self) -> threading.Event:
        """An event that ``set`` sets from now on."""
        self.listeners.append(threading.Event())
        return self.listeners[-1]

    def set(self) -> None:
        """There may be something to do."""
        for listener in self.listeners:
            listener.set()


class MaintenanceThread(threading.Thread):
    """Repeats one step until the worker stops: every ``idle_s`` seconds, and at once where ``woken`` is set."""

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        idle_s: float,
        health: Health,
        retry_policy: RetryPolicy,
        woken: threading.Event | None = None,
    ) -> None:
        super().__init__(name=f"maintenance-{name}", daemon=True)
        self._step = step
        self._idle_s = idle_s
        self._health = health
        self._retry_policy = retry_policy
        self._woken = woken

    def run(self) -> None:
        """Until stopping."""
        stopping = self._retry_policy.stopping
        failures = 0
        while not stopping.is_set():
            self._health.beat(self.name, time.monotonic() + ROUND_S)
            if self._woken is not None:
                self._woken.clear()
            try:
                done = self._step()
            except StoreDamagedError as error:
                self._health.give_up(error)
                break
            except StorageError as error:
                self._health.unable(error.part, "does not answer")
                wait = pause_s(failures, self._retry_policy.chance)
                log.warning("%s waits: %s; trying again in %.1f s", self.name, error, wait)
                failures += 1
                stopping.wait(wait)
                continue
            failures = 0
            if done == 0:
                (self._woken or stopping).wait(self._idle_s)
            stopping.wait(PAUSE_S)
        self._health.rest(self.name)


def maintenance_threads(maintenance: Maintenance, progress: Signal) -> Sequence[threading.Thread]:
    """The threads of one worker, not started yet."""
    health, retry_policy = maintenance.health, maintenance.retry_policy
    sender = EventSender(maintenance.outbox_relay, health, retry_policy.stopping)

    def thread(
        name: str, step: Callable[[], int], idle_s: float, *, woken: bool = False
    ) -> MaintenanceThread:
        listener = progress.listener() if woken else None
        return MaintenanceThread(name, step, idle_s, health, retry_policy, listener)

    return [
        sender,
        thread("judging", maintenance.judge_due, IDLE_S, woken=True),
        thread("reports", lambda: maintenance.relay(sender.offer), IDLE_S, woken=True),
        thread("index", maintenance.compact, COMPACT_S),
        thread("probe", maintenance.probe, IDLE_S),
        thread("counting", maintenance.count_files, COUNT_S),
    ]
