"""The Python API: what `evidence check` says, as values."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pictures import save, scene
from PIL import Image

import pipeline.api
from pipeline.api import PolicyError, check, open_store, precheck
from pipeline.judgement.report_json import from_json

ROOT = Path(__file__).parents[2]
AS_OF = datetime(2026, 5, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def disputes(tmp_path_factory):
    """Two folders; one photo is in both."""
    folder = tmp_path_factory.mktemp("disputes")
    for name, seeds in (("D-1", (1, 2)), ("D-2", (1, 3))):
        for seed in seeds:
            save(scene(seed), folder / name / f"{seed}.jpg")
    Image.new("RGB", (640, 480), (90, 90, 90)).save(folder / "D-2" / "blank.png")
    return folder


def test_reports_come_back_typed_and_nothing_is_kept(disputes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    phases = []
    reports = check(disputes, as_of=AS_OF, jobs=1, progress=lambda *told: phases.append(told))
    assert [report.dispute for report in reports] == ["D-1", "D-2"]
    blank = next(item for item in reports[1].evidence if item.file == "blank.png")
    assert (blank.state, blank.label) == ("NEEDS_RESUBMISSION", "needs re-upload")
    (finding,) = [one for one in blank.findings if one.code == "CLR_BLANK"]
    assert finding.message and finding.action and finding.severity == "error"
    assert reports[1].needs_someone and not reports[0].missing
    assert [one.id for one in from_json(reports[1].to_json()).evidence] == [
        one.id for one in reports[1].evidence
    ]
    assert json.loads(reports[1].to_json())["dispute"]["id"] == reports[1].to_dict()["dispute"]["id"] == "D-2"
    assert phases[0] == ("examined", 1, 5) and phases[-1] == ("judged", 2, 2)
    assert not list(tmp_path.iterdir())


def test_a_store_remembers_between_calls_and_hands_out_one_dispute_at_a_time(disputes, tmp_path):
    with open_store(tmp_path / "store") as store:
        first, second = store.reports([disputes / "D-1", disputes / "D-2"], as_of=AS_OF)
        assert not any(one.code.startswith("DUP_") for item in first.evidence for one in item.findings)
        assert any(one.code.startswith("DUP_") for item in second.evidence for one in item.findings)
    with open_store(tmp_path / "store") as store:
        (again,) = store.check(disputes / "D-1", as_of=AS_OF)
    assert any(one.code.startswith("DUP_") for item in again.evidence for one in item.findings)


def test_a_notebook_shows_a_table_with_names_escaped(tmp_path):
    save(scene(4), tmp_path / "D-3" / "<b>x.jpg")
    (report,) = check(tmp_path / "D-3", as_of=AS_OF)
    shown = report._repr_html_()
    assert "&lt;b&gt;x.jpg" in shown and "<b>" not in shown
    assert report.write(tmp_path / "out").read_text().startswith("<!doctype html>")


def test_before_upload_one_file_is_answered(tmp_path):
    path = tmp_path / "blank.png"
    Image.new("RGB", (640, 480), (90, 90, 90)).save(path)
    answer = precheck(path, "damaged", role="item")
    assert answer.state != "USABLE" and answer.findings[0].action
    with pytest.raises(LookupError, match="no reason 'sad'"):
        precheck(path, "sad")


def test_what_cannot_be_read_is_raised(tmp_path):
    with pytest.raises(FileNotFoundError):
        check(tmp_path / "absent")
    with pytest.raises(ValueError, match="time zone"):
        check(tmp_path, as_of=datetime(2026, 5, 10))
    with pytest.raises(PolicyError):
        check(tmp_path, policy="no-such-policy")


def test_the_example_and_the_documents_run():
    assert doctest.testmod(pipeline.api).failed == 0
    assert doctest.testfile(str(ROOT / "docs/python.md"), module_relative=False).failed == 0
    source = ROOT / "examples/check_folder.py"
    assert sum(bool(line.strip()) for line in source.read_text().splitlines()) <= 12
    ran = subprocess.run(
        [sys.executable, source, "sample_evidence/D-1007"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith("D-1007  ")
