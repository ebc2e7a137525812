"""What browsers show is not called broken: AVIF with its property table in two, and stills that Pillow alone refuses."""

from __future__ import annotations

import io
import mmap
import struct

import numpy as np
import pytest
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child import child
from pipeline.opening.child.second_decoder import one_property_table, open_again
from validators.measures.containers.isobmff import boxes, find_box
from validators.measures.containers.item_properties import associations


@pytest.fixture(scope="module", autouse=True)
def decoders():
    child.warm_up()


def avif(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "AVIF", quality=90, subsampling="4:4:4")
    return out.getvalue()


def layer(mode: str = "RGBA") -> Image.Image:
    """Red with an opaque left half."""
    image = Image.new("RGBA", (96, 64), (200, 40, 40, 255))
    image.paste((0, 0, 0, 0), (48, 0, 96, 64))
    return image.convert(mode)


def with_two_tables(data: bytes) -> bytes:
    """Each item's properties in a table of its own, as early encoders wrote them. Offsets move, so the file is cut anew."""
    table = find_box(data, (b"meta", b"iprp"))
    (old,) = (box for box in boxes(data, table.start, table.end) if box.type == b"ipma")
    body = data[old.start : old.end]
    count, at, entries = struct.unpack(">I", body[4:8])[0], 8, []
    for _ in range(count):
        after = at + 3 + body[at + 2]
        entries.append(body[at:after])
        at = after
    tables = b"".join(
        struct.pack(">I", 16 + len(entry)) + b"ipma" + body[:4] + struct.pack(">I", 1) + entry
        for entry in entries
    )
    grown = len(tables) - (old.end - old.at)
    made = bytearray(data[: old.at] + tables + data[old.end :])
    for box in (find_box(data, (b"meta",)), table):
        made[box.at : box.at + 4] = struct.pack(">I", box.end - box.at + grown)
    where = find_box(bytes(made), (b"meta", b"iloc"))
    step, first = 14, where.start + 4 + 2 + 2
    for number in range(count):  # item, data reference, extents, offset, length
        offset = first + number * step + 6
        value = struct.unpack(">I", made[offset : offset + 4])[0]
        made[offset : offset + 4] = struct.pack(">I", value + grown)
    return bytes(made)


def opened(data: bytes):
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        return child._open(mapped, LIMITS, manifests=True)


def test_a_property_table_in_two_is_read_as_browsers_do():
    whole = avif(layer())
    assert one_property_table(whole) is None
    split = with_two_tables(whole)
    with pytest.raises(OSError, match="cannot identify"):
        Image.open(io.BytesIO(split), formats=["AVIF"])
    exhibit = opened(split)
    assert [p.code for p in exhibit.problems] == []
    assert (exhibit.image.width, exhibit.image.height, exhibit.image.format) == (96, 64, "AVIF")
    pixels = exhibit.views[0].pixels
    assert np.abs(pixels[32, 20].astype(int) - (200, 40, 40)).max() <= 8
    assert pixels[32, 80].tolist() == [255, 255, 255]


def test_the_file_keeps_its_length_so_that_offsets_hold():
    split = with_two_tables(avif(layer()))
    assert len(one_property_table(split)) == len(split)


def test_opencv_reads_grey_colour_alpha_and_more_than_8_bits():
    def png(array: np.ndarray) -> bytes:
        out = io.BytesIO()
        Image.fromarray(array).save(out, "PNG")
        return out.getvalue()

    grey = open_again(png(np.full((4, 6), 90, np.uint8)), "image/png")
    assert grey.format == "PNG"
    assert np.asarray(grey)[0, 0].tolist() == [90, 90, 90]
    clear = open_again(png(np.full((4, 6, 4), (200, 10, 20, 0), np.uint8)), "image/png")
    assert np.asarray(clear)[0, 0].tolist() == [255, 255, 255]
    deep = open_again(png(np.full((4, 6), 0x8000, np.uint16)), "image/png")
    assert np.asarray(deep)[0, 0].tolist() == [128, 128, 128]
    assert open_again(b"\x89PNG\r\n\x1a\nnothing", "image/png") is None


def test_a_damaged_file_gets_no_second_chance_to_look_whole():
    data = avif(layer("RGB"))
    assert "no_decode" in {p.code for p in opened(data[: len(data) // 2]).problems}


def test_colours_that_neither_decoder_can_read_are_the_files_fault():
    rng = np.random.default_rng(3)
    data = bytearray(avif(Image.fromarray(rng.integers(0, 255, (64, 96, 3), np.uint8))))
    box = find_box(bytes(data), (b"mdat",))
    codes = set()
    for start in range(box.start, box.end - 64, 512):
        broken = bytearray(data)
        broken[start : start + 64] = rng.bytes(64)
        codes |= {problem.code for problem in opened(bytes(broken)).problems}
    assert "no_decode" in codes
    assert "internal" not in codes


def test_a_table_that_ends_early_is_read_as_far_as_it_goes():
    body = b"\0\0\0\0" + struct.pack(">I", 9) + struct.pack(">HB", 1, 2) + b"\x81\x02" + b"\0\2"
    assert list(associations(body, 0, len(body) + 40)) == [1]
