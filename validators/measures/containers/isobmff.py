"""Walk the boxes of an ISO base media file: MP4, QuickTime, 3GP, HEIC, HEIF, AVIF.

Sources: ISO/IEC 14496-12 (box syntax, ``iloc``), ISO/IEC 23008-12 (HEIF), Apple's QuickTime File Format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u16, u32, u64

_MAX_BOXES = 10_000
_MAX_EXTENTS = 20_000
_TOP_LEVEL = frozenset(
    b"ftyp styp moov moof mdat free skip wide pnot meta uuid mfra sidx ssix prft emsg pdin meco udta "
    b"mpvd sefd idat imda PICT junk jp2h jp2c".split()
)


@dataclass(frozen=True, slots=True)
class Box:
    """One box; ``start``/``end`` bound its payload, ``at`` is the offset of its header."""

    type: bytes
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class IsobmffStructure:
    """Top-level structure. ``end_offset`` is where the last whole known box ends; offsets in bytes.

    ``cut`` says that a top-level box passes the end of the data; ``missing_bytes`` by how much.
    ``lost_items`` says that the item table of a HEIF file points past the end.
    """

    brands: tuple[str, ...]
    boxes: tuple[str, ...]
    end_offset: int
    cut: bool = False
    missing_bytes: int = 0
    lost_items: bool = False

    @property
    def has_index(self) -> bool:
        """Whether there is a ``moov``, with or without fragments, or, for stills, a ``meta``."""
        return "moov" in self.boxes or "meta" in self.boxes


def boxes(data: Searchable, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes of ``data[start:end]``, in order, up to the first impossible header.

    A box that claims to pass ``end`` is returned with its claimed end.
    """
    stop = len(data) if end is None else min(end, len(data))
    at = start
    for _ in range(_MAX_BOXES):
        if at + 8 > stop:
            return
        size, header = u32(data, at), 8
        if size == 1:
            size, header = u64(data, at + 8), 16
        elif size == 0:
            size = stop - at
        if size < header or at + header > stop:
            return
        yield Box(bytes(data[at + 4 : at + 8]), at, at + header, at + size)
        at += size


def file_boxes(data: Searchable) -> Iterator[Box]:
    """The boxes of the file itself: a second file that was appended begins with another ``ftyp``."""
    for number, box in enumerate(boxes(data)):
        if number and box.type == b"ftyp":
            return
        yield box


def find_box(data: Searchable, path: tuple[bytes, ...], start: int = 0, end: int | None = None) -> Box | None:
    """The first box at ``path``, such as (b"moov", b"mvhd"). Of full boxes only ``meta`` is descended into."""
    stop = len(data) if end is None else end
    for box in boxes(data, start, stop):
        if box.type != path[0]:
            continue
        inner_end = min(box.end, stop)
        if len(path) == 1:
            return Box(box.type, box.at, box.start, inner_end)
        found = find_box(data, path[1:], children_start(data, box), inner_end)
        if found is not None:
            return found
    return None


def scan_isobmff(data: Buffer) -> IsobmffStructure:
    """Walk the top-level boxes. Never raises."""
    source = searchable(data)
    kinds: list[str] = []
    end, missing, brands = 0, 0, ()  # type: int, int, tuple[str, ...]
    for box in boxes(source):
        if box.type not in _TOP_LEVEL:
            break
        kinds.append(box.type.decode("latin-1"))
        if box.type == b"ftyp":
            brands = _brands(source, box)
        end = min(box.end, len(source))
        missing = max(box.end - len(source), 0)
    lost = "meta" in kinds and not missing and any(e.end > len(source) for e in item_extents(source))
    return IsobmffStructure(brands, tuple(kinds), end, missing > 0, missing, lost)


def children_start(data: Searchable, box: Box) -> int:
    """Where the boxes inside ``box`` begin."""
    # QuickTime's meta is a plain box, ISO's a full box: version and flags come first.
    if box.type == b"meta" and data[box.start + 4 : box.start + 8] != b"hdlr":
        return box.start + 4
    return box.start


def _brands(data: Searchable, box: Box) -> tuple[str, ...]:
    raw = bytes(data[box.start : min(box.end, box.start + 4 * 64)])
    codes = [raw[:4], *(raw[at : at + 4] for at in range(8, len(raw) - 3, 4))]
    return tuple(code.decode("latin-1") for code in codes)


@dataclass(frozen=True, slots=True)
class Extent:
    """A range of bytes that belongs to an item of a HEIF file."""

    item: int
    start: int
    end: int


def item_extents(data: Searchable) -> Iterator[Extent]:
    """The extents of the item location box that lie in the file itself (construction method 0)."""
    box = find_box(data, (b"meta", b"iloc"))
    if box is None or box.end - box.start < 8:
        return
    version, sizes = data[box.start], u16(data, box.start + 4)
    offset_size, length_size, base_size, index_size = (
        sizes >> 12,
        sizes >> 8 & 15,
        sizes >> 4 & 15,
        sizes & 15,
    )
    wide = 4 if version == 2 else 2
    count, at, seen = _number(data, box.start + 6, wide), box.start + 6 + wide, 0
    for _ in range(min(count, _MAX_EXTENTS)):
        item, at, method = _number(data, at, wide), at + wide, 0
        if version:
            method, at = u16(data, at) & 15, at + 2
        base, at = _number(data, at + 2, base_size), at + 2 + base_size
        extents, at = u16(data, at), at + 2
        for _ in range(extents):
            at += index_size if version else 0
            start = base + _number(data, at, offset_size)
            length = _number(data, at + offset_size, length_size)
            at += offset_size + length_size
            seen += 1
            if at > box.end or seen > _MAX_EXTENTS:
                return
            if method == 0:
                yield Extent(item, start, start + length)


def item_types(data: Searchable) -> Iterator[tuple[int, bytes]]:
    """(item, type) of a HEIF file, as its item information box lists them: b"hvc1", b"Exif", b"mime", …"""
    box = find_box(data, (b"meta", b"iinf"))
    if box is None or box.start >= box.end:
        return
    start = box.start + (6 if data[box.start] == 0 else 8)
    for entry in boxes(data, start, box.end):
        if entry.type == b"infe" and entry.end - entry.start >= 12 and entry.end <= box.end:
            wide = 2 if data[entry.start] == 2 else 4
            at = entry.start + 4 + wide + 2
            yield _number(data, entry.start + 4, wide), bytes(data[at : at + 4])


def _number(data: Searchable, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")
