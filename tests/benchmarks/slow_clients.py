"""The console under clients that check a file before upload and send it drop by drop.

    ./dev bench slow_clients [--clients 195] [--requests 80] [--rounds 3]

Each client says that it sends the largest file there may be, then sends 50 bytes at a time. Whoever is turned away comes
again. Prints how long the queue's page takes meanwhile, and before. The clients run in the same process.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "pipeline" / "console")]

from console_access import LOCAL  # noqa: E402
from console_store import NOW, POLICY, database_of, fill, open_context_in  # noqa: E402
from harness import scratch_folder, table  # noqa: E402
from serving import served  # noqa: E402

from pipeline.console.core.console_context import Console  # noqa: E402
from pipeline.opening.host.jail import Jail  # noqa: E402
from pipeline.opening.host.opener import Opener  # noqa: E402
from pipeline.opening.host.tools import find_tools  # noqa: E402
from pipeline.opening.limits import limits_of  # noqa: E402
from pipeline.wiring.assembly import content_thresholds  # noqa: E402


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=195)
    parser.add_argument("--requests", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rows = [("clients", "p50, ms", "p95, ms")]
    with scratch_folder() as folder, Jail() as jail:
        opener = Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))
        context = open_context_in(folder, opener)
        fill(context)
        with served(Console(context, LOCAL, lambda: NOW)) as address:
            rows += [_row(address, "none", options.requests) for _ in range(options.rounds)]
            with Clients(address, opener.largest_bytes, options.clients):
                rows += [_row(address, str(options.clients), options.requests) for _ in range(options.rounds)]
        database_of(context).close()
    table(rows)


def _row(address: str, who: str, count: int) -> tuple[str, str, str]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        with urllib.request.urlopen(f"{address}/", timeout=30) as page:
            page.read()
        times.append(1000 * (time.perf_counter() - began))
    return who, f"{statistics.median(times):.1f}", f"{sorted(times)[int(0.95 * count)]:.1f}"


class Clients:
    """So many slow clients for the length of a block."""

    def __init__(self, address: str, length: int, number: int) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        self._place = host, int(port)
        self._number = number
        self._head = (
            f"POST /v1/precheck HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        ).encode()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Clients:
        self._thread.start()
        time.sleep(2)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _send(self) -> None:
        with ExitStack() as every:
            clients = [every.enter_context(self._connected()) for _ in range(self._number)]
            for place in self._places():
                try:
                    clients[place].sendall(b"x" * 50)
                except OSError:
                    with suppress(OSError):
                        clients[place] = every.enter_context(self._connected())

    def _places(self) -> Iterator[int]:
        while True:
            for place in range(self._number):
                if self._done.wait(0.005):
                    return
                yield place

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        with socket.create_connection(self._place, timeout=30) as client:
            client.sendall(self._head)
            yield client


if __name__ == "__main__":
    main()
