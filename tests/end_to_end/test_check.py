"""evidence check: the reports, as people get them."""

from __future__ import annotations

import csv
import json

from kit import codes, declare, submitted, without_time
from pictures import save, scene
from PIL import ImageOps


def test_one_folder_gives_one_report_with_an_entry_a_file(tmp_path, evidence):
    for seed in range(3):
        save(scene(seed), tmp_path / "case" / f"{seed}.jpg", quality=90)
    (tmp_path / "case" / "chat.txt").write_text("hello, the lid is cracked\n")
    done = evidence("check", tmp_path / "case")
    report = done.report()
    assert [entry["file"] for entry in report["evidence"]] == ["0.jpg", "1.jpg", "2.jpg", "chat.txt"]
    assert {entry["state"] for entry in report["evidence"]} <= {"USABLE", "USABLE_WITH_WARNINGS"}
    assert done.status == 0
    assert (done.out / "report.html").stat().st_size > 1000
    rows = list(csv.DictReader((done.out / "files.csv").read_text().splitlines()))
    assert [row["file"] for row in rows] == ["0.jpg", "1.jpg", "2.jpg", "chat.txt"]


def test_the_reports_are_the_same_for_any_number_of_jobs(tmp_path, evidence):
    for seed in range(12):
        save(scene(seed % 9), tmp_path / "cases" / f"d{seed % 3}" / f"{seed}.jpg", quality=60 + seed)
    declare(tmp_path / "cases" / "d1", "b-1")
    outs = []
    for jobs in (1, 2, 7):
        outs.append(
            without_time(
                evidence("check", tmp_path / "cases", "--jobs", jobs, out=f"o{jobs}", store=f"s{jobs}").out
            )
        )
    assert outs[0] == outs[1] == outs[2]


def test_a_photo_reused_from_an_earlier_run_is_found_and_told_from_both_sides(tmp_path, evidence):
    declare(tmp_path / "one" / "D-1", "b-1", evidence=[submitted("a.jpg", 1)])
    save(scene(1), tmp_path / "one" / "D-1" / "a.jpg", quality=92)
    assert evidence("check", tmp_path / "one").status == 0
    declare(tmp_path / "two" / "D-2", "b-2", evidence=[submitted("b.jpg", 5), submitted("c.jpg", 5)])
    save(ImageOps.mirror(scene(1)), tmp_path / "two" / "D-2" / "b.jpg", quality=55)
    save(scene(2), tmp_path / "two" / "D-2" / "c.jpg")
    done = evidence("check", tmp_path / "two", out="second")
    copied, fresh = done.item("b.jpg"), done.item("c.jpg")
    assert "DUP_SAME_PHOTO" in codes(copied)
    (match,) = copied["matches"]
    assert (match["dispute_id"], match["file"], match["direction"]) == ("D-1", "a.jpg", "earlier")
    assert match["transform"]["mirrored"] is True
    assert fresh["matches"] == []
    assert done.status == 1
    earlier = json.loads(evidence("report", "D-1", "--store", tmp_path / "store").text)
    assert earlier["revision"] == 2
    (told,) = earlier["evidence"][0]["matches"]
    assert (told["dispute_id"], told["direction"]) == ("D-2", "later")
    review = [finding for finding in earlier["evidence"][0]["findings"] if finding["kind"] == "review"]
    assert review == []


def test_matches_between_inferred_disputes_are_notes(tmp_path, evidence):
    for name in ("x", "y"):
        save(scene(1), tmp_path / "cases" / name / "a.jpg")
    done = evidence("check", tmp_path / "cases")
    assert done.status == 0
    findings = [f for f in done.item("a.jpg", "y")["findings"] if f["code"] == "DUP_SAME_FILE"]
    assert [finding["severity"] for finding in findings] == ["note"]
