"""How many files are looked at before upload at once: each takes a processor for seconds, and pages must stay quick."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from starlette.exceptions import HTTPException
from starlette.responses import Response

RETRY_S = 5
"""After how many seconds who was turned away may ask again: most looks take less."""


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ConcurrencyLimit:
    """Up to ``most`` looks at once, in threads of their own. Who comes beyond is turned away at once, not queued."""

    def __init__(self, most: int | None = None) -> None:
        number = most or processors()
        self._free = threading.BoundedSemaphore(number)
        self._threads = ThreadPoolExecutor(number, "look")

    async def run(self, look: Callable[[], Response]) -> Response:
        """The answer of ``look``. Raises 503 with Retry-After where as many as may are under way."""
        if not self._free.acquire(blocking=False):
            sentence = (
                "As many files as can be looked at together are being looked at: try again in a few seconds."
            )
            raise HTTPException(503, sentence, {"Retry-After": str(RETRY_S)})
        done = self._threads.submit(look)
        done.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(done)
