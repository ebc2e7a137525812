"""The fault proxy does what it says, as often as it says."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROXY = Path(__file__).with_name("fault_proxy.py")


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends back whatever it gets."""

    def answer(one: socket.socket) -> None:
        with one:
            try:
                while data := one.recv(65536):
                    one.sendall(data)
            except ConnectionError:
                return

    def accept() -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(one,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@contextmanager
def proxied(port: int, *options: str) -> Iterator[tuple[int, Callable[[], dict[str, int]]]]:
    """A proxy before ``port``: its own port, and a call that ends it and gives its counts."""
    process = subprocess.Popen(
        [sys.executable, PROXY, "--to", f"127.0.0.1:{port}", *options], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None

    def finish() -> dict[str, int]:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
        return json.loads(out)

    try:
        yield json.loads(process.stdout.readline())["port"], finish
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def exchange(port: int, times: int, wait_s: float = 5.0) -> str:
    """How a connection fared: "fine", "reset" or "silent"."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as one:
        try:
            for number in range(times):
                one.sendall(b"%06d" % number)
                got = one.recv(6)
                if not got:
                    return "closed"
                assert got == b"%06d" % number
        except ConnectionError:
            return "reset"
        except TimeoutError:
            return "silent"
    return "fine"


def test_without_faults_everything_passes(echo: int) -> None:
    with proxied(echo, "--resets", "0", "--holes", "0", "--latency", "0", "0") as (port, finish):
        assert [exchange(port, 20) for _ in range(5)] == ["fine"] * 5
        assert finish() == {"connections": 5, "chunks": 100, "resets": 0, "holes": 0, "refused": 0}


def test_a_reset_is_a_reset(echo: int) -> None:
    with proxied(echo, "--resets", "1", "--holes", "0") as (port, finish):
        assert exchange(port, 1) == "reset"
        assert finish()["resets"] == 1


def test_a_black_hole_stays_open_and_says_nothing(echo: int) -> None:
    with proxied(echo, "--resets", "0", "--holes", "1") as (port, finish):
        assert exchange(port, 3, wait_s=0.5) == "silent"
        assert finish()["holes"] == 1


def test_latency_delays_each_chunk(echo: int) -> None:
    with proxied(echo, "--resets", "0", "--holes", "0", "--latency", "0.3", "0.3") as (port, _):
        assert exchange(port, 1, wait_s=0.1) == "silent"
        assert exchange(port, 1) == "fine"


def test_chances_are_as_stated_and_follow_the_seed(echo: int) -> None:
    def fates(seed: str) -> tuple[list[str], dict[str, int]]:
        options = ("--seed", seed, "--resets", "0.05", "--holes", "0", "--latency", "0", "0")
        with proxied(echo, *options) as (port, finish):
            return [exchange(port, 20) for _ in range(60)], finish()

    first, counts = fates("7")
    assert fates("7")[0] == first
    assert fates("8")[0] != first
    assert 0.02 < counts["resets"] / counts["chunks"] < 0.1


def test_a_server_that_is_away_is_refused(echo: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as away:
        port_away = away.getsockname()[1]
    with proxied(port_away) as (port, finish):
        assert exchange(port, 1) in ("reset", "closed")
        assert finish()["refused"] == 1
