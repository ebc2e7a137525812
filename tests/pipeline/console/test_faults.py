"""What goes wrong is told in one sentence, without a trace of the inside, under the same strict headers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from console_access import HERE, LOCAL
from console_store import NOW, Filling, photo
from starlette.testclient import TestClient

from pipeline.console.app import make_app
from pipeline.console.core.console_context import Console
from pipeline.console.views.case_page import PAGE_ITEMS
from storage.errors import StoreUnavailableError


class Failing:
    """Objects that cannot be had."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get(self, key: str) -> bytes:
        """Fail."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (StoreUnavailableError("password=secret"), 503, "cannot be reached right now"),
        (RuntimeError("secret"), 500, "in the log"),
    ],
)
def test_a_fault_is_told_without_its_inside(context, error, status, told):
    with context.database.reading() as records:
        item = records.evidence("default", ["good"])[0]
        shown = records.newest_examinations("default", [item.sha256])[item.sha256].derivatives[0].sha256
    broken = replace(context, objects=Failing(error))
    app = make_app(Console(broken, LOCAL, lambda: NOW))
    answer = TestClient(app, HERE, raise_server_exceptions=False).get(f"/media/good/{shown}")
    assert (answer.status_code, told in answer.text) == (status, True)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/case/D-1"), ("GET", "/decide"), ("PUT", "/"), ("DELETE", "/item/good")]
)
def test_other_methods_are_refused(client, method, path):
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert "nosniff" in answer.headers["x-content-type-options"]


def test_head_is_get_without_a_body(client):
    answer = client.head("/case/D-1")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_form_that_goes_on_without_a_length_ends_at_the_limit(client):
    pieces = (b"note=" + b"x" * 40_000 for _ in range(3))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/decide", content=pieces, headers=headers).status_code == 413


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"act":' * 9_000, b"1" * 60_000, b"", b"\xff", b"[1]", b'{"act": [[]]}']
)
def test_what_is_no_decision_in_json_is_refused(client, body):
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/disputes/D-1/decisions", content=body, headers=headers)
    assert answer.status_code == 400
    assert "error" in answer.json()


def test_a_form_of_too_many_parts_is_refused(client):
    assert client.post("/decide", data={f"field{n}": "1" for n in range(500)}).status_code == 400


def test_a_large_case_is_paged_and_what_needs_someone_leads_to_its_page(client, context):
    filling = Filling(context)
    filling.dispute("D-3")
    for number in range(PAGE_ITEMS + 5):
        filling.item(f"n-{number:03}", "D-3", photo(), file=f"buyer/{number:03}.jpg")
    filling.judge("D-3")
    first, second = client.get("/case/D-3").text, client.get("/case/D-3?page=2").text
    assert len(re.findall(r'<article class="tile', first)) == PAGE_ITEMS
    assert len(re.findall(r'<article class="tile', second)) == 5
    assert "Items 1–100" in first.replace("&#8211;", "–")
    filled = re.findall(r'href="(/case/D-3\?page=2#item-[^"]+)"', first)
    assert len(set(filled)) == 5, "the checklist on the first page leads to items on the second"
    for beyond in ("0", "3", "x", "99999999999"):
        assert client.get(f"/case/D-3?page={beyond}").status_code == 200
