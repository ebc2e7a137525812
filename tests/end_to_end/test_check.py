"""evidence check, as people run it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import AS_OF, EVIDENCE, codes
from pictures import jpeg, save, scene
from PIL import Image, ImageOps


def declare(folder: Path, buyer: str, **fields: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = {"id": folder.name, "parties": {"buyer": {"id": buyer}, "seller": {"id": "s-1"}}, **fields}
    (folder / "dispute.json").write_text(json.dumps(body))


def submitted(file: str, day: int) -> dict[str, str]:
    return {"file": file, "party": "buyer", "submitted_at": f"2026-03-{day:02d}T10:00:00Z"}


def without_time(out: Path) -> dict[str, bytes]:
    """Every file written, reports without the one field that may differ."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".json":
                data = b"\n".join(line for line in data.split(b"\n") if b'"created_at"' not in line)
            if path.suffix != ".html":  # a page shows when it was made
                found[str(path.relative_to(out))] = data
    return found


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


def test_a_second_run_opens_nothing_again_and_counts_nothing_twice(tmp_path, evidence):
    for seed in range(4):
        save(scene(seed), tmp_path / "case" / f"{seed}.jpg")
    first = evidence("check", tmp_path / "case")
    before = without_time(first.out)
    again = evidence("check", tmp_path / "case", out="again")
    assert "4 files were measured before" in again.text
    assert without_time(again.out) == before
    assert again.report()["revision"] == 1


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


def test_stopped_half_way_it_goes_on_and_gives_the_same_reports(tmp_path, evidence):
    for seed in range(60):
        save(scene(seed, 1600, 1200), tmp_path / "case" / f"{seed:02d}.jpg", quality=90)
    argv = [
        EVIDENCE,
        "check",
        str(tmp_path / "case"),
        "--out",
        "out",
        "--store",
        "store",
        "--as-of",
        AS_OF,
        "--jobs",
        "1",
    ]
    process = subprocess.Popen(
        argv, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for line in process.stdout:
        if line.startswith("examined"):
            process.send_signal(signal.SIGINT)
            break
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait(30) == 130, rest
    assert "run the same command again" in rest
    again = evidence("check", tmp_path / "case")
    assert len(again.report()["evidence"]) == 60
    assert "measured before and not opened again" in again.text
    fresh = evidence("check", tmp_path / "case", out="fresh", store="other")
    assert without_time(again.out) == without_time(fresh.out)


def test_killed_outright_it_goes_on(tmp_path, evidence):
    for seed in range(40):
        save(scene(seed), tmp_path / "case" / f"{seed:02d}.jpg", quality=90)
    argv = [
        EVIDENCE,
        "check",
        str(tmp_path / "case"),
        "--out",
        "out",
        "--store",
        "store",
        "--as-of",
        AS_OF,
        "--jobs",
        "1",
    ]
    for wait in (1.5, 2.2, 3.0):
        process = subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.DEVNULL)
        time.sleep(wait)
        process.kill()
        process.wait()
    again = evidence("check", tmp_path / "case")
    fresh = evidence("check", tmp_path / "case", out="fresh", store="other")
    assert without_time(again.out) == without_time(fresh.out)


def test_without_ffmpeg_everything_else_works_and_each_video_says_so(tmp_path, evidence):
    save(scene(1), tmp_path / "case" / "a.jpg")
    (tmp_path / "case" / "clip.mp4").write_bytes(
        b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41" + b"\0\0\0\x10mdat" + bytes(8)
    )
    bare = tmp_path / "bin"
    bare.mkdir()
    done = evidence("check", tmp_path / "case", env={"PATH": str(bare)})
    assert done.item("a.jpg")["state"] == "USABLE"
    clip = done.item("clip.mp4")
    assert "SYS_TOOL_MISSING" in codes(clip)
    assert clip["state"] == "PROCESSING_FAILED"


def test_every_hard_input_gets_an_entry_and_a_sentence(tmp_path, evidence):
    case = tmp_path / "case"
    declare(case, "b-1", evidence=[submitted("gone.jpg", 5)])
    good = jpeg(scene(1))
    (case / "empty.jpg").write_bytes(b"")
    (case / "cut.jpg").write_bytes(good[: len(good) // 2])
    (case / "words.png").write_text("not a picture at all, only words\n" * 5)
    (case / "noise.bin").write_bytes(os.urandom(5000))
    (case / "link.jpg").symlink_to("/etc/hostname")
    os.mkfifo(case / "pipe.jpg")
    (case / "new\nline.jpg").write_bytes(good)
    Path(os.fsdecode(os.fsencode(case) + b"/bad\xff.jpg")).write_bytes(jpeg(scene(2)))
    expected = {
        "empty.jpg": "FMT_EMPTY",
        "cut.jpg": "FMT_TRUNCATED",
        "words.png": "FMT_TYPE_MISMATCH",
        "noise.bin": "FMT_UNSUPPORTED",
        "gone.jpg": "FMT_MISSING",
    }
    done = evidence("check", case)
    entries = {entry["file"]: entry for entry in done.report()["evidence"]}
    assert len(entries) == 9
    for file, code in expected.items():
        assert code in codes(entries[file]), (file, entries[file]["findings"])
    for file in ("link.jpg", "pipe.jpg"):
        assert entries[file]["state"] == "UNREADABLE"
        assert entries[file]["sha256"] is None
    assert entries["new\nline.jpg"]["state"] == "USABLE"
    assert done.status == 1


def test_a_malformed_dispute_file_is_told_and_the_rest_is_done(tmp_path, evidence):
    save(scene(1), tmp_path / "case" / "a.jpg")
    (tmp_path / "case" / "dispute.json").write_text("{")
    done = evidence("check", tmp_path / "case")
    assert done.status == 3
    assert "dispute.json could not be read" in " ".join(done.text.split())
    assert any("dispute.json" in notice for notice in done.report()["notices"])


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["check", "nowhere"], "does not exist"),
        (["check", ".", "--policy", "nowhere.toml"], "nowhere.toml"),
        (["check", ".", "--as-of", "yesterday"], "no ISO 8601 time"),
        (["check", ".", "--manifest", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_wrong_command_line_is_refused_in_one_sentence(evidence, argv, said):
    done = evidence(*argv)
    assert done.status == 2
    assert said in done.text


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small file system")
@pytest.mark.parametrize("full", ["store", "out"])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path, evidence, full):
    for seed in range(30):
        save(scene(seed), tmp_path / "case" / f"{seed:02d}.jpg", quality=90)
    small = tmp_path / full
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", small], capture_output=True, check=False
    ).returncode:
        pytest.skip("this machine does not let root mount")
    try:
        done = evidence("check", tmp_path / "case")
        assert done.status == 3
        assert "run the same command again" in " ".join(done.text.lower().split())
        subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
        again = evidence("check", tmp_path / "case")
        assert len(again.report()["evidence"]) == 30
        fresh = evidence("check", tmp_path / "case", out="fresh", store="other")
        assert without_time(again.out) == without_time(fresh.out)
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.ffmpeg
@pytest.mark.skipif(
    shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
)
def test_a_video_held_upright_gets_a_poster_and_a_contact_sheet_upright(tmp_path, evidence):
    case = tmp_path / "case"
    case.mkdir()
    flat, turned = tmp_path / "flat.mp4", case / "clip.mp4"
    source = "testsrc2=duration=4:size=640x360:rate=15"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", flat], check=True
    )
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", flat, "-c", "copy", "-metadata:s:v:0", "rotate=90", turned],
        check=True,
    )
    item = evidence("check", case).item("clip.mp4")
    assert (item["kind"], item["width"], item["height"]) == ("video", 360, 640)
    assert abs(item["duration_s"] - 4) < 0.3
    made = {derivative["kind"]: derivative for derivative in item["derivatives"]}
    assert set(made) == {"poster", "thumbnail", "contact_sheet"}
    with Image.open(tmp_path / "out" / made["poster"]["path"]) as poster:
        assert poster.height > poster.width
        assert not poster.getexif()


def test_other_stores_can_be_named_by_settings(tmp_path, evidence):
    save(scene(1), tmp_path / "case" / "a.jpg")
    database = tmp_path / "elsewhere.sqlite"
    env = {"EVIDENCE_DATABASE_URL": f"sqlite:///{database}", "EVIDENCE_OBJECTS_URL": str(tmp_path / "things")}
    assert evidence("check", tmp_path / "case", env=env).status == 0
    assert database.exists()
    assert list((tmp_path / "things").rglob("*.jpg"))


def test_the_audit_chain_of_a_store_is_whole(tmp_path, evidence):
    save(scene(1), tmp_path / "case" / "a.jpg")
    evidence("check", tmp_path / "case")
    done = evidence("verify", "--store", tmp_path / "store")
    assert done.status == 0
    assert "0 chains broken" in done.text


def test_doctor_schema_and_policy_answer(evidence):
    assert "jail of level" in evidence("doctor").text
    assert json.loads(evidence("schema").text)["properties"]["evidence"]
    assert "clarity.blurred_below" in evidence("policy", "show").text
