"""Comparison pictures in a published report."""

from __future__ import annotations

import json

import pytest
from comparison_store import NOON, fill, put_pair
from PIL import Image
from stored_findings import stored_finding

from pipeline.reports import comparison_media
from pipeline.reports.comparison_media import with_comparisons
from pipeline.reports.publish import publish
from storage.memory import MemoryObjects, memory_database
from validators.declared import Declared
from validators.finding import Finding
from validators.report import (
    SCHEMA,
    Completeness,
    DisputeView,
    EvidenceReport,
    Match,
    OrderView,
    PolicyStamp,
    QualityReport,
    Summary,
    ToolStamp,
    Transform,
)


@pytest.fixture
def stores():
    database, objects = memory_database(), MemoryObjects()
    fill(database, objects)
    yield database, objects
    database.close()


def match(
    other: str, direction: str = "earlier", class_: str = "SAME_PHOTO", relation: str = "other_account"
) -> Match:
    return Match(
        class_, "other_dispute", relation, direction, "D-1", other, f"buyer/{other}.jpg", "0" * 64, "buyer", NOON, 9,
        transform=Transform(mirrored=True, crop=0.62, container="screenshot"),
    )  # fmt: skip


def look(kind: str = "review", evidence_id: str = "a") -> Finding:
    told = {
        "evidence_id": evidence_id, "scope": "other_dispute", "relation": "other_account", "direction": "earlier",
    }  # fmt: skip
    return stored_finding("DUP_SAME_PHOTO", "warning", kind, "The same picture was sent before.", None, told)


def report(*matches: Match, finding: Finding | None = None) -> QualityReport:
    item = EvidenceReport(
        "b", "buyer/part.jpg", "1" * 64, 9, Declared("buyer"), "image/jpeg", "photo", "USABLE",
        findings=(finding or look(),), matches=matches,
    )  # fmt: skip
    view = DisputeView(
        "D-2", "default", True, None, None, None, None, None, None, None, {}, OrderView(None, None, None)
    )
    return QualityReport(
        SCHEMA, NOON, NOON, 1, view, PolicyStamp("default", "1", "0" * 64), ToolStamp("0", {}, "full"), (item,),
        Completeness(False), (), Summary(1, {}, {}, 1),
    )  # fmt: skip


def test_the_published_report_names_the_picture(stores, tmp_path):
    database, objects = stores
    publish([report(match("a"))], tmp_path, objects, {}, database)
    body = json.loads((tmp_path / "report.json").read_text())
    (item,) = body["evidence"]
    path = item["matches"][0]["comparison"]
    assert (tmp_path / path).is_file()
    layers = [path.replace(".jpg", f"-{name}.jpg") for name in ("this", "other")]
    assert [d["path"] for d in item["derivatives"]] == [path, *layers]
    assert {(d["width"], d["height"]) for d in item["derivatives"][1:]} == {
        Image.open(tmp_path / layers[0]).size
    }
    page = (tmp_path / "report.html").read_text()
    assert f'<a href="{path}"><img src="{path}"' in page
    first = page[: page.index("<article")]
    assert all(f'src="{layer}"' in first for layer in layers), "the card shows the two aligned pictures"
    assert "This item next to the other, mirrored, cropped to 62% and inside a screenshot" in page


def test_without_the_record_no_picture_is_made(stores, tmp_path):
    publish([report(match("a"))], tmp_path, stores[1], {})
    assert not (tmp_path / "media").exists()
    assert (
        json.loads((tmp_path / "report.json").read_text())["evidence"][0]["matches"][0]["comparison"] is None
    )


@pytest.mark.parametrize(
    ("shown", "finding"),
    [
        (match("a"), look("pass")),
        (match("a", class_="SAME_FILE"), look()),
        (match("a", direction="later"), look(evidence_id="z")),
        (match("a", relation="same_account"), look(evidence_id="z")),
        (match("e"), look()),  # no such pair is on the record
    ],
)
def test_a_match_that_nobody_is_to_look_at_has_none(stores, tmp_path, shown, finding):
    made = report(shown, finding=finding)
    assert with_comparisons(made, tmp_path, *stores) == made
    assert list(tmp_path.iterdir()) == []


def test_a_dispute_has_at_most_so_many(stores, tmp_path, monkeypatch):
    put_pair(stores[0], "b", "c", None, method="phash256")
    monkeypatch.setattr(comparison_media, "MOST", 1)
    made = with_comparisons(report(match("a"), match("c")), tmp_path, *stores)
    assert [bool(one.comparison) for one in made.evidence[0].matches] == [True, False]
    assert len(list((tmp_path / "media").glob("comparison-*[0-9a-f].jpg"))) == 1


def test_made_again_it_is_the_same(stores, tmp_path):
    once = with_comparisons(report(match("a")), tmp_path, *stores)
    assert with_comparisons(report(match("a")), tmp_path, *stores) == once
