"""What a folder adds to the contract: privacy, no leftovers, durability when asked for; and addresses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.errors import StoreMisconfiguredError
from storage.objects.folder import FolderObjects
from storage.objects.open_objects import open_objects


def test_objects_are_private_to_their_owner(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    objects.put("a/b", b"1")
    objects.fetch("a/b", tmp_path / "fetched")
    assert (tmp_path / "objects" / "a").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "objects" / "a" / "b", tmp_path / "fetched"):
        assert path.stat().st_mode & 0o777 == 0o600


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
