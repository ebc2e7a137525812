"""The whole job on sample_evidence/, held to its manifest and to a golden summary.

EVIDENCE_UPDATE_GOLDEN=1 writes the summary anew; look at what changed before committing it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from validators.finding import Finding
from validators.sentences.sentences import action, sentence

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_evidence"
GOLDEN = Path(__file__).with_name("sample_evidence.json")
AS_OF = "2026-05-10T12:00:00Z"

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
    ),
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    base = tmp_path_factory.mktemp("golden")
    argv = [str(Path(sys.executable).with_name("evidence")), "check", str(SAMPLES), "--as-of", AS_OF]
    argv += ["--out", str(base / "out"), "--store", str(base / "store")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    bodies = [json.loads(path.read_text()) for path in sorted((base / "out").rglob("report.json"))]
    return {body["dispute"]["id"]: body for body in bodies}


@pytest.fixture(scope="module")
def items(reports):
    return {f"{name}/{item['file']}": item for name, body in reports.items() for item in body["evidence"]}


def manifest() -> list[dict[str, str]]:
    with (SAMPLES / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if not row["file"].endswith("dispute.json")]


def evidence_rows() -> list[dict[str, str]]:
    return [row for row in manifest() if "/listing/" not in row["file"]]


def codes(item: dict) -> set[str]:
    return {finding["code"] for finding in item["findings"]}


def test_every_file_of_the_manifest_has_an_entry_and_nothing_else_has(items):
    assert sorted(items) == sorted(row["file"] for row in evidence_rows())


@pytest.mark.parametrize("row", evidence_rows(), ids=lambda row: row["file"])
def test_a_file_yields_what_the_manifest_says(items, row):
    found = codes(items[row["file"]])
    assert set(row["must_yield"].split()) <= found
    assert not set(row["must_not_yield"].split()) & found


def test_the_summary_is_the_golden_one(reports, items):
    summary = {
        "disputes": {
            name: {
                "slots": [
                    f"{slot['party']} {slot['role']} {slot['state']}"
                    for slot in body["completeness"]["slots"]
                ],
                "missing": [finding["params"] for finding in body["completeness"]["findings"]],
                "by_state": body["summary"]["by_state"],
                "reviews": body["summary"]["reviews"],
                "deadlines": [f"{d['kind']} {d['due_by']} {d['state']}" for d in body["deadlines"]],
            }
            for name, body in sorted(reports.items())
        },
        "items": {
            name: {
                "state": item["state"],
                "kind": item["kind"],
                "detected_type": item["detected_type"],
                "verdict": (item["clarity"] or {}).get("verdict"),
                "late": item["late"],
                "findings": [f"{f['code']} {f['severity']}/{f['kind']}" for f in item["findings"]],
                "best_time": ((item["capture_time"] or {}).get("best") or {}).get("source"),
                "matches": [
                    f"{m['class']} {m['scope']} {m['relation']} {m['direction']}" for m in item["matches"]
                ],
                "derivatives": [d["kind"] for d in item["derivatives"]],
            }
            for name, item in sorted(items.items())
        },
    }
    if os.environ.get("EVIDENCE_UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert summary == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_every_sentence_is_made_of_codes_and_parameters_alone(reports):
    seen = 0
    for body in reports.values():
        findings = [one for item in body["evidence"] for one in item["findings"]]
        for found in (*findings, *body["completeness"]["findings"]):
            rebuilt = Finding(
                code=found["code"],
                severity=found["severity"],
                kind=found["kind"],
                message_ids=tuple(found["message_ids"]),
                action_ids=tuple(found["action_ids"]),
                params=found["params"],
                measured=found["measured"],
                threshold=found["threshold"],
            )
            assert (sentence(rebuilt), action(rebuilt)) == (found["message"], found["action"])
            seen += 1
    assert seen >= 40


def test_the_words_that_accuse_are_never_said(reports):
    text = json.dumps(list(reports.values())).lower()
    assert "fraud" not in text
    assert "fake" not in text
