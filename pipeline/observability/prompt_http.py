"""HTTP/1.1 for uvicorn that closes connections on which requests arrive too slowly.

uvicorn has no limit on how long a request may take to arrive: a few hundred silent connections would block everyone.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PromptProtocol(H11Protocol):
    """Closes a connection whose request header takes longer than ``header_s``, or whose body pauses for ``stall_s``."""

    header_s = 10.0
    """Seconds for a request's header, from the connection or from its first byte."""
    stall_s = 30.0
    """Seconds between two pieces of a request's body."""
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A header is expected."""
        super().connection_made(transport)
        self._expect(self.header_s)

    def data_received(self, data: bytes) -> None:
        """A piece arrived: a body gets its time again with each piece, a header only once."""
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            self._expect(self.stall_s)
        elif self.conn.their_state is not h11.IDLE:
            self._expect_nothing()
        elif self._deadline is None:
            self._expect(self.header_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """No timer runs any more."""
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
        if self.flow.read_paused:  # the server keeps the client waiting, not the other way round
            self._expect(self.stall_s)
        else:
            self.transport.abort()


def prompt_protocol(header_s: float, stall_s: float) -> type[PromptProtocol]:
    """The protocol with limits of its own: uvicorn makes the instances, and hands them no arguments of ours."""
    return type("LimitedProtocol", (PromptProtocol,), {"header_s": header_s, "stall_s": stall_s})
