"""Walks a RIFF file's chunks: WebP stills and AVI video.

Sources: RFC 9649 (WebP container), RFC 6386 section 9.1 (VP8 frame header), Microsoft's AVI RIFF reference.
Lossy WebP has no checksum, so only damage of the container is found, not of the picture data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validators.measures.containers.buffers import Buffer, Searchable, le16, le32, searchable

_MAX_CHUNKS = 100_000
_FRAMES = frozenset({b"VP8 ", b"VP8L"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk; ``start``/``end`` bound its data, without the padding byte."""

    id: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RiffStructure:
    """``declared_end`` is where the header says the file ends, ``end_offset`` where its last whole chunk
    ends.

    ``broken`` names what does not fit, "" if everything does. ``has_content``: there is picture or movie data.
    """

    form: bytes
    declared_end: int
    end_offset: int
    cut: bool = False
    broken: str = ""
    has_content: bool = False


def declared_end(data: Searchable) -> int:
    """Where the header says that the file ends: chunks that follow are not part of it."""
    return 8 + le32(data, 4)


def riff_chunks(data: Searchable, start: int = 12, end: int | None = None) -> Iterator[Chunk]:
    """The chunks of ``data[start:end]``, in order; a last one that is cut is given as far as it goes."""
    stop = len(data) if end is None else min(end, len(data))
    at = start
    for _ in range(_MAX_CHUNKS):
        if at + 8 > stop:
            return
        size = le32(data, at + 4)
        yield Chunk(bytes(data[at : at + 4]), at + 8, min(at + 8 + size, stop))
        at += 8 + size + (size & 1)


def scan_riff(data: Buffer) -> RiffStructure:
    """Walk the top-level chunks. Never raises; for what is no RIFF file ``form`` is empty."""
    source = searchable(data)
    if source[:4] != b"RIFF" or len(source) < 12:
        return RiffStructure(b"", 0, 0, broken="no RIFF header")
    form = bytes(source[8:12])
    declared = 8 + le32(source, 4)
    stop = min(declared, len(source))
    at, broken, content, cut = 12, "", False, declared > len(source)
    for chunk in riff_chunks(source, end=stop):
        if not _is_code(chunk.id):
            broken = broken or f"no chunk at byte {chunk.start - 8}"
            break
        size = le32(source, chunk.start - 4)
        if chunk.start + size > stop:
            broken = broken or ("" if cut else f"a chunk at byte {chunk.start - 8} passes the end")
            break
        broken = broken or _webp_problem(source, chunk) if form == b"WEBP" else broken
        content = content or chunk.id in _FRAMES or chunk.id in (b"ANMF", b"LIST")
        at = chunk.end + (size & 1)
    end = declared if not cut and not broken else at
    return RiffStructure(form, declared, min(end, len(source)), cut, broken, content)


def _is_code(code: bytes) -> bool:
    # some writers end a short name with a zero byte instead of a space ("XMP\0")
    return len(code) == 4 and all(0x20 <= byte < 0x7F for byte in code.rstrip(b"\0")) and code[:1] != b"\0"


def _webp_problem(data: Searchable, chunk: Chunk) -> str:
    """What is wrong with one WebP chunk, or ""."""
    at = chunk.start - 8
    if chunk.id == b"ANMF":
        return _frame_problem(data, chunk)
    if chunk.id == b"VP8L" and data[chunk.start : chunk.start + 1] != b"\x2f":
        return f"no lossless frame header at byte {at}"
    if chunk.id == b"VP8X" and chunk.end - chunk.start < 10:
        return f"a short header at byte {at}"
    return _vp8_problem(data, chunk) if chunk.id == b"VP8 " else ""


def _frame_problem(data: Searchable, frame: Chunk) -> str:
    for inner in riff_chunks(data, frame.start + 16, frame.end):
        if inner.start + le32(data, inner.start - 4) > frame.end:
            return f"a frame at byte {frame.start - 8} passes its chunk"
        problem = _webp_problem(data, inner) if inner.id != b"ANMF" else "a frame inside a frame"
        if problem:
            return problem
    return ""


def _vp8_problem(data: Searchable, chunk: Chunk) -> str:
    at = chunk.start
    if chunk.end - at < 10 or data[at] & 1 or data[at + 3 : at + 6] != b"\x9d\x01\x2a":
        return f"no key frame header at byte {at}"
    first_partition = int.from_bytes(data[at : at + 3], "little") >> 5
    if first_partition > chunk.end - at - 10:
        return f"the first partition at byte {at} passes its chunk"
    if not le16(data, at + 6) & 0x3FFF or not le16(data, at + 8) & 0x3FFF:
        return f"a frame without size at byte {at}"
    return ""
