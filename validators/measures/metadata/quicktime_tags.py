"""Times and tags in the ``moov`` box of MP4 and QuickTime files.

Sources: ISO/IEC 14496-12 section 8.2.2 (``mvhd``); QuickTime File Format, "Metadata" (``keys``/``ilst``) and
"User data".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u16, u32, u64
from validators.measures.containers.isobmff import Box, boxes, file_boxes, find_box

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MAX_KEYS = 256
_MAX_VALUE = 4096  # a label of generated content with its signature; a key of metadata is far shorter
_MAX_XMP = 1 << 20


def movie_created(data: Buffer) -> int | None:
    """The creation time of the movie header in seconds since 1904; None without a header or with zero."""
    source = searchable(data)
    box = find_box(source, (b"moov", b"mvhd"))
    if box is None or box.end - box.start < 20:
        return None
    seconds = u64(source, box.start + 4) if source[box.start] == 1 else u32(source, box.start + 4)
    return seconds or None


def movie_tags(data: Buffer) -> Mapping[str, str]:
    """Textual tags: keys such as "com.apple.quicktime.creationdate", and user data: "©day", "©xyz", "date",
    "loci".
    """
    source = searchable(data)
    found: dict[str, str] = {}
    for path in ((b"moov", b"meta"), (b"moov", b"udta", b"meta")):
        box = find_box(source, path)
        if box is not None:
            found.update(_key_values(source, box))
    user_data = find_box(source, (b"moov", b"udta"))
    if user_data is not None:
        for name, text in _user_data(source, user_data):
            found.setdefault(name, text)
    return found


def movie_xmp(data: Buffer) -> bytes:
    """The XMP packet: a ``uuid`` box at the top level or ``moov/udta/XMP_``; empty where absent."""
    source = searchable(data)
    for box in file_boxes(source):
        if box.type == b"uuid" and source[box.start : box.start + 16] == _XMP_UUID:
            return bytes(source[box.start + 16 : min(box.end, box.start + _MAX_XMP)])
    inner = find_box(source, (b"moov", b"udta", b"XMP_"))
    return bytes(source[inner.start : min(inner.end, inner.start + _MAX_XMP)]) if inner else b""


def _key_values(data: Searchable, meta: Box) -> Iterator[tuple[str, str]]:
    start = meta.start if data[meta.start + 4 : meta.start + 8] == b"hdlr" else meta.start + 4
    keys = find_box(data, (b"keys",), start, meta.end)
    items = find_box(data, (b"ilst",), start, meta.end)
    if items is None:
        return
    names = list(_key_names(data, keys)) if keys else []
    for item in boxes(data, items.start, items.end):
        index = int.from_bytes(item.type, "big")
        name = names[index - 1] if 1 <= index <= len(names) else item.type.decode("latin-1")
        value = find_box(data, (b"data",), item.start, min(item.end, items.end))
        if value is not None and u32(data, value.start) == 1:  # UTF-8 text
            yield name, _text(data[value.start + 8 : min(value.end, value.start + 8 + _MAX_VALUE)])


def _key_names(data: Searchable, keys: Box) -> Iterator[str]:
    at = keys.start + 8
    for _ in range(min(u32(data, keys.start + 4), _MAX_KEYS)):
        size = u32(data, at)
        if size < 8 or at + size > keys.end:
            return
        yield _text(data[at + 8 : at + min(size, _MAX_VALUE)])
        at += size


def _user_data(data: Searchable, user_data: Box) -> Iterator[tuple[str, str]]:
    for box in boxes(data, user_data.start, user_data.end):
        if box.type == b"loci":  # 3GPP's location: that there is one is all that is told
            yield "loci", "present"
        if box.type == b"date" and box.end <= user_data.end:
            yield "date", _text(data[box.start : min(box.end, box.start + _MAX_VALUE)])
        if box.type[:1] == b"\xa9" and box.end <= user_data.end:
            size = min(u16(data, box.start), _MAX_VALUE)
            yield (
                "©" + box.type[1:].decode("latin-1"),
                _text(data[box.start + 4 : min(box.start + 4 + size, box.end)]),
            )


def _text(raw: bytes | bytearray) -> str:
    return raw.decode("utf-8", errors="replace").strip("\0 ")
