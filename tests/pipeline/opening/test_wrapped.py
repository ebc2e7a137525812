"""A picture in gzip or in a data URL is opened as the picture; what is not one is left as it is."""

from __future__ import annotations

import base64
import gzip
import io
import mmap

import numpy as np
import pytest
from PIL import Image

from pipeline.opening.child.wrapped import unwrap

MOST = 1_000_000


def picture() -> bytes:
    pixels = np.random.default_rng(3).integers(0, 255, (40, 60, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def held(data: bytes) -> mmap.mmap:
    made = mmap.mmap(-1, len(data))
    made.write(data)
    return made


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (gzip.compress(picture(), mtime=0), "application/gzip"),
        (b"data:image/png;base64," + base64.b64encode(picture()), "text/plain"),
        (b"\n data:image/png;charset=x;base64,\n" + base64.encodebytes(picture()), "text/plain"),
    ],
)
def test_a_wrapped_picture_is_unpacked(data, mime):
    inside = unwrap(held(data), mime, MOST)
    assert inside is not None
    assert (inside[0][:], inside[1]) == (picture(), "image/png")


def test_a_text_in_gzip_is_unpacked():
    inside = unwrap(held(gzip.compress(b"Buyer: it came broken.", mtime=0)), "application/gzip", MOST)
    assert inside is not None
    assert (inside[0][:], inside[1]) == (b"Buyer: it came broken.", "text/plain")


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (gzip.compress(bytes(2 * MOST), mtime=0), "application/gzip"),  # larger than may be unpacked
        (gzip.compress(picture(), mtime=0)[:-20], "application/gzip"),
        (gzip.compress(b"\0\1\2" * 99, mtime=0), "application/gzip"),
        (b"data:text/plain,a%20log", "text/plain"),
        (b"data:image/png;base64,@@@@", "text/plain"),
        (b"data: see below", "text/plain"),
        (picture(), "image/png"),
    ],
)
def test_anything_else_is_left_as_it_is(data, mime):
    assert unwrap(held(data), mime, MOST) is None
