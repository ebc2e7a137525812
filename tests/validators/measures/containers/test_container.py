import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from validators.evidence import PROBLEMS
from validators.measures.containers.container import structure_problems
from validators.measures.containers.isobmff import item_extents, item_types, scan_isobmff
from validators.measures.containers.png_structure import scan_png
from validators.measures.containers.riff_structure import scan_riff
from validators.measures.containers.simple_structures import gif_frames, tiff_pages


def picture(kind: str, **options: object) -> bytes:
    rng = np.random.default_rng(3)
    noise = Image.fromarray(rng.integers(0, 255, (60, 80, 3), dtype=np.uint8)).resize((240, 180))
    out = io.BytesIO()
    noise.save(out, kind, **options)
    return out.getvalue()


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24) + body)


def movie(*, index_first: bool = True) -> bytes:
    moov, mdat = box(b"moov", full(b"mvhd", bytes(96))), box(b"mdat", bytes(range(256)) * 20)
    return box(b"ftyp", b"isom\0\0\2\0isomavc1") + (moov + mdat if index_first else mdat + moov)


def heif(exif: bytes = b"MM\0*") -> bytes:
    """A still with one EXIF item of ``exif`` at the end of the file."""
    payload = struct.pack(">I", 0) + exif
    info = full(b"iinf", struct.pack(">H", 1) + full(b"infe", struct.pack(">HH", 1, 0) + b"Exif\0", 2))

    def located(offset: int) -> bytes:
        entry = struct.pack(">HHHII", 1, 0, 1, offset, len(payload))
        return full(
            b"meta", full(b"hdlr", bytes(20)) + info + full(b"iloc", b"\x44\0" + struct.pack(">H", 1) + entry)
        )

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return head + located(len(head) + len(located(0)) + 8) + box(b"mdat", payload)


def pdf() -> bytes:
    return b"%PDF-1.4\n" + b"1 0 obj\n<< >>\nendobj\n" * 300 + b"xref\ntrailer\nstartxref\n9\n%%EOF\n"


WHOLE = {
    "image/jpeg": lambda: picture("JPEG", quality=90),
    "image/png": lambda: picture("PNG"),
    "image/webp": lambda: picture("WEBP", quality=80),
    "image/gif": lambda: picture("GIF"),
    "image/bmp": lambda: picture("BMP"),
    "image/tiff": lambda: picture("TIFF"),
    "image/heic": heif,
    "video/mp4": movie,
    "application/pdf": pdf,
}
LOSSLESS = {"image/webp": lambda: picture("WEBP", lossless=True)}


def codes(mime: str, data: bytes) -> set[str]:
    found = {problem.code for problem in structure_problems(mime, data)}
    assert found <= PROBLEMS
    return found


@pytest.mark.parametrize("mime", WHOLE)
def test_whole_files_have_no_problem(mime):
    assert codes(mime, WHOLE[mime]()) == set()


@pytest.mark.parametrize("share", [0.99, 0.6])
@pytest.mark.parametrize("mime", WHOLE)
def test_a_lost_end_is_always_found(mime, share):
    data = WHOLE[mime]()
    assert "truncated" in codes(mime, data[: int(len(data) * share)])


@pytest.mark.parametrize("mime", WHOLE)
def test_mutated_files_never_raise(mime):
    rng = random.Random(mime)
    whole = WHOLE[mime]()
    for _ in range(60):
        data = bytearray(whole[: rng.choice([len(whole), rng.randrange(len(whole))])])
        for _ in range(rng.choice([1, 8, 40])):
            if data:
                data[rng.randrange(min(len(data), rng.choice([64, 400, 10**6])))] = rng.choice(
                    [0, 255, rng.randrange(256)]
                )
        codes(mime, bytes(data))
        assert gif_frames(data) >= 0
        assert tiff_pages(data) >= 0


def test_unknown_types_have_no_walker():
    assert structure_problems("application/zip", b"PK") == ()


def test_png_damage_in_picture_data_is_found_by_its_checksum():
    data = bytearray(picture("PNG"))
    middle = len(data) // 2
    data[middle : middle + 512] = bytes(512)
    assert codes("image/png", bytes(data)) == {"damaged"}


def test_png_bad_checksum_of_a_text_is_no_problem():
    data = picture("PNG")
    text = b"tEXtComment\0hello"
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text) ^ 1)
    odd = data[:33] + chunk + data[33:]
    assert scan_png(odd).bad_ancillary == 1
    assert codes("image/png", odd) == set()


def test_png_garbage_between_chunks_is_damage():
    data = picture("PNG")
    assert codes("image/png", data[:33] + b"\0\1\2\3\4\5\6\7" * 4 + data[33:]) == {"damaged"}


@pytest.mark.parametrize("at", [12, 20, 23])
def test_webp_container_damage(at):
    data = bytearray(picture("WEBP", quality=80))
    data[at] = 0xFF
    assert codes("image/webp", bytes(data)) == {"damaged"}


def test_webp_lossless_header():
    data = bytearray(LOSSLESS["image/webp"]())
    assert scan_riff(data).has_content
    data[20] = 0
    assert codes("image/webp", bytes(data)) == {"damaged"}


def test_webp_animation_is_walked():
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in (0, 90, 180)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], quality=70)
    assert codes("image/webp", out.getvalue()) == set()


def test_movie_without_its_index_was_not_finished():
    found = structure_problems("video/mp4", box(b"ftyp", b"isom\0\0\0\0") + box(b"mdat", bytes(500)))
    assert [p.code for p in found] == ["truncated"]
    assert "index" in found[0].detail
    assert codes("video/mp4", movie(index_first=False)) == set()


def test_isobmff_tells_brands_and_missing_bytes():
    data = movie()
    assert scan_isobmff(data).brands == ("isom", "isom", "avc1")
    assert scan_isobmff(data).boxes == ("ftyp", "moov", "mdat")
    cut = scan_isobmff(data[:-100])
    assert (cut.cut, cut.missing_bytes) == (True, 100)


def test_sixty_four_bit_sizes_and_open_ends():
    body = bytes(100)
    large = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + len(body)) + body
    start = box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", full(b"mvhd", bytes(96)))
    assert codes("video/mp4", start + large) == set()
    assert codes("video/mp4", start + large[:-1]) == {"truncated"}
    assert codes("video/mp4", start + struct.pack(">I", 0) + b"mdat" + body) == set()


def test_heif_items_are_located():
    data = heif(b"MM\0*rest")
    assert dict(item_types(data)) == {1: b"Exif"}
    extent = next(item_extents(data))
    assert (extent.item, data[extent.start + 4 : extent.end]) == (1, b"MM\0*rest")


def test_heif_whose_items_lie_beyond_the_end():
    data = heif()
    shortened = data[: data.rindex(b"mdat") - 4]
    assert codes("image/heic", shortened) == {"truncated"}


def test_linearised_pdf_cut_short_keeps_only_its_first_end():
    data = b"%PDF-1.4\nstartxref\n0\n%%EOF\n" + b"1 0 obj\n<< >>\nendobj\n" * 300
    assert codes("application/pdf", data) == {"truncated"}


def test_linearised_pdf_states_its_length():
    whole = b"%PDF-1.4\n1 0 obj\n<</Linearized 1/L 6339/H [ 1 2 ]>>\nendobj\n"
    whole += b"x" * (6339 - 6 - len(whole)) + b"%%EOF\n"
    assert len(whole) == 6339
    assert codes("application/pdf", whole) == set()
    assert codes("application/pdf", whole + b"2 0 obj\n<< >>\nendobj\n%%EOF\n") == set()
    assert codes("application/pdf", whole[:5000] + b"%%EOF\n") == {"truncated"}


@pytest.mark.parametrize("lost", [1, 7, 30, 60])
def test_pdf_whose_update_lost_its_end(lost):
    update = (
        b"9 0 obj\n<< /Note (a word) >>\nendobj\nxref\n9 1\ntrailer\n<< /Prev 9 >>\nstartxref\n9\n%%EOF\n"
    )
    whole = pdf() + update
    assert codes("application/pdf", whole) == set()
    assert codes("application/pdf", whole[: -lost - 1]) == {"truncated"}


def test_a_preview_after_a_photo_that_lost_its_end():
    whole = picture("JPEG", quality=90)
    assert codes("image/jpeg", whole + bytes(30) + whole) == set()
    assert codes("image/jpeg", whole + bytes(30) + whole[:-100]) == {"damaged"}
    assert codes("image/jpeg", whole + whole + movie()[:-100]) == {"damaged"}
    assert codes("image/jpeg", whole + whole + movie()) == set()
    # slack of a disk, where no picture begins
    assert codes("image/jpeg", whole + whole[600:-100]) == set()
