"""Detects the type of a file from its bytes. Names and declared types are only claims."""

from __future__ import annotations

import re

from validators.measures.containers.buffers import le16, le32, u32
from validators.measures.containers.signatures import BRANDS, FIXED, LEADING_BOXES, ZIP_PARTS
from validators.measures.containers.text_type import text_encoding, text_type

UNKNOWN_TYPE = "application/octet-stream"

STILL, DOCUMENT, TEXT, MAIL, HTML, VIDEO, AUDIO, OTHER = (
    "still",
    "document",
    "text",
    "mail",
    "html",
    "video",
    "audio",
    "other",
)

_STILLS = ("jpeg", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tiff")
_VIDEOS = ("mp4", "quicktime", "webm", "x-matroska", "3gpp", "3gpp2", "x-msvideo", "mp2t")
_RECORDINGS = ("mpeg", "mp4", "ogg", "amr", "aac", "wav", "flac", "x-caf")

KIND_OF: dict[str, str] = {
    **{f"image/{name}": STILL for name in _STILLS},
    "application/pdf": DOCUMENT,
    "text/plain": TEXT,
    "message/rfc822": MAIL,
    "text/html": HTML,
    **{f"video/{name}": VIDEO for name in _VIDEOS},
    **{f"audio/{name}": AUDIO for name in _RECORDINGS},
}
"""How each supported type is opened."""

SUPPORTED = frozenset(KIND_OF)
"""The types that can be opened. Others that ``sniff`` knows are refused by name."""

UNCHECKED = frozenset(
    """
    image/x-xcf image/x-jng image/x-jp2-codestream image/jp2 image/jxl image/vnd.adobe.photoshop image/x-fuji-raf
    image/x-panasonic-rw2 image/x-olympus-orf image/x-sigma-x3f image/x-canon-crw image/x-canon-cr2 image/x-canon-cr3
    image/x-adobe-dng image/x-nikon-nef image/x-sony-arw image/x-pentax-pef image/x-samsung-srw
    video/x-flv video/x-ms-asf video/mpeg video/ogg video/x-mng video/x-rm application/mxf
    application/vnd.ms-outlook application/x-ole-storage application/postscript text/rtf
    application/x-rar application/x-7z-compressed application/x-tar
    application/vnd.openxmlformats-officedocument.wordprocessingml.document
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
    application/vnd.openxmlformats-officedocument.presentationml.presentation
    application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet
    application/vnd.oasis.opendocument.presentation
    """.split()
)
"""Types that are recognised as valid and can be opened by a person, but not by the decoders here."""

_PDF_OBJECT = re.compile(rb"\d+ \d+ obj\b")
_PDF_WINDOW = 1024
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{26}(?=(.{0,64}))", re.DOTALL)
"""The name of a file in an archive, and the bytes that follow it: packed bytes hold any short name by chance."""
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_RAW_MAKERS = (
    (b"NIKON", "image/x-nikon-nef"),
    (b"SONY", "image/x-sony-arw"),
    (b"PENTAX", "image/x-pentax-pef"),
    (b"SAMSUNG", "image/x-samsung-srw"),
)


def sniff(head: bytes, size: int) -> str:
    """The MIME type of a file of ``size`` bytes that begins with ``head`` (the more the better, up to 64 KB).

    Never raises. An unknown type is "application/octet-stream".
    """
    for offset, signature, mime in FIXED:
        if head.startswith(signature, offset):
            return mime
    for test in (
        _riff,
        _iso_media,
        _tiff,
        _matroska,
        _ogg,
        _bitmap,
        _zip,
        _transport_stream,
        _program,
        _mpeg_audio,
    ):
        found = test(head)
        if found is not None:
            return found
    if b"%PDF-" in head[:_PDF_WINDOW] and _PDF_OBJECT.search(head):
        return "application/pdf"
    encoding = text_encoding(head, whole=size <= len(head))
    if encoding is None or not head:
        return UNKNOWN_TYPE
    return text_type(head.decode(encoding, errors="ignore"))


def kind_of(mime: str) -> str:
    """How ``mime`` is opened, or OTHER if it is not."""
    return KIND_OF.get(mime, OTHER)


def _riff(head: bytes) -> str | None:
    if head[:4] not in (b"RIFF", b"RIFX", b"RF64"):
        return None
    return {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}.get(head[8:12])


def _iso_media(head: bytes) -> str | None:
    box, length = head[4:8], u32(head, 0)
    if box == b"ftyp" and length >= 8:
        return _brand_type(head, length)
    if box in LEADING_BOXES and (length >= 8 or length in (0, 1)):
        # fragments without their header are MP4; the classic order without ftyp is QuickTime's
        return "video/mp4" if box in (b"moof", b"styp", b"sidx") else "video/quicktime"
    return None


def _brand_type(head: bytes, length: int) -> str:
    end = min(length, len(head), 8 + 4 * 64)
    major = head[8:12].decode("latin-1")
    compatible = [head[at : at + 4].decode("latin-1") for at in range(16, end - 3, 4)]
    found = _brand(major)
    if found == "image/heif" and any(_brand(brand) == "image/avif" for brand in compatible):
        return "image/avif"
    if found is not None:
        return found
    return next((mime for brand in compatible if (mime := _brand(brand))), "video/mp4")


def _brand(code: str) -> str | None:
    if code.startswith(("3gp", "3gg", "3ge", "3gr", "3gs")):
        return "video/3gpp"
    return "video/3gpp2" if code.startswith("3g2") else BRANDS.get(code)


def _tiff(head: bytes) -> str | None:
    if head[:4] not in (b"II*\x00", b"MM\x00*"):
        return None
    if head[8:10] == b"CR":
        return "image/x-canon-cr2"
    little = head[:2] == b"II"
    directory = le32(head, 4) if little else u32(head, 4)
    tags = _tiff_tags(head, directory, little=little)
    if 0xC612 in tags:
        return "image/x-adobe-dng"
    if 0x014A in tags and 0x010F in tags:  # sub-images beside a camera's name: a raw file
        at = le32(head, tags[0x010F] + 8) if little else u32(head, tags[0x010F] + 8)
        make = head[at : at + 16].upper()
        return next((mime for name, mime in _RAW_MAKERS if make.startswith(name)), "image/tiff")
    return "image/tiff"


def _tiff_tags(head: bytes, directory: int, *, little: bool) -> dict[int, int]:
    """Tag number to the offset of its entry, for the first directory as far as it lies in ``head``."""
    order = "little" if little else "big"
    count = int.from_bytes(head[directory : directory + 2], order)  # type: ignore[arg-type]
    entries = range(directory + 2, min(directory + 2 + 12 * count, len(head) - 11), 12)
    return {int.from_bytes(head[at : at + 2], order): at for at in entries}  # type: ignore[arg-type]


def _matroska(head: bytes) -> str | None:
    if head[:4] != b"\x1a\x45\xdf\xa3":
        return None
    return "video/webm" if b"\x42\x82\x84webm" in head[:128] else "video/x-matroska"


def _ogg(head: bytes) -> str | None:
    if head[:5] != b"OggS\x00":
        return None
    return "video/ogg" if b"\x80theora" in head[:512] else "audio/ogg"


def _bitmap(head: bytes) -> str | None:
    return (
        "image/bmp" if head[:2] == b"BM" and le32(head, 14) in _BMP_HEADERS and le16(head, 8) == 0 else None
    )


def _zip(head: bytes) -> str | None:
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return None
    entries = _ZIP_ENTRY.findall(head)
    return next(
        (mime for part, mime in ZIP_PARTS if any(entry.startswith(part) for entry in entries)),
        "application/zip",
    )


def _transport_stream(head: bytes) -> str | None:
    """Four sync bytes in a row, 188 bytes apart, or 192 in the variant of camcorders."""
    for start, step in ((0, 188), (4, 192)):
        syncs = len(head) > start + 3 * step and all(head[start + n * step] == 0x47 for n in range(4))
        # a text full of Gs would pass, but some packet's header has small numbers, and text has none
        headers = (head[start + n * step : start + n * step + 4] for n in range(4))
        if syncs and any(byte < 9 for header in headers for byte in header):
            return "video/mp2t"
    return None


def _program(head: bytes) -> str | None:
    if head[:2] != b"MZ" or len(head) < 64:
        return None
    header = le32(head, 60)
    return "application/x-executable" if head[header : header + 2] in (b"PE", b"NE", b"LE") else None


def _mpeg_audio(head: bytes) -> str | None:
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac" if head[2] >> 2 & 15 < 13 else None
    valid = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 8  # layer III: 0xFFFE is UTF-16's mark
    rates = head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C
    return "audio/mpeg" if valid and rates else None
