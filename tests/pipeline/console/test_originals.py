"""Originals as they are sent: whole, in ranges, many at once, and without a file that stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from console_store import FILM, Filling

from pipeline.setup.object_keys import original_key
from storage.errors import ObjectMissingError


def key_of(context):
    with context.database.reading() as records:
        return original_key(records.evidence("default", ["film"])[0].sha256)


def test_an_original_leaves_no_file_behind(client, context, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    whole = client.get("/original/film")
    assert (whole.status_code, whole.content) == (200, FILM)
    part = client.get("/original/film", headers={"Range": "bytes=300-309"})
    assert (part.status_code, part.content) == (206, FILM[300:310])
    assert client.get("/original/film", headers={"Range": f"bytes={len(FILM)}-"}).status_code == 416
    assert list(context.incoming.iterdir()) == []
    assert {path for path in tmp_path.rglob("*") if path.is_file()} <= before


def test_what_was_erased_is_not_served_again(client, context):
    assert client.get("/original/film").status_code == 200
    context.objects.erase(key_of(context))
    assert client.get("/original/film").status_code == 404


def test_no_original_is_taken_away_under_another_request(client, context):
    names = [f"film-{number}" for number in range(8)]
    for name in names:
        Filling(context).decoded(name, "D-1", [])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: client.get(f"/original/{name}"), names * 5))
    assert {(answer.status_code, answer.content == FILM) for answer in answers} == {(200, True)}


def test_a_fetch_that_breaks_off_leaves_nothing(client, context, monkeypatch):
    def half(_key: str, path: Path, _version: str | None = None) -> None:
        path.write_bytes(b"half")
        raise ObjectMissingError("gone meanwhile")

    monkeypatch.setattr(context.objects, "fetch", half)
    assert client.get("/original/film").status_code == 404
    assert list(context.incoming.iterdir()) == []
