"""Finds where a file keeps a C2PA manifest, without reading it.

Source: C2PA 2.2, annex A "Embedding manifests into various file formats". Bytes outside that place are no manifest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from validators.measures.containers.buffers import Buffer, Searchable, searchable
from validators.measures.containers.isobmff import file_boxes
from validators.measures.containers.jpeg_structure import header_segments
from validators.measures.containers.png_structure import png_chunks
from validators.measures.containers.riff_structure import declared_end, riff_chunks
from validators.measures.containers.simple_structures import gif_extensions

_JUMBF_SEGMENT = 0xEB
_DESCRIPTION = b"jumdc2pa"
_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_GIF_NAME = b"\xff\x0bC2PA_GIF"
_TIFF_TAG = 0xCD41
_MOST_TAGS = 500


def holds_manifest(mime: str, data: Buffer) -> bool:
    """Whether there is a manifest store in its place. Never raises; False for types without such a place."""
    look = _PLACES.get(mime)
    return look(searchable(data)) if look else False


def _in_jpeg(data: Searchable) -> bool:
    """An APP11 segment with the beginning of the store; the others continue it."""
    return any(
        one.marker == _JUMBF_SEGMENT
        and data[one.start : one.start + 2] == b"JP"
        and _DESCRIPTION in data[one.start : one.start + 64]
        for one in header_segments(data)
    )


def _in_png(data: Searchable) -> bool:
    return any(chunk.type == b"caBX" for chunk in png_chunks(data))


def _in_riff(data: Searchable) -> bool:
    return any(chunk.id == b"C2PA" for chunk in riff_chunks(data, end=declared_end(data)))


def _in_boxes(data: Searchable) -> bool:
    return any(box.type == b"uuid" and data[box.start : box.start + 16] == _UUID for box in file_boxes(data))


def _in_gif(data: Searchable) -> bool:
    return any(data[at + 1 : at + 1 + len(_GIF_NAME)] == _GIF_NAME for at in gif_extensions(data))


def _in_tiff(data: Searchable) -> bool:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(data[:4]))
    if order is None or len(data) < 8:
        return False
    (start,) = struct.unpack(f"{order}I", data[4:8])
    count = data[start : start + 2]
    if len(count) < 2:
        return False
    entries = min(struct.unpack(f"{order}H", count)[0], _MOST_TAGS)
    tags = (data[at : at + 2] for at in range(start + 2, start + 2 + 12 * entries, 12))
    return struct.pack(f"{order}H", _TIFF_TAG) in map(bytes, tags)


_PLACES: dict[str, Callable[[Searchable], bool]] = {
    "image/jpeg": _in_jpeg,
    "image/png": _in_png,
    "image/gif": _in_gif,
    "image/tiff": _in_tiff,
    **dict.fromkeys(("image/webp", "video/x-msvideo", "audio/wav"), _in_riff),
    **dict.fromkeys(
        ("image/heic", "image/heif", "image/avif", "video/mp4", "video/quicktime", "audio/mp4"), _in_boxes
    ),
}
