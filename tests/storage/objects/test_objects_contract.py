"""What every store of objects promises: one suite over all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.errors import ObjectMissingError, ObjectTooLargeError
from storage.interfaces.objects import Objects

BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "a//b",
    "a/",
    "../a",
    "a/../b",
    "a/..",
    ".",
    "./a",
    "a\x00b",
    "a\nb",
    "a\\b",
    "a\udc80",
    "a\u2028b",
    "a/.tmp-0",
    "x" * 256,
    "/".join(["x" * 100] * 11),
]


def test_what_was_put_is_got(objects: Objects) -> None:
    objects.put("a/b/c.jpg", b"\xff\xd8\x00", "image/jpeg")
    assert objects.get("a/b/c.jpg") == b"\xff\xd8\x00"
    assert objects.exists("a/b/c.jpg")


def test_an_empty_object_and_a_large_one(objects: Objects, tmp_path: Path) -> None:
    large = bytes(range(256)) * 20_000
    objects.put("empty", b"")
    objects.put("large", large)
    assert objects.get("empty") == b""
    assert objects.get("large") == large
    objects.fetch("large", tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == large


def test_putting_again_replaces(objects: Objects) -> None:
    objects.put("key", b"old and longer")
    objects.put("key", b"new")
    assert objects.get("key") == b"new"
    assert list(objects.keys()) == ["key"]


@pytest.mark.parametrize("key", ["absent", "absent/deeper", "there/deeper", "folder"])
def test_what_is_absent_is_missing(objects: Objects, tmp_path: Path, key: str) -> None:
    objects.put("there", b"1")
    objects.put("folder/there", b"1")
    assert not objects.exists(key)
    with pytest.raises(ObjectMissingError, match=key):
        objects.get(key)
    with pytest.raises(ObjectMissingError):
        objects.fetch(key, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_fetch_takes_no_more_than_is_wanted(objects: Objects, tmp_path: Path) -> None:
    objects.put("key", bytes(1000))
    objects.fetch("key", tmp_path / "whole", most=1000)
    assert (tmp_path / "whole").stat().st_size == 1000
    with pytest.raises(ObjectTooLargeError, match="key") as caught:
        objects.fetch("key", tmp_path / "more", most=999)
    assert caught.value.size == 1000
    assert not (tmp_path / "more").exists()


def test_fetch_never_overwrites(objects: Objects, tmp_path: Path) -> None:
    objects.put("key", b"1")
    (tmp_path / "there").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        objects.fetch("key", tmp_path / "there")
    assert (tmp_path / "there").read_bytes() == b"mine"


def test_deleted_is_gone_and_deleting_again_is_no_error(objects: Objects) -> None:
    objects.put("a/b", b"1")
    objects.delete("a/b")
    objects.delete("a/b")
    objects.delete("never/was")
    assert not objects.exists("a/b")
    assert list(objects.keys()) == []


def test_keys_are_sorted_by_code_point_and_start_with_the_prefix(objects: Objects) -> None:
    keys = ["a", "a-b", "a.b/c", "ab/c", "ab/d/e", "ab-", "ac", "b", "Z", "é/ü 1.jpg", "\U0001f600"]
    for key in keys:
        objects.put(key, b"1")
    assert list(objects.keys()) == sorted(keys)
    for prefix in ["a", "ab", "ab/", "ab/d", "ab/d/", "ab/c", "é", "zzz", "ab/c/", "nothing/here"]:
        assert list(objects.keys(prefix)) == sorted(key for key in keys if key.startswith(prefix)), prefix


def test_a_key_that_leads_elsewhere_is_refused(objects: Objects, tmp_path: Path) -> None:
    uses: list[Callable[[str], object]] = [
        lambda key: objects.put(key, b"1"),
        objects.get,
        objects.exists,
        objects.delete,
        lambda key: objects.fetch(key, tmp_path / "new"),
    ]
    for key in BAD_KEYS:
        for use in uses:
            with pytest.raises(ValueError, match="not a key"):
                use(key)
    assert list(objects.keys()) == []


def test_a_prefix_that_leads_elsewhere_is_refused(objects: Objects) -> None:
    for prefix in ["../", "/", "a//", "a/../b", "a\x00", "\\"]:
        with pytest.raises(ValueError, match="key"):
            list(objects.keys(prefix))


def test_a_reader_sees_the_old_or_the_new(objects: Objects) -> None:
    versions = [bytes([fill]) * 200_000 for fill in range(4)]
    objects.put("key", versions[0])
    seen: list[bytes] = []

    def read() -> None:
        seen.extend(objects.get("key") for _ in range(20))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in versions * 3:
        objects.put("key", version)
    for reader in readers:
        reader.join()
    assert len(seen) == 40
    assert all(data in versions for data in seen)


def test_erased_it_is_gone(objects: Objects) -> None:
    objects.put("a/key", b"1")
    objects.put("a/key", b"2")
    objects.put("a/key-2", b"3")
    objects.erase("a/key")
    assert not objects.exists("a/key")
    assert objects.get("a/key-2") == b"3"
    objects.erase("a/key")
