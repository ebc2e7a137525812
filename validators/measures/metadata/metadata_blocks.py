"""Finds the metadata blocks of a still by walking its container, without decoding it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u32
from validators.measures.containers.isobmff import item_extents, item_types
from validators.measures.containers.jpeg_structure import header_segments
from validators.measures.containers.png_structure import png_chunks
from validators.measures.containers.riff_structure import declared_end, riff_chunks
from validators.measures.containers.simple_structures import gif_extensions
from validators.measures.metadata.iptc import PHOTOSHOP_HEADER

_EXIF_HEADER = b"Exif\x00"
_XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
_EXTENSION_HEADER = b"http://ns.adobe.com/xmp/extension/\x00"
_EXTENSION_NAME = 32
_TIFF_HEADERS = (b"II*\x00", b"MM\x00*")
_RAW_PROFILE = "Raw profile type "
_MAX_BLOCK = 1 << 20
_MAX_TEXTS = 64
_MAX_TEXT = 16 * 1024  # a prompt with its settings, which come last
_GIF_XMP = b"XMP DataXMP"
_GIF_XMP_END = b"<?xpacket end"


@dataclass(frozen=True, slots=True)
class MetadataBlocks:
    """Raw blocks, empty where absent: ``exif`` from its TIFF header on, ``xmp`` as XML, ``photoshop``
    resources.

    ``more_xmp`` is what did not fit into a JPEG's first packet. ``texts`` are PNG's text chunks by keyword; ``png_time`` is
    the tIME chunk.
    """

    exif: bytes = b""
    xmp: bytes = b""
    photoshop: bytes = b""
    texts: Mapping[str, str] = field(default_factory=dict)
    png_time: bytes = b""
    more_xmp: bytes = b""


def metadata_blocks(mime: str, data: Buffer) -> MetadataBlocks:
    """The blocks of a JPEG, PNG, WebP, HEIF, AVIF, GIF or TIFF; none for other types.

    Never raises. Each block is at most 1 MiB, save that of a TIFF, which is the file itself.
    """
    reader = _READERS.get(mime)
    return reader(searchable(data)) if reader else MetadataBlocks()


def _jpeg_blocks(data: Searchable) -> MetadataBlocks:
    exif, xmp, photoshop = b"", b"", b""
    extension: list[bytes] = []
    for segment in header_segments(data):
        if segment.marker not in (0xE1, 0xED):
            continue
        payload = bytes(data[segment.start : segment.end])
        if segment.marker == 0xED and payload.startswith(PHOTOSHOP_HEADER):
            photoshop += payload[len(PHOTOSHOP_HEADER) :]
        elif payload.startswith(_EXIF_HEADER):
            exif = _join_exif(exif, payload[6:])
        elif payload.startswith(_XMP_HEADER):
            xmp = xmp or payload[len(_XMP_HEADER) :]
        elif payload.startswith(_EXTENSION_HEADER) and sum(map(len, extension)) <= _MAX_BLOCK:
            extension.append(payload[len(_EXTENSION_HEADER) :])
        elif (
            payload[:64].lstrip().startswith((b"<?xpacket", b"<x:xmpmeta"))
        ):  # some writers leave the header out
            xmp = xmp or payload
    return MetadataBlocks(
        exif=exif[:_MAX_BLOCK],
        xmp=xmp[:_MAX_BLOCK],
        photoshop=photoshop[:_MAX_BLOCK],
        more_xmp=_extended_xmp(xmp, extension),
    )


def _extended_xmp(xmp: bytes, pieces: list[bytes]) -> bytes:
    """The pieces that the first packet names, joined by offset; b"" if one is missing or they are too large (XMP part 3)."""
    mine = [piece for piece in pieces if len(piece) >= _EXTENSION_NAME + 8 and piece[:_EXTENSION_NAME] in xmp]
    body = b""
    for piece in sorted(mine, key=lambda one: u32(one, _EXTENSION_NAME + 4)):
        if u32(piece, _EXTENSION_NAME + 4) != len(body) or len(body) > _MAX_BLOCK:
            return b""
        body += piece[_EXTENSION_NAME + 8 :]
    return body if mine and len(body) == u32(mine[0], _EXTENSION_NAME) else b""


def _join_exif(so_far: bytes, more: bytes) -> bytes:
    """A block longer than one segment goes on in the next; one with a header of its own is a copy."""
    if so_far and more[:4] in _TIFF_HEADERS:
        return so_far
    return so_far + more


def _png_blocks(data: Searchable) -> MetadataBlocks:
    exif, xmp, photoshop, png_time = b"", b"", b"", b""
    texts: dict[str, str] = {}
    for chunk in png_chunks(data):
        if (
            chunk.type not in (b"eXIf", b"tIME", b"tEXt", b"zTXt", b"iTXt")
            or chunk.end - chunk.start > _MAX_BLOCK
        ):
            continue
        payload = bytes(data[chunk.start : chunk.end])
        if chunk.type == b"eXIf":
            exif = payload[6:] if payload.startswith(_EXIF_HEADER) else payload
        elif chunk.type == b"tIME":
            png_time = payload
        elif len(texts) < _MAX_TEXTS:
            keyword, text = _png_text(chunk.type, payload)
            profile = keyword.removeprefix(_RAW_PROFILE) if keyword.startswith(_RAW_PROFILE) else ""
            if keyword == "XML:com.adobe.xmp":
                xmp = text
            elif profile in ("exif", "APP1") and not exif:
                exif = _raw_profile(text).removeprefix(b"Exif\0\0")
            elif profile == "xmp" and not xmp:
                xmp = _raw_profile(text)
            elif profile in ("iptc", "8bim") and not photoshop:
                photoshop = _raw_profile(text)
            elif keyword and not profile:
                texts.setdefault(keyword, _decode(text[:_MAX_TEXT]))
    return MetadataBlocks(exif=exif, xmp=xmp, photoshop=photoshop, texts=texts, png_time=png_time)


def _png_text(kind: bytes, payload: bytes) -> tuple[str, bytes]:
    raw_keyword, _, rest = payload.partition(b"\0")
    keyword = raw_keyword.decode("latin-1")
    if kind == b"tEXt":
        return keyword, rest
    if kind == b"zTXt":
        return keyword, _inflate(rest[1:])
    compressed, body = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
    if len(body) < 3:
        return keyword, b""
    return keyword, _inflate(body[2]) if compressed else body[2]


def _raw_profile(text: bytes) -> bytes:
    """ImageMagick's way to keep other formats' metadata in a PNG: a name, a length, hexadecimal digits."""
    parts = text.split(None, 2)
    if len(parts) < 3:
        return b""
    digits = b"".join(parts[2].split())
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:  # a damaged profile is no profile (UnicodeDecodeError is one too)
        return b""


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MAX_BLOCK)
    except zlib.error:  # a damaged text is no text
        return b""


def _decode(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _webp_blocks(data: Searchable) -> MetadataBlocks:
    exif, xmp = b"", b""
    for chunk in riff_chunks(data, end=declared_end(data)):
        if chunk.end - chunk.start > _MAX_BLOCK:
            continue
        if chunk.id == b"EXIF":
            payload = bytes(data[chunk.start : chunk.end])
            exif = payload[6:] if payload.startswith(_EXIF_HEADER) else payload
        elif chunk.id in (b"XMP ", b"XMP\x00"):
            xmp = bytes(data[chunk.start : chunk.end])
    return MetadataBlocks(exif=exif, xmp=xmp)


def _heif_blocks(data: Searchable) -> MetadataBlocks:
    kinds = dict(item_types(data))
    exif, xmp = b"", b""
    for extent in item_extents(data):
        kind = kinds.get(extent.item)
        if kind not in (b"Exif", b"mime") or extent.end - extent.start > _MAX_BLOCK:
            continue
        payload = bytes(data[extent.start : extent.end])
        if kind == b"Exif":
            skip = 4 + u32(payload, 0)  # where the TIFF header stands, by ISO/IEC 23008-12 annex A
            exif = exif or payload[skip:]
        elif b"<rdf:RDF" in payload:
            xmp = xmp or payload
    return MetadataBlocks(exif=exif, xmp=xmp)


def _tiff_blocks(data: Searchable) -> MetadataBlocks:
    return MetadataBlocks(exif=bytes(data))


def _gif_blocks(data: Searchable) -> MetadataBlocks:
    """XMP stands in an application extension as it is, without sub-blocks, and ends in a trailer of 258 bytes."""
    for at in gif_extensions(data):
        start = at + 3 + len(_GIF_XMP)
        if data[at + 1] == 0xFF and data[at + 3 : start] == _GIF_XMP:
            end = data.find(_GIF_XMP_END, start, start + _MAX_BLOCK)
            return MetadataBlocks(xmp=bytes(data[start:end])) if end > 0 else MetadataBlocks()
    return MetadataBlocks()


_READERS: dict[str, Callable[[Searchable], MetadataBlocks]] = {
    "image/jpeg": _jpeg_blocks,
    "image/png": _png_blocks,
    "image/webp": _webp_blocks,
    "image/gif": _gif_blocks,
    "image/tiff": _tiff_blocks,
    **dict.fromkeys(("image/heic", "image/heif", "image/avif"), _heif_blocks),
}
