"""evidence check: again, interrupted, killed, on a full disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from kit import AS_OF, EVIDENCE, declare, heed_interrupts, submitted, without_time
from pictures import save, scenes

from storage.database.database import open_database


def test_a_second_run_opens_nothing_again_and_counts_nothing_twice(tmp_path, evidence):
    for seed, picture in enumerate(scenes(4)):
        save(picture, tmp_path / "case" / f"{seed}.jpg")
    first = evidence("check", tmp_path / "case")
    before = without_time(first.out)
    again = evidence("check", tmp_path / "case", out="again")
    assert "4 files were measured before" in again.text
    assert without_time(again.out) == before
    assert again.report()["revision"] == 1


def test_stopped_half_way_it_goes_on_and_gives_the_same_reports(tmp_path, evidence):
    for number, picture in enumerate(scenes(30, 1200, 900)):
        save(picture, tmp_path / "case" / f"{number:02d}.jpg", quality=90)
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
        argv,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - one system call
    )
    for line in process.stdout:
        if line.startswith("Opened"):
            process.send_signal(signal.SIGINT)
            break
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait(30) == 130, rest
    assert "Run the same command again" in rest
    again = evidence("check", tmp_path / "case")
    assert len(again.report()["evidence"]) == 30
    assert "measured before and not opened again" in again.text
    fresh = evidence("check", tmp_path / "case", out="fresh", store="other")
    assert without_time(again.out) == without_time(fresh.out)


def test_killed_outright_it_goes_on(tmp_path, evidence):
    for seed, picture in enumerate(scenes(40)):
        save(picture, tmp_path / "case" / f"{seed:02d}.jpg", quality=90)
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


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small file system")
@pytest.mark.parametrize("full", ["store", "out"])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path, evidence, full):
    for seed, picture in enumerate(scenes(30)):
        save(picture, tmp_path / "case" / f"{seed:02d}.jpg", quality=90)
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


def test_a_second_run_over_the_same_files_says_the_same(evidence, tmp_path):
    samples = Path(__file__).parents[2] / "sample_evidence"
    told = []
    for out in ("first", "second"):
        evidence("check", samples / "D-1001", samples / "D-1006", "--as-of", "2026-05-10T12:00:00Z", out=out)
        told.append(without_time(tmp_path / out))
    assert any("comparison-" in name for name in told[0]), "the two share a photo"
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("ended", "revision"),
    [({}, 2), ({"closed_at": "2026-03-12T00:00:00Z"}, 1), ({"withdrawn_at": "2026-03-12T00:00:00Z"}, 1)],
)
def test_a_match_found_later_revises_an_earlier_dispute_unless_it_has_ended(
    tmp_path, evidence, ended, revision
):
    (picture,) = scenes(1)
    for name, buyer, day, more in (("D-1", "b-1", 9, ended), ("D-2", "b-2", 14, {})):
        save(picture, tmp_path / name / "lid.jpg")
        declare(tmp_path / name, buyer, evidence=[submitted("lid.jpg", day)], **more)
    evidence("check", tmp_path / "D-1")
    later = evidence("check", tmp_path / "D-2", out="later")
    database = open_database(f"sqlite:///{tmp_path / 'store' / 'evidence.sqlite'}")
    with database.reading() as records:
        stored = records.report("default", "D-1")
    database.close()
    assert stored.revision == revision
    matches = json.loads(stored.body)["evidence"][0]["matches"]
    assert [match["dispute_id"] for match in matches] == (["D-2"] if revision == 2 else [])
    assert ("1 earlier dispute got a new revision: D-1" in later.text) == (revision == 2)
