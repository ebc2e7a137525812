"""Reads numbers from bytes in memory or from a read-only map of a large file."""

from __future__ import annotations

import mmap

Buffer = bytes | bytearray | memoryview | mmap.mmap
Searchable = bytes | bytearray | mmap.mmap


def searchable(data: Buffer) -> Searchable:
    """``data`` in a form that has ``find`` and whose slices are bytes. Only a memoryview is copied."""
    return data.tobytes() if isinstance(data, memoryview) else data


def u16(data: Searchable, at: int) -> int:
    """Big-endian unsigned 16-bit number at ``at``. Past the end fewer bytes count. Never raises."""
    return int.from_bytes(data[at : at + 2], "big")


def u32(data: Searchable, at: int) -> int:
    """Big-endian unsigned 32-bit number at ``at``."""
    return int.from_bytes(data[at : at + 4], "big")


def u64(data: Searchable, at: int) -> int:
    """Big-endian unsigned 64-bit number at ``at``."""
    return int.from_bytes(data[at : at + 8], "big")


def le16(data: Searchable, at: int) -> int:
    """Little-endian unsigned 16-bit number at ``at``."""
    return int.from_bytes(data[at : at + 2], "little")


def le32(data: Searchable, at: int) -> int:
    """Little-endian unsigned 32-bit number at ``at``."""
    return int.from_bytes(data[at : at + 4], "little")
