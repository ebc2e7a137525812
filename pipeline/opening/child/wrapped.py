"""One file inside a transparent wrapping: gzip, as a web server stores it, or a data URL that a page saved as text."""

from __future__ import annotations

import base64
import binascii
import mmap
import re
import zlib
from urllib.parse import unquote_to_bytes

from validators.measures.containers.file_type import DOCUMENT, HTML, STILL, TEXT, kind_of, sniff

HEAD_BYTES = 64 * 1024
_GZIP = "application/gzip"
_DATA_URL = re.compile(rb"\s*data:[\w.+-]+/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*(?P<base64>;base64)?,", re.IGNORECASE)
_IN_DATA_URL = (STILL, DOCUMENT)
_IN_GZIP = (STILL, DOCUMENT, TEXT, HTML)


def unwrap(data: mmap.mmap, mime: str, most: int) -> tuple[mmap.mmap, str] | None:
    """The picture, page or text inside, unpacked to at most ``most`` bytes, and its type; None where there is none."""
    inner = (
        _gunzip(data, most) if mime == _GZIP else _from_data_url(data, most) if mime == "text/plain" else None
    )
    if not inner:
        return None
    found = sniff(inner[:HEAD_BYTES], len(inner))
    if kind_of(found) not in (_IN_GZIP if mime == _GZIP else _IN_DATA_URL):
        return None
    held = mmap.mmap(-1, len(inner))
    held.write(inner)
    return held, found


def _gunzip(data: mmap.mmap, most: int) -> bytes | None:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        inner = unpacker.decompress(data[:], most + 1)
    except zlib.error:
        return None
    return inner if unpacker.eof and len(inner) <= most else None


def _from_data_url(data: mmap.mmap, most: int) -> bytes | None:
    found = _DATA_URL.match(data[:512])
    if found is None or len(data) > 2 * most:
        return None
    body = unquote_to_bytes(data[found.end() :].strip())
    if found["base64"] is None:
        return body
    try:
        return base64.b64decode(re.sub(rb"\s", b"", body), validate=True)
    except binascii.Error:
        return None
