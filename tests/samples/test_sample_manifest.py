"""The sample evidence and its manifest say the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from validators.finding import CODES

FOLDER = Path(__file__).parents[2] / "sample_evidence"
DISPUTES = sorted(path.parent for path in FOLDER.glob("*/dispute.json"))


def rows() -> list[dict[str, str]]:
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def files() -> set[str]:
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    return {name for name in found if not name.endswith("/dispute.json")} - {"manifest.csv"}


def test_every_file_is_in_the_manifest_and_every_row_has_its_file() -> None:
    named = [row["file"] for row in rows()]
    assert len(named) == len(set(named))
    assert set(named) == files()


def test_only_dispute_folders_lie_beside_the_manifest() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {folder.name for folder in DISPUTES} | {"manifest.csv"}


def test_there_are_enough_disputes_and_files_from_both_parties() -> None:
    evidence = [name for name in files() if "/listing/" not in name]
    assert len(DISPUTES) >= 5
    assert len(evidence) >= 34
    for folder in DISPUTES:
        assert {path.name for path in folder.iterdir()} >= {"buyer", "seller"}, folder.name


def test_the_whole_folder_stays_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in files()) < 14_000_000


def test_each_row_has_purpose_licence_and_known_codes() -> None:
    for row in rows():
        must, must_not = set(row["must_yield"].split()), set(row["must_not_yield"].split())
        assert row["purpose"], row["file"]
        assert "CC0-1.0" in row["source_and_licence"], row["file"]
        assert must | must_not <= CODES, row["file"]
        assert not must & must_not, row["file"]


@pytest.mark.parametrize("folder", DISPUTES, ids=lambda folder: folder.name)
def test_dispute_file_names_exactly_the_evidence_of_its_folder(folder: Path) -> None:
    said = json.loads((folder / "dispute.json").read_text(encoding="utf-8"))
    assert said["id"] == folder.name
    named = [entry["file"] for entry in said["evidence"]]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert sorted(named) == sorted(
        name for name in there if name != "dispute.json" and not name.startswith("listing/")
    )
    for entry in said["evidence"]:
        assert entry["party"] == entry["file"].split("/")[0]
        assert entry["submitted_at"] >= said["opened_at"]


def test_the_reused_photo_is_in_disputes_of_different_buyers() -> None:
    buyers = {
        folder.name: json.loads((folder / "dispute.json").read_text())["parties"]["buyer"]["id"]
        for folder in DISPUTES
    }
    assert len(set(buyers.values())) == len(DISPUTES)
    carriers = {row["file"].split("/")[0] for row in rows() if "DUP_SAME_PHOTO" in row["must_yield"].split()}
    assert len(carriers) >= 2
