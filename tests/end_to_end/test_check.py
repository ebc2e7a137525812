"""evidence check: the reports, as people get them."""

from __future__ import annotations

import csv
import json

import pytest
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
    rows = list(csv.DictReader((done.out / "files.csv").read_text("utf-8-sig").splitlines()))
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


@pytest.mark.parametrize("sent", [None, "2026-03-09", "2026-03-09T10:00:00Z"])
def test_copies_of_unknown_order_are_all_for_review(tmp_path, evidence, sent):
    for number in range(3):
        folder = tmp_path / "cases" / f"D-{number}"
        when = {"submitted_at": sent} if sent else {}
        said = [{"file": f"{name}.jpg", "party": "buyer"} | when for name in "ab"]
        declare(folder, f"b-{number}", evidence=said)
        save(scene(1), folder / "a.jpg", quality=70 + 10 * number)
        save(scene(2), folder / "b.jpg", quality=90)
    done = evidence("check", tmp_path / "cases")
    assert done.status == 1
    reports = [json.loads(path.read_text()) for path in sorted(done.out.glob("*/report.json"))]
    items = [item for report in reports for item in report["evidence"]]
    assert len(items) == 6
    for item in items:
        (found,) = [one for one in item["findings"] if one["kind"] == "review"]
        assert found["code"].startswith("DUP_SAME_")
        assert "which came first is not known" in found["message"]
        assert {match["direction"] for match in item["matches"]} == {"unordered"}


def test_without_times_one_account_s_repeats_stay_notes(tmp_path, evidence):
    for number in range(2):
        folder = tmp_path / "cases" / f"D-{number}"
        declare(folder, "b-1", evidence=[{"file": "a.jpg", "party": "buyer", "description": "the lid"}])
        save(scene(1), folder / "a.jpg")
    done = evidence("check", tmp_path / "cases")
    assert done.status == 0
    reports = [json.loads(path.read_text()) for path in done.out.glob("*/report.json")]
    found = [one for report in reports for item in report["evidence"] for one in item["findings"]]
    assert {one["kind"] for one in found if one["code"].startswith("DUP_")} == {"pass"}


def test_a_photo_in_several_undeclared_folders_is_named_first(tmp_path, evidence):
    for folder, seed in (("one", 1), ("two", 1), ("two", 2), ("three", 2), ("three", 3)):
        save(scene(seed), tmp_path / "cases" / folder / f"{seed}.jpg", quality=70 + len(folder))
    done = evidence("check", tmp_path / "cases")
    assert done.status == 0
    said = "The same photo is in more than one folder: 2 groups"
    lines = [line for line in done.text.splitlines() if line.strip()]
    place = next(number for number, line in enumerate(lines) if said in line)
    assert [line.split() for line in lines[place + 1 : place + 3]] == [
        ["one/1.jpg", "and", "two/1.jpg"],
        ["three/2.jpg", "and", "two/2.jpg"],
    ]
    index = (done.out / "index.html").read_text()
    assert index.index(said) < index.index("<table")
    rows = list(csv.DictReader((done.out / "files.csv").read_text("utf-8-sig").splitlines()))
    assert [row["file"] for row in rows] == ["1.jpg", "1.jpg", "2.jpg", "2.jpg", "3.jpg"]
    assert [row["shared_photo"].rpartition(": ")[2] for row in rows] == ["group 1 of 2"] * 2 + [
        "group 2 of 2"
    ] * 2 + [""]


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


def test_known_pictures_are_compared_with_and_not_judged(tmp_path, evidence):
    save(scene(1), tmp_path / "known" / "stock" / "mug.jpg", quality=92)
    save(scene(2), tmp_path / "known" / "lamp.jpg", quality=92)
    declare(
        tmp_path / "cases" / "D-1",
        "b-1",
        evidence=[{"file": "mine.jpg", "party": "buyer", "roles": ["item"]}],
    )
    save(scene(1), tmp_path / "cases" / "D-1" / "mine.jpg", quality=70)
    done = evidence("check", tmp_path / "cases", "--against", tmp_path / "known", "--json", "--xlsx")
    assert done.status == 1
    (item,) = done.report()["evidence"]
    (found,) = [one for one in item["findings"] if one["kind"] == "review"]
    assert (found["code"], found["params"]["reference"]) == ("LST_MATCHES_LISTING", "stock/mug.jpg")
    result = json.loads(done.text[done.text.index("{") : done.text.rindex("}") + 1])
    assert (result["schema"], result["status"]) == ("dispute-evidence/run/1", 1)
    assert [(one["id"], one["items"], one["reviews"]) for one in result["disputes"]] == [("D-1", 1, 1)]
    assert (done.out / "files.xlsx").stat().st_size > 1000
