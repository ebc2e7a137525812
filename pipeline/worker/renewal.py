"""Keeps received messages invisible to other workers while they are worked on, but never past their deadline."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from storage.errors import StorageError
from storage.interfaces.queue import Message, UploadQueue

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    queue: UploadQueue
    message: Message
    deadline: float


class Renewer:
    """One thread that renews every held message at a third of its visibility.

    After the deadline nothing is renewed, so a message whose work hangs returns to the queue by itself.
    """

    def __init__(self, visibility_s: float) -> None:
        self._visibility_s = visibility_s
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End the thread. Nothing is renewed any more."""
        self._stopped.set()

    def hold(self, queue: UploadQueue, message: Message, deadline: float) -> None:
        """Renew this message until it is released or ``deadline`` (of time.monotonic) has passed."""
        with self._lock:
            self._held[message.receipt] = _Held(queue, message, deadline)

    def release(self, message: Message) -> None:
        """Stop renewing this message."""
        with self._lock:
            self._held.pop(message.receipt, None)

    def _run(self) -> None:
        while not self._stopped.wait(self._visibility_s / 3):
            with self._lock:
                held = list(self._held.values())
            for one in held:
                self._renew(one)

    def _renew(self, held: _Held) -> None:
        left = held.deadline - time.monotonic()
        if left <= 0:
            self.release(held.message)
            log.warning("the deadline has passed: message %s is no longer renewed", held.message.id)
            return
        # Not invisible for long after the deadline: two seconds are enough to end the child.
        try:
            holds = held.queue.renew(held.message, min(self._visibility_s, left + 2.0))
        except StorageError as error:
            log.warning("message %s could not be renewed: %s", held.message.id, error)
            return
        if not holds:
            self.release(held.message)
            log.warning("message %s has gone to another worker", held.message.id)
