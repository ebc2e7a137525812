"""The console on a real port, for browsers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.console.app import make_app
from pipeline.console.core.console_context import Console
from pipeline.console.server import server_of


@contextmanager
def served(console: Console) -> Iterator[str]:
    """Serve within the block; yields the address without a slash at its end."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = server_of(make_app(console))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("the console did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def until(page: Any, expression: str, seconds: float = 20.0) -> None:
    """Wait until ``expression`` holds in the page. Playwright's own waiting would need a policy that allows eval."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(expression)
        page.wait_for_timeout(20)
