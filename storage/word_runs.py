"""The index of visual words as arrays: entries in runs sorted by scattered word, each run cut into buckets.

A log-structured index: what is added rests by itself until there is enough of it to be sorted into a run, and runs
of like size are merged into one of the next size (O'Neil et al., "The log-structured merge-tree", 1996). A bucket is
one row and holds all of its run's entries whose scattered words begin with the same bits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("scattered", "<u4"), ("geometry", "<u4"), ("number", "<i8")])
"""An entry within a run."""
LEVELS = (1_024, 8_192, 32_768)
"""From how many parts on a run is of each level. Fewer are worth no run, and runs of the last level are never merged:
it would take longer than others can wait."""

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
    return LEVELS[0]


def level_of(parts: int) -> int:
    """The level of a run of so many parts."""
    return max(0, bisect_right(LEVELS, parts) - 1)


def to_merge(runs: Sequence[tuple[int, int]]) -> list[int]:
    """Which of the runs, given as (run, parts), are to be merged next: enough of one level for the next, or none."""
    ordered = sorted(runs, key=lambda one: (one[1], one[0]))
    for level, enough in enumerate(LEVELS[1:]):
        chosen, total = [], 0
        for run, parts in ordered:
            if level_of(parts) == level and total < enough:
                chosen.append(run)
                total += parts
        if total >= enough:
            return chosen
    return []


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
    """Sorted entries as (bits, buckets): a bucket is (its number, the first ``bits`` of its words; its entries)."""
    bits = max(0, (len(entries) - 1) // _ENTRIES_A_BUCKET).bit_length()
    bits = min(bits, _FEW_BITS) if bits <= _SMALL_BITS else bits
    buckets = entries["scattered"] >> (_WORD_BITS - bits) if bits else np.zeros(len(entries), dtype=np.uint32)
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
