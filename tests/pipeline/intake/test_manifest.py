"""A manifest overrides what the folders say."""

from __future__ import annotations

import pytest

from pipeline.intake.folders import read_paths
from pipeline.intake.manifest import ManifestError, apply_manifest


@pytest.fixture
def reading(tmp_path):
    for name in ("one/a.jpg", "one/b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return read_paths([tmp_path / "one"], frozenset())


def test_rows_move_and_describe_files(tmp_path, reading):
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "file,dispute,party,roles,description,submitted_at\none/a.jpg,D-9,buyer,item label,the lid,2026-03-09T10:00:00Z\n"
    )
    apply_manifest(reading, manifest)
    shape = {
        found.dispute.id: [(file.file, file.declared.party) for file in found.files]
        for found in reading.disputes
    }
    assert shape == {"one": [("b.jpg", None)], "D-9": [("a.jpg", "buyer")]}
    moved = reading.disputes[1].files[0].declared
    assert (moved.roles, moved.description, moved.submitted_at.day) == (("item", "label"), "the lid", 9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("file,party\nmissing.jpg,buyer\n", "line 2: 'missing.jpg' is not among the files given"),
        ("name\nx\n", "no column 'file'"),
        ("file,submitted_at\none/a.jpg,yesterday\n", "no ISO 8601 time"),
        ("file,submitted_at\none/a.jpg,2026-03-09T10:00:00\n", "has no zone"),
    ],
)
def test_a_row_that_cannot_be_followed_is_named(tmp_path, reading, text, said):
    manifest = tmp_path / "m.csv"
    manifest.write_text(text)
    with pytest.raises(ManifestError, match=said.replace("'", ".").replace("(", ".")):
        apply_manifest(reading, manifest)


EXCEL = "file;party;description\r\none/Größe.jpg;buyer;äöü\r\n"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_excel_writes_is_read(tmp_path, encoding, separator):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "Gro\u0308ße.jpg").write_bytes(b"x")  # as macOS spells it
    reading = read_paths([tmp_path / "one"], frozenset())
    manifest = tmp_path / "m.csv"
    manifest.write_bytes(EXCEL.replace(";", separator).encode(encoding))
    apply_manifest(reading, manifest)
    said = reading.disputes[0].files[0].declared
    assert (said.party, said.description) == ("buyer", "äöü")


def test_a_table_with_zero_bytes_is_refused_with_its_place(tmp_path, reading):
    manifest = tmp_path / "m.csv"
    manifest.write_bytes(b"file\none/a\0.jpg\n")
    with pytest.raises(ManifestError, match="line 2, column 6"):
        apply_manifest(reading, manifest)
