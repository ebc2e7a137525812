"""evidence import: an embedded store's knowledge brought into the configured record."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit import codes, declare
from pictures import save, scene
from worker_stacks import Stack, stack

__all__ = ["stack"]


@pytest.fixture
def old_store(tmp_path: Path, evidence) -> Path:
    """A store that a check of last year's evidence filled."""
    declare(
        tmp_path / "old" / "D-OLD",
        "b-1",
        evidence=[{"file": "mug.jpg", "submitted_at": "2025-03-01T10:00:00Z"}],
    )
    save(scene(21), tmp_path / "old" / "D-OLD" / "mug.jpg")
    embedded = {"EVIDENCE_DATABASE_URL": "", "EVIDENCE_OBJECTS_URL": ""}
    evidence("check", tmp_path / "old", store="old-store", env=embedded)
    return tmp_path / "old-store"


def test_imported_evidence_is_found_as_the_earlier_one(stack: Stack, tmp_path: Path, old_store: Path) -> None:
    for _ in range(2):  # it may be repeated
        brought = stack.run("import", old_store)
        assert brought.status == 0, brought.log
        assert brought.text.startswith("1 item of 1 dispute added")
    declare(tmp_path / "new" / "D-NEW", "b-2")
    save(scene(21), tmp_path / "new" / "D-NEW" / "again.jpg", quality=70)
    stack.run("enqueue", tmp_path / "new", "--submitted-at", "2025-04-01T10:00:00Z")
    stack.drain()
    old, new = stack.report("D-OLD"), stack.report("D-NEW")
    assert [entry["file"] for entry in old["evidence"]] == ["mug.jpg"]
    assert [match["direction"] for match in new["evidence"][0]["matches"]] == ["earlier"]
    assert "DUP_SAME_PHOTO" in codes(new["evidence"][0])
    assert [match["dispute_id"] for match in old["evidence"][0]["matches"]] == ["D-NEW"]


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    ran = Stack(tmp_path).run("import", tmp_path)
    assert ran.status == 2
    assert "There is no embedded store in" in ran.log
