"""A folder of uploads that others write to: links and pipes among them are findings, and lead nowhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from kit import codes, declare
from pictures import save, scene
from worker_stacks import Stack

SECRET = "root:x:0:0"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "words.txt").write_text(SECRET)
    return folder


@pytest.fixture
def uploads(stack: Stack, tmp_path: Path) -> Path:
    """Two disputes in the queue, their files copied to where uploads rest."""
    cases = tmp_path / "cases"
    declare(cases / "D-1", "b-1")
    declare(cases / "D-2", "b-2")
    for number in (1, 2):
        folder = cases / f"D-{number}" / "buyer"
        save(scene(number), folder / "photo.jpg")
        (folder / "words.txt").write_text("words of the buyer\n")
    sent = stack.run("enqueue", cases)
    assert sent.status == 0, sent.log
    return tmp_path / "store" / "uploads"


def a_link_in_a_files_place(uploads: Path, outside: Path) -> None:
    (uploads / "D-1" / "buyer" / "words.txt").unlink()
    (uploads / "D-1" / "buyer" / "words.txt").symlink_to(outside / "words.txt")


def a_link_in_a_folders_place(uploads: Path, outside: Path) -> None:
    (uploads / "D-1" / "buyer").rename(uploads / "moved")
    (uploads / "D-1" / "buyer").symlink_to(outside)


def a_link_in_a_disputes_place(uploads: Path, outside: Path) -> None:
    (outside / "buyer").mkdir()
    (outside / "buyer" / "words.txt").write_text(SECRET)
    (uploads / "D-1").rename(uploads / "moved")
    (uploads / "D-1").symlink_to(outside)


def a_pipe_in_a_files_place(uploads: Path, _: Path) -> None:
    (uploads / "D-1" / "buyer" / "words.txt").unlink()
    os.mkfifo(uploads / "D-1" / "buyer" / "words.txt")


@pytest.mark.parametrize(
    "swap",
    [a_link_in_a_files_place, a_link_in_a_folders_place, a_link_in_a_disputes_place, a_pipe_in_a_files_place],
)
def test_what_takes_an_uploads_place_is_said_of_it_and_never_opened(
    stack: Stack, uploads: Path, outside: Path, swap: Callable[[Path, Path], None]
) -> None:
    swap(uploads, outside)
    before = sorted(path.relative_to(outside) for path in outside.rglob("*"))
    stack.drain()
    first, second = stack.report("D-1"), stack.report("D-2")
    words = next(entry for entry in first["evidence"] if entry["file"] == "buyer/words.txt")
    assert "FMT_UNSUPPORTED" in codes(words)
    assert SECRET not in json.dumps(first)
    assert all("FMT_UNSUPPORTED" not in codes(entry) for entry in second["evidence"])
    assert sorted(path.relative_to(outside) for path in outside.rglob("*")) == before
    assert "dead letters: 0" in stack.run("queue").text


def test_no_report_is_written_through_a_link(stack: Stack, uploads: Path, outside: Path) -> None:
    (uploads / "D-1" / "evidence-report").symlink_to(outside)
    log = stack.drain().log
    assert "is not written beside its evidence" in log
    assert [path.name for path in outside.iterdir()] == ["words.txt"]
    assert len(stack.report("D-1")["evidence"]) == 2
    assert (uploads / "D-2" / "evidence-report" / "report.json").is_file()


def test_a_report_replaces_a_link_in_its_place(stack: Stack, uploads: Path, outside: Path) -> None:
    (uploads / "D-1" / "evidence-report").mkdir()
    (uploads / "D-1" / "evidence-report" / "report.json").symlink_to(outside / "words.txt")
    stack.drain()
    assert (
        json.loads((uploads / "D-1" / "evidence-report" / "report.json").read_text())["dispute"]["id"]
        == "D-1"
    )
    assert (outside / "words.txt").read_text() == SECRET


def test_enqueue_leaves_out_what_became_a_link(stack: Stack, tmp_path: Path, outside: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "words.txt").symlink_to(outside / "words.txt")
    os.mkfifo(tmp_path / "given" / "pipe.txt")
    sent = stack.run("enqueue", tmp_path / "given")
    assert sent.status == 1
    assert sent.text.count("left out:") == 2
    assert "0 uploads sent" in sent.text


def test_what_is_larger_than_any_file_may_be_is_said_and_not_copied(
    stack: Stack, uploads: Path, tmp_path: Path
) -> None:
    with (uploads / "D-1" / "buyer" / "words.txt").open("wb") as file:
        file.truncate(5 << 40)
    with (tmp_path / "huge.mp4").open("wb") as file:
        file.truncate(5 << 40)
    stack.drain()
    words = next(entry for entry in stack.report("D-1")["evidence"] if entry["file"] == "buyer/words.txt")
    assert "FMT_TOO_LARGE" in codes(words)
    assert words["bytes"] == 5 << 40
    checked = stack.run("check", tmp_path / "huge.mp4", "--out", tmp_path / "out")
    assert checked.status == 1, checked.log
    (entry,) = json.loads((tmp_path / "out" / "report.json").read_text())["evidence"]
    assert "FMT_TOO_LARGE" in codes(entry)
