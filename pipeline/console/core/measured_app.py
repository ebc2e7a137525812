"""Counts requests and their time on the way in and out."""

from __future__ import annotations

import time
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.observability.console_metrics import ConsoleMetrics


class MeasuredApp:
    """The application, each of its requests counted. Those of ``prechecks`` take files, and are a kind of their own."""

    def __init__(self, app: ASGIApp, metrics: ConsoleMetrics, prechecks: Collection[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._prechecks = prechecks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # unless it is answered

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.began()
        started = time.perf_counter()
        try:
            await self._app(scope, receive, noted)
        finally:
            self._metrics.ended(self._kind(scope["path"]), status, time.perf_counter() - started)

    def _kind(self, path: str) -> str:
        if path in self._prechecks:
            return "precheck"
        for start, kind in (("/v1/", "api"), ("/static/", "static")):
            if path.startswith(start):
                return kind
        return "page"
