"""Runs of visual words: sorted, cut into buckets, merged level by level."""

from __future__ import annotations

import numpy as np
import pytest
from word_samples import entries

from storage.word_runs import ENTRY, LEVELS, Wanted, cut, entries_of, level_of, scattered, sort, to_merge


def some_entries(count: int) -> np.ndarray:
    """Entries of random words."""
    random = np.random.default_rng(count)
    made = np.zeros(count, dtype=ENTRY)
    made["scattered"] = scattered(random.integers(0, 2**24, count, dtype=np.uint32))
    made["number"] = random.integers(0, 2**62, count)
    return made


def test_no_two_words_coincide_when_scattered() -> None:
    words = np.arange(2**18, dtype=np.uint32)
    assert len(np.unique(scattered(words))) == len(words)


@pytest.mark.parametrize("count", [0, 1, 96, 97, 5_000, 300_000, 500_000])
def test_buckets_hold_every_entry_under_the_first_bits_of_its_word(count: int) -> None:
    made = some_entries(count)
    bits, buckets = cut(sort(made))
    numbers = [number for number, _ in buckets]
    assert numbers == sorted(set(numbers))
    held = [np.frombuffer(blob, dtype=ENTRY) for _, blob in buckets]
    for number, of_bucket in zip(numbers, held, strict=True):
        assert np.all(of_bucket["scattered"].astype(np.int64) >> (32 - bits) == number)
    joined = np.concatenate([np.empty(0, dtype=ENTRY), *held])
    assert sorted(joined.tolist()) == sorted(made.tolist())
    if count > 400_000:
        assert 700 < np.mean([len(blob) for _, blob in buckets]) <= 1_536


def test_added_entries_are_picked_by_word() -> None:
    blobs = [entries((5, 1), (2**24, 2)).tobytes(), b"", entries((5, 3), (5 + 2**16, 4)).tobytes()]
    picked = entries_of([7, 8, 9], blobs, Wanted(np.array([5, 6], dtype=np.uint32)))
    assert picked["number"].tolist() == [7, 9]
    assert picked["geometry"].tolist() == [1, 3]
    assert entries_of([7, 8, 9], blobs)["number"].tolist() == [7, 7, 9, 9]
    assert len(entries_of([], [])) == 0


def test_runs_merge_when_they_make_one_of_the_next_level() -> None:
    assert [level_of(parts) for parts in (1, *LEVELS, 10**9)] == [0, 0, 1, 2, 2]
    assert to_merge([(n, 1_024) for n in range(7)]) == []
    assert to_merge([(n, 1_024) for n in range(9)]) == list(range(8))
    assert to_merge([(1, 8_192), (2, 1_024), (3, 8_192), (4, 8_192)]) == []
    assert to_merge([(1, 9_000), (2, 8_192), (3, 8_192), (4, 8_192)]) == [2, 3, 4, 1]
    assert to_merge([(n, 32_768) for n in range(100)]) == []


def test_no_merge_is_larger_than_two_of_the_last_level() -> None:
    random = np.random.default_rng(1)
    runs: dict[int, int] = {}
    for number in range(3_000):
        runs[number] = int(random.integers(LEVELS[0], 4_097))
        while chosen := to_merge(list(runs.items())):
            runs[max(chosen)] = sum(runs.pop(run) for run in chosen)
            assert runs[max(chosen)] < 2 * LEVELS[-1]
    below = [parts for parts in runs.values() if parts < LEVELS[-1]]
    assert len(below) <= 7 + 3
