"""Small files that ask for much: pixels, frames, pages, text, time or depth. By name, with what must be told of them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

BOUNDED = {"too_large", "limited", "time_limit", "memory_limit", "output_limit"}
"""Told where a limit of the policy stopped it."""
BROKEN = {
    "corrupt",
    "no_decode",
    "truncated",
    "damaged",
    "unsupported",
    "no_video_stream",
    "limited",
    "crashed",
}
"""Told where it is no whole file of its kind to begin with."""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(wide: int, high: int, *chunks: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _chunk(b"IEND", b"")


def _zeros(count: int) -> bytes:
    """``count`` MiB of zeros, compressed a thousandfold."""
    squeezer = zlib.compressobj(9)
    return b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(count)) + squeezer.flush()


def png_of_a_gigapixel() -> bytes:
    return _png(40_000, 29_000, _chunk(b"IDAT", _zeros(64)))


def png_as_long_as_it_can_be() -> bytes:
    return _png(2**31 - 1, 1, _chunk(b"IDAT", _zeros(1)))


def png_whose_words_inflate() -> bytes:
    """2 GiB of comment in 2 MB, beside an honest picture of 64 x 64."""
    words = _chunk(b"zTXt", b"Comment\0\0" + _zeros(2048))
    return _png(64, 64, words, _chunk(b"IDAT", zlib.compress(bytes(64 * (64 * 3 + 1)))))


def png_whose_profile_inflates() -> bytes:
    profile = _chunk(b"iCCP", b"profile\0\0" + _zeros(1024))
    return _png(64, 64, profile, _chunk(b"IDAT", zlib.compress(bytes(64 * (64 * 3 + 1)))))


def gif_of_a_million_frames() -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\x02\x03\x84\x8f\x05\x00"
    return screen + frame * 1_000_000 + b"\x3b"


def gif_of_a_giant_screen() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"\x3b"


def _tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", following)


def tiff_of_a_gigapixel() -> bytes:
    return _tiff([(256, 4, 1, 60_000), (257, 4, 1, 60_000), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1),
                  (278, 4, 1, 60_000), (279, 4, 1, 100)])  # fmt: skip


def tiff_whose_pages_go_round() -> bytes:
    return _tiff([(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1),
                  (278, 4, 1, 8), (279, 4, 1, 64)], following=8)  # fmt: skip


def webp_of_a_giant_canvas() -> bytes:
    side = (16383).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + side + side
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_of_a_giant_grid() -> bytes:
    """A grid of 256 x 256 tiles of one item, said to be 4 gigapixels."""
    grid = struct.pack(">BBBBII", 0, 1, 255, 255, 65_535, 65_535)

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, kind) + body

    location = box(b"iloc", struct.pack(">IHHHHHHII", 0x01000000, 0x4400, 1, 1, 1, 0, 1, 0, len(grid)))
    kinds = box(
        b"iinf",
        struct.pack(">IH", 0, 1) + box(b"infe", struct.pack(">IHH4s", 0x02000000, 1, 0, b"grid") + b"\0"),
    )
    handler = box(b"hdlr", bytes(8) + b"pict" + bytes(13))
    size = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 65_535, 65_535))))
    meta = box(
        b"meta",
        bytes(4)
        + handler
        + box(b"pitm", struct.pack(">IH", 0, 1))
        + location
        + kinds
        + size
        + box(b"idat", grid),
    )
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + meta


def _pdf(pages: int, side: int) -> bytes:
    out = io.BytesIO()
    places = []

    def add(body: str) -> None:
        places.append(out.tell())
        out.write(f"{len(places)} 0 obj\n{body}\nendobj\n".encode())

    out.write(b"%PDF-1.7\n")
    add("<< /Type /Catalog /Pages 2 0 R >>")
    add(f"<< /Type /Pages /Kids [{'3 0 R ' * pages}] /Count {pages} >>")
    add(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side} {side}] >>")
    table = out.tell()
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out.write(
        f"xref\n0 4\n0000000000 65535 f \n{rows}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    )
    return out.getvalue()


def pdf_of_a_million_pages() -> bytes:
    return _pdf(1_000_000, 300)


def pdf_of_a_giant_page() -> bytes:
    return _pdf(1, 10**9)


def pdf_whose_content_inflates() -> bytes:
    squeezed = _zeros(1024)
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    head += b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    page = b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>\nendobj\n"
    stream = b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (
        len(squeezed),
        squeezed,
    )
    return head + page + stream + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def boxes_nested_deeply() -> bytes:
    inner = b""
    for _ in range(100_000):
        inner = (
            struct.pack(">I4s", min(len(inner) + 8, 0xFFFFFFFF), b"moov")
            if len(inner) > 1 << 20
            else (struct.pack(">I4s", len(inner) + 8, b"moov") + inner)
        )
    return struct.pack(">I4s", 20, b"ftyp") + b"isom\0\0\0\0isom" + inner


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _jumbf(kind: bytes, label: bytes, body: bytes) -> bytes:
    uuid = kind + bytes.fromhex("00110010800000aa00389b71")
    return _box(b"jumb", _box(b"jumd", uuid + b"\3" + label + b"\0") + body)


def _png_with_manifest(store: bytes) -> bytes:
    """An honest picture of 64 x 64 with a C2PA manifest store."""
    return _png(64, 64, _chunk(b"caBX", store), _chunk(b"IDAT", zlib.compress(bytes(64 * (64 * 3 + 1)))))


def _claimed(claim: bytes) -> bytes:
    """A manifest store whose only manifest has this claim."""
    manifest = _jumbf(b"c2ma", b"urn:uuid:0", _jumbf(b"c2cl", b"c2pa.claim", _box(b"cbor", claim)))
    return _png_with_manifest(_jumbf(b"c2pa", b"c2pa", manifest))


def manifest_nested_deeply() -> bytes:
    inner = b""
    for _ in range(20_000):
        inner = _jumbf(b"c2ma", b"m", inner)
    return _png_with_manifest(_jumbf(b"c2pa", b"c2pa", inner))


def manifest_whose_claim_is_nested_deeply() -> bytes:
    return _claimed(b"\x81" * 1_000_000)


def manifest_whose_claim_says_it_is_huge() -> bytes:
    """An array of 2^60 entries, and a text of 2^60 bytes."""
    return _claimed(b"\x9b" + struct.pack(">Q", 1 << 60) + b"\x7b" + struct.pack(">Q", 1 << 60) + b"a")


def manifest_of_boxes_without_end() -> bytes:
    """A box that claims to last to the end of the file, within one that ends before."""
    return _png_with_manifest(_jumbf(b"c2pa", b"c2pa", struct.pack(">I4s", 0, b"jumb") * 50_000))


def manifests_by_the_hundred_thousand() -> bytes:
    one = _jumbf(b"c2ma", b"urn:uuid:0", _jumbf(b"c2cl", b"c2pa.claim", _box(b"cbor", b"\xa0")))
    return _png_with_manifest(_jumbf(b"c2pa", b"c2pa", one * 100_000))


def film_of_ten_hours() -> bytes:
    """A film header that claims ten hours of 1,000 x 1,000, with a track and no samples."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", len(body) + 8, kind) + body

    length = 36_000_000
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, length) + bytes(80))
    track = box(
        b"tkhd",
        struct.pack(">IIIIII", 7, 0, 0, 1, 0, length)
        + bytes(52)
        + struct.pack(">II", 1000 << 16, 1000 << 16),
    )
    return (
        box(b"ftyp", b"isom" + bytes(4) + b"isom")
        + box(b"moov", header + box(b"trak", track))
        + box(b"mdat", bytes(1000))
    )


def letter_of_a_thousand_parts_in_parts() -> bytes:
    out = ["From: a@b", "To: c@d", "MIME-Version: 1.0"]
    for depth in range(1000):
        out += [f'Content-Type: multipart/mixed; boundary="b{depth}"', "", f"--b{depth}"]
    out += ["Content-Type: text/plain", "", "words"]
    out += [f"--b{depth}--" for depth in reversed(range(1000))]
    return "\r\n".join(out).encode()


def letter_of_a_line_without_end() -> bytes:
    return b"From: a@b\nTo: c@d\nSubject: " + b"=?utf-8?q?" + b"=41" * 2_000_000 + b"?=\n\nwords\n"


def text_of_200_million_characters() -> bytes:
    return b"words " * (32 << 20)


_BY_LIMIT = (
    png_of_a_gigapixel, png_as_long_as_it_can_be, gif_of_a_million_frames, pdf_of_a_million_pages,
    text_of_200_million_characters,
)  # fmt: skip
_BY_LIMIT_OR_BROKEN = (
    png_whose_words_inflate, png_whose_profile_inflates, gif_of_a_giant_screen, tiff_of_a_gigapixel,
    webp_of_a_giant_canvas, heic_of_a_giant_grid, pdf_of_a_giant_page, pdf_whose_content_inflates, boxes_nested_deeply,
    film_of_ten_hours,
)  # fmt: skip
MANIFESTS = (
    manifest_nested_deeply, manifest_whose_claim_is_nested_deeply, manifest_whose_claim_says_it_is_huge,
    manifest_of_boxes_without_end, manifests_by_the_hundred_thousand,
)  # fmt: skip
"""Each costs what the manifest states, and nothing of the picture."""
_HARMLESS = (
    tiff_whose_pages_go_round, letter_of_a_thousand_parts_in_parts, letter_of_a_line_without_end, *MANIFESTS,
)  # fmt: skip

BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    make.__name__: (make, told)
    for makers, told in ((_BY_LIMIT, BOUNDED), (_BY_LIMIT_OR_BROKEN, BOUNDED | BROKEN), (_HARMLESS, set()))
    for make in makers
}
