"""evidence report --for: over the samples, what goes to one party names nothing of the others."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from kit import EVIDENCE
from PIL import Image

from pipeline.commands.share import run_share

SAMPLES = Path(__file__).parents[2] / "sample_evidence"
AS_OF = "2026-05-10T12:00:00Z"
DISPUTES = sorted(path.parent.name for path in SAMPLES.glob("*/dispute.json"))
PARTIES = ("buyer", "seller")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [EVIDENCE, *words], capture_output=True, text=True, timeout=300, cwd=folder, check=False
    )


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """A folder with the whole reports under ``out`` and each dispute's two copies."""
    folder = tmp_path_factory.mktemp("copies")
    assert (
        run(folder, "check", str(SAMPLES), "--out", "out", "--store", "store", "--as-of", AS_OF).returncode
        == 1
    )
    for dispute in DISPUTES:
        for party in PARTIES:
            assert run_share(dispute, party, folder / f"{dispute}-{party}", folder / "store", "default") == 0
    return folder


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("dispute", DISPUTES)
def test_a_copy_holds_nothing_of_others(copies, dispute, party):
    whole = json.loads((copies / "out" / dispute / "report.json").read_text())
    copy = copies / f"{dispute}-{party}"
    said = (copy / "report.json").read_text() + (copy / "report.html").read_text()
    names = " ".join(str(path.relative_to(copy)) for path in copy.rglob("*"))
    for other in whole["evidence"]:
        if other["party"] == party:
            continue
        told = str([item["metadata"] for item in whole["evidence"] if item["party"] == party]) + str(
            other["text"]
        )
        values = [
            value for value in map(str, other["metadata"].values()) if len(value) >= 8 and value not in told
        ]
        for secret in (other["sha256"], other["id"], *values):
            assert not secret or secret not in said + names, secret
    for elsewhere in set(DISPUTES) - {dispute}:
        assert elsewhere not in said
    for item in whole["evidence"]:
        for match in item["matches"]:
            if match["dispute_id"] != dispute:
                assert match["sha256"] == item["sha256"] or match["sha256"] not in said
                assert match["evidence_id"] not in said


def test_some_dispute_had_something_to_hide(copies):
    wholes = [json.loads((copies / "out" / dispute / "report.json").read_text()) for dispute in DISPUTES]
    items = [item for whole in wholes for item in whole["evidence"]]
    assert any(match["scope"] == "other_dispute" for item in items for match in item["matches"])
    assert any(item["metadata"].get("GPS") for item in items) or any(item["metadata"] for item in items)


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("dispute", DISPUTES)
def test_every_picture_named_is_there_and_bare(copies, dispute, party):
    copy = copies / f"{dispute}-{party}"
    report = json.loads((copy / "report.json").read_text())
    named = {made["path"] for item in report["evidence"] for made in item["derivatives"]}
    kept = {str(path.relative_to(copy)) for path in copy.rglob("media/*")}
    assert {path for path in named if "comparison" not in path} == kept
    for path in kept:
        with Image.open(copy / path) as picture:
            assert not picture.getexif()
            assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_command_writes_the_same(copies):
    done = run(copies, "report", DISPUTES[0], "--for", "buyer", "--store", "store")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(
        (copies / f"{DISPUTES[0]}-buyer" / "report.json").read_text()
    )


def test_a_copy_for_somebody_else_is_refused(copies):
    done = run(copies, "report", DISPUTES[0], "--for", "courier", "--store", "store")
    assert (done.returncode, "buyer or seller" in done.stderr) == (2, True)


def test_a_folder_alone_is_refused(copies):
    done = run(copies, "report", DISPUTES[0], "--out", "x", "--store", "store")
    assert (done.returncode, "--for" in done.stderr) == (2, True)
