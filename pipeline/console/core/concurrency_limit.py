"""How many files are checked before upload at once: each takes a processor for seconds, and pages must stay quick."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from starlette.responses import Response
from starlette.types import Message, Receive

RETRY_S = 5
"""Seconds after which a client that was turned away may ask again: most checks take less."""
ADMITTED_EACH = 4
"""Requests admitted for each processor: while one is checked, the bodies of the others arrive, at their senders' pace."""
SPOOLED_FILES = 4
"""Files of the largest size that all admitted bodies together may take on disk."""
START_S = 15.0
SLOWEST_BYTES_S = 16 * 1024
"""A body's pace, once it has had time to start: slower than a poor mobile line, and faster than who only holds a place."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class BusyError(Exception):
    """As many files as may are being checked, or arrive."""


class SlowError(Exception):
    """A body comes so slowly that it only holds a place."""


class ConcurrencyLimit:
    """Admits requests before their bodies are read, then checks up to ``most`` files at once, in threads of its own.

    ``places`` is how many more may be admitted.
    """

    def __init__(self, most: int | None = None) -> None:
        number = most or processors()
        self.places = number * ADMITTED_EACH
        self._spooled = 0
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(number, "precheck")

    @contextmanager
    def admitted(self, length: int, largest: int) -> Iterator[None]:
        """A place for a body of ``length`` bytes, where none is longer than ``largest``, until the block ends.

        Raises BusyError at once if there are no more places or no room on disk. Nothing of the body was read.
        """
        with self._lock:
            if not self.places or self._spooled + length > SPOOLED_FILES * largest:
                raise BusyError
            self.places -= 1
            self._spooled += length
        try:
            yield
        finally:
            with self._lock:
                self.places += 1
                self._spooled -= length

    async def run(self, check: Callable[[], Response]) -> Response:
        """The answer of ``check``, which waits for a thread."""
        return await asyncio.wrap_future(self._threads.submit(check))


class PacedBody:
    """A body that must come at SLOWEST_BYTES_S at least: SlowError. A sender that stops is cut off by the server."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._began = time.monotonic()
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        due = (time.monotonic() - self._began - START_S) * SLOWEST_BYTES_S
        if message["type"] == "http.request" and message.get("more_body") and self._bytes < due:
            raise SlowError
        return message
