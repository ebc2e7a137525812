"""What lies beside photos is skipped and named; a placeholder stands for a photo that did not come."""

from __future__ import annotations

import pytest

from pipeline.intake.folders import read_paths


def read(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    found = read_paths([folder], frozenset()).disputes[0]
    return {file.file: file.problem for file in found.files}, found.skipped


@pytest.mark.parametrize(
    "sidecar",
    [
        "IMG_1.AAE", "IMG_1.xmp", "IMG_1.JPG.supplemental-metadata.json", "IMG_1.JPG.supplemental-metadata(1).json",
        "IMG_1.JPG.suppl.json", "IMG_1.JPG.json", "@eaDir/SYNOPHOTO_THUMB_M.jpg", ".IMG_1.JPG.icloud",
    ],
)  # fmt: skip
def test_sidecars_are_no_evidence_and_are_named(tmp_path, sidecar):
    files, skipped = read(tmp_path / "D-1", "IMG_1.JPG", sidecar)
    assert files == {"IMG_1.JPG": None}
    assert skipped == [sidecar.split("/")[0]]


def test_json_of_a_file_that_is_not_there_is_evidence(tmp_path):
    files, _ = read(tmp_path / "D-1", "chat.json", "export.jpg.json")
    assert set(files) == {"chat.json", "export.jpg.json"}


def test_a_placeholder_without_its_photo_is_a_missing_file(tmp_path):
    files, skipped = read(tmp_path / "D-1", "a.jpg", ".IMG_2.HEIC.icloud")
    assert files == {"a.jpg": None, "IMG_2.HEIC": "missing"}
    assert skipped == []


def test_a_folder_of_sidecars_alone_is_no_dispute_and_they_are_named(tmp_path):
    (tmp_path / "D-1" / "buyer").mkdir(parents=True)
    (tmp_path / "D-1" / "buyer" / "IMG_2.AAE").write_bytes(b"x")
    reading = read_paths([tmp_path / "D-1"], frozenset())
    assert reading.disputes == []
    assert reading.skipped == ["D-1/buyer/IMG_2.AAE"]
