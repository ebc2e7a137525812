"""How many files are checked before upload at once: each takes a processor for seconds, and pages must stay quick."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.responses import Response

RETRY_S = 5
"""Seconds after which a client that was turned away may ask again: most checks take less."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class BusyError(Exception):
    """As many files are being checked as the limit allows."""


class ConcurrencyLimit:
    """Up to ``most`` checks at once, in threads of their own. Further clients are turned away at once, not queued."""

    def __init__(self, most: int | None = None) -> None:
        number = most or processors()
        self._free = threading.BoundedSemaphore(number)
        self._threads = ThreadPoolExecutor(number, "precheck")

    async def run(self, check: Callable[[], Response]) -> Response:
        """The answer of ``check``. Raises BusyError where the limit is reached."""
        if not self._free.acquire(blocking=False):
            raise BusyError
        done = self._threads.submit(check)
        done.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(done)
