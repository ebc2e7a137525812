"""A folder that others write to: no link is followed and nothing but files is opened, whatever is put there meanwhile."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.errors import ObjectMissingError, ObjectUnsafeError
from storage.objects import beneath
from storage.objects.beneath import UnsafeFileError, opened_path
from storage.objects.folder import FolderObjects

SECRET = b"of another"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "kept").write_bytes(SECRET)
    return folder


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    made = FolderObjects(tmp_path / "uploads")
    made.put("D-1/buyer/photo.jpg", b"a photo")
    return made


def a_link_to_a_file(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "kept")


def a_link_to_a_folder(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def a_link_to_nothing(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "absent")


def a_link_to_itself(place: Path, _: Path) -> None:
    place.symlink_to(place.name)


def a_pipe(place: Path, _: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path, _: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(place.name)
    finally:
        os.chdir(here)


OTHERS = [a_link_to_a_file, a_link_to_a_folder, a_link_to_nothing, a_link_to_itself, a_pipe, a_socket]
Make = Callable[[Path, Path], None]


@pytest.mark.parametrize("make", OTHERS)
def test_in_a_files_place_it_is_no_object(
    objects: FolderObjects, tmp_path: Path, outside: Path, make: Make
) -> None:
    make(tmp_path / "uploads" / "D-1" / "buyer" / "other", outside)
    key = "D-1/buyer/other"
    assert not objects.exists(key)
    with pytest.raises(ObjectUnsafeError, match=key):
        objects.get(key)
    with pytest.raises(ObjectUnsafeError):
        objects.fetch(key, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()
    assert list(objects.keys()) == [entry.key for entry in objects.entries()] == ["D-1/buyer/photo.jpg"]


@pytest.mark.parametrize("make", OTHERS)
def test_writing_to_a_files_place_replaces_it_and_nothing_behind_it(
    objects: FolderObjects, tmp_path: Path, outside: Path, make: Make
) -> None:
    make(tmp_path / "uploads" / "D-1" / "report.json", outside)
    objects.put("D-1/report.json", b"a report")
    assert objects.get("D-1/report.json") == b"a report"
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_bytes() == SECRET


@pytest.mark.parametrize(
    ("above", "key"), [("", "other/kept"), ("D-1", "D-1/other/kept"), ("D-1", "D-1/other/deep/kept")]
)
@pytest.mark.parametrize("make", OTHERS)
def test_in_a_folders_place_nothing_is_read_written_or_removed_through_it(
    objects: FolderObjects, tmp_path: Path, outside: Path, above: str, key: str, make: Make
) -> None:
    make(
        tmp_path / "uploads" / key.split("/other/", maxsplit=1)[0].replace("other/kept", "") / "other",
        outside,
    )
    assert not objects.exists(key)
    with pytest.raises(ObjectMissingError):
        objects.get(key)
    with pytest.raises(ObjectUnsafeError):
        objects.put(key, b"written")
    objects.delete(key)
    assert list(objects.keys("D-1/other/")) == list(objects.keys("other/")) == []
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_bytes() == SECRET


def test_a_link_itself_can_be_removed(objects: FolderObjects, tmp_path: Path, outside: Path) -> None:
    a_link_to_a_file(tmp_path / "uploads" / "D-1" / "link", outside)
    objects.delete("D-1/link")
    assert not (tmp_path / "uploads" / "D-1" / "link").is_symlink()
    assert (outside / "kept").exists()


def test_the_root_may_be_a_link_since_its_owner_made_it(objects: FolderObjects, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(tmp_path / "uploads")
    assert FolderObjects(tmp_path / "elsewhere").get("D-1/buyer/photo.jpg") == b"a photo"


@pytest.mark.parametrize("level", [0, 1, 2])
def test_what_is_swapped_between_two_steps_is_not_followed(
    objects: FolderObjects, tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch, level: int
) -> None:
    """Just before the step that opens it, each part of the way becomes a link."""
    parts = ["D-1", "buyer", "photo.jpg"]
    place = tmp_path.joinpath("uploads", *parts[: level + 1])
    (outside / "photo.jpg").write_bytes(SECRET)
    (outside / "buyer").mkdir()
    (outside / "buyer" / "photo.jpg").write_bytes(SECRET)
    really = os.open

    def swapping(name: str | Path, *more: int, **how: int) -> int:
        if name == parts[level] and not place.is_symlink():
            place.rename(tmp_path / "away")
            place.symlink_to(outside / "photo.jpg" if level == 2 else outside)
        return really(name, *more, **how)

    monkeypatch.setattr(beneath.os, "open", swapping)
    with pytest.raises(ObjectUnsafeError):
        objects.get("/".join(parts))
    assert place.is_symlink()


@pytest.fixture
def swapped_without_end(tmp_path: Path, outside: Path, objects: FolderObjects) -> Iterator[None]:
    """Somebody who makes the folder a link to another and back, as fast as can be."""
    uploads, done = tmp_path / "uploads", threading.Event()
    (outside / "photo.jpg").write_bytes(SECRET)
    (tmp_path / "link").symlink_to(outside)

    def swap() -> None:
        while not done.is_set():
            (uploads / "D-1" / "buyer").rename(tmp_path / "away")
            (tmp_path / "link").rename(uploads / "D-1" / "buyer")
            (uploads / "D-1" / "buyer").rename(tmp_path / "link")
            (tmp_path / "away").rename(uploads / "D-1" / "buyer")

    thread = threading.Thread(target=swap)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("swapped_without_end")
def test_a_race_is_never_won(objects: FolderObjects, outside: Path) -> None:
    seen = set()
    for number in range(2000):
        try:
            seen.add(objects.get("D-1/buyer/photo.jpg"))
            objects.put("D-1/buyer/written", b"%d" % number)
        except ObjectMissingError:
            seen.add(None)
    assert seen <= {b"a photo", None}
    assert not (outside / "written").exists()


def test_a_whole_path_is_opened_without_links(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "link").symlink_to(outside)
    os.close(opened_path(outside / "kept"))
    with pytest.raises(UnsafeFileError):
        opened_path(tmp_path / "link" / "kept")
    with pytest.raises(IsADirectoryError):
        opened_path(outside)


def test_a_relative_path_is_opened_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here").write_bytes(b"1")
    os.close(opened_path(Path("here")))
