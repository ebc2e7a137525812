"""Before upload: an answer within a second or so, from the jail, and nothing is kept."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import pytest
from console_access import HERE, LOCAL
from console_store import NOW
from english import ENGLISH_LABELS
from PIL import Image
from serving import served
from sqlalchemy import create_engine, inspect, text
from starlette.testclient import TestClient

from pipeline.console.app import make_app
from pipeline.console.core import concurrency_limit
from pipeline.console.core.concurrency_limit import (
    ADMITTED_EACH,
    SPOOLED_FILES,
    START_S,
    BusyError,
    ConcurrencyLimit,
    PacedBody,
    SlowError,
    processors,
)
from pipeline.console.core.console_context import Console
from pipeline.console.core.precheck import limits_in_words
from pipeline.setup.opened import OutOfTimeError
from pipeline.setup.policies import load_policy


def jpeg(*, blurred: bool) -> bytes:
    """A photo of 1,600 × 1,200 px: noise in blocks, or one soft gradient of it."""
    random = np.random.default_rng(1)
    blocks = random.integers(30, 220, (60, 80, 3), np.uint8)
    small = Image.fromarray(blocks)
    big = small.resize((1600, 1200), Image.Resampling.BICUBIC if blurred else Image.Resampling.NEAREST)
    data = io.BytesIO()
    big.save(data, "JPEG", quality=90)
    return data.getvalue()


def rows(folder):
    engine = create_engine(f"sqlite:///{folder / 'evidence.sqlite'}")
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar()
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return found


def files(folder):
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "sqlite" not in path.name
    )


@pytest.mark.parametrize("name", ["a.jpg", "../../etc/passwd", "a\x00b.jpg", "<script>.jpg", ""])
def test_it_answers_and_nothing_is_stored(client, context, tmp_path, name):
    store = tmp_path / "store"
    before = rows(store), files(store)
    answer = client.post(
        "/v1/precheck",
        files={"file": (name or "x", jpeg(blurred=False), "image/jpeg")},
        data={"reason": "damaged", "evidence_type": "item"},
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["kind"], told["stored"]) == ("USABLE", "photo", False)
    assert told["findings"] == []
    assert {one["code"] for one in told["notes"]} == {"TIM_NO_CAPTURE_TIME"}, (
        "nothing of descriptions or others"
    )
    assert {"party": "buyer", "role": "packaging", "required": True} in told["checklist"]
    assert told["limits"][0]["name"] == "Kinds of file"
    assert told["seconds"] < 5
    assert (rows(store), files(store)) == before
    assert list(context.incoming.iterdir()) == []


def test_a_blurred_photo_is_told_with_code_parameters_text_and_action(client):
    answer = client.post(
        "/v1/precheck", files={"file": ("a.jpg", jpeg(blurred=True))}, data={"reason": "damaged"}
    )
    codes = {one["code"]: one for one in answer.json()["findings"]}
    assert "CLR_BLUR" in codes
    assert {"message", "action", "params", "measured", "threshold", "rule"} <= set(codes["CLR_BLUR"])
    assert codes["CLR_BLUR"]["action"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FMT_EMPTY"),
        (b"\xff\xd8\xff\xe0 nothing more", "FMT_TRUNCATED"),
        (b"%PDF-1.7 nothing", "FMT_CORRUPT"),
        (b"MZ" + bytes(500), "FMT_UNSUPPORTED"),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(client, context, data, code):
    answer = client.post("/v1/precheck", files={"file": ("a.jpg", data)})
    assert code in {one["code"] for one in answer.json()["findings"]}
    assert list(context.incoming.iterdir()) == []


@pytest.mark.parametrize("given", [{}, {"data": {"file": "text"}}, {"files": {"other": ("a", b"b")}}])
def test_without_a_file_it_is_refused(client, given):
    assert client.post("/v1/precheck", **given).status_code == 400


def test_a_reason_that_the_policy_does_not_know_is_refused(client):
    answer = client.post("/v1/precheck", files={"file": ("a.txt", b"a")}, data={"reason": "weather"})
    assert answer.status_code == 400


def test_two_files_at_once_are_refused(client):
    two = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
    assert client.post("/v1/precheck", files=two).status_code == 400


def test_looks_beyond_the_limit_are_turned_away_and_pages_stay_quick(context, monkeypatch):
    console = Console(context, LOCAL, lambda: NOW)
    client = TestClient(
        make_app(console), HERE, client=("127.0.0.1", 5000), headers={"Sec-Fetch-Site": "same-origin"}
    )
    most, may_end, begun = processors() * ADMITTED_EACH, threading.Event(), threading.Semaphore(0)

    def slow(*_given):
        begun.release()
        assert may_end.wait(60)
        raise OutOfTimeError

    def look(path="/v1/precheck"):
        return client.post(path, files={"file": ("a.txt", b"hello")})

    monkeypatch.setattr("pipeline.console.views.precheck_page.precheck", slow)
    with ThreadPoolExecutor(most) as pool:
        running = [pool.submit(look) for _ in range(most)]
        try:
            until(lambda: not console.prechecks.places)
            turned_away = look()
            assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "5")
            assert "Try again in a few seconds" in turned_away.json()["error"]
            assert look("/before-upload").status_code == 503
            assert client.get("/").status_code == 200
            assert all(begun.acquire(timeout=20) for _ in range(processors()))
            assert not begun.acquire(timeout=0.2), "no more at a time than processors"
        finally:
            may_end.set()
        assert {one.result().status_code for one in running} == {400}
    assert look().status_code == 400, "its place was given back"


def until(told, seconds=20.0):
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_bodies_share_a_bounded_room_and_give_it_back():
    limit = ConcurrencyLimit(most=8)
    with ExitStack() as admitted:
        for _ in range(SPOOLED_FILES):
            admitted.enter_context(limit.admitted(1000, largest=1000))
        with pytest.raises(BusyError), limit.admitted(1, largest=1000):
            pass
    with limit.admitted(1000, largest=1000):
        pass


def body_of(sizes, clock, pause):
    """A body in parts, ``pause`` seconds apart."""
    parts = iter(sizes)

    async def receive():
        clock[0] += pause
        return {"type": "http.request", "body": bytes(next(parts)), "more_body": True}

    return receive


@pytest.mark.parametrize(("size", "in_time"), [(1, False), (10_000, False), (40_000, True)])
def test_a_body_that_only_holds_a_place_is_refused_and_a_slow_line_is_not(monkeypatch, size, in_time):
    clock = [0.0]
    monkeypatch.setattr(concurrency_limit.time, "monotonic", lambda: clock[0])
    body = PacedBody(body_of([size] * 100, clock, pause=2.0))

    async def read():
        for _ in range(100):
            await body.receive()

    # In a thread of its own: the browser of other tests keeps an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        reading = thread.submit(lambda: asyncio.run(read()))
        if in_time:
            reading.result()
        else:
            with pytest.raises(SlowError):
                reading.result()
            assert clock[0] > START_S


def test_200_slow_clients_are_turned_away_before_their_bodies_and_fill_no_disk(context):
    """Each says that it sends the largest file there may be, and sends a little of it."""
    console = Console(context, LOCAL, lambda: NOW)
    length = context.opener.largest_bytes
    head = (
        f"POST /v1/precheck HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    ).encode()
    with served(console) as address, ExitStack() as clients:
        host, _, port = address.removeprefix("http://").partition(":")
        answers = []
        for _ in range(200 - SPOOLED_FILES):
            client = clients.enter_context(socket.create_connection((host, int(port)), timeout=20))
            client.sendall(head)
            answers.append(client)
            if len(answers) <= SPOOLED_FILES:
                until(lambda: console.prechecks.places == processors() * ADMITTED_EACH - len(answers))
        for client in answers[SPOOLED_FILES:]:
            told = client.recv(65536).lower()
            assert told.startswith(b"http/1.1 503 ")
            assert b"retry-after: 5" in told
        with urllib.request.urlopen(f"{address}/static/icon.svg", timeout=10) as page:
            assert page.status == 200
        for client in answers[:SPOOLED_FILES]:
            client.setblocking(False)
            with pytest.raises(BlockingIOError):
                client.recv(1)


def test_looks_take_no_thread_of_the_pages(client, monkeypatch):
    names = []

    def named(*_given):
        names.append(threading.current_thread().name)
        raise OutOfTimeError

    monkeypatch.setattr("pipeline.console.views.precheck_page.precheck", named)
    client.post("/v1/precheck", files={"file": ("a.txt", b"hello")})
    client.post("/before-upload", files={"file": ("a.txt", b"hello")})
    assert [name.partition("_")[0] for name in names] == ["precheck", "precheck"]


def test_the_page_gives_the_limits_first_then_what_the_reason_needs(client):
    text = client.get("/before-upload?reason=damaged").text
    assert text.index("What can be sent") < text.index("What this reason needs") < text.index("Check a file")
    assert 'Photo of the packaging <span class="quiet">(required)</span>' in text
    answer = client.post(
        "/before-upload", files={"file": ("<b>.jpg", jpeg(blurred=True))}, data={"reason": "damaged"}
    )
    assert answer.status_code == 200
    assert answer.text.index("&lt;b&gt;.jpg") < answer.text.index("What can be sent")
    assert "Ask the uploader" not in answer.text
    assert "Nothing of the file was stored." in answer.text


def test_a_marketplaces_own_limits_stand_in_the_words():
    told = {one.name: one.value for one in limits_in_words(load_policy("paypal"), ENGLISH_LABELS)}
    assert told["Picture"] == "up to 10 MB"
    assert "plain text" in limits_in_words(load_policy(), ENGLISH_LABELS)[0].value
