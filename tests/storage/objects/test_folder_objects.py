"""What a folder adds to the contract: privacy, no leftovers, durability when asked for; and addresses."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from storage.errors import DENIED, UNREADABLE, ObjectRefusedError, StoreMisconfiguredError
from storage.objects import folder
from storage.objects.folder import FolderObjects
from storage.objects.open_objects import open_objects


def test_objects_are_private_to_their_owner(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    objects.put("a/b", b"1")
    objects.fetch("a/b", tmp_path / "fetched")
    assert (tmp_path / "objects" / "a").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "objects" / "a" / "b", tmp_path / "fetched"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_one_file_that_is_refused_is_told_from_a_folder_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = FolderObjects(tmp_path / "objects")
    objects.put("a/b", b"1")

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folder, "opened_file", denied)
    with pytest.raises(ObjectRefusedError) as raised:
        objects.fetch("a/b", tmp_path / "new")
    assert raised.value.reason == DENIED
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreMisconfiguredError):
        objects.fetch("a/b", tmp_path / "new")


def test_a_file_on_a_bad_sector_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = FolderObjects(tmp_path / "objects")
    objects.put("a/b", b"1")

    class Broken(io.BytesIO):
        def read(self, _: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        def fileno(self) -> int:
            return descriptor

    with (tmp_path / "objects/a/b").open("rb") as file:
        descriptor = file.fileno()
        monkeypatch.setattr(FolderObjects, "_opened", lambda *_: Broken())
        with pytest.raises(ObjectRefusedError) as raised:
            objects.fetch("a/b", tmp_path / "new")
    assert raised.value.reason == UNREADABLE
    assert not (tmp_path / "new").exists()


def test_what_a_killed_writer_left_is_no_object(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a/b", b"1")
    (tmp_path / "a" / ".tmp-0123").write_bytes(b"half")
    assert list(objects.keys()) == ["a/b"]


def test_an_interrupted_put_leaves_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("key", b"old")

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        objects.put("key", b"new")
    monkeypatch.undo()
    assert objects.get("key") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("durable", [True, False])
def test_only_a_durable_store_forces_data_and_folder_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda number: synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
    )
    FolderObjects(tmp_path, durable=durable).put("key", b"1")
    assert len(synced) == 2 * durable
    assert synced == [] or (".tmp-" in synced[0] and synced[1] == str(tmp_path))


def test_reading_an_absent_folder_makes_none(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "never")
    assert not objects.exists("a")
    assert list(objects.keys()) == []
    objects.delete("a")
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("form", ["path", "text", "file://", "file://localhost"])
def test_addresses_of_a_folder(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "with space"
    address: dict[str, str | Path] = {
        "path": folder,
        "text": str(folder),
        "file://": folder.as_uri(),
        "file://localhost": folder.as_uri().replace("file://", "file://localhost"),
    }
    open_objects(address[form]).put("key", b"1")
    assert (folder / "key").read_bytes() == b"1"


@pytest.mark.parametrize(
    "address", ["", "s3://", "s3:///key", "http://host/bucket", "file://host/path", "s3://b?x=1"]
)
def test_an_unknown_address_is_refused_with_what_to_give(address: str) -> None:
    with pytest.raises(StoreMisconfiguredError, match="s3://bucket/prefix"):
        open_objects(address)
