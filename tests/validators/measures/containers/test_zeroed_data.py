"""Zeros inside packed pictures are told, by place; samples that are really zero are not."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from validators.measures.containers.container import structure_problems


def noise(side: int = 240) -> Image.Image:
    rng = np.random.default_rng(3)
    return Image.fromarray(rng.integers(0, 255, (side, side, 3), dtype=np.uint8))


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def zeroed(data: bytes, start: float, end: float) -> bytes:
    first, last = round(len(data) * start), round(len(data) * end)
    return data[:first] + bytes(last - first) + data[last:]


PACKED = {
    "WebP": ("image/webp", lambda: saved(noise(), "WEBP", quality=90)),
    "WebP, lossless": ("image/webp", lambda: saved(noise(), "WEBP", lossless=True)),
    "WebP, moving": (
        "image/webp",
        lambda: saved(
            noise(), "WEBP", quality=90, save_all=True, append_images=[noise(239).resize((240, 240))]
        ),
    ),
    "AVIF": ("image/avif", lambda: saved(noise(), "AVIF", quality=80)),
    "TIFF, LZW": ("image/tiff", lambda: saved(noise(), "TIFF", compression="tiff_lzw")),
    "TIFF, deflated": ("image/tiff", lambda: saved(noise(), "TIFF", compression="tiff_adobe_deflate")),
}


@pytest.mark.parametrize(("mime", "make"), PACKED.values(), ids=PACKED)
def test_a_hole_is_damage_and_a_zeroed_end_is_a_lost_end(mime, make):
    data = make()
    assert structure_problems(mime, data) == ()
    assert [p.code for p in structure_problems(mime, zeroed(data, 0.4, 0.65))] == ["damaged"]
    assert [p.code for p in structure_problems(mime, zeroed(data, 0.75, 1))] == ["truncated"]


FLAT = {
    "TIFF of black samples": ("image/tiff", {}),
    "TIFF of black, LZW": ("image/tiff", {"compression": "tiff_lzw"}),
    "TIFF of black, PackBits": ("image/tiff", {"compression": "packbits"}),
    "WebP": ("image/webp", {"quality": 80}),
    "WebP, lossless": ("image/webp", {"lossless": True}),
    "AVIF": ("image/avif", {}),
}


@pytest.mark.parametrize(("mime", "options"), FLAT.values(), ids=FLAT)
@pytest.mark.parametrize("colour", ["black", "white"])
def test_a_large_flat_picture_has_no_such_run(mime, options, colour):
    plain = Image.new("RGB", (1080, 4000), colour)
    assert structure_problems(mime, saved(plain, mime.removeprefix("image/").upper(), **options)) == ()


def test_zeros_in_a_heif_files_exif_are_no_damage():
    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", 8 + len(body)) + kind + body

    def full(kind: bytes, body: bytes, version: int = 0) -> bytes:
        return box(kind, struct.pack(">I", version << 24) + body)

    def made(item: bytes) -> bytes:
        info = full(b"iinf", struct.pack(">H", 1) + full(b"infe", struct.pack(">HH", 1, 0) + item + b"\0", 2))

        def located(offset: int) -> bytes:
            entry = struct.pack(">HHHII", 1, 0, 1, offset, 3000)
            where = full(b"iloc", b"\x44\0" + struct.pack(">H", 1) + entry)
            return full(b"meta", full(b"hdlr", bytes(20)) + info + where)

        head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
        start = len(head) + len(located(0)) + 8
        return head + located(start) + box(b"mdat", b"\1" * 1000 + bytes(1000) + b"\1" * 1000)

    assert structure_problems("image/heic", made(b"Exif")) == ()
    assert [p.code for p in structure_problems("image/heic", made(b"hvc1"))] == ["damaged"]
