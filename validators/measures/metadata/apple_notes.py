"""The content identifier of a Live Photo: the still and its film state the same one.

Source: Apple's maker note as ExifTool documents it (tag 17). Its offsets count from the note's own start.
"""

from __future__ import annotations

import re

from validators.measures.containers.buffers import u16, u32

_MARK = b"Apple iOS\0"
_TABLE = 14
_IDENTIFIER, _TEXT = 0x0011, 2
_MOST_ENTRIES = 200
_SHAPE = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")


def content_identifier(exif: bytes) -> str:
    """The identifier in upper case, "" where there is none. Never raises."""
    start = exif.find(_MARK)
    if start < 0 or exif[start + 12 : start + 14] != b"MM":
        return ""
    table = start + _TABLE
    for entry in range(table + 2, table + 2 + 12 * min(u16(exif, table), _MOST_ENTRIES), 12):
        if u16(exif, entry) == _IDENTIFIER and u16(exif, entry + 2) == _TEXT:
            at = start + u32(exif, entry + 8)
            text = exif[at : at + 36].decode("latin-1")
            return text.upper() if _SHAPE.fullmatch(text) else ""
    return ""
