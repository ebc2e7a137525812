"""Runs of visual words: sorted, cut into buckets, merged level by level."""

from __future__ import annotations

import numpy as np
import pytest
from word_samples import entries

from storage.database.index.word_runs import (
    ENTRY,
    LARGEST,
    SLICE_BITS,
    SMALLEST,
    Found,
    Wanted,
    cut,
    entries_of,
    places_of,
    scattered,
    slices,
    sort,
    to_merge,
)


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


@pytest.mark.parametrize("count", [0, 1, 96, 97, 5_000, 300_000, 1_300_000])
def test_buckets_hold_every_entry_under_the_first_bits_of_its_word(count: int) -> None:
    made = some_entries(count)
    seen, sizes = [], []
    for number, of_slice in slices(sort(made)):
        bits, buckets = cut(of_slice)
        numbers = [bucket for bucket, _ in buckets]
        assert numbers == sorted(set(numbers))
        assert {bucket >> (bits - SLICE_BITS) for bucket in numbers} == {number}
        for bucket, blob in buckets:
            held = np.frombuffer(blob, dtype=ENTRY)
            assert np.all(held["scattered"].astype(np.int64) >> (32 - bits) == bucket)
            seen.append(held)
            sizes.append(len(blob))
    joined = np.concatenate([np.empty(0, dtype=ENTRY), *seen])
    assert sorted(joined.tolist()) == sorted(made.tolist())
    if count > 1_000_000:
        assert 700 < np.mean(sizes) <= 1_536


def test_runs_lie_side_by_side_in_64_bits() -> None:
    assert places_of(0) == (0, 2**20 - 1)
    assert places_of(5)[0] == places_of(4)[1] + 1
    assert places_of(2**43 - 1)[1] == 2**63 - 1


def test_added_entries_are_picked_by_word() -> None:
    blobs = [entries((5, 1), (2**24, 2)).tobytes(), b"", entries((5, 3), (5 + 2**16, 4)).tobytes()]
    picked = Wanted(np.array([6, 5], dtype=np.uint32)).among_added([7, 8, 9], blobs)
    assert picked.place.tolist() == [0, 0]
    assert picked.number.tolist() == [7, 9]
    assert picked.geometry.tolist() == [1, 3]
    assert entries_of([7, 8, 9], blobs)["number"].tolist() == [7, 7, 9, 9]
    assert len(entries_of([], [])) == 0


@pytest.mark.parametrize("count", [1, 240, 20_000])
def test_entries_are_picked_with_the_places_of_their_words(count: int) -> None:
    made = some_entries(50_000)
    words = np.unique(np.random.default_rng(1).integers(0, 2**24, count, dtype=np.uint32))
    made["scattered"][::5] = scattered(np.random.default_rng(2).choice(words, len(made[::5])))
    wanted = Wanted(np.random.default_rng(3).permutation(words))
    picked = wanted.among(made)
    expected = made[np.isin(made["scattered"], scattered(words))]
    assert picked.number.tolist() == expected["number"].tolist()
    assert np.array_equal(scattered(wanted.words[picked.place]), expected["scattered"])


def test_what_some_parts_have_is_left_out() -> None:
    numbers = np.array([1, 2, 1 + 2**16, 2, 5, 2**62])
    found = Found(np.arange(6), numbers, np.arange(6, dtype=np.uint32))
    left = found.besides(np.array([2, 2**62, 7], dtype=np.int64))
    assert (left.place.tolist(), left.geometry.tolist()) == ([0, 2, 4], [0, 2, 4])
    assert left.number.tolist() == [1, 1 + 2**16, 5]
    assert found.besides(np.array([3, 2**40 + 1])) is found


def test_the_smaller_runs_merge_with_one_that_is_at_most_three_times_as_large() -> None:
    assert to_merge([]) == to_merge([(1, 1_024)]) == []
    assert to_merge([(1, 3_072), (2, 1_024)]) == [2, 1]
    assert to_merge([(1, 3_073), (2, 1_024)]) == []
    assert to_merge([(1, 9_000), (2, 2_000), (3, 1_024)]) == [3, 2, 1]
    assert to_merge([(1, 90_000), (2, 2_000), (3, 1_024)]) == [3, 2]
    assert to_merge([(1, LARGEST), (2, LARGEST), (3, 1_024), (4, 1_024)]) == [3, 4]


def test_runs_stay_few_and_bounded_and_are_seldom_written_again() -> None:
    random = np.random.default_rng(1)
    runs: dict[int, int] = {}
    parts = written = 0
    for number in range(3_000):
        runs[number] = int(random.integers(SMALLEST, 4_097))
        parts += runs[number]
        while chosen := to_merge(list(runs.items())):
            runs[max(chosen)] = sum(runs.pop(run) for run in chosen)
            written += runs[max(chosen)]
            assert runs[max(chosen)] <= LARGEST
        below = [size for size in runs.values() if size < LARGEST / 2]
        assert len(below) <= np.log(LARGEST / SMALLEST) / np.log(4) + 1
    assert len(runs) <= 2 * parts / LARGEST + 6
    assert written < 16 * parts
