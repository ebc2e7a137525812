"""HDR stills are tone-mapped: by PNG's cICP, by the main picture's NCLX, by an ICC profile that says so."""

from __future__ import annotations

import io
import mmap
import struct
import zlib

import numpy as np
import pytest
from heic_picture import heic
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child import child
from validators.measures.containers.item_properties import main_transfer
from validators.measures.image.tone_mapping import tone_mapped
from validators.measures.metadata.colour_profile import states_hdr

PAPER = 148
"""PQ's sample of 8 bits for white paper of about 203 cd/m² (BT.2408): 0.58."""


@pytest.fixture(scope="module", autouse=True)
def decoders():
    child.warm_up()


def shown(data: bytes) -> np.ndarray:
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        return child._open(mapped, LIMITS, manifests=True).views[0].pixels


def flat(value: int) -> Image.Image:
    return Image.new("RGB", (96, 64), (value, value, value))


def png(curve: int | None) -> bytes:
    out = io.BytesIO()
    flat(PAPER).save(out, "PNG")
    data = out.getvalue()
    if curve is None:
        return data
    body = b"cICP" + bytes((9, curve, 0, 1))
    return data[:33] + struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]


def test_a_png_marked_as_pq_or_hlg_is_shown_brighter_or_darker_than_its_samples():
    assert shown(png(None))[32, 48].tolist() == [PAPER] * 3
    assert shown(png(1))[32, 48].tolist() == [PAPER] * 3
    assert shown(png(16))[32, 48].min() > PAPER + 60
    assert shown(png(18))[32, 48].min() > PAPER


def test_an_avif_marked_as_pq_is_mapped():
    out = io.BytesIO()
    flat(PAPER).save(out, "AVIF", quality=95)
    plain = out.getvalue()
    at = plain.index(b"colrnclx") + 8
    assert main_transfer(plain) == struct.unpack(">H", plain[at + 2 : at + 4])[0]
    marked = plain[:at] + struct.pack(">HHH", 9, 16, 9) + plain[at + 6 :]
    assert main_transfer(marked) == 16
    assert shown(marked)[32, 48].min() > shown(plain)[32, 48].max() + 50


def test_a_still_without_such_a_mark_says_nothing():
    assert main_transfer(heic(1)) is None
    assert main_transfer(b"") is None


def test_light_rises_without_a_fold_and_the_peak_is_white():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    for curve in ("PQ", "HLG"):
        mapped = tone_mapped(ramp, curve)[0, :, 1].astype(int)
        assert (np.diff(mapped) >= 0).all()
        assert (mapped[0], mapped[-1]) == (0, 255)


def test_colours_keep_their_hue():
    red = np.full((2, 2, 3), (140, 60, 60), np.uint8)
    mapped = tone_mapped(red, "PQ")[0, 0].astype(int)
    assert mapped[0] > mapped[1] + 40
    assert mapped[0] > mapped[2] + 40


def test_a_profile_says_so_by_its_tag_or_its_name():
    def profile(tag: bytes, body: bytes) -> bytes:
        head = bytes(16) + b"RGB " + bytes(16) + b"acsp" + bytes(88)
        return head + struct.pack(">I", 1) + tag + struct.pack(">II", 144, len(body)) + body

    assert states_hdr(profile(b"cicp", b"cicp" + bytes(4) + bytes((9, 18, 0, 1)))) == "HLG"
    assert states_hdr(profile(b"cicp", b"cicp" + bytes(4) + bytes((1, 13, 0, 1)))) == ""
    assert states_hdr(profile(b"desc", b"desc" + "Rec. 2100 PQ".encode("utf-16-be"))) == "PQ"
    assert states_hdr(profile(b"desc", b"desc" + b"Display P3")) == ""
    assert states_hdr(b"") == ""
