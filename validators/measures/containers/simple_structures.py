"""Finds where GIF, BMP, TIFF and PDF files end, and whether their end is there.

Sources: GIF89a specification; Microsoft's bitmap headers; TIFF 6.0; ISO 32000-1 section 7.5.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validators.measures.containers.buffers import Searchable, le16, le32

_MAX_BLOCKS = 2_000_000
_MAX_DIRECTORIES = 1_000
_MAX_STRIPS = 100_000
_GIF_PICTURE, _GIF_EXTENSION, _GIF_TRAILER = 0x2C, 0x21, 0x3B
_GIF_LOST, _GIF_UNKNOWN = -1, -2  # no byte: the data ended, or too many blocks
_SUBFILE = 254  # NewSubfileType: bit 0 a reduced copy, bit 2 a mask
_COMPRESSION = 259
_NO_ZEROS_PACKED = frozenset(
    {5, 6, 7, 8, 32946, 34925, 50000, 50001}
)  # LZW, JPEG, Deflate, LZMA, Zstandard, WebP
_PDF_HEAD = 2048
_PDF_OBJECT = re.compile(rb"(?:%[^\r\n]*[\r\n]+)*\s*(?:\d+ \d+ obj\b|xref\b)")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L (\d{1,15})\b")


@dataclass(frozen=True, slots=True)
class Extent:
    """``end_offset`` is where the format's own data ends; ``cut`` says that its end is missing."""

    end_offset: int
    cut: bool = False
    broken: bool = False


def gif_extent(data: Searchable) -> Extent:
    """Walk the blocks to the trailer. Never raises."""
    kind, at = -1, 0
    for kind, at in _gif_blocks(data):  # noqa: B007 - the last one decides
        pass
    if kind == _GIF_TRAILER:
        return Extent(at + 1)
    return Extent(len(data), cut=True) if kind == _GIF_LOST else Extent(at, broken=True)


def gif_frames(data: Searchable) -> int:
    """How many pictures a GIF holds, incomplete ones included."""
    return sum(kind == _GIF_PICTURE for kind, _ in _gif_blocks(data))


def gif_extensions(data: Searchable) -> Iterator[int]:
    """The offsets of the extension blocks that are whole up to their label and first length."""
    return (at for kind, at in _gif_blocks(data) if kind == _GIF_EXTENSION and at + 3 <= len(data))


def _gif_blocks(data: Searchable) -> Iterator[tuple[int, int]]:
    """Kind and offset of every block. The last is the trailer, _GIF_LOST if the data ends before it, or an unknown kind."""
    size = len(data)
    at = 13 + _colour_table(data[10]) if size >= 13 else size
    for _ in range(_MAX_BLOCKS):
        kind = data[at] if at < size else _GIF_LOST
        yield kind, at
        if kind == _GIF_EXTENSION:
            at = _skip_sub_blocks(data, at + 2)
        elif kind == _GIF_PICTURE:
            flags = data[at + 9] if at + 9 < size else 0
            at = _skip_sub_blocks(data, at + 11 + _colour_table(flags))
        elif kind == 0:  # stray terminators are common
            at += 1
        else:
            return
    yield _GIF_UNKNOWN, at


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_sub_blocks(data: Searchable, at: int) -> int:
    size = len(data)
    while at < size:
        length = data[at]
        at += length + 1
        if not length:
            return at
    return size


def bmp_extent(data: Searchable) -> Extent:
    """The pixel array of a bitmap: from its size where uncompressed, else as declared."""
    size = len(data)
    header = le32(data, 14)
    if size < 26 or header < 12:
        return Extent(size, cut=True)
    offset = le32(data, 10)
    if header == 12:
        width, height, bits, compression, declared = le16(data, 18), le16(data, 20), le16(data, 24), 0, 0
    else:
        width, height = le32(data, 18), le32(data, 22)
        height = min(height, 0x1_0000_0000 - height)  # top-down bitmaps have a negative height
        bits, compression, declared = le16(data, 28), le32(data, 30), le32(data, 34)
    pixels = declared if compression in (1, 2, 4, 5) else (width * bits + 31) // 32 * 4 * height
    end = offset + pixels
    return Extent(min(end, size), cut=end > size)


def tiff_extent(data: Searchable) -> Extent:
    """Directories and strips or tiles must all lie inside the file. BigTIFF is taken as it is."""
    order = "little" if data[:2] == b"II" else "big"
    size = len(data)
    if int.from_bytes(data[2:4], order) != 42:  # type: ignore[arg-type]
        return Extent(size)
    reader = _Tiff(data, little=order == "little")
    return Extent(size, cut=reader.passes_end())


def tiff_pages(data: Searchable) -> int:
    """Full-size pages of a TIFF: its directories, without those that say they are a reduced copy or a mask."""
    reader = _Tiff(data, little=data[:2] == b"II")
    if reader.number(2, 2) != 42:
        return 1
    return sum(1 for entries in reader.directories() if not reader.first(entries, _SUBFILE) & 5)


def packed_strips(data: Searchable) -> list[tuple[int, int]]:
    """Where the strips and tiles of a TIFF lie that are compressed, as (start, end)."""
    reader = _Tiff(data, little=data[:2] == b"II")
    if reader.number(2, 2) != 42:
        return []
    packed = (d for d in reader.directories() if reader.first(d, _COMPRESSION) in _NO_ZEROS_PACKED)
    return [span for entries in packed for span in reader.strips(entries)]


class _Tiff:
    _WIDTH = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}  # noqa: RUF012

    def __init__(self, data: Searchable, *, little: bool) -> None:
        self.data = data
        self.little = little
        self.lost = False

    def number(self, at: int, width: int) -> int:
        raw = self.data[at : at + width]
        return int.from_bytes(raw, "little") if self.little else int.from_bytes(raw, "big")

    def directories(self) -> Iterator[dict[int, int]]:
        """Tag to the offset of its entry, directory by directory, as far as they lie inside the file."""
        self.lost = False
        at, size, seen = self.number(4, 4), len(self.data), set[int]()
        while at and at not in seen and len(seen) < _MAX_DIRECTORIES:
            seen.add(at)
            after = at + 2 + 12 * self.number(at, 2)
            if (
                at + 2 > size or after > size or after == at + 2
            ):  # each has an entry at least: zeros are no directory
                self.lost = True
                return
            yield {self.number(e, 2): e for e in range(at + 2, after, 12)}
            at = self.number(after, 4) if after + 4 <= size else 0

    def first(self, entries: dict[int, int], tag: int) -> int:
        """The first value of a tag of whole numbers; 0 where absent."""
        return next(iter(self._values(entries[tag])), 0) if tag in entries else 0

    def passes_end(self) -> bool:
        return any(self._pixels_pass_end(entries) for entries in self.directories()) or self.lost

    def _pixels_pass_end(self, entries: dict[int, int]) -> bool:
        return any(end > len(self.data) for _, end in self.strips(entries))

    def strips(self, entries: dict[int, int]) -> Iterator[tuple[int, int]]:
        """Where the strips and tiles of a directory begin and end."""
        for offsets, lengths in ((273, 279), (324, 325)):
            if offsets in entries and lengths in entries:
                pairs = zip(self._values(entries[offsets]), self._values(entries[lengths]), strict=False)
                yield from ((start, start + length) for start, length in pairs)

    def _values(self, entry: int) -> list[int]:
        width = self._WIDTH.get(self.number(entry + 2, 2), 0)
        count = min(self.number(entry + 4, 4), _MAX_STRIPS)
        if width not in (1, 2, 4):
            return []
        at = entry + 8 if width * count <= 4 else self.number(entry + 8, 4)
        return [
            self.number(at + i * width, width) for i in range(count) if at + (i + 1) * width <= len(self.data)
        ]


def pdf_extent(data: Searchable) -> Extent:
    """The last ``%%EOF``. Further objects after it are an update, or the body of a linearised file, without their end;
    a linearised file also states its own length.
    """
    stated = _LINEARIZED.search(bytes(data[:_PDF_HEAD]))
    if stated is not None and int(stated[1]) > len(data):
        return Extent(len(data), cut=True)
    last = data.rfind(b"%%EOF")
    if last < 0:
        return Extent(len(data), cut=True)
    end = last + 5
    while data[end : end + 1] in (b"\r", b"\n", b" "):
        end += 1
    rest = data[end : end + (1 << 16)]
    cut = _PDF_OBJECT.match(rest.lstrip(b"\0 \r\n\t")) is not None
    return Extent(len(data) if cut else end, cut=cut)
