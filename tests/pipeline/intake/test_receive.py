"""Receiving: a private copy, hashed; the source untouched."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from pipeline.intake import receive as receiving
from pipeline.intake.receive import ReceiveError, receive
from storage.errors import StoreFullError

MOST = 4 << 20


@pytest.fixture
def incoming(tmp_path):
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


def test_the_copy_is_whole_and_hashed(tmp_path, incoming):
    data = os.urandom(3_000_000)
    source = tmp_path / "a.jpg"
    source.write_bytes(data)
    got = receive(source, incoming, MOST)
    assert got.path.read_bytes() == data == source.read_bytes()
    assert (got.sha256, got.bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert got.path.parent == incoming
    assert "a.jpg" not in got.path.name


@pytest.mark.parametrize("kind", ["missing", "folder", "link", "pipe"])
def test_what_is_no_file_is_refused_by_name_of_the_reason(tmp_path, incoming, kind):
    source = tmp_path / "x"
    if kind == "folder":
        source.mkdir()
    elif kind == "link":
        source.symlink_to("/etc/hostname")
    elif kind == "pipe":
        os.mkfifo(source)
    with pytest.raises(ReceiveError) as caught:
        receive(source, incoming, MOST)
    expected = {
        "missing": "missing",
        "folder": "unsafe_path",
        "link": "unsafe_path",
        "pipe": "unsafe_path",
    }
    assert caught.value.code == expected[kind]
    assert list(incoming.iterdir()) == []


def test_a_full_disk_is_the_stores_fault_and_leaves_nothing(tmp_path, incoming, monkeypatch):
    source = tmp_path / "a.jpg"
    source.write_bytes(b"x")

    class Full:
        def update(self, _data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(receiving.hashlib, "sha256", Full)
    with pytest.raises(StoreFullError, match="free some"):
        receive(source, incoming, MOST)
    assert list(incoming.iterdir()) == []


def test_a_sparse_file_of_terabytes_is_too_large_and_none_of_it_is_copied(tmp_path, incoming):
    source = tmp_path / "a.mp4"
    with source.open("wb") as file:
        file.truncate(5 << 40)
    with pytest.raises(ReceiveError) as caught:
        receive(source, incoming, MOST)
    assert (caught.value.code, caught.value.bytes) == ("too_large", 5 << 40)
    assert list(incoming.iterdir()) == []


def test_a_file_of_the_most_is_received_and_of_one_byte_more_not(tmp_path, incoming):
    source = tmp_path / "a.jpg"
    source.write_bytes(bytes(MOST))
    assert receive(source, incoming, MOST).bytes == MOST
    source.write_bytes(bytes(MOST + 1))
    with pytest.raises(ReceiveError, match="bytes"):
        receive(source, incoming, MOST)


def test_a_file_that_grows_while_it_is_copied_is_left_at_the_bound(tmp_path, incoming, monkeypatch):
    """Its size was right when it was asked for."""
    source = tmp_path / "a.jpg"
    source.write_bytes(bytes(MOST))
    written = []
    really = receiving._read

    def growing(descriptor):
        with source.open("ab") as more:
            more.write(bytes(2 << 20))
        written.append(sum(path.stat().st_size for path in incoming.iterdir()))
        return really(descriptor)

    monkeypatch.setattr(receiving, "_read", growing)
    with pytest.raises(ReceiveError) as caught:
        receive(source, incoming, MOST)
    assert caught.value.code == "too_large"
    assert max(written) <= MOST
    assert list(incoming.iterdir()) == []
