"""Files found inside an upload are items of its dispute: checked, compared, counted once, erased with it."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from kit import declare

sys.path.append(str(Path(__file__).resolve().parents[1] / "seams"))

from toy_archives import archive, picture, with_toy_format

from pipeline.batch import check
from pipeline.erasure.objects import erase_media
from pipeline.erasure.plan import UnknownTargetError, plan_erasure
from pipeline.erasure.rows import erase_rows
from pipeline.intake.folders import read_paths
from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.intake.origin import Origin
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from storage.memory import MemoryObjects
from validators.finding import REVIEW
from validators.policy import parse_policy

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def context(tmp_path, monkeypatch):
    with_toy_format(monkeypatch)
    with open_context(read_settings(tmp_path / "store"), load_policy()) as made:
        yield made


ACROSS_DISPUTES = parse_policy(
    re.sub(
        r"(?<=\[rules.reuse.members_across_disputes\]\nvalue = )false",
        "true",
        (files("validators") / "policy.toml").read_text("utf-8"),
    )
)


def run(context, *folders):
    reading = read_paths(list(folders), frozenset())
    result = check(reading, context, NOW, 2, lambda *_: None)
    return result, {
        report.dispute.id: {item.file: item for item in report.evidence} for report in result.reports
    }


def upload(folder, name, data):
    (folder / "buyer").mkdir(parents=True, exist_ok=True)
    (folder / "buyer" / name).write_bytes(data)


def dispute(tmp_path, name, *files):
    folder = tmp_path / "in" / name
    declare(folder, f"buyer of {name}")
    for file, data in files:
        upload(folder, file, data)
    return folder


def test_every_file_inside_is_an_item_of_the_same_party(context, tmp_path):
    inner = archive([("deep.jpg", picture(3))])
    outer = archive([("a/one.jpg", picture(1)), ("words.txt", b"words\n"), ("inner.zip", inner)])
    _, found = run(context, dispute(tmp_path, "D-1", ("chat.zip", outer)))
    items = found["D-1"]
    assert list(items) == sorted(items)
    whole = items["buyer/chat.zip"]
    assert {file: item.kind for file, item in items.items()} == {
        "buyer/chat.zip": "unknown",
        "buyer/chat.zip › a/one.jpg": "photo",
        "buyer/chat.zip › inner.zip": "unknown",
        "buyer/chat.zip › inner.zip › deep.jpg": "photo",
        "buyer/chat.zip › words.txt": "text",
    }
    assert whole.parent is None
    assert items["buyer/chat.zip › a/one.jpg"].parent == whole.id
    assert items["buyer/chat.zip › inner.zip › deep.jpg"].parent == items["buyer/chat.zip › inner.zip"].id
    assert {item.declared.party for item in items.values()} == {"buyer"}
    assert list(context.incoming.glob("*")) == list(context.incoming.glob("held")), (
        "nothing is left in the spool"
    )


def test_a_photo_sent_in_an_archive_is_not_compared_with_other_disputes(context, tmp_path):
    sent = archive([("photo.jpg", picture(1)), ("again.jpg", picture(1))])
    _, found = run(
        context,
        dispute(tmp_path, "D-1", ("sent.zip", sent)),
        dispute(tmp_path, "D-2", ("photo.jpg", picture(1))),
    )
    assert found["D-2"]["buyer/photo.jpg"].matches == ()
    (match,) = found["D-1"]["buyer/sent.zip › photo.jpg"].matches
    assert match.file == "buyer/sent.zip › again.jpg"


def test_where_the_policy_says_so_it_is_found_again_elsewhere_and_asks_nobody(context, tmp_path):
    context = replace(context, policy=ACROSS_DISPUTES)
    sent = archive([("photo.jpg", picture(1)), ("again.jpg", picture(1))])
    _, found = run(
        context,
        dispute(tmp_path, "D-1", ("sent.zip", sent)),
        dispute(tmp_path, "D-2", ("photo.jpg", picture(1))),
    )
    matches = found["D-2"]["buyer/photo.jpg"].matches
    assert {(one.dispute_id, one.file, one.class_) for one in matches} == {
        ("D-1", "buyer/sent.zip › photo.jpg", "SAME_FILE"),
        ("D-1", "buyer/sent.zip › again.jpg", "SAME_FILE"),
    }
    findings = [one for items in found.values() for item in items.values() for one in item.findings]
    assert "DUP_SAME_FILE" in {one.code for one in findings}
    assert [one for one in findings if one.kind == REVIEW] == []


def test_the_same_archive_again_is_not_opened_and_has_its_items(context, tmp_path):
    sent = archive([("photo.jpg", picture(1)), ("inner.zip", archive([("deep.txt", b"words\n")]))])
    first = dispute(tmp_path, "D-1", ("sent.zip", sent))
    _, before = run(context, first)
    again, after = run(context, first)
    assert (after, again.resumed) == (before, 1)
    _, found = run(context, dispute(tmp_path, "D-2", ("a.zip", sent), ("b.zip", sent)))
    assert sorted(found["D-2"]) == sorted(
        f"buyer/{name}.zip{inside}"
        for name in "ab"
        for inside in ("", " › photo.jpg", " › inner.zip", " › inner.zip › deep.txt")
    )
    assert len({item.id for item in found["D-2"].values()}) == 8


def test_archives_too_deep_stay_closed_and_are_opened_when_sent_by_themselves(context, tmp_path):
    third = archive([("deepest.txt", b"words\n")])
    deep = archive([("2.zip", archive([("3.zip", third)]))])
    _, found = run(context, dispute(tmp_path, "D-1", ("1.zip", deep)))
    assert sorted(found["D-1"]) == ["buyer/1.zip", "buyer/1.zip › 2.zip", "buyer/1.zip › 2.zip › 3.zip"]
    _, found = run(context, dispute(tmp_path, "D-2", ("3.zip", third)))
    assert sorted(found["D-2"]) == ["buyer/3.zip", "buyer/3.zip › deepest.txt"]


def test_what_lies_inside_counts_once_towards_the_size_of_all(context, tmp_path):
    sent = archive([("words.txt", b"words\n" * 1000)])
    run(context, dispute(tmp_path, "D-1", ("a.zip", sent), ("z.txt", b"words\n")))
    with context.database.reading() as records:
        items = records.evidence_of("default", "D-1")
    from pipeline.judgement.judge import bytes_before

    before = {item.file: bytes_before(items)[item.id] for item in items}
    assert before["buyer/z.txt"] == len(sent)


def everything(context):
    """Every object, and every row as text."""
    from sqlalchemy import text

    from storage.database.schema import metadata

    with context.database.reading() as records:
        rows = [
            str(tuple(row))
            for name in metadata.tables
            for row in records._connection.execute(text(f'SELECT * FROM "{name}"'))
        ]
    return rows + list(context.objects.keys())


def test_an_archive_is_erased_with_every_file_inside(context, tmp_path):
    inner = archive([("deep.jpg", picture(3))])
    sent = archive([("photo.jpg", picture(1)), ("inner.zip", inner)])
    run(context, dispute(tmp_path, "D-1", ("chat.zip", sent), ("other.jpg", picture(2))))
    with context.database.reading() as records:
        items = {item.file: item for item in records.evidence_of("default", "D-1")}
        with pytest.raises(UnknownTargetError, match="found inside another item"):
            plan_erasure("default", "D-1/buyer/chat.zip › photo.jpg", records)
        plan = plan_erasure("default", "D-1/buyer/chat.zip", records)
    gone = [item for file, item in items.items() if file.startswith("buyer/chat.zip")]
    assert {item.id for item in plan.items} == {item.id for item in gone}
    erase_media(plan, context.objects, Origin("b", "", MemoryObjects(), KeyLayout.parse("{dispute}/{file}")))
    with context.database.transaction() as records:
        erase_rows(plan, "request", context, records, NOW)
    left = everything(context)
    for item in gone:
        assert not [row for row in left if item.id in row or item.sha256 in row or "chat.zip" in row]
    with context.database.reading() as records:
        assert [item.file for item in records.evidence_of("default", "D-1")] == ["buyer/other.jpg"]
        kept = records.examination("default", items["buyer/other.jpg"].sha256, MEASURES_VERSION)
    assert kept is not None
