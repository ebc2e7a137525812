"""Before upload: an answer within a second or so, from the jail, and nothing is kept."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from english import ENGLISH_LABELS
from PIL import Image
from sqlalchemy import create_engine, inspect, text

from pipeline.console.core.concurrency_limit import processors
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


def test_looks_beyond_the_limit_are_turned_away_and_pages_stay_quick(client_of, monkeypatch):
    client = client_of(Sec_Fetch_Site="same-origin")
    most, may_end, begun = processors(), threading.Event(), threading.Semaphore(0)

    def slow(*_given):
        begun.release()
        assert may_end.wait(30)
        raise OutOfTimeError

    def look(path="/v1/precheck"):
        return client.post(path, files={"file": ("a.txt", b"hello")})

    monkeypatch.setattr("pipeline.console.views.precheck_page.precheck", slow)
    with ThreadPoolExecutor(most) as pool:
        running = [pool.submit(look) for _ in range(most)]
        try:
            assert all(begun.acquire(timeout=20) for _ in range(most))
            turned_away = look()
            assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "5")
            assert "Try again in a few seconds" in turned_away.json()["error"]
            assert look("/before-upload").status_code == 503
            assert client.get("/").status_code == 200
        finally:
            may_end.set()
        assert {one.result().status_code for one in running} == {400}
    assert look().status_code == 400, "its place was given back"


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
