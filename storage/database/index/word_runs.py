"""The index of visual words as arrays: entries in runs sorted by scattered word, each run cut into buckets.

A log-structured index: what is added rests by itself until there is enough of it to be sorted into a run, and runs
of like size are merged (O'Neil et al., "The log-structured merge-tree", 1996), slice by slice. A bucket is one row and
holds all of its run's entries whose scattered words begin with the same bits; its place is its run's number before its
own, so that one look into one tree finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("scattered", "<u4"), ("geometry", "<u4"), ("number", "<i8")])
"""An entry within a run."""
SMALLEST, LARGEST = 512, 524_288
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
_SHIFTS = range(0, 17, 2)
_ADDED = np.dtype("<u8")

Entries = NDArray[np.void]


def scattered(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The words spread evenly over 32 bits, each to a number of its own, however they are dealt."""
    spread: NDArray[np.uint32] = words.astype(np.uint32) * _MULTIPLIER
    return spread


def smallest_run() -> int:
    """How many parts make a run worthwhile."""
    return SMALLEST


def largest_run() -> int:
    """How many parts a merged run has at most."""
    return LARGEST


def to_merge(runs: Sequence[tuple[int, int]]) -> list[int]:
    """Which runs of a slice, given as (run, parts), to merge next, or none.

    The smaller ones with one that is at most three times as large as they are together: what is left at n parts is
    log4(n / SMALLEST) runs and one at most, three on average up to 500,000 parts, of which each entry is written ten
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


def entries_of(numbers: Sequence[int], blobs: Sequence[bytes]) -> Entries:
    """What parts were added with (``word << 32 | geometry``, a blob each) as entries, in that order."""
    added, spread = _added(blobs)
    entries = np.empty(len(added), dtype=ENTRY)
    entries["scattered"] = spread
    entries["geometry"] = added.astype(np.uint32)
    entries["number"] = _numbers_at(numbers, blobs, np.arange(len(added)))
    return entries


def _added(blobs: Sequence[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    added = np.frombuffer(b"".join(blobs), dtype=_ADDED)
    return added, scattered((added >> np.uint64(32)).astype(np.uint32))


def _numbers_at(
    numbers: Sequence[int], blobs: Sequence[bytes], places: NDArray[np.int64]
) -> NDArray[np.int64]:
    """To which part what stands at each place was added."""
    ends = np.cumsum([len(blob) // _ADDED.itemsize for blob in blobs])
    found: NDArray[np.int64] = np.array(numbers, dtype=np.int64)[np.searchsorted(ends, places, side="right")]
    return found


def sort(entries: Entries) -> Entries:
    """Ordered by scattered word; fast where long sequences are in order already."""
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


def without(bucket: bytes, numbers: NDArray[np.int64]) -> bytes | None:
    """A bucket's entries but for those of the parts ``numbers``; None where it holds none of them."""
    entries = np.frombuffer(bucket, dtype=ENTRY)
    gone = np.isin(entries["number"], numbers)
    return entries[~gone].tobytes() if gone.any() else None


@dataclass(frozen=True, slots=True)
class Found:
    """Entries of wanted words, n of each: ``place`` is that of the word among the wanted ones."""

    place: NDArray[np.intp]
    number: NDArray[np.int64]
    geometry: NDArray[np.uint32]

    def besides(self, numbers: NDArray[np.int64]) -> Found:
        """Without those of the parts ``numbers``, which hardly any is of."""
        maybe = np.zeros(_LOW + 1, dtype=np.bool_)
        maybe[numbers & _LOW] = True
        likely = np.flatnonzero(maybe[self.number & _LOW])
        theirs = likely[np.isin(self.number[likely], numbers)]
        if not len(theirs):
            return self
        kept = np.delete(np.arange(len(self.number)), theirs)
        return Found(self.place[kept], self.number[kept], self.geometry[kept])


class Wanted:
    """Some distinct words, to pick their entries from among others. ``words``: ordered."""

    def __init__(self, words: NDArray[np.uint32]) -> None:
        self.words = np.sort(words.astype(np.uint32))
        self.scattered = scattered(self.words)
        # Nearly all entries of a bucket are of other words. One look into a small table excludes most of them, and gives the
        # place of the rest. 240 words hardly ever meet in it at every shift.
        self._table = np.zeros(_LOW + 1, dtype=np.uint16)
        self._shift = next((shift for shift in _SHIFTS if self._are_apart(shift)), None)
        if self._shift is not None:
            self._table[self._keys(self.scattered, self._shift)] = np.arange(1, len(words) + 1)

    def _keys(self, spread: NDArray[np.uint32], shift: int) -> NDArray[np.uint32]:
        keys: NDArray[np.uint32] = (spread >> np.uint32(shift)) & np.uint32(_LOW)
        return keys

    def _are_apart(self, shift: int) -> bool:
        distinct = len(np.unique(self._keys(self.scattered, shift)))
        return distinct == len(self.words) <= _LOW

    def among(self, entries: Entries) -> Found:
        """Those that have one of the words."""
        at, place = self._sought(entries["scattered"])
        return Found(place, entries["number"][at], entries["geometry"][at])

    def among_added(self, numbers: Sequence[int], blobs: Sequence[bytes]) -> Found:
        """Those of what parts were added with, as given to ``entries_of``."""
        added, spread = _added(blobs)
        at, place = self._sought(spread)
        return Found(place, _numbers_at(numbers, blobs, at), added[at].astype(np.uint32))

    def _sought(self, spread: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Where scattered words stand that are among these, and the place of each."""
        if self._shift is None:
            order = np.argsort(self.scattered)
            near = np.searchsorted(self.scattered, spread, sorter=order)
            place = order[np.minimum(near, len(self.words) - 1)]
            at = np.arange(len(spread))
        else:
            # Whole and plain arrays, and truths: NumPy looks them up and finds them several times faster.
            spread = np.ascontiguousarray(spread)
            found = self._table.take(self._keys(spread, self._shift).astype(np.intp), mode="wrap")
            at = np.flatnonzero(found != 0)
            place = found[at].astype(np.intp) - 1
        same = self.scattered[place] == spread[at]
        return at[same], place[same]

    def as_postings(
        self, found: Sequence[Found], most: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]:
        """Words, numbers and geometries of what was found, ordered by word; and the words with more than ``most`` of them,
        which are left out."""
        place = np.concatenate([np.empty(0, np.intp), *(one.place for one in found)])
        number = np.concatenate([np.empty(0, np.int64), *(one.number for one in found)])
        geometry = np.concatenate([np.empty(0, np.uint32), *(one.geometry for one in found)])
        counts = np.bincount(place, minlength=len(self.words))
        kept = np.flatnonzero(counts[place] <= most)
        ranks = (
            place[kept].astype(np.uint16) if len(self.words) <= _LOW else place[kept]
        )  # NumPy sorts 16 bits faster
        kept = kept[np.argsort(ranks, kind="stable")]
        return self.words[place[kept]], number[kept], geometry[kept], self.words[counts > most]
