"""The three pages over real sockets, slow and hostile clients among them."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.observability.health import PARTS, Health
from pipeline.observability.health_server import serving_health
from pipeline.observability.metrics import Metrics


@pytest.fixture
def health():
    health = Health(silent_s=60, fresh_s=60)
    health.beat("consumer-1")
    for part in PARTS:
        health.able(part)
    return health


@contextmanager
def serving(health, figures=None, **options):
    with serving_health("127.0.0.1:0", health, figures or Metrics("0.1"), **options) as address:
        host, port = address.rsplit(":", 1)
        yield host, int(port)


def ask(where, path, method="GET"):
    connection = http.client.HTTPConnection(*where, timeout=5)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def raw(where, data):
    with socket.create_connection(where, timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            return answer.read()


def test_figures_in_prometheus_own_format(health):
    metrics = Metrics("0.1")
    metrics.ended("done", 1.0)
    with serving(health, metrics) as where:
        status, headers, body = ask(where, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(body.decode())}
    assert {sample.labels["outcome"]: sample.value for sample in families["evidence_uploads"].samples}[
        "done"
    ] == 1


def test_alive_and_ready(health):
    with serving(health) as where:
        for path, name in (("/healthz", "alive"), ("/readyz?verbose=1", "ready")):
            status, headers, body = ask(where, path)
            assert (status, headers["Content-Type"]) == (200, "application/json")
            assert json.loads(body) == {name: True, "troubles": {}}


def test_a_silent_slot_is_named_with_503():
    now = [0.0]
    health = Health(silent_s=60, clock=lambda: now[0])
    health.beat("consumer-1")
    now[0] = 100.0
    with serving(health) as where:
        status, _, body = ask(where, "/healthz")
    assert status == 503
    assert json.loads(body) == {
        "alive": False,
        "troubles": {"consumer-1": "silent for 40 s beyond its bound"},
    }


def test_what_is_not_able_is_named_with_503_and_so_is_stopping(health):
    health.unable("database", "the database does not answer")
    with serving(health) as where:
        status, _, body = ask(where, "/readyz")
        assert (status, json.loads(body)["troubles"]) == (503, {"database": "the database does not answer"})
        health.able("database")
        assert ask(where, "/readyz")[0] == 200
        health.stopping()
        status, _, body = ask(where, "/readyz")
        assert (status, json.loads(body)["troubles"]) == (503, {"worker": "stopping"})
        assert ask(where, "/healthz")[0] == 200


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/nothing"])
def test_head_answers_as_get_without_a_body(health, path):
    with serving(health) as where:
        got, gotten, body = ask(where, path)
        headed, heads, nothing = ask(where, path, "HEAD")
    assert headed == got
    assert heads["Content-Type"] == gotten["Content-Type"]
    assert nothing == b""
    assert body
    if path != "/metrics":
        assert heads["Content-Length"] == str(len(body))


def test_unknown_paths_and_methods_are_refused(health):
    with serving(health) as where:
        assert ask(where, "/")[0] == 404
        assert ask(where, "/metrics/../../etc/passwd")[0] == 404
        assert ask(where, "/metrics", "POST")[0] == 405
        assert raw(where, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
        assert raw(where, b"GET /" + b"a" * 70_000).startswith(b"HTTP/1.1 400")
        assert raw(where, b"GET / HTTP/1.0\r\n" + b"A: b\r\n" * 12_000).startswith(b"HTTP/1.1 400")
        assert raw(where, b"") == b""
        assert ask(where, "/healthz")[0] == 200


def test_a_client_that_drips_is_cut_off_in_time(health):
    with serving(health, request_s=0.4) as where, socket.create_connection(where, timeout=5) as connection:
        started = time.monotonic()
        connection.settimeout(0.1)
        ended = False
        while not ended and time.monotonic() - started < 5:
            try:
                connection.sendall(b"G")
                ended = connection.recv(100) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
        assert ended
        assert time.monotonic() - started < 2


def busy(where):
    try:
        return ask(where, "/healthz")[0] == 503
    except ConnectionError:  # refused before the question was read
        return True


def until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "did not come about within 5 s"
        time.sleep(0.01)


def test_requests_at_a_time_are_bounded_and_places_come_back(health):
    before = threading.active_count()
    with serving(health, request_s=30, connections=2) as where:
        with ExitStack() as held:
            for _ in range(2):
                held.enter_context(socket.create_connection(where, timeout=5))
            until(lambda: busy(where))
            for _ in range(20):
                assert busy(where)
            assert threading.active_count() <= before + 1
        until(lambda: not busy(where))


def test_a_failing_page_takes_nobody_down(health, caplog):
    class Broken:
        def text(self):
            raise RuntimeError("no figures today")

    with serving(health, Broken()) as where:
        status, _, body = ask(where, "/metrics")
        assert status == 500
        assert b"no figures" not in body
        assert ask(where, "/healthz")[0] == 200
    assert "no figures today" in caplog.text


@pytest.mark.parametrize(
    "address", ["", "9108", "localhost", "localhost:port", "1.2.3.4:99999", "a:1/x", "u@h:1"]
)
def test_what_is_no_address_is_refused(health, address):
    with (
        pytest.raises(ValueError, match="no address to listen on"),
        serving_health(address, health, Metrics()),
    ):
        pass


def test_an_address_that_is_taken_is_said_and_freed_at_the_end(health):
    with serving(health) as where:
        address = f"{where[0]}:{where[1]}"
        with pytest.raises(OSError, match="in use"), serving_health(address, health, Metrics()):
            pass
    with serving_health(address, health, Metrics()) as again:
        assert again == address


def test_ipv6(health):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        with serving_health("[::1]:0", health, Metrics()) as address:
            port = int(address.removeprefix("[::1]:"))
            assert ask(("::1", port), "/healthz")[0] == 200
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
