"""Visual words to store, and what must be found of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from storage_samples import sha256_of

from storage.database.database import SqlDatabase

Parts = Mapping[tuple[str, int], np.ndarray]


def entries(*pairs: tuple[int, int]) -> np.ndarray:
    """Entries of (word, geometry)."""
    return np.array([word << 32 | geometry for word, geometry in pairs], dtype=np.uint64)


def random_parts(random: np.random.Generator, first: int, count: int, words: int = 1_000) -> dict:
    """Parts with 20 entries each, by (sha256, part)."""
    return {
        (sha256_of(n), n % 3): random.integers(0, words, 20, dtype=np.uint64) << np.uint64(32)
        | random.integers(0, 2**32, 20, dtype=np.uint64)
        for n in range(first, first + count)
    }


def add(database: SqlDatabase, tenant: str, parts: Parts, scheme: str = "s") -> None:
    """In one transaction."""
    with database.transaction() as records:
        records.add_words(tenant, scheme, [(*key, given) for key, given in parts.items()])


def compact(database: SqlDatabase, tenant: str, scheme: str = "s") -> int:
    """Until there is nothing to do; how many steps it took."""
    steps, worked = 0, True
    while worked:
        with database.transaction() as records:
            worked = records.compact_words(tenant, scheme)
        steps += worked
    return steps


def brute_force(parts: Parts, words: Iterable[int], most: int) -> tuple[list, list[int]]:
    """(word, sha256, part, geometry) of every entry, ordered; and the words with too many."""
    found: dict[int, list] = {word: [] for word in words}
    for (sha256, part), given in parts.items():
        for entry in set(given.tolist()):
            if entry >> 32 in found:
                found[entry >> 32].append((entry >> 32, sha256, part, entry & 0xFFFFFFFF))
    common = sorted(word for word, told in found.items() if len(told) > most)
    return sorted(one for word, told in found.items() if word not in common for one in told), common


def told(records: object, tenant: str, words: Iterable[int], most: int, scheme: str = "s") -> tuple:
    """The same from the index."""
    found = records.postings(tenant, scheme, np.array(list(words), dtype=np.uint32), most)
    assert (found.word.dtype, found.number.dtype, found.geometry.dtype) == (np.uint32, np.int64, np.uint32)
    listed = list(zip(found.word.tolist(), found.number.tolist(), found.geometry.tolist(), strict=True))
    assert found.word.tolist() == sorted(found.word.tolist())
    names = records.parts_numbered(tenant, scheme, found.number.tolist())
    return sorted(
        (word, *names[number], geometry) for word, number, geometry in listed
    ), found.common.tolist()
