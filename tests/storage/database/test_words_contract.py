"""What the index of visual words promises, in every database: all entries, fresh or compacted, against brute force."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from storage_samples import ODD_TEXT, sha256_of
from word_samples import add, brute_force, compact, entries, random_parts, told

import storage.database.index.word_runs
import storage.database.index.words
from storage.database.database import SqlDatabase
from storage.memory import memory_database

HIGHEST = 2**24
ALL = range(1_000)
EVERY = 10**9


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of few parts, so that few parts make many runs."""
    monkeypatch.setattr(storage.database.index.word_runs, "SMALLEST", 8)
    monkeypatch.setattr(storage.database.index.word_runs, "LARGEST", 256)


@pytest.fixture(scope="module")
def shared() -> Iterator[SqlDatabase]:
    """One database for all examples, each under a tenant of its own."""
    database = memory_database()
    yield database
    database.close()


_ENTRY = st.tuples(
    st.one_of(st.integers(0, 5), st.integers(0, HIGHEST)), st.one_of(st.just(0), st.integers(0, 2**32 - 1))
)
_PART = st.lists(_ENTRY, max_size=6)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.lists(_PART, max_size=12), st.booleans()), max_size=5), st.integers(0, 12))
def test_postings_equal_brute_force(shared: SqlDatabase, steps: list, most: int) -> None:
    tenant = secrets.token_hex(8)
    parts: dict = {}
    for step, (added, compacting) in enumerate(steps):
        some = {(f"{step}-{n}", n): entries(*part) for n, part in enumerate(added)}
        add(shared, tenant, some)
        parts |= some
        if compacting:
            compact(shared, tenant)
        words = {entry >> 32 for given in parts.values() for entry in given.tolist()} | {3, HIGHEST}
        with shared.reading() as records:
            assert told(records, tenant, words, most) == brute_force(parts, words, most)


def test_many_runs_of_every_size(database: SqlDatabase, tenant: str) -> None:
    random = np.random.default_rng(3)
    parts: dict = {}
    for step in range(31):
        some = random_parts(random, 40 * step, 40 if step < 30 else 10)
        add(database, tenant, some)
        parts |= some
        if step % 3 != 1:
            compact(database, tenant)
    with database.reading() as records:
        for words in (ALL, range(0, 1_000, 7), [5]):
            assert told(records, tenant, words, EVERY) == brute_force(parts, words, EVERY)
            assert told(records, tenant, words, 24) == brute_force(parts, words, 24)
        rows = records._connection.execute(text("SELECT tenant, slice, parts FROM word_runs")).all()
    sizes = [row.parts for row in rows if row.tenant == tenant and row.slice == 5]
    assert min(sizes) == 10
    assert 128 < max(sizes) <= 256
    assert len(sizes) <= 31 * 40 / 128 + 3


def test_what_is_added_is_found_at_once(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.add_words(tenant, "s", [("a", 0, entries((1, 2))), ("a", 4, entries((1, 3)))])
        assert told(records, tenant, [1], 2) == ([(1, "a", 0, 2), (1, "a", 4, 3)], [])
        assert told(records, tenant, [1], 1) == ([], [1])
        assert told(records, tenant, [], 1) == ([], [])


def test_adding_again_changes_nothing(database: SqlDatabase, tenant: str) -> None:
    parts = random_parts(np.random.default_rng(1), 0, 20)
    add(database, tenant, parts)
    other = random_parts(np.random.default_rng(2), 0, 10)
    add(database, tenant, other)
    compact(database, tenant)
    add(database, tenant, other)
    with database.transaction() as records:
        records.add_words(tenant, "s", [("twice", 0, entries((1, 1), (1, 1))), ("twice", 0, entries((2, 2)))])
    parts["twice", 0] = entries((1, 1))
    with database.reading() as records:
        assert told(records, tenant, ALL, EVERY) == brute_force(parts, ALL, EVERY)


def test_parts_that_share_a_number_are_told_apart(
    database: SqlDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database.index.words, "identifier", lambda *_: 2**63 - 2)
    parts = random_parts(np.random.default_rng(1), 0, 5)
    for _ in range(2):
        add(database, tenant, parts)
        add(database, tenant, random_parts(np.random.default_rng(5), 0, 2))
    later = random_parts(np.random.default_rng(2), 5, 5)
    add(database, tenant, later)
    compact(database, tenant)
    with database.reading() as records:
        assert told(records, tenant, ALL, EVERY) == brute_force(parts | later, ALL, EVERY)


def test_parts_without_words_are_no_fault(database: SqlDatabase, tenant: str) -> None:
    add(database, tenant, {(sha256_of(n), 0): entries() for n in range(20)})
    add(database, tenant, {})
    assert compact(database, tenant) == 0
    with database.reading() as records:
        assert told(records, tenant, ALL, EVERY) == ([], [])
        assert records.parts_numbered(tenant, "s", [1, 2]) == {}


def test_tenants_and_schemes_stay_apart(database: SqlDatabase, tenant: str) -> None:
    random = np.random.default_rng(4)
    odd = tenant + ODD_TEXT
    scopes = {
        (where, scheme): random_parts(random, 0, 20) for where in (tenant, odd) for scheme in ("s", ODD_TEXT)
    }
    for compacted in (False, True):
        for (where, scheme), parts in scopes.items():
            if compacted:
                assert compact(database, where, scheme) > 0
            else:
                add(database, where, parts, scheme)
        with database.reading() as records:
            for (where, scheme), parts in scopes.items():
                assert told(records, where, ALL, EVERY, scheme) == brute_force(parts, ALL, EVERY)


def test_scopes_are_listed_while_compacting_is_worth_it(database: SqlDatabase, tenant: str) -> None:
    scopes = sorted([(tenant, "s"), (f"{tenant}{ODD_TEXT}", "other")])
    for where, scheme in scopes:
        add(database, where, random_parts(np.random.default_rng(1), 0, 8), scheme)
    add(database, f"{tenant}-few", random_parts(np.random.default_rng(1), 0, 7))

    def listed() -> list[tuple[str, str]]:
        with database.reading() as records:
            return [scope for scope in records.word_scopes() if scope[0].startswith(tenant)]

    assert listed() == scopes
    assert compact(database, *scopes[0]) == 1
    assert listed() == scopes[1:]


def test_a_word_of_every_part_is_common_and_named(database: SqlDatabase, tenant: str) -> None:
    parts = {(sha256_of(n), 0): entries((7, n), (n + 100, 1)) for n in range(500)}
    add(database, tenant, parts)
    for _ in range(2):
        with database.reading() as records:
            assert told(records, tenant, [7, 105], 499) == ([(105, sha256_of(5), 0, 1)], [7])
            assert told(records, tenant, [105, 7], 500) == brute_force(parts, [7, 105], 500)
        compact(database, tenant)
