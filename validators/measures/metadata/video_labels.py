"""The label of generated content in videos that have no MP4 tags.

Source: TC260-PG-20257A: a tag named ``AIGC`` in Matroska's Tags, a chunk of that name in AVI's INFO list.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.measures.containers.buffers import Buffer, Searchable, searchable
from validators.measures.containers.matroska import elements
from validators.measures.containers.riff_structure import declared_end, riff_chunks

_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG, _NAME, _TEXT = 0x18538067, 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_LABEL = b"AIGC"
_MAX_TEXT = 16 * 1024


def video_label(mime: str, data: Buffer) -> str:
    """The text of the label, "" where there is none. Never raises."""
    source = searchable(data)
    if mime in ("video/webm", "video/x-matroska"):
        found = _in_matroska(source)
    elif mime == "video/x-msvideo":
        found = _in_avi(source)
    else:
        return ""
    return next(found, b"")[:_MAX_TEXT].decode("utf-8", errors="replace").strip("\0 ")


def _in_matroska(data: Searchable) -> Iterator[bytes]:
    for start, end in _within(data, _SEGMENT, 0, len(data)):
        for tags in _within(data, _TAGS, start, end):
            for tag in _within(data, _TAG, *tags):
                for simple in _within(data, _SIMPLE_TAG, *tag):
                    parts = {
                        name: bytes(data[a : min(b, a + _MAX_TEXT)]) for name, a, b in elements(data, *simple)
                    }
                    if parts.get(_NAME) == _LABEL:
                        yield parts.get(_TEXT, b"")


def _within(data: Searchable, wanted: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    return ((inside, ends) for name, inside, ends in elements(data, start, end) if name == wanted)


def _in_avi(data: Searchable) -> Iterator[bytes]:
    for chunk in riff_chunks(data, end=declared_end(data)):
        if chunk.id == b"LIST" and data[chunk.start : chunk.start + 4] == b"INFO":
            for one in riff_chunks(data, chunk.start + 4, chunk.end):
                if one.id == _LABEL:
                    yield bytes(data[one.start : min(one.end, one.start + _MAX_TEXT)])
