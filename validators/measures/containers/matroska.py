"""Walks the elements of a Matroska or WebM file to see whether its end is there.

Source: RFC 8794 (EBML), RFC 9559 (Matroska). Browsers record with sizes left unknown, so such a segment or cluster is
walked element by element.
"""

from __future__ import annotations

from collections.abc import Iterator

from validators.measures.containers.buffers import Searchable
from validators.measures.containers.simple_structures import Extent

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_TOP = frozenset({0x1A45DFA3, _SEGMENT, 0xEC, 0xBF})
"""EBML header, segment, void, checksum."""

_IN_SEGMENT = frozenset(
    {_CLUSTER, 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367, 0xEC, 0xBF}
)
_IN_CLUSTER = frozenset({0xE7, 0xA3, 0xA0, 0xAB, 0xA7, 0x5854, 0xEC, 0xBF})
_MAX_ELEMENTS = 1_000_000
_MAX_WALKED = 100_000


def matroska_extent(data: Searchable) -> Extent:
    """Where the last segment ends, and whether some of it is missing. Never raises."""
    size, at = len(data), 0
    allowed = _TOP
    for _ in range(_MAX_ELEMENTS):
        if at >= size:
            return Extent(size)
        element = _element(data, at)
        if element is None:
            return Extent(size, cut=True)
        name, start, end = element
        if name not in allowed:
            if allowed is _TOP:
                return Extent(at)
            # an element of unknown size ends at the first one that cannot be inside it
            allowed = _IN_SEGMENT if allowed is _IN_CLUSTER and name in _IN_SEGMENT else _TOP
            continue
        if end is None:
            if name not in (_SEGMENT, _CLUSTER):
                return Extent(at, broken=True)
            allowed, at = (_IN_SEGMENT if name == _SEGMENT else _IN_CLUSTER), start
        elif end > size:
            return Extent(size, cut=True)
        else:
            at = end
    return Extent(size)


def elements(data: Searchable, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """(identifier, start, end of the content) of the elements in order, up to one of unknown size, which is the last."""
    at, stop = start, len(data) if end is None else min(end, len(data))
    for _ in range(_MAX_WALKED):
        found = _element(data, at) if at < stop else None
        if found is None or not found[0]:
            return
        name, inside, ends = found
        yield name, inside, stop if ends is None else min(ends, stop)
        if ends is None:
            return
        at = ends


def _element(data: Searchable, at: int) -> tuple[int, int, int | None] | None:
    """(identifier, start of the content, its end or None where unknown); None where the data ends inside."""
    wide = _width(data[at])
    if wide > 4 or at + wide >= len(data):
        return (0, at, at) if wide > 4 else None
    long = _width(data[at + wide])
    start = at + wide + long
    if long > 8 or start > len(data):
        return (0, at, at) if long > 8 else None
    mask = (1 << 7 * long) - 1
    content = int.from_bytes(data[at + wide : start], "big") & mask
    end = None if content == mask else start + content
    return int.from_bytes(data[at : at + wide], "big"), start, end


def _width(first: int) -> int:
    """The length of a variable-size number by its first byte: 1 to 8, or 9 if it is none."""
    return 9 - first.bit_length()
