"""Classifies data after the end of a picture.

Phones append previews, motion clips, depth maps and records of their own. That is normal: 11 % of camera JPEGs have
something there. Only an archive, a page, a script or a program is reported.
"""

from __future__ import annotations

import re
import zlib

from validators.measures.containers.buffers import Buffer, Searchable, le16, le32, searchable, u32
from validators.measures.containers.isobmff import scan_isobmff
from validators.measures.containers.jpeg_structure import scan_jpeg

NONE, PADDING, JPEG, VIDEO, VENDOR = "none", "padding", "jpeg", "video", "vendor"
ZIP, RAR, SEVEN_ZIP, GZIP, HTML, SCRIPT, EXECUTABLE = (
    "zip",
    "rar",
    "7z",
    "gzip",
    "html",
    "script",
    "executable",
)

TOLD = frozenset({ZIP, RAR, SEVEN_ZIP, GZIP, HTML, SCRIPT, EXECUTABLE})
"""The kinds that yield a problem."""

_BLANK = b"\0 \t\r\n\xff"
_MAX_PARTS = 16
_WINDOW = 1 << 16
_ZIP_TAIL = 22 + 0xFFFF
_ANYWHERE = (
    (re.compile(rb"Rar!\x1a\x07"), RAR),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), SEVEN_ZIP),
    (re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01"), EXECUTABLE),
    (re.compile(rb"#!/(?:usr/)?bin/[\w/. -]{2,40}\r?\n"), SCRIPT),
)
"""Long enough that neither compressed data nor a disk's slack space holds them by chance."""

_AT_START = ((b"\xcf\xfa\xed\xfe", EXECUTABLE), (b"\xca\xfe\xba\xbe", EXECUTABLE))
_GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_PROGRAM = re.compile(rb"MZ")
_MAX_UNPACKED = 1 << 24
_MAX_TRIED = 1000
_PAGES = (b"<!doctype html", b"<html", b"<body", b"<iframe")
_START = 512
_SCRIPTS = (b"<script", b"powershell ", b"@echo off")


def classify_trailing(data: Buffer, end: int) -> str:
    """The kind of the data after ``end``: the most serious if there are several."""
    source = searchable(data)
    if end >= len(source):
        return NONE
    seen, at = PADDING, end
    for _ in range(_MAX_PARTS):
        at = _skip_blank(source, at)
        if at >= len(source):
            return seen
        kind, after = _known_part(source, at)
        if kind is None:
            break
        seen, at = kind, after
    told = _finding_kind(source, at)
    return told or (VENDOR if seen == PADDING else seen)


def is_cut_short(data: Buffer, end: int) -> bool:
    """Whether a preview or a clip begins after ``end`` and is incomplete: the upload lost its end."""
    source = searchable(data)
    at = end
    for _ in range(_MAX_PARTS):
        at = _skip_blank(source, at)
        kind, after = _known_part(source, at)
        if kind is None:
            return _is_half_picture(source, at)
        if kind == VIDEO and scan_isobmff(memoryview(source)[at:]).cut:
            return True
        at = after
    return False


def _is_half_picture(data: Searchable, at: int) -> bool:
    """Whether a JPEG with a size and a scan has no end. Slack space of a disk seldom begins like that."""
    if data[at : at + 3] != b"\xff\xd8\xff":
        return False
    part = scan_jpeg(memoryview(data)[at:])
    return part.has_frame and part.scans > 0 and not part.has_end_marker


def _skip_blank(data: Searchable, start: int) -> int:
    at = start
    while at < len(data):
        block = data[at : at + _WINDOW]
        rest = block.lstrip(_BLANK)
        at += len(block) - len(rest)
        if rest:
            return max(start, at - _own_blanks(data, at))
    return at


def _own_blanks(data: Searchable, at: int) -> int:
    """How many blank bytes before ``at`` belong to what begins there: JPEG's first byte, a box's length."""
    if data[at : at + 2] == b"\xd8\xff":
        return 1
    return next((back for back in (1, 2, 3) if data[at + 4 - back : at + 8 - back] == b"ftyp"), 0)


def _known_part(data: Searchable, at: int) -> tuple[str | None, int]:
    """A picture or clip that begins at ``at``, and where it ends; (None, at) for anything else."""
    head = bytes(data[at : at + 12])
    if head[:3] == b"\xff\xd8\xff":
        part = scan_jpeg(memoryview(data)[at:])
        return (JPEG, at + part.end_offset) if part.has_end_marker else (None, at)
    if head[4:8] == b"ftyp" and 8 <= u32(data, at) <= 1024:
        clip = scan_isobmff(memoryview(data)[at:])
        return VIDEO, at + max(clip.end_offset, 8)
    return None, at


def _finding_kind(data: Searchable, at: int) -> str | None:
    for pattern, kind in _ANYWHERE:
        if pattern.search(data, at):
            return kind
    if _has_zip(data, at):
        return ZIP
    if _has_windows_program(data, at):
        return EXECUTABLE
    head = bytes(data[at : at + _WINDOW])
    found = next((kind for signature, kind in _AT_START if head.startswith(signature)), None)
    if found is None and _has_gzip(data, at):
        return GZIP
    return found or _markup(head, bytes(data[max(at, len(data) - _WINDOW) :]))


def _markup(head: bytes, tail: bytes) -> str | None:
    if b"<?php" in head or b"<?php" in tail:
        return SCRIPT
    # Markup that neither begins here nor ends the file is a leftover: some cameras write whole disk blocks.
    start, end = head[:_START].lower(), tail.rstrip(_BLANK).lower()
    if any(sign in start for sign in _SCRIPTS) or (end.endswith(b"</script>") and b"<script" in end):
        return SCRIPT
    whole = end.endswith(b"</html>") and b"<html" in end
    return HTML if whole or any(sign in start for sign in _PAGES) else None


def _has_gzip(data: Searchable, at: int) -> bool:
    """Whether a gzip stream begins right here or ends the file. Elsewhere it may be old data in a disk's slack space."""
    for found, _ in zip(_GZIP.finditer(data, at), range(_MAX_TRIED), strict=False):
        if found.start() == at or _unpacks_to_the_end(data, found.start()):
            return True
    return False


def _unpacks_to_the_end(data: Searchable, at: int) -> bool:
    unpacker, read, size = zlib.decompressobj(31), 0, 0
    try:
        while not unpacker.eof and at + read < len(data):
            size += len(unpacker.decompress(bytes(data[at + read : at + read + _WINDOW])))
            read += _WINDOW
            if size > _MAX_UNPACKED:
                return True
    except zlib.error:
        return False
    rest = unpacker.unused_data + bytes(data[at + read :])
    return unpacker.eof and not rest.strip(_BLANK)


def _has_windows_program(data: Searchable, at: int) -> bool:
    """Whether a DOS header points to a PE header. At the very start it may also point beyond the file."""
    for found, _ in zip(_PROGRAM.finditer(data, at), range(_MAX_TRIED), strict=False):
        start = found.start()
        header = start + le32(data, start + 60)
        if data[header : header + 4] == b"PE\0\0" or (
            start == at and len(data) - at >= 64 and header > len(data)
        ):
            return True
    return False


def _has_zip(data: Searchable, at: int) -> bool:
    """Whether a consistent central directory is at the end, or a local file header right here."""
    record = data.rfind(b"PK\x05\x06", max(at, len(data) - _ZIP_TAIL))
    if record >= 0 and record + 22 + le16(data, record + 20) <= len(data):
        directory = record - le32(data, record + 12)
        if le16(data, record + 10) == 0 or (
            directory >= at and data[directory : directory + 4] == b"PK\x01\x02"
        ):
            return True
    return data[at : at + 4] == b"PK\x03\x04" and le16(data, at + 4) < 100
