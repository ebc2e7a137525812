"""Walks a PNG's chunks: the checksums of those that matter, and whether its end is there.

Source: PNG specification (third edition), sections 5 and 11.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u32

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 200_000
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk; ``start``/``end`` bound its data, the checksum follows."""

    type: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PngStructure:
    """``end_offset`` is just past IEND, or as far as chunks could be followed. Sizes in pixels.

    ``bad_critical`` and ``bad_ancillary`` count chunks with a wrong checksum. ``broken``: there is something else where a
    chunk should be. ``cut``: the data ends inside a chunk or before IEND.
    """

    end_offset: int
    width: int = 0
    height: int = 0
    chunks: int = 0
    has_end: bool = False
    cut: bool = False
    broken: bool = False
    bad_critical: int = 0
    bad_ancillary: int = 0


def png_chunks(data: Searchable) -> Iterator[Chunk]:
    """The chunks in order, up to IEND, the first thing that is no chunk, or the first one that is cut."""
    at, size = len(SIGNATURE), len(data)
    for _ in range(_MAX_CHUNKS):
        if at + 12 > size:
            return
        length, kind = u32(data, at), bytes(data[at + 4 : at + 8])
        if not kind.isalpha() or at + 12 + length > size:
            return
        yield Chunk(kind, at + 8, at + 8 + length)
        if kind == b"IEND":
            return
        at += 12 + length


def scan_png(data: Buffer) -> PngStructure:
    """Walk the chunks and check their CRC-32. Never raises."""
    source = searchable(data)
    if source[:8] != SIGNATURE:
        return PngStructure(end_offset=0, broken=True)
    end, count, critical, ancillary, width, height, last = len(SIGNATURE), 0, 0, 0, 0, 0, b""
    for chunk in png_chunks(source):
        count += 1
        end, last = chunk.end + 4, chunk.type
        if _crc(source, chunk) != u32(source, chunk.end):
            if chunk.type[0] & 0x20:
                ancillary += 1
            else:
                critical += 1
        if chunk.type == b"IHDR":
            width, height = u32(source, chunk.start), u32(source, chunk.start + 4)
    has_end = last == b"IEND"
    cut = not has_end and _is_cut(source, end)
    return PngStructure(end, width, height, count, has_end, cut, not has_end and not cut, critical, ancillary)


def _is_cut(data: Searchable, at: int) -> bool:
    """Whether nothing follows ``at``, or only the beginning of a chunk."""
    rest = bytes(data[at : at + 8])
    return len(rest) < 8 or rest[4:8].isalpha()


def _crc(data: Searchable, chunk: Chunk) -> int:
    value = 0
    view = memoryview(data)
    try:
        for at in range(chunk.start - 4, chunk.end, _BLOCK):
            value = zlib.crc32(view[at : min(at + _BLOCK, chunk.end)], value)
    finally:
        view.release()
    return value
