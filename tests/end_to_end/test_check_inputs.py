"""evidence check: hard inputs, settings and the small commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from kit import codes, declare, submitted
from pictures import jpeg, save, scene
from PIL import Image


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
        (["check", ".", "--as-of", "yesterday"], "not an ISO 8601 time"),
        (["check", ".", "--manifest", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_wrong_command_line_is_refused_in_one_sentence(evidence, argv, said):
    done = evidence(*argv)
    assert done.status == 2
    assert said in done.text


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
    assert set(made) == {"poster", "thumbnail", "contact_sheet", "sprite", "sprite_map"}
    assert len(item["video"]["moments"]) >= 12
    with Image.open(tmp_path / "out" / made["poster"]["path"]) as poster:
        assert poster.height > poster.width
        assert not poster.getexif()


@pytest.mark.ffmpeg
@pytest.mark.skipif(
    shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
)
def test_previews_are_made_when_asked_for_later_too(tmp_path, evidence):
    case = tmp_path / "case"
    case.mkdir()
    source = "testsrc2=duration=3:size=640x360:rate=15"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", case / "clip.mp4"],
        check=True,
    )
    kinds = {d["kind"] for d in evidence("check", case).item("clip.mp4")["derivatives"]}
    assert "clip" not in kinds
    done = evidence("check", case, "--previews")
    (clip,) = [d for d in done.item("clip.mp4")["derivatives"] if d["kind"] == "clip"]
    assert clip["path"].endswith(".mp4")
    assert b"ftyp" in (tmp_path / "out" / clip["path"]).read_bytes()[:16]
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "<video controls" in page
    assert "media-src" in page


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
    assert "0 faults found" in done.text


def test_doctor_schema_and_policy_answer(evidence):
    assert "jail of level" in evidence("doctor").text
    assert json.loads(evidence("schema").text)["properties"]["evidence"]
    assert "blur.focus_below" in evidence("policy", "show").text
