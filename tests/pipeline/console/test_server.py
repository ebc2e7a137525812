"""Connections that keep the console waiting are closed, and lock nobody out for long."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest
from console_access import LOCAL
from console_store import NOW
from serving import served

from pipeline.console import server
from pipeline.console.core.console_context import Console

HEADER = (
    b"POST /decide HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nSec-Fetch-Site: same-origin\r\n"
)
FORM = HEADER + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"


@pytest.fixture
def address(context, monkeypatch):
    monkeypatch.setattr(server, "HEADER_S", 0.5)
    monkeypatch.setattr(server, "STALL_S", 0.5)
    with served(Console(context, LOCAL, lambda: NOW)) as where:
        yield where


def connected(address):
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def status(address):
    try:
        with urllib.request.urlopen(f"{address}/static/icon.svg", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def ended(connection):
    """Whether the console closed it, within the time a socket waits."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_silent_connections_lock_nobody_out(address):
    with ExitStack() as open_ones:
        for _ in range(server.MOST_CONNECTIONS + 5):
            open_ones.enter_context(connected(address))
        until = time.monotonic() + 10
        while status(address) != 200:
            assert time.monotonic() < until, "still locked out"
            time.sleep(0.1)


@pytest.mark.parametrize("said", [b"", b"GET / HT", HEADER, FORM + b"act="])
def test_a_request_that_does_not_go_on_is_closed(address, said):
    with connected(address) as connection:
        connection.sendall(said)
        assert ended(connection)


def test_a_header_that_comes_in_drops_has_one_deadline_for_all(address):
    with connected(address) as connection:
        began = time.monotonic()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while time.monotonic() < began + 15:
                connection.sendall(b"G")
                time.sleep(0.1)
        assert time.monotonic() < began + 10


def test_a_second_request_has_its_own_deadline_and_a_body_in_pieces_is_taken(address):
    with connected(address) as connection:
        for _ in range(2):
            connection.sendall(FORM)
            for _ in range(5):
                time.sleep(0.2)
                connection.sendall(b"a" * 200)
            assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")
            connection.settimeout(0.2)
            with pytest.raises(TimeoutError):
                while connection.recv(65536):
                    pass
            connection.settimeout(20)
        connection.sendall(b"G")
        assert ended(connection)
