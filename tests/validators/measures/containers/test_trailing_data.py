import gzip
import io
import random
import zipfile

import pytest
from PIL import Image

from validators.measures.containers.container import structure_problems
from validators.measures.containers.trailing_data import classify_trailing


def jpeg(side: int = 64) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).save(out, "JPEG")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("hidden.txt", "words" * 100)
    return out.getvalue()


CLIP = (
    b"\0\0\0\x14ftypmp42\0\0\0\0isom" + b"\0\0\0\x10moov" + bytes(8) + b"\0\0\0\x20mdat" + bytes(range(1, 25))
)
NOISE = random.Random(1).randbytes(4000)


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        (b"", "none"),
        (bytes(4096), "padding"),
        (b"\xff" * 100 + b"\r\n", "padding"),
        (jpeg(32), "jpeg"),
        (bytes(16) + jpeg(32) + jpeg(16), "jpeg"),
        (CLIP, "video"),
        (jpeg(32) + CLIP, "video"),
        (b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1678357" + NOISE, "vendor"),
        (NOISE + b"document.write('<script>')" + NOISE, "vendor"),
        (archive(), "zip"),
        (NOISE + archive(), "zip"),
        (jpeg(32) + archive(), "zip"),
        (CLIP + archive(), "zip"),
        (b"PK\3\4\x14\0\0\0\x08\0" + NOISE, "zip"),
        (NOISE + b"Rar!\x1a\x07\1\0" + NOISE, "rar"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        (gzip.compress(b"words" * 100, mtime=0), "gzip"),
        (NOISE + gzip.compress(b"words" * 100, mtime=0), "gzip"),
        (b"\x1f\x8b\x08\0\0\0", "gzip"),
        (NOISE + b"\x1f\x8b\x08\0" + NOISE, "vendor"),
        (NOISE + gzip.compress(b"words" * 100, mtime=0) + NOISE, "vendor"),
        (b"\n<!DOCTYPE html><p>", "html"),
        (b"<SCRIPT>alert(1)</SCRIPT>", "script"),
        (NOISE + b"<?php system($_GET['c']); ?>", "script"),
        (b"#!/bin/sh\nrm -rf /\n", "script"),
        (NOISE + b"#!/usr/bin/env python3\nprint()\n", "script"),
        (NOISE + b"<script>alert(1)</script>\n", "script"),
        (NOISE + b"<html><body>words</body></html>\n", "html"),
        (NOISE + b"<html><body>words" + NOISE, "vendor"),
        (b"\x7fELF\2\1\1" + NOISE, "executable"),
        (NOISE + b"\x7fELF\2\1\1" + NOISE, "executable"),
        (NOISE + b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + NOISE, "executable"),
        (b"\xcf\xfa\xed\xfe" + NOISE, "executable"),
        (b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + NOISE, "executable"),
    ],
)
def test_what_follows_the_end(tail, kind):
    picture = jpeg()
    assert classify_trailing(picture + tail, len(picture)) == kind
    problems = structure_problems("image/jpeg", picture + tail)
    if kind in ("none", "padding", "jpeg", "video", "vendor"):
        assert problems == ()
    else:
        assert [(p.code, p.detail, p.actual) for p in problems] == [("trailing_data", kind, float(len(tail)))]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP"])
def test_an_archive_behind_any_still_is_told(kind):
    out = io.BytesIO()
    Image.radial_gradient("L").convert("P").save(out, kind)
    data = out.getvalue()
    mime = f"image/{kind.lower()}"
    assert structure_problems(mime, data) == ()
    assert [p.detail for p in structure_problems(mime, data + archive())] == ["zip"]


def test_random_tails_are_vendor_data():
    rng = random.Random(9)
    for size in (1, 10, 1000, 100_000):
        assert classify_trailing(b"\x01" + rng.randbytes(size), 0) in ("vendor", "gzip")
