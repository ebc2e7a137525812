"""Telling others of new reports: the newest report at its key, and every event at least once."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from working_kit import picture

from pipeline.worker.event_receivers import EventError, QueueEvents, WebhookEvents, open_events
from storage.errors import StoreUnavailableError
from storage.interfaces.outbox import OutboxEntry
from storage.memory import MemoryObjects, memory_uploads

ENTRY = OutboxEntry("default", "e1", "key-1", "report.attached", '{"dispute":"D-1"}', datetime.now(UTC), 1)
KEY = "D-1/evidence-report/report.json"


class Overtaken(MemoryObjects):
    """Before a report is first written, ``meanwhile`` happens."""

    def __init__(self, meanwhile) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def put(self, key, data, content_type="application/octet-stream") -> None:
        if key == KEY and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        super().put(key, data, content_type)


def report_object(bench):
    return json.loads(bench.objects.get(KEY))


def test_of_two_tellers_that_race_the_newest_report_stays(bench):
    bench.process("D-1/a.jpg", picture(1))
    told = []

    def another_worker():
        bench.process("D-1/b.jpg", picture(2))
        bench.outbox_relay.relay()
        told.append(report_object(bench)["revision"])

    before, bench.objects = bench.objects, Overtaken(another_worker)
    for key in before.keys():  # noqa: SIM118 - no dict
        bench.objects.put(key, before.get(key))
    object.__setattr__(bench.context, "uploads", bench.objects)
    bench.outbox_relay.relay()
    assert told == [2]
    assert report_object(bench)["revision"] == 2
    assert {event["revision"] for event in bench.events.taken} == {1, 2}


def test_a_receiver_that_fails_is_told_later_and_others_meanwhile(bench, telling_clock):
    for dispute in ("D-1", "D-2", "D-3"):
        bench.process(f"{dispute}/a.jpg", picture(1))
    bench.maintenance.do()
    bench.events.taken.clear()
    for dispute in ("D-1", "D-2", "D-3"):
        bench.process(f"{dispute}/b.jpg", picture(2))
    bench.events.refuses = {"D-2"}
    bench.maintenance.do()
    assert {event["dispute"] for event in bench.events.taken} == {"D-1", "D-3"}
    assert report_object(bench)["revision"] >= 2
    bench.events.refuses.clear()
    before = len(bench.events.taken)
    bench.outbox_relay.relay()
    assert len(bench.events.taken) == before  # not at once
    telling_clock(3.0)
    bench.outbox_relay.relay()
    assert {event["dispute"] for event in bench.events.taken[before:]} == {"D-2"}
    telling_clock(10_000.0)
    assert bench.outbox_relay.relay() == 0


def test_the_wait_grows_with_every_failure(bench, telling_clock):
    bench.process("D-1/a.jpg", picture(1))
    bench.events.refuses = {"D-1"}
    for least, most in ((1, 2), (2, 4), (4, 8)):
        assert bench.outbox_relay.relay() == 1
        telling_clock(least - 0.5)
        assert bench.outbox_relay.relay() == 0
        telling_clock(most - least + 0.6)
    bench.events.refuses.clear()
    assert bench.outbox_relay.relay() == 1
    assert len(bench.events.taken) == 1


def test_nothing_is_announced_before_its_report_is_written(bench, telling_clock):
    class Away(MemoryObjects):
        def put(self, key, data, content_type="application/octet-stream") -> None:
            if key == KEY and away:
                raise StoreUnavailableError("S3 does not serve just now")
            super().put(key, data, content_type)

    away = True
    bench.process("D-1/a.jpg", picture(1))
    bench.process("D-2/a.jpg", picture(2))
    bench.objects = Away()
    bench.outbox_relay.relay()
    assert {event["dispute"] for event in bench.events.taken} == {"D-2"}
    away = False
    telling_clock(3.0)
    bench.outbox_relay.relay()
    assert {event["dispute"] for event in bench.events.taken} == {"D-1", "D-2"}
    assert bench.objects.exists(KEY)


def test_without_a_receiver_reports_are_written_and_the_outbox_empties(bench):
    bench.events = None
    bench.process("D-1/a.jpg", picture(1))
    assert bench.outbox_relay.relay() == 1
    assert bench.outbox_relay.relay() == 0
    assert report_object(bench)["revision"] == 1


def test_what_a_teller_took_is_left_to_it_until_its_lease_runs_out(bench, telling_clock):
    bench.process("D-1/a.jpg", picture(1))

    class DiesHalfWay:
        def send(self, entry):
            raise KeyboardInterrupt

    taken, bench.events = bench.events, DiesHalfWay()
    with pytest.raises(KeyboardInterrupt):
        bench.outbox_relay.relay()
    bench.events = taken
    telling_clock(100.0)
    assert bench.outbox_relay.relay() == 0
    telling_clock(30.0)
    assert bench.outbox_relay.relay() == 1
    assert len(taken.taken) == 1


@contextmanager
def receiver(*statuses, location=None):
    """A web server that answers with each status in turn, then 200; yields its address and what came."""
    came, left = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, dict(self.headers), body))
            self.send_response(left.pop(0) if left else 200)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            came.append(("GET " + self.path, {}, b""))
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/events", came
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def webhook():
    """Makes receivers at web addresses, and closes their connections in the end."""
    made = []

    def make(url, token=None):
        made.append(open_events(url, token, lambda _url: pytest.fail("no queue is meant")))
        assert isinstance(made[-1], WebhookEvents)
        return made[-1]

    yield make
    for events in made:
        events._pool.clear()


def test_an_event_is_posted_with_its_key_and_the_token(webhook):
    with receiver(202) as (url, came):
        webhook(url, "s3cret").send(ENTRY)
        ((path, headers, body),) = came
    assert (path, body) == ("/events", ENTRY.body.encode())
    assert headers["Idempotency-Key"] == "key-1"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Content-Type"] == "application/json"


def test_without_a_token_none_is_sent(webhook):
    with receiver() as (url, came):
        webhook(url).send(ENTRY)
        assert "Authorization" not in came[0][1]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 429, 500, 503])
def test_any_other_answer_is_no_receipt_and_no_redirect_is_followed(webhook, status):
    with receiver(status, location="/elsewhere") as (url, came):
        with pytest.raises(EventError, match=str(status)):
            webhook(url, "s3cret").send(ENTRY)
        assert [path for path, _, _ in came] == ["/events"]


def test_an_address_where_nobody_listens_is_no_receipt(webhook):
    with receiver() as (url, _):
        pass
    with pytest.raises(EventError, match="cannot be reached"):
        webhook(url).send(ENTRY)


def test_an_event_refused_once_comes_again_with_the_same_key(bench, webhook, telling_clock):
    bench.process("D-1/a.jpg", picture(1))
    with receiver(500) as (url, came):
        bench.events = webhook(url)
        bench.outbox_relay.relay()
        telling_clock(3.0)
        bench.outbox_relay.relay()
        telling_clock(10_000.0)
        assert bench.outbox_relay.relay() == 0
    keys = [headers["Idempotency-Key"] for _, headers, _ in came]
    assert (len(keys), len(set(keys))) == (2, 1)
    event = json.loads(came[0][2])
    assert event["idempotency_key"] == keys[0]
    assert (event["type"], event["tenant"], event["dispute"], event["revision"]) == (
        "report.attached",
        "default",
        "D-1",
        1,
    )


def test_events_may_go_to_a_queue(bench):
    request, queue = [], memory_uploads("events")

    def open_queue(url):
        request.append(url)
        return queue

    bench.events = open_events("sqs:https://sqs.example/1/events", None, open_queue)
    assert isinstance(bench.events, QueueEvents)
    assert request == ["https://sqs.example/1/events"]
    bench.process("D-1/a.jpg", picture(1))
    bench.outbox_relay.relay()
    assert json.loads(queue.receive(0.0, 1.0).body)["dispute"] == "D-1"
    queue.close()


def test_no_address_means_no_receiver():
    assert open_events(None, None, memory_uploads) is None
