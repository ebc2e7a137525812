"""Faults planted in files for the table of trust: cut, emptied, damaged, locked or misnamed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from random import Random

from damage_made import overwritten, scan_holes
from PIL import Image
from trailing import planted as planted_ends

Named = tuple[str, bytes]
"""A file's name and bytes."""
Maker = Callable[[bytes, Random, int], Named]
"""Makes the fault of that number from a JPEG."""


def _png(jpeg: bytes) -> bytes:
    return _as(jpeg, "PNG")


def _pdf(jpeg: bytes) -> bytes:
    return _as(jpeg, "PDF")


def _as(jpeg: bytes, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def _small(jpeg: bytes, side: int = 640) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    image.thumbnail((side, side))
    return image


def empty(jpeg: bytes, random: Random, number: int) -> Named:
    return f"photo.{('jpg', 'png', 'pdf', 'mp4')[number % 4]}", b""


def unsupported(jpeg: bytes, random: Random, number: int) -> Named:
    """A database, a WebAssembly module, a MIDI file, or bytes of no kind."""
    heads = {
        "db": b"SQLite format 3\0",
        "wasm": b"\0asm\1\0\0\0",
        "mid": b"MThd\0\0\0\6\0\1\0\1\0\x60",
        "bin": b"",
    }
    suffix = list(heads)[number % len(heads)]
    return f"evidence.{suffix}", heads[suffix] + random.randbytes(4000)


def corrupt(jpeg: bytes, random: Random, number: int) -> Named:
    """Noise behind the first bytes of a PNG, a PDF or a WebP."""
    kept = (
        ("photo.png", _png(jpeg)[:16]),
        ("page.pdf", b"%PDF-1.7\n"),
        ("photo.webp", _as(jpeg, "WEBP")[:16]),
    )
    name, head = kept[number % 3]
    return name, head + random.randbytes(40_000)


def truncated(jpeg: bytes, random: Random, number: int) -> Named:
    """A JPEG or PNG without its last 10 to 80 %."""
    name, whole = (("photo.jpg", jpeg), ("photo.png", _png(jpeg)))[number % 2]
    return name, whole[: int(len(whole) * random.uniform(0.2, 0.9))]


def encrypted(jpeg: bytes, random: Random, number: int) -> Named:
    """A PDF or a ZIP that asks for a password."""
    if number % 2:
        packed = bytearray(_zip({"photo.jpg": jpeg}))
        for mark, offset in (
            (b"PK\3\4", 6),
            (b"PK\1\2", 8),
        ):  # the flags of the local header and of the directory
            packed[packed.index(mark) + offset] |= 1
        return "photos.zip", bytes(packed)
    owner, user, ident = (random.randbytes(size).hex() for size in (32, 32, 16))
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner}> /U <{user}> >> /ID [<{ident}> <{ident}>]"
    )
    return "page.pdf", _pdf(jpeg).replace(b"trailer\n<<", b"trailer\n<< " + lock.encode(), 1)


def too_large(jpeg: bytes, random: Random, number: int) -> Named:
    """A PNG of 16,000 px and more on both sides, in a few hundred kilobytes."""
    side = 16_000 + 400 * number
    rows = zlib.compress(bytes((1 + side // 8) * side), 9)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return "photo.png", b"\x89PNG\r\n\x1a\n" + chunks


def damaged(jpeg: bytes, random: Random, number: int) -> Named:
    """512 bytes of the picture zeroed or randomised."""
    for span in scan_holes(jpeg, 20, random):
        made = overwritten(jpeg, span, ("zeroed", "randomised")[number % 2], random)
        if made is not None:
            return "photo.jpg", made
    raise ValueError("the photo has no data to damage")


def misnamed(jpeg: bytes, random: Random, number: int) -> Named:
    wrong = (("photo.png", jpeg), ("photo.jpg", _png(jpeg)), ("page.pdf", jpeg), ("photo.heic", jpeg))
    return wrong[number % len(wrong)]


def trailing(jpeg: bytes, random: Random, number: int) -> Named:
    ends = list(planted_ends().values())
    return "photo.jpg", jpeg + ends[number % len(ends)]


def limited(jpeg: bytes, random: Random, number: int) -> Named:
    """An animation, or pages of which only the first is read."""
    image = _small(jpeg)
    suffix = ("gif", "tiff")[number % 2]
    buffer = io.BytesIO()
    more = [image.rotate(90 * turn) for turn in (2, 4)]
    image.save(buffer, suffix.upper(), save_all=True, append_images=more)
    return f"pages.{suffix}", buffer.getvalue()


def no_end(jpeg: bytes, random: Random, number: int) -> Named:
    return ("photo.jpg", jpeg[: jpeg.rindex(b"\xff\xd9")]) if number % 2 else ("photo.png", _png(jpeg)[:-12])


def not_checked(jpeg: bytes, random: Random, number: int) -> Named:
    """A RAR archive or a Photoshop file."""
    if number % 2:
        return "photos.rar", b"Rar!\x1a\x07\x01\0" + random.randbytes(4000)
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 600, 800, 8, 3)
    return "photo.psd", head + bytes(12) + b"\0\0" + random.randbytes(3 * 600 * 800)


def members(jpeg: bytes, random: Random, number: int) -> Named:
    """A ZIP or a mail that holds the photo."""
    if number % 2:
        return "photos.zip", _zip({"photo.jpg": jpeg})
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "The parcel", "ann@example.org", "help@example.org"
    mail.set_content("The photo is attached.")
    mail.add_attachment(jpeg, "image", "jpeg", filename="photo.jpg")
    return "letter.eml", mail.as_bytes()


def upload_failed(jpeg: bytes, random: Random, number: int) -> Named:
    """A server's answer, a storage pointer, or zeros under a picture's name."""
    bodies = (
        b'{"error": {"code": 403, "message": "Access denied"}}',
        b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
        b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>Not found</Message></Error>',
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 120345\n",
        bytes(random.randrange(2_000, 200_000)),
        b"504 Gateway Time-out",
    )
    return f"photo.{('jpg', 'png')[number % 2]}", bodies[number % len(bodies)]


def nothing_said(jpeg: bytes, random: Random, number: int) -> Named:
    """A text of blanks, or a mail without words."""
    if number % 2:
        return (
            "letter.eml",
            b"From: ann@example.org\r\nSubject: \r\nContent-Type: text/plain\r\n\r\n" + b"\r\n" * number,
        )
    return "chat.txt", (b"", b"\xef\xbb\xbf")[number // 2 % 2] + b" \r\n\t\n" * (1 + number)


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


MAKERS: dict[str, Maker] = {
    "FMT_EMPTY": empty,
    "FMT_UNSUPPORTED": unsupported,
    "FMT_CORRUPT": corrupt,
    "FMT_TRUNCATED": truncated,
    "FMT_ENCRYPTED": encrypted,
    "FMT_TOO_LARGE": too_large,
    "FMT_DAMAGED": damaged,
    "FMT_TYPE_MISMATCH": misnamed,
    "FMT_TRAILING_DATA": trailing,
    "FMT_LIMITED": limited,
    "FMT_NO_END": no_end,
    "FMT_NOT_CHECKED": not_checked,
    "FMT_MEMBERS": members,
    "FMT_UPLOAD_FAILED": upload_failed,
    "TXT_EMPTY": nothing_said,
}
"""By code."""


def planted_files(photos: Iterator[bytes], random: Random, each: int) -> Iterator[tuple[str, Named]]:
    """(code, file) of every fault."""
    for code, make in MAKERS.items():
        for number in range(each):
            yield code, make(next(photos), random, number)
