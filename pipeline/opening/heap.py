"""The heap of the zygote, laid out so that a fresh child pays few page faults.

A forked child faults on each page it touches first, and a picture's planes are thousands of pages: measured at a
third of a child's CPU. So malloc is told to keep what is freed, and the top of the heap is advised to use pages of
2 MiB where the kernel has them. Holes further down are filled for good: a child that took one would copy each of its
pages from the zygote (12 MB of a photo's planes: 3,100 faults of 3 µs). Where the kernel has no such pages, or the C
library is not glibc, nothing changes but the cost.
"""

from __future__ import annotations

import ctypes

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h of glibc
_MADV_HUGEPAGE = 14
_HUGE = 2 << 20
_MMAP_ABOVE = 32 << 20  # the most glibc allows
_KEPT = 64 << 20
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
    # Filling holes writes up to the largest of them into the top: below the large pages, which stay untouched.
    start = -(-(grown + _LARGEST_HOLE + 4096) // _HUGE) * _HUGE
    libc.madvise(start, (end - start) // 4096 * 4096, _MADV_HUGEPAGE)
    _fill_holes(libc, touched)
    libc.malloc(start - grown - 64)  # kept for good: what follows begins on a large page


def _fill_holes(libc: ctypes.CDLL, top: int) -> None:
    """Take every free block below the address ``top`` that holds a page or more, the largest first."""
    size = _LARGEST_HOLE
    while size >= _SMALLEST_HOLE:
        block = libc.malloc(size)
        if block and block < top:
            continue  # kept for good
        libc.free(block)
        size //= 2
