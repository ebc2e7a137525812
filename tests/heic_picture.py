"""A HEIC of four coloured quarters, put together by hand, so that its turning can be chosen.

The picture is one HEVC frame of 96 x 64 px (x265 of a picture of ours); the container follows ISO/IEC 23008-12: what
turns a HEIC is its ``irot`` and ``imir``, and EXIF's orientation inside it is to be left alone.
"""

from __future__ import annotations

import struct

_VPS = bytes.fromhex("40010c01ffff01600000030090000003000003001e959809")
_SPS = bytes.fromhex("42010101600000030090000003000003001ea030810596566924cae6e04040c080000003008000000c84")
_PPS = bytes.fromhex("4401c172b42240")
_PICTURE = bytes.fromhex(
    "2801af1d80096cb7567ffd65b3f1560b6920d7345b61257f36c1e6feff877beeea4f55e07d13397920e5c8fd8148098f770f"
)

TURNED = {
    1: b"",
    2: b"imir\1",
    3: b"irot\2",
    4: b"imir\0",
    5: b"irot\1imir\0",
    6: b"irot\3",
    7: b"irot\3imir\0",
    8: b"irot\1",
}
"""EXIF orientation to the boxes that mean the same: quarter turns anticlockwise, then a mirror (0 top for bottom, 1 left for
right). As libavif's avifImageSetExifOrientation translates them."""


def heic(orientation: int, exif: bytes = b"", xmp: bytes = b"") -> bytes:
    """The quarters to be shown as EXIF's ``orientation`` (1..8) says, with EXIF (from its TIFF header) and XMP beside."""
    turns = TURNED[orientation]
    properties = [_decoder(), _full(b"ispe", struct.pack(">II", 96, 64))]
    properties += [_box(turns[at : at + 4], turns[at + 4 : at + 5]) for at in range(0, len(turns), 5)]
    head = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    items = [(b"hvc1\0", struct.pack(">I", len(_PICTURE)) + _PICTURE)]
    if exif:
        items.append((b"Exif\0", struct.pack(">I", 0) + exif))
    if xmp:
        items.append((b"mime\0application/rdf+xml\0", xmp))
    size = len(_meta(properties, items, 0))
    body = b"".join(payload for _, payload in items)
    return head + _meta(properties, items, len(head) + size + 8) + _box(b"mdat", body)


def _meta(properties: list[bytes], items: list[tuple[bytes, bytes]], start: int) -> bytes:
    payloads = [payload for _, payload in items]
    infos = [_full(b"infe", struct.pack(">HH", i, 0) + kind, 2) for i, (kind, _) in enumerate(items, 1)]
    extents, at = b"", start
    for number, payload in enumerate(payloads, 1):
        extents += struct.pack(">HHHII", number, 0, 1, at, len(payload))
        at += len(payload)
    uses = bytes([len(properties), *(0x80 | i for i in range(1, len(properties) + 1))])
    parts = [
        _full(b"hdlr", b"\0\0\0\0pict" + bytes(13)),
        _full(b"pitm", struct.pack(">H", 1)),
        _full(b"iinf", struct.pack(">H", len(infos)) + b"".join(infos)),
        _full(b"iloc", b"\x44\0" + struct.pack(">H", len(payloads)) + extents),
        _box(
            b"iprp",
            _box(b"ipco", b"".join(properties)) + _full(b"ipma", struct.pack(">IH", 1, 1) + uses),
        ),
    ]
    if len(payloads) > 1:
        uses_of = (_box(b"cdsc", struct.pack(">HHH", i, 1, 1)) for i in range(2, len(payloads) + 1))
        parts.append(_full(b"iref", b"".join(uses_of)))
    return _full(b"meta", b"".join(parts))


def _decoder() -> bytes:
    """HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3): the level from the SPS, then the parameter sets."""
    sets = b"".join(
        bytes([0x80 | kind]) + struct.pack(">HH", 1, len(unit)) + unit
        for kind, unit in ((32, _VPS), (33, _SPS), (34, _PPS))
    )
    level = _SPS[3:15]
    return _box(b"hvcC", b"\1" + level + b"\xf0\0\xfc\xfd\xf8\xf8\0\0\x0f\3" + sets)


def _box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, body: bytes, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24) + body)
