"""How the console is served over HTTP: limits, and deadlines for those who connect and then say nothing."""

from __future__ import annotations

import asyncio

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_S = 10.0
"""Seconds in which a request's header is to be there, from the connection or from its first byte."""
STALL_S = 30.0
"""Seconds between two pieces of a request's body."""
KEEP_ALIVE_S = 30
ENDING_S = 5
"""Seconds that answers under way are given when the console is asked to end."""
MOST_CONNECTIONS = 200


def server_of(app: ASGIApp) -> uvicorn.Server:
    """The server, not yet started."""
    config = uvicorn.Config(
        app,
        http=PromptProtocol,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # who the other end is decides whether a name in a header counts
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=ENDING_S,
        limit_concurrency=MOST_CONNECTIONS,
        ws="none",
        lifespan="off",
    )
    return uvicorn.Server(config)


class PromptProtocol(H11Protocol):
    """HTTP/1.1, where a connection is closed that keeps a request's header or body waiting."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The header is awaited."""
        super().connection_made(transport)
        self._expect(HEADER_S)

    def data_received(self, data: bytes) -> None:
        """A piece came: more of a body has its time anew, more of a header has what was left."""
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            self._expect(STALL_S)
        elif self.conn.their_state is not h11.IDLE:
            self._expect_nothing()
        elif self._deadline is None:
            self._expect(HEADER_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect(self, seconds: float) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(seconds, self._out_of_time)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _out_of_time(self) -> None:
        if self.flow.read_paused:  # it is we who keep the other end waiting
            self._expect(STALL_S)
        else:
            self.transport.abort()
