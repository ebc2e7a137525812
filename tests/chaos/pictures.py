"""Small uploads made from a seed: textured photos whose fingerprints differ, documents, and hostile files."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

BOMB_SIDE = 9_000
"""Pixels each way: 243 MB once inflated, from a file of a quarter of a megabyte."""
_SIZES = ((320, 240), (400, 300), (480, 360), (640, 480))


def photo(seed: str, *, quality: int = 88) -> bytes:
    """A JPEG of flat shapes under camera noise: no two seeds give fingerprints that are near each other."""
    chance = np.random.default_rng(list(seed.encode()))
    width, height = _SIZES[int(chance.integers(len(_SIZES)))]
    coarse = chance.integers(20, 236, (10, 12, 3), dtype=np.uint8)
    fine = chance.integers(20, 236, (30, 40, 3), dtype=np.uint8)
    resampling = Image.Resampling
    base = np.asarray(Image.fromarray(coarse).resize((width, height), resampling.NEAREST), np.int16)
    detail = np.asarray(Image.fromarray(fine).resize((width, height), resampling.NEAREST), np.int16)
    pixels = base * 0.7 + detail * 0.3 + chance.normal(0, 3, (height, width, 1))
    return _saved(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), "JPEG", quality=quality)


def copy_of(picture: bytes, scale: float = 0.8) -> bytes:
    """The same photo as another person saves it: smaller, other quality."""
    with Image.open(io.BytesIO(picture)) as image:
        size = round(image.width * scale), round(image.height * scale)
        return _saved(image.resize(size), "JPEG", quality=80)


def as_png(picture: bytes) -> bytes:
    """The same pixels as a PNG."""
    with Image.open(io.BytesIO(picture)) as image:
        return _saved(image, "PNG")


def as_pdf(picture: bytes) -> bytes:
    """A page that shows the picture."""
    with Image.open(io.BytesIO(picture)) as image:
        return _saved(image, "PDF", resolution=96)


def marked(picture: bytes, marker: str) -> bytes:
    """The JPEG with ``CHAOS:marker`` as a comment segment right after its start: tests/chaos/hostile_zygote.py."""
    comment = f"CHAOS:{marker}".encode()
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]


def bomb(seed: str, side: int = BOMB_SIDE) -> bytes:
    """A valid PNG of ``side`` x ``side`` RGB pixels, all of one colour: small to send, large to open."""
    start, rest = _bomb(side)
    return start + _chunk(b"tEXt", b"Comment\0" + seed.encode()) + rest


@cache
def _bomb(side: int) -> tuple[bytes, bytes]:
    row = b"\0" + bytes((40, 90, 160)) * side
    squeeze = zlib.compressobj(9)
    data = b"".join([*(squeeze.compress(row) for _ in range(side)), squeeze.flush()])
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header), _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()
