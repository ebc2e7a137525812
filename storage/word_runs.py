"""The index of visual words as arrays: entries in runs sorted by scattered word, each run cut into buckets.

A log-structured index: what is added rests by itself until there is enough of it to be sorted into a run, and runs
of like size are merged (O'Neil et al., "The log-structured merge-tree", 1996), slice by slice. A bucket is one row and
holds all of its run's entries whose scattered words begin with the same bits; its place is its run's number before its
own, so that one look into one tree finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("scattered", "<u4"), ("geometry", "<u4"), ("number", "<i8")])
"""An entry within a run."""
SMALLEST, LARGEST = 1_024, 524_288
"""Fewer parts are worth no run. Larger runs are not made by merging: it would take longer than others can wait."""

SLICE_BITS = 6
"""A run is of the words of one slice, those that begin with these bits: merging one of 64 holds others up for less."""
BUCKET_BITS = 20
"""At most so many bits number a bucket, and the bits above a run's number make it a place in the table."""
RUN_BITS = 63 - BUCKET_BITS

_GROWTH = 3
_WORD_BITS = 32
_ENTRIES_A_BUCKET = 96  # at most, on average: 1.5 KiB, so that PostgreSQL keeps nearly all in the row
# A search for hundreds of words meets nearly every bucket of a small run, and then fewer and longer rows are quicker.
_SMALL_BITS = 12
_FEW_BITS = 7
_MULTIPLIER = np.uint32(0x9E3779B1)  # odd, so that no two words coincide; Knuth's multiplicative hashing
_LOW = 0xFFFF

Entries = NDArray[np.void]


def scattered(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The words spread evenly over 32 bits, each to a number of its own, however they are dealt."""
    spread: NDArray[np.uint32] = words.astype(np.uint32) * _MULTIPLIER
    return spread


def smallest_run() -> int:
    """How many parts are worth a run."""
    return SMALLEST


def largest_run() -> int:
    """How many parts a merged run has at most."""
    return LARGEST


def to_merge(runs: Sequence[tuple[int, int]]) -> list[int]:
    """Which runs of a slice, given as (run, parts), are to be merged next, or none.

    The smaller ones with one that is at most three times as large as they are together: what is left at n parts is
    log4(n / SMALLEST) runs and one at most, two or three on average, and up to 500,000 parts an entry is written 8 to 10
    times. With eight times it would be half a run less and half as much again to write.
    """
    ordered = sorted(runs, key=lambda one: (one[1], one[0]))
    below = chosen = 0
    for place, (_, parts) in enumerate(ordered):
        if place and below * _GROWTH >= parts and below + parts <= LARGEST:
            chosen = place + 1
        below += parts
    return [run for run, _ in ordered[:chosen]]


def places_of(run: int) -> tuple[int, int]:
    """The first and the last place that a bucket of the run may have."""
    return run << BUCKET_BITS, run << BUCKET_BITS | (1 << BUCKET_BITS) - 1


def slices(entries: Entries) -> Iterator[tuple[int, Entries]]:
    """Sorted entries by slice, where there are any."""
    starts = np.arange(1 << SLICE_BITS, dtype=np.uint32) << np.uint32(_WORD_BITS - SLICE_BITS)
    ends = [*np.searchsorted(entries["scattered"], starts).tolist(), len(entries)]
    for number, (start, end) in enumerate(pairwise(ends)):
        if start < end:
            yield number, entries[start:end]


def entries_of(numbers: Sequence[int], blobs: Sequence[bytes], wanted: Wanted | None = None) -> Entries:
    """What parts were added with (``word << 32 | geometry``, a blob each) as entries, in that order.

    With ``wanted`` only those that have one of its words.
    """
    added = np.frombuffer(b"".join(blobs), dtype="<u8")
    ends = np.cumsum([len(blob) // added.itemsize for blob in blobs])
    spread = scattered((added >> np.uint64(32)).astype(np.uint32))
    places = np.arange(len(added)) if wanted is None else wanted.likely(spread)
    entries = np.empty(len(places), dtype=ENTRY)
    entries["scattered"] = spread[places]
    entries["geometry"] = added[places].astype(np.uint32)
    entries["number"] = np.array(numbers, dtype=np.int64)[np.searchsorted(ends, places, side="right")]
    return entries if wanted is None else wanted.among(entries)


def sort(entries: Entries) -> Entries:
    """Ordered by scattered word; quick where long stretches are already."""
    ordered: Entries = entries[np.argsort(entries["scattered"], kind="stable")]
    return ordered


def cut(entries: Entries) -> tuple[int, list[tuple[int, bytes]]]:
    """A slice's sorted entries as (bits, buckets): a bucket is (its number, the first ``bits`` of its words; its entries)."""
    bits = SLICE_BITS + max(0, (len(entries) - 1) // _ENTRIES_A_BUCKET).bit_length()
    bits = min(bits, _FEW_BITS if bits <= _SMALL_BITS else BUCKET_BITS)
    buckets = entries["scattered"] >> (_WORD_BITS - bits)
    starts = np.flatnonzero(np.diff(buckets.astype(np.int64), prepend=-1))
    ends = [*starts.tolist(), len(entries)][1:]
    data, size = entries.tobytes(), ENTRY.itemsize
    cuts = zip(buckets[starts].tolist(), starts.tolist(), ends, strict=True)
    return bits, [(bucket, data[size * start : size * end]) for bucket, start, end in cuts]


def besides(entries: Entries, numbers: NDArray[np.int64]) -> Entries:
    """The entries but for those of the parts ``numbers``, which hardly any is of."""
    maybe = np.zeros(_LOW + 1, dtype=np.bool_)
    maybe[numbers & _LOW] = True
    places = np.flatnonzero(maybe[entries["number"] & _LOW])
    theirs = places[np.isin(entries["number"][places], numbers)]
    return np.delete(entries, theirs) if len(theirs) else entries


def without(bucket: bytes, numbers: NDArray[np.int64]) -> bytes | None:
    """A bucket's entries but for those of the parts ``numbers``; None where it holds none of them."""
    entries = np.frombuffer(bucket, dtype=ENTRY)
    gone = np.isin(entries["number"], numbers)
    return entries[~gone].tobytes() if gone.any() else None


class Wanted:
    """Some distinct words, to pick their entries from among others."""

    def __init__(self, words: NDArray[np.uint32]) -> None:
        spread = scattered(words)
        order = np.argsort(spread)
        self.words = words.astype(np.uint32)[order]
        self.scattered = spread[order]
        # Nearly all entries of a bucket are of other words: one look into a small table tells most of them.
        self._maybe = np.zeros(_LOW + 1, dtype=np.bool_)
        self._maybe[self.scattered & _LOW] = True
        ranks = np.argsort(np.argsort(self.words))
        self._ranks = (
            ranks.astype(np.uint16) if len(ranks) <= _LOW else ranks
        )  # which NumPy sorts much faster

    def likely(self, spread: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Where scattered words stand that may be among these."""
        return np.flatnonzero(self._maybe[spread & _LOW])

    def among(self, entries: Entries) -> Entries:
        """Those that have one of the words."""
        likely = entries[self.likely(entries["scattered"])]
        picked: Entries = likely[self.scattered[self._places(likely)] == likely["scattered"]]
        return picked

    def told(
        self, entries: Entries, most: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]:
        """Words, numbers and geometries of entries that ``among`` picked, ordered by word; and the words with more
        than ``most`` of them, which are left out."""
        places = self._places(entries)
        counts = np.bincount(places, minlength=len(self.words))
        kept = np.flatnonzero(counts[places] <= most)
        kept = kept[np.argsort(self._ranks[places[kept]], kind="stable")]
        common = np.sort(self.words[counts > most])
        return self.words[places[kept]], entries["number"][kept], entries["geometry"][kept], common

    def _places(self, entries: Entries) -> NDArray[np.int64]:
        found = np.searchsorted(self.scattered, entries["scattered"])
        return np.minimum(found, len(self.scattered) - 1)
