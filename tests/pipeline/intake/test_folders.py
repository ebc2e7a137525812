"""How folders are read as disputes."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from pipeline.intake.folders import read_paths
from validators.declared import Declared

NOTHING = frozenset()


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def shape(reading):
    return {
        found.dispute.id: sorted(file.file for file in found.files if not file.declared.on_listing)
        for found in reading.disputes
    }


def declare(folder: Path, **fields) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dispute.json").write_text(json.dumps({"id": folder.name, **fields}))


def test_a_folder_with_a_dispute_file_is_a_dispute_with_all_below_it(tmp_path):
    declare(tmp_path / "D-1")
    make(tmp_path / "D-1", "a.jpg", "deep/er/b.jpg")
    reading = read_paths([tmp_path], NOTHING)
    assert shape(reading) == {"D-1": ["a.jpg", "deep/er/b.jpg"]}
    assert reading.disputes[0].dispute.declared


def test_without_dispute_files_each_folder_is_one_and_loose_files_form_one_more(tmp_path):
    make(tmp_path, "loose.jpg", "one/a.jpg", "two/b.jpg", "two/inner/c.jpg")
    reading = read_paths([tmp_path], NOTHING)
    expected = {tmp_path.name: ["loose.jpg"], "one": ["a.jpg"], "two": ["b.jpg"], "two/inner": ["c.jpg"]}
    assert shape(reading) == expected
    assert not any(found.dispute.declared for found in reading.disputes)


def test_party_folders_belong_to_the_one_above(tmp_path):
    make(tmp_path, "case/Buyer/a.jpg", "case/seller/b.jpg", "case/listing/c.jpg")
    (found,) = read_paths([tmp_path], NOTHING).disputes
    assert {file.file: file.declared.party for file in found.files if not file.declared.on_listing} == {
        "Buyer/a.jpg": "buyer",
        "seller/b.jpg": "seller",
    }
    assert [file.file for file in found.files if file.declared.on_listing] == ["listing/c.jpg"]
    assert "listing/c.jpg" in found.skipped


def test_party_folders_right_below_the_root(tmp_path):
    make(tmp_path, "buyer/a.jpg", "seller/b.jpg")
    assert shape(read_paths([tmp_path], NOTHING)) == {tmp_path.name: ["buyer/a.jpg", "seller/b.jpg"]}


def test_what_is_not_evidence_is_counted_as_skipped(tmp_path):
    make(tmp_path, "a.jpg", ".hidden", "Thumbs.db", "__MACOSX/x", "out/report.html", "manifest.csv")
    (found,) = read_paths([tmp_path], frozenset({(tmp_path / "out").resolve()})).disputes
    assert [file.file for file in found.files] == ["a.jpg"]
    assert set(found.skipped) == {".hidden", "Thumbs.db", "__MACOSX", "out", "manifest.csv"}


def test_links_and_special_files_get_an_entry_and_are_never_opened(tmp_path, monkeypatch):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    root = tmp_path / "root"
    make(root, "a.jpg")
    (root / "away.jpg").symlink_to(outside)
    (root / "nowhere.jpg").symlink_to("missing")
    (root / "inside.jpg").symlink_to("a.jpg")
    os.mkfifo(root / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(root)
        listener.bind("socket.jpg")
        (found,) = read_paths([root], NOTHING).disputes
    problems = {file.file: file.problem for file in found.files}
    unsafe = ("away.jpg", "nowhere.jpg", "pipe.jpg", "socket.jpg")
    assert problems == {"a.jpg": None, "inside.jpg": None} | dict.fromkeys(unsafe, "unsafe_path")


def test_files_named_but_absent_get_an_entry(tmp_path):
    declare(tmp_path / "D-1", evidence=[{"file": "gone.jpg", "party": "buyer"}, {"file": "../other/x.jpg"}])
    make(tmp_path / "D-1", "a.jpg")
    (found,) = read_paths([tmp_path], NOTHING).disputes
    problems = {file.file: (file.problem, file.declared.party) for file in found.files}
    assert problems["gone.jpg"] == ("missing", "buyer")
    assert problems["../other/x.jpg"][0] == "unsafe_path"


def test_what_the_dispute_file_says_of_a_file_is_joined(tmp_path):
    said = {
        "file": "seller/a.jpg",
        "party": "buyer",
        "roles": ["item"],
        "submitted_at": "2026-03-09T10:05:00+03:00",
    }
    declare(tmp_path / "D-1", evidence=[said])
    make(tmp_path / "D-1", "seller/a.jpg", "seller/b.jpg")
    (found,) = read_paths([tmp_path], NOTHING).disputes
    first, second = found.files
    assert (first.declared.party, first.declared.roles, first.declared.submitted_at.hour) == (
        "buyer",
        ("item",),
        7,
    )
    assert second.declared == Declared("seller")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"id": 5, "opened_at": "yesterday"}', '{"reason": "x"}', "\xff"]
)
def test_a_malformed_dispute_file_costs_only_the_dispute_data(tmp_path, text):
    make(tmp_path, "D-1/a.jpg")
    (tmp_path / "D-1" / "dispute.json").write_text(text, encoding="latin-1")
    reading = read_paths([tmp_path], NOTHING)
    (found,) = reading.disputes
    assert [file.file for file in found.files] == ["a.jpg"]
    assert not found.dispute.declared
    assert reading.incomplete
    assert "dispute.json could not be read" in reading.notices[0]


def test_an_unreadable_folder_is_told(tmp_path, monkeypatch):
    make(tmp_path, "a/x.jpg", "b/y.jpg")
    real = os.scandir

    def refuse(path):
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    reading = read_paths([tmp_path], NOTHING)
    assert shape(reading) == {"a": ["x.jpg"]}
    assert reading.incomplete
    assert any("Permission denied" in notice for notice in reading.notices)


def test_names_with_newlines_and_invalid_bytes_are_read(tmp_path):
    make(tmp_path, "two\nlines.jpg")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))).write_bytes(b"x")
    (found,) = read_paths([tmp_path], NOTHING).disputes
    assert [file.file for file in found.files] == ["caf\\xe9.jpg", "two\nlines.jpg"]
    assert all(file.path.exists() for file in found.files)


def test_two_folders_of_one_name_are_two_disputes(tmp_path):
    make(tmp_path, "x/case/a.jpg", "y/case/b.jpg")
    reading = read_paths([tmp_path / "x", tmp_path / "y"], NOTHING)
    assert len(reading.disputes) == 2
    assert len({found.dispute.id for found in reading.disputes}) == 2


def test_two_folders_that_declare_one_dispute_are_one_and_lose_nothing(tmp_path):
    for side in ("x", "y"):
        declare(tmp_path / side, id="D-1")
        make(tmp_path / side, "a.jpg")
    reading = read_paths([tmp_path], NOTHING)
    assert shape(reading) == {"D-1": ["a.jpg", "y/a.jpg"]}


def test_single_files_form_a_dispute_named_after_their_folder(tmp_path):
    make(tmp_path, "case/a.jpg", "case/b.jpg")
    reading = read_paths([tmp_path / "case" / "a.jpg"], NOTHING)
    assert shape(reading) == {"case": ["a.jpg"]}


def test_a_listing_given_apart_is_every_disputes_listing(tmp_path):
    make(tmp_path, "cases/one/a.jpg", "cases/two/b.jpg", "shop/l.jpg")
    reading = read_paths([tmp_path / "cases"], NOTHING, tmp_path / "shop")
    assert all(
        [file.file for file in found.files if file.declared.on_listing] == ["listing/l.jpg"]
        for found in reading.disputes
    )


def test_a_dispute_inside_a_dispute_is_one_of_its_own(tmp_path):
    declare(tmp_path / "D-1")
    declare(tmp_path / "D-1" / "sub" / "D-2")
    make(tmp_path / "D-1", "a.jpg", "sub/D-2/b.jpg")
    assert shape(read_paths([tmp_path], NOTHING)) == {"D-1": ["a.jpg"], "D-2": ["b.jpg"]}
