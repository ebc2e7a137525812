"""How the console is served over HTTP: limits, and deadlines for clients that connect and then send nothing."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from pipeline.observability.prompt_http import prompt_protocol

HEADER_S = 10.0
"""Seconds in which a request's header is to be there, from the connection or from its first byte."""
STALL_S = 30.0
"""Seconds between two pieces of a request's body."""
KEEP_ALIVE_S = 30
ENDING_S = 5
"""Seconds that requests in progress have left when the console is stopped."""
MOST_CONNECTIONS = 200


class BeatingServer(uvicorn.Server):
    """Beats while its event loop turns: a loop that hangs answers nobody, and a health page in another thread says so."""

    def __init__(self, config: uvicorn.Config, beat: Callable[[], None]) -> None:
        super().__init__(config)
        self._beat = beat

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second."""
        self._beat()
        return await super().on_tick(counter)


def server_of(app: ASGIApp, beat: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """The server, not yet started."""
    config = uvicorn.Config(
        app,
        http=prompt_protocol(HEADER_S, STALL_S),
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
    return BeatingServer(config, beat)
