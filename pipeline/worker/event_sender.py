"""Sends events in a thread of its own, so that a receiver that hangs holds up nothing else."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from pipeline.observability.health import Health
from pipeline.worker.event_receivers import WEBHOOK_S
from pipeline.worker.outbox_relay import STEP_S, OutboxRelay
from storage.errors import StorageError
from storage.interfaces.outbox import OutboxEntry

log = logging.getLogger(__name__)

AHEAD = 10
"""Events taken from the outbox at most, so that their leases outlast the slowest receiver."""
PATIENCE_S = 1.0
"""How long ``offer`` waits for room: a receiver that answers needs far less."""
_LOOK_S = 1.0


class EventSender(threading.Thread):
    """Sends what ``offer`` accepted, in order. What is left when the worker stops goes back to the outbox."""

    def __init__(self, relay: OutboxRelay, health: Health, stopping: threading.Event) -> None:
        super().__init__(name="maintenance-events", daemon=True)
        self._relay = relay
        self._health = health
        self._stopping = stopping
        self._waiting: queue.Queue[OutboxEntry] = queue.Queue(AHEAD)

    def offer(self, entries: Sequence[OutboxEntry]) -> Sequence[OutboxEntry]:
        """Accept as many as there is room for, or will be within a second; returns the rest."""
        until = time.monotonic() + PATIENCE_S
        for number, entry in enumerate(entries):
            try:
                self._waiting.put(entry, timeout=max(0.0, until - time.monotonic()))
            except queue.Full:
                return entries[number:]
        return ()

    def run(self) -> None:
        """Until stopping."""
        while not self._stopping.is_set():
            self._health.beat(self.name, time.monotonic() + AHEAD * WEBHOOK_S + STEP_S)
            with suppress(queue.Empty):
                self._send([self._waiting.get(timeout=_LOOK_S), *self._taken()])
        if left := self._taken():
            self._give_back(left)
        self._health.rest(self.name)

    def _taken(self) -> list[OutboxEntry]:
        taken: list[OutboxEntry] = []
        with suppress(queue.Empty):
            while True:
                taken.append(self._waiting.get_nowait())
        return taken

    def _send(self, entries: Sequence[OutboxEntry]) -> None:
        try:
            self._relay.send(entries)
        except StorageError as error:
            log.warning("events could not be marked, and come again when their leases end: %s", error)

    def _give_back(self, entries: Sequence[OutboxEntry]) -> None:
        try:
            self._relay.release(entries)
        except StorageError as error:
            log.warning("events could not be given back, and come again when their leases end: %s", error)
