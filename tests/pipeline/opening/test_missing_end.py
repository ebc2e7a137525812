"""A still that lacks nothing but its end is whole; one that was cut off is not; one of a rare coding is not broken."""

from __future__ import annotations

import io
import mmap
import os

import numpy as np
import pytest
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child import child

ENDS = {"JPEG": 2, "PNG": 12, "GIF": 1}
CUT = (1, 2, 3, 7, 40, 300)
JPEGS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_rows": 1},
    "full colour": {"progressive": True, "subsampling": 0},
}


@pytest.fixture(scope="module", autouse=True)
def decoders():
    child.warm_up()


def saved(form: str, **options: object) -> bytes:
    rng = np.random.default_rng(5)
    picture = Image.fromarray(rng.integers(0, 255, (90, 120, 3), dtype=np.uint8)).resize((480, 360))
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes):
    upload = os.memfd_create("upload")
    try:
        os.write(upload, data)
        with mmap.mmap(upload, 0, prot=mmap.PROT_READ) as mapped:
            return child._open(mapped, LIMITS, manifests=True)
    finally:
        os.close(upload)


def codes(data: bytes) -> list[str]:
    return [problem.code for problem in opened(data).problems]


@pytest.mark.parametrize("form", ENDS)
def test_without_its_end_marker_alone_it_is_whole(form):
    data = saved(form)[: -ENDS[form]]
    assert codes(data) == ["no_end"]
    assert opened(data).views[0].pixels.shape == (360, 480, 3)


@pytest.mark.parametrize("options", JPEGS.values(), ids=JPEGS)
def test_however_a_jpeg_is_coded(options):
    assert codes(saved("JPEG", **options)[:-2]) == ["no_end"]


@pytest.mark.parametrize("form", ENDS)
@pytest.mark.parametrize("lost", CUT)
def test_one_that_was_cut_off_stays_truncated(form, lost):
    assert "truncated" in codes(saved(form)[: -ENDS[form] - lost])


def test_a_progressive_one_cut_between_two_scans_stays_truncated():
    data = saved("JPEG", progressive=True)
    scans = [at for at in range(len(data) - 1) if data[at] == 0xFF and data[at + 1] == 0xDA]
    assert len(scans) > 3
    for at in scans[1:]:
        assert "truncated" in codes(data[:at])


def test_several_frames_of_which_the_last_is_cut_off():
    frames = [Image.new("P", (60, 40), colour) for colour in range(1, 6)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert "no_end" in codes(out.getvalue()[:-1])
    assert "truncated" in codes(out.getvalue()[:-6])


@pytest.mark.parametrize(("marker", "bits"), [(0xC1, 12), (0xC0, 12), (0xC3, 16)])
def test_a_whole_jpeg_of_a_rare_coding_is_not_broken(marker, bits):
    """By its header: 12 bits a sample, or lossless."""
    data = bytearray(saved("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, bits
    assert codes(bytes(data)) == ["unchecked"]
    assert "unchecked" not in codes(bytes(data[:-900]))


def test_a_jpeg_of_garbage_is_still_broken():
    data = bytearray(saved("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 4 : at + 10] = b"\xfe\0\0\0\0\x07"
    assert "corrupt" in codes(bytes(data))
