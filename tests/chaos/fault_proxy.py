"""A TCP proxy that breaks connections on purpose, by a seed: in front of PostgreSQL, S3 and SQS alike.

On each chunk that a client sends, one of: a reset (RST to both sides), a black hole (this connection swallows
everything from now on, both ways, and stays open), else some latency. Run as a process of its own:

    fault_proxy.py --to HOST:PORT [--seed N] [--resets P] [--holes P] [--latency LOW HIGH]

It prints one JSON line with its port, and on SIGTERM one with what it did.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import json
import random
import signal
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

CHUNK = 64 * 1024
HOLE_LINGER_S = 60.0
"""How long the server's side of a black hole stays open after its client has given up."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Counts:
    """What a proxy did. ``refused`` counts connections that the server behind did not take."""

    connections: int = 0
    chunks: int = 0
    resets: int = 0
    holes: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Faults:
    """Chances by chunk from the client (0..1), and bounds of the latency in seconds."""

    resets: float = 0.02
    holes: float = 0.002
    latency: tuple[float, float] = (0.001, 0.02)


@dataclass(slots=True)
class _Link:
    """One connection through the proxy. Its chances depend on the seed and its number only, not on others."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    chance: random.Random
    swallowing: bool = False

    def reset(self) -> None:
        for writer in (self.client, self.server):
            raw = writer.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()


@dataclass(slots=True)
class FaultProxy:
    """Serves connections to ``host``:``port`` until cancelled; ``counts`` tells what happened."""

    host: str
    port: int
    seed: int
    faults: Faults
    counts: Counts = field(default_factory=Counts)

    async def connect(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Serve one client to its end: the callback of asyncio.start_server."""
        self.counts.connections += 1
        number = self.counts.connections
        try:
            server_reader, server = await asyncio.open_connection(self.host, self.port)
        except OSError:
            self.counts.refused += 1
            client.transport.abort()
            return
        link = _Link(client, server, random.Random(f"{self.seed}/{number}"))
        forth = asyncio.create_task(self._pump(client_reader, link, server, self._disturb))
        back = asyncio.create_task(self._pump(server_reader, link, client, None))
        try:
            await forth
            if link.swallowing:
                await asyncio.wait({back}, timeout=HOLE_LINGER_S)
            else:
                await back
        finally:
            for task in (forth, back):
                task.cancel()
            for writer in (client, server):
                writer.close()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        link: _Link,
        to: asyncio.StreamWriter,
        disturb: Callable[[_Link], Awaitable[None]] | None,
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                if disturb is not None and not link.swallowing:
                    await disturb(link)
                if not link.swallowing:
                    to.write(data)
                    await to.drain()
            if not link.swallowing and to.can_write_eof():
                to.write_eof()

    async def _disturb(self, link: _Link) -> None:
        self.counts.chunks += 1
        draw = link.chance.random()
        if draw < self.faults.resets:
            self.counts.resets += 1
            link.reset()
            raise ConnectionResetError
        if draw < self.faults.resets + self.faults.holes:
            self.counts.holes += 1
            link.swallowing = True
            return
        await asyncio.sleep(link.chance.uniform(*self.faults.latency))


async def serve(proxy: FaultProxy, ready: Callable[[int], None], port: int = 0) -> None:
    """Serve until SIGTERM; ``ready`` is told the port."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(proxy.connect, "127.0.0.1", port, backlog=256)
    ready(server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", required=True, metavar="HOST:PORT")
    parser.add_argument("--seed", type=int, default=1)
    usual = Faults()
    parser.add_argument("--resets", type=float, default=usual.resets)
    parser.add_argument("--holes", type=float, default=usual.holes)
    parser.add_argument("--latency", type=float, nargs=2, default=usual.latency, metavar=("LOW", "HIGH"))
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the harness decides when to stop
    host, _, port = options.to.rpartition(":")
    low, high = options.latency
    proxy = FaultProxy(host, int(port), options.seed, Faults(options.resets, options.holes, (low, high)))
    asyncio.run(serve(proxy, lambda bound: print(json.dumps({"port": bound}), flush=True)))
    print(json.dumps(asdict(proxy.counts)), flush=True)


if __name__ == "__main__":
    main()
