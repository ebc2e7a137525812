"""``/metrics``, ``/healthz`` and ``/readyz`` over HTTP/1.0, for a network that is trusted: nothing asks who calls."""

from __future__ import annotations

import io
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from pipeline.observability.health import Health, HealthStatus
from pipeline.observability.metrics import CONTENT_TYPE

_log = logging.getLogger(__name__)

REQUEST_S = 5.0
"""Seconds a client has for sending its whole request, and as many for taking the answer."""
MAX_THREADS = 8
"""Requests served at a time; one more is told to come again."""

_BUSY = b"HTTP/1.0 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


class Figures(Protocol):
    """What ``/metrics`` shows."""

    def text(self) -> bytes:
        """Prometheus's text format 0.0.4."""


@contextmanager
def serving_health(
    address: str,
    health: Health,
    figures: Figures,
    *,
    request_s: float = REQUEST_S,
    threads: int = MAX_THREADS,
) -> Iterator[str]:
    """Serve at ``address`` (``127.0.0.1:9108``, ``[::1]:9108``; port 0 takes a free one) within the block; yields
    the address taken. Raises ValueError where it is no address, OSError where it cannot be had."""
    with _Server(_parsed(address), health, figures, request_s, threads) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="health", daemon=True)
        thread.start()
        host, port = server.server_address[:2]
        try:
            yield f"[{host!s}]:{port}" if ":" in str(host) else f"{host!s}:{port}"
        finally:
            server.shutdown()
            thread.join()


def _parsed(address: str) -> tuple[str, int]:
    parts = urlsplit(f"//{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.netloc != address or "@" in address:
        raise ValueError(f"{address!r} is no address to listen on; write for example 127.0.0.1:9108")
    return host, port


class _Server(ThreadingHTTPServer):
    request_queue_size = 32

    def __init__(
        self, address: tuple[str, int], health: Health, figures: Figures, request_s: float, threads: int
    ) -> None:
        self.health = health
        self.figures = figures
        self.request_s = request_s
        self._places = threading.BoundedSemaphore(threads)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own asks the name service, which may take long to say no
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._places.acquire(blocking=False):
            try:
                super().process_request(request, client_address)
            except RuntimeError:  # no thread can be started
                self._places.release()
                raise
        else:
            request.settimeout(0)
            request.send(_BUSY)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        _log.warning("a request for health or figures failed", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server_version = "evidence"
    sys_version = ""

    def setup(self) -> None:
        super().setup()
        limit = cast(_Server, self.server).request_s
        self._write_s = limit
        # The base class limits each single read, which a client that sends a byte at a time never exceeds.
        self.rfile = io.BufferedReader(_TimedReader(self.connection, time.monotonic() + limit))

    def do_GET(self) -> None:
        server = cast(_Server, self.server)
        path = urlsplit(self.path).path
        if path == "/metrics":
            self._send(HTTPStatus.OK, CONTENT_TYPE, server.figures.text())
        elif path == "/healthz":
            self._verdict("alive", server.health.alive())
        elif path == "/readyz":
            self._verdict("ready", server.health.ready())
        else:
            self._object(HTTPStatus.NOT_FOUND, {"error": "try /metrics, /healthz or /readyz"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def _verdict(self, name: str, verdict: HealthStatus) -> None:
        status = HTTPStatus.OK if verdict.ok else HTTPStatus.SERVICE_UNAVAILABLE
        self._object(status, {name: verdict.ok, "troubles": verdict.troubles})

    def _object(self, status: HTTPStatus, content: dict[str, object]) -> None:
        self._send(status, "application/json", json.dumps(content).encode() + b"\n")

    def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.connection.settimeout(self._write_s)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        _log.debug(format, *args)


class _TimedReader(io.RawIOBase):
    """A socket to be read until ``deadline`` (of time.monotonic); TimeoutError after that."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the request took too long")
        self._connection.settimeout(remaining)
        return self._connection.recv_into(buffer)
