"""``/metrics``, ``/healthz`` and ``/readyz`` over HTTP, for a trusted network: no sign-in.

Served by uvicorn in one thread beside the worker's own. A client that sends slowly is cut off, and more clients than
``connections`` get 503, so that a faulty scraper cannot use up the worker's memory or threads.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.observability.health import Health, HealthStatus
from pipeline.observability.metrics import CONTENT_TYPE
from pipeline.observability.prompt_http import prompt_protocol

REQUEST_S = 5.0
"""Seconds a client has for sending its whole request."""
MAX_CONNECTIONS = 8
"""Connections served at a time. Further ones get 503."""

_NO_STORE = {"cache-control": "no-store"}


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
    connections: int = MAX_CONNECTIONS,
) -> Iterator[str]:
    """Serve at ``address`` (``127.0.0.1:9108``, ``[::1]:9108``; port 0 takes a free one) within the block; yields
    the address taken. Raises ValueError where it is no address, OSError where it cannot be had."""
    host, port = _parsed(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=32) as listening:
        server = _server(health_app(health, figures), request_s, connections)
        thread = threading.Thread(target=server.run, args=([listening],), name="health", daemon=True)
        thread.start()
        taken, port = listening.getsockname()[:2]
        try:
            yield f"[{taken}]:{port}" if ":" in taken else f"{taken}:{port}"
        finally:
            server.should_exit = True
            thread.join()


def health_app(health: Health, figures: Figures) -> ASGIApp:
    """The three pages. What they read is in memory and behind short locks, so they run on the event loop itself."""

    async def metrics(_: Request) -> Response:
        return Response(figures.text(), headers=_NO_STORE | {"content-type": CONTENT_TYPE})

    return Starlette(
        routes=[
            Route("/metrics", metrics),
            Route("/healthz", _status_page("alive", health.alive)),
            Route("/readyz", _status_page("ready", health.ready)),
        ],
        exception_handlers={404: _elsewhere},
    )


def _status_page(name: str, status_of: Callable[[], HealthStatus]) -> Callable[[Request], object]:
    async def page(_: Request) -> Response:
        status = status_of()
        body = {name: status.ok, "troubles": status.troubles}
        return JSONResponse(body, 200 if status.ok else 503, _NO_STORE)

    return page


async def _elsewhere(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"error": "try /metrics, /healthz or /readyz"}, 404, _NO_STORE)


def _parsed(address: str) -> tuple[str, int]:
    parts = urlsplit(f"//{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None or parts.netloc != address or "@" in address:
        raise ValueError(f"{address!r} is no address to listen on; write for example 127.0.0.1:9108")
    return host, port


def _server(app: ASGIApp, request_s: float, connections: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=prompt_protocol(request_s, request_s),
        log_config=None,  # to the worker's own log, with its fields and masking
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(max(request_s, 1)),
        timeout_graceful_shutdown=1,
        limit_concurrency=connections + 1,  # uvicorn counts the connection that asks
        ws="none",
        lifespan="off",
    )
    return uvicorn.Server(config)
