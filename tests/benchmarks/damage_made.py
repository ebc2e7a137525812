"""Ways a file arrives damaged: holes of 512 bytes, headers overwritten, an end that is missing. Seeded, so repeatable."""

from __future__ import annotations

import random
from collections.abc import Iterator

from validators.measures.containers.isobmff import boxes
from validators.measures.containers.jpeg_structure import SOS, header_segments, scan_jpeg
from validators.measures.containers.png_structure import png_chunks
from validators.measures.containers.riff_structure import riff_chunks

HOLE = 512
"""Bytes: a sector of a disk."""

LOST = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of a file that are missing from its end."""

Span = tuple[int, int]


def overwritten(data: bytes, span: Span, how: str, rng: random.Random) -> bytes | None:
    """``data`` with ``span`` "zeroed" or "randomised"; None where that changes nothing."""
    start, end = span
    filling = bytes(end - start) if how == "zeroed" else rng.randbytes(end - start)
    made = data[:start] + filling + data[end:]
    return made if made != data else None


def scan_holes(data: bytes, count: int, rng: random.Random) -> Iterator[Span]:
    """Holes in a JPEG's picture data: after its first scan header, before its end marker."""
    first = next((s.end for s in header_segments(data) if s.marker == SOS), None)
    if first is None:
        return
    last = scan_jpeg(data).end_offset - 2 - HOLE
    for _ in range(count if last > first else 0):
        start = rng.randrange(first, last)
        yield start, start + HOLE


def chunk_holes(data: bytes, rng: random.Random, most: int) -> Iterator[Span]:
    """One hole in the data of each critical chunk of a PNG (of ``most`` of them), shorter where the chunk is."""
    critical = [c for c in png_chunks(data) if not c.type[0] & 0x20 and c.end > c.start]
    for chunk in rng.sample(critical, min(most, len(critical))):
        size = min(HOLE, chunk.end - chunk.start)
        start = rng.randint(chunk.start, chunk.end - size)
        yield start, start + size


def webp_headers(data: bytes) -> Iterator[Span]:
    """Each header of a WebP's container: RIFF's, and each chunk's name, size and own header (10 bytes at most)."""
    yield 0, 12
    for chunk in riff_chunks(data):
        yield chunk.start - 8, chunk.start
        if chunk.id in (b"VP8 ", b"VP8L", b"VP8X"):
            yield chunk.start, min(chunk.start + {b"VP8L": 5}.get(chunk.id, 10), chunk.end)


def webp_stream(data: bytes, count: int, rng: random.Random) -> Iterator[Span]:
    """Holes in a WebP's picture data, past all headers."""
    inner = [c for c in riff_chunks(data) if c.id in (b"VP8 ", b"VP8L", b"ANMF")]
    large = [c for c in inner if c.end - c.start > HOLE + 64]
    for _ in range(count if large else 0):
        chunk = rng.choice(large)
        start = rng.randrange(chunk.start + 64, chunk.end - HOLE)
        yield start, start + HOLE


def box_headers(data: bytes) -> Iterator[Span]:
    """The header of each top-level box of an ISO base media file."""
    for box in boxes(data):
        yield box.at, box.start


def anywhere(data: bytes, count: int, rng: random.Random) -> Iterator[Span]:
    """Holes between a tenth and nine tenths of a file."""
    first, last = len(data) // 10, len(data) * 9 // 10 - HOLE
    for _ in range(count if last > first else 0):
        start = rng.randrange(first, last)
        yield start, start + HOLE


def shortened(data: bytes) -> Iterator[tuple[float, bytes]]:
    """The file without its last hundredth and more."""
    for share in LOST:
        lost = max(1, -(-len(data) * share // 1))
        yield share, data[: len(data) - int(lost)]
