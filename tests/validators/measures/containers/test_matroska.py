"""The end of a Matroska or WebM file, with sizes stated and as browsers record them, unknown."""

import pytest

from validators.measures.containers.container import structure_problems
from validators.measures.containers.matroska import matroska_extent

UNKNOWN = b"\x01" + b"\xff" * 7


def element(name: str, body: bytes, *, stated: bool = True) -> bytes:
    size = (len(body) | 1 << 28).to_bytes(4, "big") if stated else UNKNOWN
    return bytes.fromhex(name) + size + body


HEAD = element("1a45dfa3", bytes(range(20)))


def recording(*, stated: bool) -> bytes:
    block = element("a3", b"\x81\0\0\x80" + b"picture" * 40)
    cluster = element("1f43b675", element("e7", b"\0") + block * 3, stated=stated)
    return HEAD + element("18538067", element("1549a966", b"info") + cluster * 3, stated=stated)


@pytest.mark.parametrize("stated", [True, False])
def test_whole(stated):
    data = recording(stated=stated)
    assert matroska_extent(data).end_offset == len(data)
    assert structure_problems("video/webm", data) == ()


@pytest.mark.parametrize("lost", [1, 30, 600, 2000])
@pytest.mark.parametrize("stated", [True, False])
def test_a_lost_end(stated, lost):
    found = structure_problems("video/webm", recording(stated=stated)[:-lost])
    assert [problem.code for problem in found] == ["truncated"]


def test_what_follows_a_stated_end_is_classified():
    data = recording(stated=True)
    assert structure_problems("video/x-matroska", data + bytes(100)) == ()
    found = structure_problems("video/x-matroska", data + b"#!/bin/sh\nexit\n")
    assert [(p.code, p.detail) for p in found] == [("trailing_data", "script")]


def test_never_raises_on_any_cut_or_byte():
    data = recording(stated=False)
    for at in range(0, len(data), 7):
        matroska_extent(data[:at])
        for byte in (0, 0x01, 0xFF):
            matroska_extent(data[:at] + bytes([byte]) + data[at + 1 :])
