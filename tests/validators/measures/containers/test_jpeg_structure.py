import io
import mmap
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from validators.measures.containers.container import structure_problems
from validators.measures.containers.jpeg_structure import header_segments, scan_jpeg


def jpeg(*, progressive: bool = False, restarts: int = 0, thumbnail: bytes = b"", size: int = 320) -> bytes:
    rng = np.random.default_rng(7)
    smooth = np.asarray(
        Image.fromarray(rng.integers(0, 255, (24, 32, 3), dtype=np.uint8)).resize((size, size))
    )
    out = io.BytesIO()
    options = {"restart_marker_blocks": restarts} if restarts else {}
    comment = {"comment": thumbnail} if thumbnail else {}
    Image.fromarray(smooth).save(out, "JPEG", quality=92, progressive=progressive, **options, **comment)
    return out.getvalue()


VARIANTS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restarts": 4},
    "both": {"progressive": True, "restarts": 4},
}


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_healthy_file_ends_at_its_end(options):
    data = jpeg(**options)
    found = scan_jpeg(data)
    assert (found.end_offset, found.has_end_marker) == (len(data), True)
    assert (found.width, found.height, found.components, found.bits) == (320, 320, 3, 8)
    assert (found.stray_markers, found.restart_errors, found.longest_zero_run_in_scan) == (0, 0, 0)
    assert found.progressive == bool(options.get("progressive"))
    assert (found.scans > 1) == found.progressive
    assert structure_problems("image/jpeg", data) == ()


@pytest.mark.parametrize("share", [0.99, 0.7, 0.3])
@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_cut_file_is_truncated(options, share):
    data = jpeg(**options)
    assert [p.code for p in structure_problems("image/jpeg", data[: int(len(data) * share)])] == ["truncated"]


def test_thumbnail_in_a_segment_is_skipped():
    data = jpeg(thumbnail=jpeg(size=32))
    assert scan_jpeg(data).end_offset == len(data)
    cut = scan_jpeg(data[:-200])
    assert not cut.has_end_marker


def test_fill_bytes_and_stray_header_bytes_are_forgiven():
    data = jpeg()
    at = header_segments(data)[1].start - 4
    odd = data[:at] + b"\xff\xff\xff" + data[at:-2] + b"\xff\xff\xff\xd9"
    found = scan_jpeg(odd)
    assert (found.has_end_marker, found.end_offset, found.stray_markers) == (True, len(odd), 0)
    stray = scan_jpeg(data[:at] + b"\x11\x22" + data[at:])
    assert (stray.stray_bytes, stray.has_end_marker, stray.width) == (2, True, 320)


def test_zeroed_hole_is_damage_and_its_length_is_told():
    data = bytearray(jpeg(size=640))
    start = header_segments(data)[-1].end + 1000
    data[start : start + 512] = bytes(512)
    assert 512 <= scan_jpeg(data).longest_zero_run_in_scan <= 514
    problem = structure_problems("image/jpeg", bytes(data))[0]
    assert problem.code == "damaged"
    assert "zero bytes" in problem.detail


def test_randomised_holes_are_mostly_found():
    """512 random bytes hold a marker that cannot stand there in about 6 of 7 cases."""
    rng = random.Random(5)
    data = jpeg(size=1200)
    start = header_segments(data)[-1].end
    found = 0
    for _ in range(60):
        at = rng.randrange(start, len(data) - 600)
        holed = data[:at] + rng.randbytes(512) + data[at + 512 :]
        found += bool(structure_problems("image/jpeg", holed))
    assert found >= 45


def test_restart_markers_out_of_order_are_damage():
    data = jpeg(restarts=4)
    first = data.index(b"\xff\xd0", header_segments(data)[-1].end)
    swapped = data[:first] + b"\xff\xd5" + data[first + 2 :]
    assert scan_jpeg(swapped).restart_errors > 0
    assert [p.code for p in structure_problems("image/jpeg", swapped)] == ["damaged"]


def test_any_buffer_gives_the_same_answer(tmp_path):
    data = jpeg()
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert (
            scan_jpeg(mapped) == scan_jpeg(data) == scan_jpeg(memoryview(data)) == scan_jpeg(bytearray(data))
        )


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xda\0", b"\xff\xd8\xff\xd9"]
)
def test_stumps_never_raise(data):
    found = scan_jpeg(data)
    assert not found.has_frame
    assert structure_problems("image/jpeg", data)


@given(
    st.lists(
        st.sampled_from(
            [b"\xff\xda", b"\xff\xdd", b"\xff\xdc", b"\xff\xd9", b"\0\0", b"\0\x08", b"\1", b"\xff"]
        )
    )
)
def test_segments_of_any_length_at_the_very_end_never_raise(parts):
    data = b"\xff\xd8\xff\xda\0\x02" + b"".join(parts)
    assert scan_jpeg(data).end_offset <= len(data)


def test_scan_header_without_room_for_its_length_is_stray():
    found = scan_jpeg(b"\xff\xd8\xff\xda\0\0" + b"\xff\xda\0\0")
    assert (found.scans, found.has_end_marker) == (1, False)
