"""A receiver of completion events, which now and then refuses one, as receivers do."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REFUSALS = 0.03


@dataclass
class EventSink:
    """``received`` holds the body of each event taken; ``refused`` counts those answered with 503."""

    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    hangs_s: float = 0.0
    """How long it waits before it answers."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    chance: random.Random = field(default_factory=random.Random)

    def take(self, body: bytes, key: str | None) -> int:
        """The status to answer with. An event's key in the header and in the body are the same, else 400."""
        event = json.loads(body)
        with self.lock:
            if self.chance.random() < REFUSALS:
                self.refused += 1
                return 503
            self.received.append(event | {"header_key": key})
            return 200


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Senders are killed in the middle of a request: that is no error here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def running_sink(seed: int) -> Iterator[EventSink]:
    """A sink on a port of 127.0.0.1, until the block ends."""
    sink = EventSink(chance=random.Random(f"sink/{seed}"))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if sink.hangs_s:
                time.sleep(sink.hangs_s)
                self.close_connection = True
                return  # nobody listens any more
            self.send_response(sink.take(body, self.headers.get("Idempotency-Key")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    sink.url = f"http://127.0.0.1:{server.server_port}/events"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
