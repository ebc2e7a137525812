"""Reads raw frames with their times from a descriptor, in the Matroska that our own ffmpeg writes, as they come.

It understands what that muxer writes (RFC 9559: clusters of unlaced blocks, times in ms) and skips everything else.
Several such streams may follow one another.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER, _SEGMENT, _CLUSTER, _GROUP = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0xA0
_TIME, _SIMPLE_BLOCK, _BLOCK = 0xE7, 0xA3, 0xA1
_ENTERED = (_SEGMENT, _CLUSTER, _GROUP)
_READ = 1 << 18
_MOST_SKIPPED = 1 << 20


class StreamError(ValueError):
    """The bytes are not such a stream."""


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One frame: ``stream`` counts from 0, ``time_s`` from the start of the clip."""

    stream: int
    time_s: float
    data: memoryview


def raw_frames(source: int, longest: int, until: float) -> Iterator[RawFrame]:
    """Every frame from ``source`` until it ends, or until ``until`` (of time.monotonic).

    A frame's ``data`` is valid until the next one is asked for. A frame that ends early is left out. Raises StreamError
    for one longer than ``longest`` bytes, and for anything else that the muxer does not write.
    """
    reader = _Reader(source, until)
    cluster_ms = 0
    while True:
        element = _element(reader)
        if element is None:
            return
        name, size = element
        if name in _ENTERED:
            continue
        if size is None or size > (longest + 16 if name in (_SIMPLE_BLOCK, _BLOCK) else _MOST_SKIPPED):
            raise StreamError("an element is too long")
        content = reader.take(size)
        if content is None:
            return
        if name == _TIME:
            cluster_ms = int.from_bytes(content, "big")
        elif name in (_SIMPLE_BLOCK, _BLOCK):
            if size < 4 or not content[0] & 0x80:
                raise StreamError("a block has no track of ours")
            relative = int.from_bytes(content[1:3], "big", signed=True)
            yield RawFrame((content[0] & 0x7F) - 1, (cluster_ms + relative) / 1000, content[4:])


def _element(reader: _Reader) -> tuple[int, int | None] | None:
    """(identifier, length of the content or None where unknown); None at the end."""
    first = reader.take(1)
    if first is None:
        return None
    more = 8 - first[0].bit_length()
    if more > 3:
        raise StreamError("no element where one should begin")
    name = first[0]
    rest = reader.take(more) if more else memoryview(b"")
    length = reader.take(1) if rest is not None else None
    if rest is None or length is None:
        return None
    name = int.from_bytes(bytes([name, *rest]), "big")
    wide = 9 - length[0].bit_length()
    if wide > 8:
        raise StreamError("an element has no length")
    head = length[0]
    tail = reader.take(wide - 1) if wide > 1 else memoryview(b"")
    if tail is None:
        return None
    mask = (1 << 7 * wide) - 1
    size = int.from_bytes(bytes([head, *tail]), "big") & mask
    return name, None if size == mask else size


class _Reader:
    """Reads exact numbers of bytes. None once the source has ended or time is up."""

    def __init__(self, source: int, until: float) -> None:
        self._source, self._until = source, until
        self._held = bytearray()
        self._at = 0

    def take(self, count: int) -> memoryview | None:
        """The next ``count`` bytes, valid until the next call."""
        if len(self._held) - self._at < count:
            self._held = self._held[self._at :]
            self._at = 0
            while len(self._held) < count:
                left = self._until - time.monotonic()
                if left <= 0 or not select.select([self._source], [], [], left)[0]:
                    return None
                chunk = os.read(self._source, max(_READ, count - len(self._held)))
                if not chunk:
                    return None
                self._held += chunk
        start, self._at = self._at, self._at + count
        return memoryview(self._held)[start : self._at]
