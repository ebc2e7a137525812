"""Lays out the heap of the zygote, so that a fresh child takes few page faults: 5 to 7 % of a photo's CPU.

A forked child faults on every page that it is the first to touch, and a picture's planes take thousands of pages. So
malloc keeps what is freed, and the top of the heap uses pages of 2 MiB where the kernel has them. The zygote itself
never touches those. Holes further down are filled for good: a child that used one would copy each of its pages from the
zygote (12 MB of a photo's planes: 3,100 faults of 3 µs).

Without such pages, or with a C library other than glibc, only the cost changes. Measured by tests/benchmarks/heap_gain.py.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from pathlib import Path

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h of glibc
_MADV_DONTNEED, _MADV_HUGEPAGE = 4, 14
_HUGE = 2 << 20
_MMAP_ABOVE = 32 << 20  # the most glibc allows
_KEPT = 64 << 20
_ZYGOTES_OWN = 256 << 10  # four times the longest request
_MAPPING = re.compile(
    r"^(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) r-[-x]p \S+ \S+ [1-9]\d* +/[^\n]*\n"
    r"(?:[A-Z]\w+: [^\n]*\n)*?Anonymous: +(?P<anonymous>\d+) kB\n"
    r"(?:[A-Z]\w+: [^\n]*\n)*?Swap: +(?P<swap>\d+) kB$",
    re.MULTILINE,
)
"""A mapping in /proc/self/smaps of a file that may not be written to, with how much of it is no longer the file's."""
_LARGEST_HOLE, _SMALLEST_HOLE = 4 << 20, 2 << 10


def prepare_heap() -> None:
    """Call once in the zygote, after everything is loaded and before any fork."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "mallopt"):
        return
    libc.sbrk.restype, libc.sbrk.argtypes = ctypes.c_void_p, [ctypes.c_ssize_t]
    libc.malloc_trim(0)
    touched = libc.sbrk(0)  # nobody has written above it
    for parameter, value in (
        (_M_MMAP_THRESHOLD, _MMAP_ABOVE),
        (_M_TRIM_THRESHOLD, 1 << 30),
        (_M_TOP_PAD, _KEPT),
    ):
        libc.mallopt(parameter, value)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    grown = libc.malloc(
        _MMAP_ABOVE // 2
    )  # larger than any hole in the heap: it grows at the top, by _KEPT more
    end = libc.sbrk(0)
    libc.free(grown)
    if not grown or not end or not 0 < end - grown < 2 * _KEPT + _MMAP_ABOVE:
        return  # the block came from elsewhere: leave the heap as it is
    _fill_holes(libc, touched)
    _make_room(libc, end)


def give_back(*, for_children: bool = False) -> None:
    """Release free memory, and the pages of programs and libraries touched so far. Loading touches 75 MB of them. Few are
    needed again, and those come from the system's cache.

    Call it while no other thread can be loading a library. With ``for_children``, forked children may do the same by
    ``give_back_in_child``.
    """
    code = _code()
    if for_children:
        _OF_THE_ZYGOTE[:] = code
    _release(code)


def give_back_in_child() -> None:
    """The same in a forked child, which loads no library and cannot read where they are mapped."""
    _release(_OF_THE_ZYGOTE)


_OF_THE_ZYGOTE: list[tuple[int, int]] = []


def _release(code: Sequence[tuple[int, int]]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, end in code:
        libc.madvise(start, end - start, _MADV_DONTNEED)


def _code() -> list[tuple[int, int]]:
    """Start and end of each mapped file that is read-only and unmodified. Relocation modifies some."""
    try:
        text = Path("/proc/self/smaps").read_text()
    except OSError:
        return []
    return [
        (int(found["start"], 16), int(found["end"], 16))
        for found in _MAPPING.finditer(text)
        if int(found["anonymous"]) == int(found["swap"]) == 0
    ]


def _make_room(libc: ctypes.CDLL, end: int) -> None:
    """Advise large pages from the top of the heap up to ``end``, none of them touched, and leave the zygote a block below.

    A child that writes to a large page that the zygote has touched copies it in 512 small ones. So the zygote's own small
    allocations, such as a request, come from a block of their own.
    """
    own, fence = libc.malloc(_ZYGOTES_OWN), libc.malloc(_SMALLEST_HOLE)
    start = -(-(fence + 2 * _SMALLEST_HOLE) // _HUGE) * _HUGE
    rest = libc.malloc(start - fence - _SMALLEST_HOLE - 64)  # what follows it begins on a large page
    libc.free(own)  # fence and rest are kept for good, so that it is never one with the top
    if not own < fence < rest < fence + 2 * _SMALLEST_HOLE or libc.sbrk(0) != end:
        return  # not one after another at the top: nothing is known of what lies above
    length = (end - start) // 4096 * 4096
    libc.madvise(start, length, _MADV_DONTNEED)  # headers of blocks that are free again
    libc.madvise(start, length, _MADV_HUGEPAGE)


def _fill_holes(libc: ctypes.CDLL, top: int) -> None:
    """Take every free block below the address ``top`` that holds a page or more, the largest first."""
    size = _LARGEST_HOLE
    while size >= _SMALLEST_HOLE:
        block = libc.malloc(size)
        if block and block + size <= top:
            continue  # kept for good
        libc.free(block)
        size //= 2
