"""Feeding the queue from a folder, or with objects that rest in the bucket already."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from working_kit import BUCKET, NOON, later, picture

from pipeline.intake.feeder import Feeder
from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.worker.disposition import DONE
from storage.errors import StoreMisconfiguredError

MOST = 1 << 20


@pytest.fixture
def feeder(bench):
    """Feeds the bench's queue; ``progress`` notes what it is told."""
    told = []
    made = Feeder(
        bench.origin,
        bench.queue,
        bench.context.database,
        lambda sent, key: told.append((sent, key)),
        bench.context.incoming,
        MOST,
    )
    return made, told


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "cases"
    made.mkdir()
    return made


def put(path, data=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def feed(feeder, folder, **given):
    return feeder[0].feed_folder(folder, frozenset(), given.get("now", NOON), given.get("submitted_at"))


def drain(bench):
    while bench.queue.depth().total:
        assert bench.deliver() == DONE
    bench.maintenance.do()


def test_a_folder_of_disputes_becomes_reports(bench, feeder, folder):
    said = {"file": "buyer/lid.jpg", "roles": ["item"], "description": "the crack"}
    put(folder / "D-1" / "dispute.json", json.dumps({"id": "D-1", "evidence": [said]}).encode())
    put(folder / "D-1" / "buyer" / "lid.jpg", picture(1))
    put(folder / "D-1" / "listing" / "1.jpg", picture(1, copy=2))
    put(folder / "D-1" / ".DS_Store")
    put(folder / "other" / "a.jpg", picture(3))
    put(folder / "other" / "seller" / "b.jpg", picture(4))
    fed = feed(feeder, folder)
    assert (fed.sent, fed.disputes, fed.skipped) == (4, 1, [])
    assert feeder[1][-1][0] == 4
    drain(bench)
    item = bench.items("D-1")["buyer/lid.jpg"]
    assert (item.declared.party, item.declared.roles, item.declared.description) == (
        "buyer",
        ("item",),
        "the crack",
    )
    assert "LST_MATCHES_LISTING" in {finding.code for finding in item.findings}
    assert bench.report("D-1").dispute.declared
    assert {file: item.declared.party for file, item in bench.items("other").items()} == {
        "a.jpg": None,
        "seller/b.jpg": "seller",
    }
    assert bench.objects.get("D-1/buyer/lid.jpg") == picture(1)


def test_feeding_again_is_recognised(bench, feeder, folder):
    put(folder / "D-1" / "a.jpg", picture(1))
    feed(feeder, folder)
    drain(bench)
    before = bench.report()
    assert feed(feeder, folder, now=later(60)).sent == 1
    drain(bench)
    assert (bench.report(), len(bench.opener.opened)) == (before, 1)
    assert bench.upload_states() == ["done"]


def test_a_file_that_changed_replaces_its_item(bench, feeder, folder):
    for name in ("a.jpg", "tab\tname.jpg"):
        put(folder / "D-1" / name, picture(1))
    feed(feeder, folder)
    drain(bench)
    for name in ("a.jpg", "tab\tname.jpg"):
        put(folder / "D-1" / name, picture(22))
    feed(feeder, folder, now=later(60))
    drain(bench)
    assert {item.bytes for item in bench.items().values()} == {len(picture(22))}
    assert len(bench.items()) == 2


@pytest.mark.parametrize(
    "name",
    [
        "tab\tname.jpg",
        "back\\slash.jpg",
        "line\nbreak.jpg",
        ".".join(["x" * 60] * 4),
        "100% é 🙂.jpg",
        "a+b c.jpg",
    ],
)
def test_a_file_keeps_its_name_whatever_it_is(bench, feeder, folder, name):
    put(folder / "D-1" / "buyer" / name, picture(1))
    put(folder / "D-1" / "buyer" / f"{name}2", picture(1))
    assert feed(feeder, folder).sent == 2
    drain(bench)
    assert set(bench.items()) == {f"buyer/{name}", f"buyer/{name}2"}
    assert {item.declared.party for item in bench.items().values()} == {"buyer"}


def test_a_name_that_is_no_unicode_is_shown_escaped(bench, feeder, folder):
    path = os.fsencode(folder / "D-1") + b"/caf\xe9.jpg"
    (folder / "D-1").mkdir()
    with open(path, "wb") as file:  # noqa: PTH123 - the name is bytes
        file.write(picture(1))
    assert feed(feeder, folder).sent == 1
    drain(bench)
    assert set(bench.items()) == {"caf\\xe9.jpg"}


def test_what_must_not_be_opened_is_left_out_and_told(bench, feeder, folder, tmp_path):
    outside = tmp_path / "secret.txt"
    put(outside)
    said = [{"file": "never-there.jpg"}, {"file": "../../secret.txt"}]
    put(folder / "D-1" / "dispute.json", json.dumps({"id": "D-1", "evidence": said}).encode())
    put(folder / "D-1" / "a.jpg", picture(1))
    (folder / "D-1" / "link.jpg").symlink_to(outside)
    os.mknod(folder / "D-1" / "socket.jpg", stat.S_IFSOCK | 0o600)
    fed = feed(feeder, folder)
    assert fed.sent == 1
    reasons = dict(fed.skipped)
    assert set(reasons) == {
        f"D-1/{n}" for n in ("link.jpg", "socket.jpg", "never-there.jpg", "../../secret.txt")
    }
    assert all(reasons.values())
    assert [key for key in bench.objects.keys() if "report" not in key] == ["D-1/a.jpg"]  # noqa: SIM118


def test_a_dispute_file_that_cannot_be_read_is_told_and_its_files_are_sent(feeder, folder):
    put(folder / "D-1" / "dispute.json", b"{")
    put(folder / "D-1" / "a.jpg", picture(1))
    fed = feed(feeder, folder)
    assert (fed.sent, fed.disputes) == (1, 0)
    assert "dispute.json could not be read" in fed.skipped[0][0]


def test_a_dispute_that_has_no_place_is_left_out_and_told(bench, feeder, folder):
    put(folder / "A" / "dispute.json", json.dumps({"id": "D-1", "tenant": "acme"}).encode())
    put(folder / "A" / "a.jpg", picture(1))
    put(folder / "B" / "b.jpg", picture(2))
    fed = feed(feeder, folder)
    assert (fed.sent, fed.disputes) == (1, 0)
    assert [name for name, _ in fed.skipped] == ["D-1"]
    assert "tenant" in fed.skipped[0][1]
    with bench.context.database.reading() as records:
        assert records.dispute("acme", "D-1") is None


def test_when_it_was_submitted_is_said_of_files_whose_dispute_does_not_say(bench, feeder, folder):
    said = {"file": "a.jpg", "submitted_at": "2026-01-01T00:00:00Z"}
    put(folder / "D-1" / "dispute.json", json.dumps({"id": "D-1", "evidence": [said]}).encode())
    for name in ("a.jpg", "b.jpg"):
        put(folder / "D-1" / name, name.encode())
    feed(feeder, folder, submitted_at=later(-3600))
    drain(bench)
    times = {file: item.declared.submitted_at for file, item in bench.items().items()}
    assert times == {"a.jpg": datetime(2026, 1, 1, tzinfo=UTC), "b.jpg": later(-3600)}


def test_a_layout_with_more_segments_leads_to_the_same_items(bench, folder):
    bench.settings = replace(bench.settings, layout=KeyLayout.parse("in/{dispute}/files/{party}/{file}"))
    put(folder / "D-1" / "buyer" / "a.jpg", picture(1))
    put(folder / "D-1" / "tab\t.jpg", picture(2))
    Feeder(
        bench.origin, bench.queue, bench.context.database, lambda *_: None, bench.context.incoming, MOST
    ).feed_folder(folder, frozenset(), NOON, None)
    assert bench.objects.exists("in/D-1/files/buyer/a.jpg")
    drain(bench)
    assert {file: item.declared.party for file, item in bench.items().items()} == {
        "buyer/a.jpg": "buyer",
        "tab\t.jpg": None,
    }


@pytest.fixture
def resting(bench):
    """Objects of two disputes, a report of ours, and one that no layout tells."""
    objects = {
        "2025/D-1/buyer/a.jpg": picture(1),
        "2025/D-1/listing/1.jpg": picture(2),
        "2025/D-1/evidence-report/report.json": b"{}",
        "2024/D-2/b.jpg": picture(3),
        "2025/loose.jpg": picture(4),
    }
    for key, data in objects.items():
        bench.objects.put(key, data)
    bench.settings = replace(bench.settings, layout=KeyLayout.parse("2025/{dispute}/{party}/{file}"))


def feed_objects(bench, url, submitted_at=None):
    return Feeder(
        bench.origin, bench.queue, bench.context.database, lambda *_: None, bench.context.incoming, MOST
    ).feed_objects(url, submitted_at)


@pytest.mark.usefixtures("resting")
def test_objects_below_a_prefix_are_sent(bench):
    fed = feed_objects(bench, f"s3://{BUCKET}/2025/D-1/", later(-60))
    assert (fed.sent, fed.skipped) == (2, [])
    drain(bench)
    assert {file: item.declared.submitted_at for file, item in bench.items("D-1").items()} == {
        "buyer/a.jpg": later(-60)
    }
    assert feed_objects(bench, f"s3://{BUCKET}/2025/D-1/", later(-60)).sent == 2
    drain(bench)
    assert len(bench.opener.opened) == 2


@pytest.mark.usefixtures("resting")
def test_objects_that_the_layout_does_not_tell_are_left_out_and_told(bench):
    fed = feed_objects(bench, f"s3://{BUCKET}")
    assert (fed.sent, [key for key, _ in fed.skipped]) == (2, ["2024/D-2/b.jpg", "2025/loose.jpg"])


@pytest.mark.parametrize(
    ("prefix", "url", "inside"),
    [
        ("", "s3://elsewhere/2025", False),
        ("in/", f"s3://{BUCKET}/in/2025/", True),
        ("in/", f"s3://{BUCKET}/in", True),
        ("in/", f"s3://{BUCKET}/in/", True),
        ("in/", f"s3://{BUCKET}/inner/2025", False),
        ("in/", f"s3://{BUCKET}/", False),
    ],
)
def test_only_what_lies_where_uploads_rest_is_sent(bench, prefix, url, inside):
    bench.prefix = prefix
    if inside:
        assert feed_objects(bench, url).sent == 0
    else:
        with pytest.raises(StoreMisconfiguredError, match="EVIDENCE_UPLOADS_URL"):
            feed_objects(bench, url)


def test_reports_that_a_worker_wrote_into_the_folder_are_not_fed(bench, feeder, folder):
    put(folder / "D-1" / "buyer" / "a.txt", b"the lid is broken")
    put(folder / "D-2" / "dispute.json", b'{"id": "D-2"}')
    put(folder / "D-2" / "b.txt", b"the cup is broken")
    for dispute in ("D-1", "D-2"):
        put(folder / dispute / "evidence-report" / "report.json", b"{}")
    put(folder / "D-2" / "report.json", b"{}")  # somebody's file that is merely called so
    assert feed(feeder, folder).sent == 3
    drain(bench)
    with bench.context.database.reading() as records:
        assert records.dispute_ids() == [("default", "D-1"), ("default", "D-2")]
