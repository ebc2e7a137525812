"""Finds zero bytes where a packed picture cannot hold them: a lost sector of a disk, or a download that broke off.

Coded data looks random. HEVC never writes three zero bytes in a row (ITU-T H.265 section 7.4.2), LZW no code 0 twice, and an
arithmetic or Huffman coder needs a huge flat picture for a run as long as the bounds here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from validators.measures.containers.buffers import Searchable, le16
from validators.measures.containers.isobmff import item_extents, item_types
from validators.measures.containers.riff_structure import riff_chunks
from validators.measures.containers.simple_structures import packed_strips

IMPOSSIBLE_ZERO_RUN = 256
"""Bytes. The longest in the scan data of 1,900 camera JPEGs is 169, in other packed pictures shorter."""

_NOT_ZERO = re.compile(rb"[^\0]")
_NOT_PACKED = frozenset({b"Exif", b"mime", b"uri ", b"grid", b"iovl", b"iden", b"tmap", b"unci", b"mski"})
_FRAME_HEADER = 16
_SIZE = 0x3FFF
_FLAT_BLOCKS_A_BYTE = 8
"""VP8 codes flat blocks of 16 x 16 px as next to nothing: 40 of them to a zero byte in a picture of one tone."""
_CODED = frozenset({b"VP8 ", b"VP8L"})


@dataclass(frozen=True, slots=True)
class ZeroRun:
    """``bytes`` zeros in a row. ``to_the_end``: nothing of the picture comes after them. ``or_flat``: they may stand for a
    flat area too, which only the decoded picture shows."""

    bytes: int
    to_the_end: bool
    or_flat: bool = False


def zeroed_heif(data: Searchable) -> ZeroRun | None:
    """The first run of zeros in the coded pictures of a HEIF or AVIF file."""
    others = {item for item, kind in item_types(data) if kind in _NOT_PACKED}
    return _first_run(data, [(e.start, e.end) for e in item_extents(data) if e.item not in others])


def zeroed_webp(data: Searchable) -> ZeroRun | None:
    """The first run of zeros in the coded frames of a WebP file."""
    for kind, start, end in _webp_frames(data, 12, len(data)):
        width, height = (le16(data, at) & _SIZE if kind == b"VP8 " else 0 for at in (start + 6, start + 8))
        flat = width * height // 256 // _FLAT_BLOCKS_A_BYTE
        run = _first_run(data, [(start, end)], IMPOSSIBLE_ZERO_RUN + flat)
        if run is not None:
            return replace(run, or_flat=kind == b"VP8L")
    return None


def zeroed_tiff(data: Searchable) -> ZeroRun | None:
    """The first run of zeros in the packed strips or tiles of a TIFF. Plain samples may well be zero."""
    return _first_run(data, packed_strips(data))


def _webp_frames(data: Searchable, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for chunk in riff_chunks(data, start, end):
        if chunk.id in _CODED:
            yield chunk.id, chunk.start, chunk.end
        elif chunk.id == b"ANMF":
            for inner in riff_chunks(data, chunk.start + _FRAME_HEADER, chunk.end):
                if inner.id in _CODED:
                    yield inner.id, inner.start, inner.end


def _first_run(
    data: Searchable, spans: list[tuple[int, int]], least: int = IMPOSSIBLE_ZERO_RUN
) -> ZeroRun | None:
    last = max((end for _, end in spans), default=0)
    for start, end in spans:
        at = data.find(bytes(least), start, end)
        if at >= 0:
            after = _NOT_ZERO.search(data, at, end)
            stop = after.start() if after else end
            return ZeroRun(stop - at, to_the_end=_NOT_ZERO.search(data, at, last) is None)
    return None
