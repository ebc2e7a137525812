"""The JSON endpoints, their description, and the files of a case."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from console_store import sha

from pipeline.console.api.media import byte_range
from pipeline.console.openapi import description
from pipeline.console.routes import ROUTES
from pipeline.judgement.report_json import from_json, report_schema

PICTURES = 4


def picture(context, id_="good"):
    with context.database.reading() as records:
        item = records.evidence("default", [id_])[0]
        return records.newest_examinations("default", [item.sha256])[item.sha256].derivatives[0]


def test_disputes_as_the_queue_has_them(client):
    told = client.get("/v1/disputes?order=name&limit=2").json()
    assert (told["total"], len(told["disputes"])) == (3, 2)
    first = told["disputes"][0]
    assert (first["dispute_id"], first["needs"], first["order_id"]) == ("D-1", 1, "O-77")
    assert (first["next_due"], first["next_kind"]) == ("2026-03-16T10:00:00Z", "evidence")
    assert first["page"] == "/case/D-1"


def test_the_report_is_the_one_that_was_attached(client, context):
    answer = client.get("/v1/disputes/D-1/report")
    with context.database.reading() as records:
        assert answer.text == records.report("default", "D-1").body
    assert from_json(answer.text).dispute.id == "D-1"


def test_findings_name_their_items(client):
    told = client.get("/v1/disputes/D-1/findings").json()
    blur = next(one for one in told["findings"] if one["code"] == "CLR_BLUR")
    assert (blur["evidence_id"], blur["file"], blur["party"]) == ("blurred", "buyer/box.jpg", "buyer")
    assert {"severity", "kind", "message", "action", "params", "measured", "threshold", "rule"} <= set(blur)


def test_ids_with_slashes_and_other_letters(client):
    answer = client.get("/v1/disputes/odd%2F%C3%B6%20d/findings")
    assert answer.json()["dispute_id"] == "odd/ö d"


def test_decisions_are_added_and_read(client):
    given = {
        "act": "disagree",
        "evidence_id": "blurred",
        "finding": "CLR_BLUR",
        "note": "It is sharp 😀.",
    }
    made = client.post("/v1/disputes/D-1/decisions", json=given)
    assert made.status_code == 201
    read = client.get("/v1/disputes/D-1/decisions").json()
    assert read == made.json()
    assert read["decisions"][0] | given == read["decisions"][0]
    assert read["decisions"][0]["number"] == 1


@pytest.mark.parametrize(
    "body",
    ["[]", "{", "1", '{"act": 1}', '{"act": "seen", "by": "somebody"}', '{"note": "no act"}', "\xff", ""],
)
def test_what_is_no_decision_is_refused(client, body):
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/disputes/D-1/decisions", content=body.encode("latin-1"), headers=headers)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


def test_too_much_is_refused_with_or_without_a_length(client):
    headers = {"Content-Type": "application/json"}
    long = b"x" * 70_000
    assert client.post("/v1/disputes/D-1/decisions", content=long, headers=headers).status_code == 413
    pieces = (long[:35_000] for _ in range(3))
    assert client.post("/v1/disputes/D-1/decisions", content=pieces, headers=headers).status_code == 413


def test_the_description_names_every_route_of_the_api_and_the_reports_schema(client):
    told = client.get("/v1/openapi.json").json()
    assert told == json.loads(json.dumps(description(ROUTES)))
    operations = sum(len(methods) for methods in told["paths"].values())
    assert operations == sum(route.api for route in ROUTES)
    schema = told["components"]["schemas"]["Report"]
    assert set(schema["properties"]) == set(report_schema()["properties"])
    assert resolved(told) > 20
    assert "/v1/precheck" in client.get("/api").text


def resolved(document, value=None):
    """Follow every reference; how many there are."""
    value = document if value is None else value
    if isinstance(value, list):
        return sum(resolved(document, one) for one in value if isinstance(one, dict | list))
    count = 0
    for key, inner in value.items():
        if key == "$ref":
            found = document
            for part in inner.removeprefix("#/").split("/"):
                found = found[part]
            count += 1
        elif isinstance(inner, dict | list):
            count += resolved(document, inner)
    return count


def test_the_case_as_json_csv_and_offline_pages(client):
    exported = client.get("/export/D-1?as=json")
    assert exported.headers["content-disposition"] == 'attachment; filename="D-1-report.json"'
    assert exported.text == client.get("/v1/disputes/D-1/report").text
    rows = list(csv.DictReader(io.StringIO(client.get("/export/D-1?as=csv").text)))
    assert {row["file"] for row in rows} == {
        "buyer/good.jpg", "buyer/box.jpg", "buyer/order.pdf", "buyer/mail.eml", "buyer/film.mp4", "seller/p.jpg",
    }  # fmt: skip
    packed = zipfile.ZipFile(io.BytesIO(client.get("/export/D-2?as=zip").content))
    names = packed.namelist()
    assert {"report.html", "report.json", "files.csv"} <= set(names)
    media = [name for name in names if name.startswith("media/")]
    assert len(media) == PICTURES, (
        "the item's own, the comparison with its match, and the two aligned pictures of it"
    )
    copy = client.get("/export/D-1?as=seller")
    assert copy.headers["content-disposition"] == 'attachment; filename="D-1-copy-for-the-seller.zip"'
    names = zipfile.ZipFile(io.BytesIO(copy.content)).namelist()
    assert {"report.json", "report.html"} < set(names)
    told = zipfile.ZipFile(io.BytesIO(copy.content)).read("report.json").decode()
    assert "buyer/good.jpg" not in told
    assert "D-2" not in told
    assert "D-1-" not in client.get("/export/odd%2F%C3%B6%20d?as=csv").headers["content-disposition"]


def test_media_comes_in_a_sandbox_by_its_own_sum(client, context):
    shown = picture(context)
    answer = client.get(f"/media/good/{shown.sha256}")
    assert sha(answer.content) == shown.sha256
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=600"
    assert client.get(f"/media/blurred/{shown.sha256}").status_code == 404, "of that item alone"


def test_one_range_a_request(client, context):
    address = f"/media/good/{picture(context).sha256}"
    whole = client.get(address).content
    for text, found in (("bytes=0-9", whole[:10]), ("bytes=5-", whole[5:]), ("bytes=-7", whole[-7:])):
        part = client.get(address, headers={"Range": text})
        assert (part.status_code, part.content) == (206, found)
    assert part.headers["content-range"] == f"bytes {len(whole) - 7}-{len(whole) - 1}/{len(whole)}"
    for text in (
        "bytes=0-1,5-6",
        "bytes=9-2",
        "bytes=-0",
        "bytes=-",
        "items=0-1",
        f"bytes={len(whole)}-",
        "bytes=a-b",
    ):
        refused = client.get(address, headers={"Range": text})
        assert (refused.status_code, refused.content) == (416, b""), text


@pytest.mark.parametrize(
    ("text", "found"),
    [("bytes=0-0", (0, 0)), ("bytes=0-999", (0, 9)), ("bytes=-99", (0, 9)), ("bytes=10-", None)],
)
def test_ranges_of_ten_bytes(text, found):
    assert byte_range(text, 10) == found
    assert byte_range(text, 0) is None


@pytest.mark.parametrize("name", ["report.css", "console.css", "console.js", "viewer.js", "icon.svg"])
def test_style_and_scripts_are_our_own_files(client, name):
    answer = client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert "charset=utf-8" in answer.headers["content-type"] or name.endswith("svg")
