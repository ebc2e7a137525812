"""A proxy that can fall silent: it goes on accepting everything and passes nothing on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class SilentProxy:
    """Passes TCP connections on to ``target`` (a port of this host) while ``silent`` is not set."""

    def __init__(self, target: int) -> None:
        self.silent = threading.Event()
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listening]
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        """Accept until closed."""
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return  # closed
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        """End every connection."""
        for one in self._open:
            with suppress(OSError):  # ended already
                one.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it
            one.close()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # the other side ended first
            while data := source.recv(65536):
                if not self.silent.is_set():
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def running_proxy(target: int) -> Iterator[SilentProxy]:
    """A proxy to that port until the block ends."""
    proxy = SilentProxy(target)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
