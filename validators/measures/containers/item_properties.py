"""Which property a HEIF or AVIF file states for its main picture: here the transfer curve, which says whether it is HDR.

Sources: ISO/IEC 23008-12 section 6 (``pitm``, ``iprp``), ISO/IEC 14496-12 section 12.1.5 (``colr``), ITU-T H.273 table 3. Files
with a gain map hold a second, HDR description for the derived picture, so only the main picture's own properties count.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.measures.containers.buffers import Searchable, u16, u32
from validators.measures.containers.isobmff import boxes, find_box

_MOST_ITEMS = 4096
_MOST_PROPERTIES = 1024


def main_transfer(data: Searchable) -> int | None:
    """The code of the main picture's transfer curve, None where its colours are not described so."""
    main, table = find_box(data, (b"meta", b"pitm")), find_box(data, (b"meta", b"iprp"))
    if main is None or table is None:
        return None
    item = (
        u32(data, main.start + 4) if data[main.start : main.start + 1] != b"\0" else u16(data, main.start + 4)
    )
    kept = next((box for box in boxes(data, table.start, table.end) if box.type == b"ipco"), None)
    if kept is None:
        return None
    properties = [
        box for box, _ in zip(boxes(data, kept.start, kept.end), range(_MOST_PROPERTIES), strict=False)
    ]
    for box in boxes(data, table.start, table.end):
        if box.type == b"ipma" and box.end <= len(data):
            for index in _indices(data, associations(data, box.start, box.end).get(item, b""), box.start):
                if 0 < index <= len(properties):
                    found = properties[index - 1]
                    if found.type == b"colr" and data[found.start : found.start + 4] == b"nclx":
                        return u16(data, found.start + 6)
    return None


def associations(data: Searchable, start: int, end: int) -> dict[int, bytes]:
    """By item, its whole entry in an ``ipma`` whose version begins at ``start``."""
    wide, each = _widths(data, start)
    found, at, end = dict[int, bytes](), start + 8, min(end, len(data))
    for _ in range(min(u32(data, start + 4), _MOST_ITEMS)):
        if at + wide >= end:
            break
        item = u32(data, at) if wide == 4 else u16(data, at)
        after = at + wide + 1 + each * data[at + wide]
        found[item], at = bytes(data[at : min(after, end)]), after
    return found


def _indices(data: Searchable, entry: bytes, start: int) -> Iterator[int]:
    wide, each = _widths(data, start)
    for at in range(wide + 1, len(entry) - each + 1, each):
        yield u16(entry, at) & 0x7FFF if each == 2 else entry[at] & 0x7F


def _widths(data: Searchable, start: int) -> tuple[int, int]:
    """Bytes of an item's number, and of a property's."""
    head = bytes(data[start : start + 4]).ljust(4, b"\0")
    return (4 if head[0] else 2), (2 if head[3] & 1 else 1)
