"""Many fingerprints at once are found as those added one by one are."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from storage_samples import ODD_TEXT, sha256_of

import storage.database.index.fingerprints
from storage.database.database import SqlDatabase, open_database
from storage.database.fingerprint_bands import scope_of
from storage.database.index.fingerprint_loading import CHUNK, WORTHWHILE
from storage.interfaces.fingerprints import Hit
from validators.evidence import Fingerprint

MANY = WORTHWHILE + 50


def spread(number: int) -> str:
    """A hash far from those of other numbers."""
    return sha256_of(f"hash {number}")


def some(count: int, first: int = 0, version: str = "1") -> list[tuple[str, int, Fingerprint]]:
    """Fingerprints of as many files, whole."""
    numbers = range(first, first + count)
    return [(sha256_of(n), 0, Fingerprint("phash256", version, (spread(n),))) for n in numbers]


def test_each_is_found_in_its_own_scope(database: SqlDatabase, tenant: str) -> None:
    odd = tenant + ODD_TEXT
    blank = Fingerprint("phash256", "1", (), ODD_TEXT)
    with database.transaction() as records:
        records.add_fingerprints(odd, [*some(MANY), *some(MANY, version="2"), (sha256_of("blank"), 0, blank)])
        for version in ("1", "2"):
            for number in (0, 7, MANY - 1):
                query = Fingerprint("phash256", version, (spread(number),))
                assert records.search(odd, query, 31) == [Hit(sha256_of(number), 0, 1)]
        assert records.search(tenant, some(1)[0][2], 31) == []


def test_adding_again_and_twice_at_once_changes_nothing(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.add_fingerprints(tenant, some(3))
        records.add_fingerprints(tenant, some(MANY) + some(MANY))
        records.add_fingerprints(tenant, some(MANY, first=10))
        for number in (0, 2, 5, MANY + 9):
            query = Fingerprint("phash256", "1", (spread(number),))
            assert records.search(tenant, query, 31) == [Hit(sha256_of(number), 0, 1)]
        run = records._connection.execute
        whole = run(text("SELECT count(*) FROM fingerprints WHERE tenant = :tenant"), {"tenant": tenant})
        scope = {"scope": scope_of(tenant, "phash256", "1")}
        bands = run(text("SELECT count(*) FROM hash_bands WHERE scope = :scope"), scope)
        counted = whole.scalar(), bands.scalar()
    assert counted == (MANY + 10, 16 * (MANY + 10))


def test_files_that_share_an_identifier_and_a_band_are_both_found(
    database: SqlDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database.index.fingerprints, "identifier", lambda *_: 7)
    near = spread(0)[:-1] + ("1" if spread(0)[-1] == "0" else "0")
    with database.transaction() as records:
        records.add_fingerprints(tenant, some(MANY))
        records.add_fingerprints(tenant, [("near", 0, Fingerprint("phash256", "1", (near,)))])
        found = {hit.sha256 for hit in records.search(tenant, some(1)[0][2], 31)}
    assert found == {sha256_of(0), "near"}


@pytest.mark.servers
def test_more_than_a_statement_takes(postgres_url: str, tenant: str) -> None:
    database = open_database(postgres_url)
    with database.transaction() as records:
        records.add_fingerprints(tenant, some(CHUNK + 1))
        for sha256, _, fingerprint in (some(1)[0], some(1, first=CHUNK)[0]):
            assert records.search(tenant, fingerprint, 0) == [Hit(sha256, 0, 1)]
    database.close()


def test_the_same_loaded_twice_at_the_same_time(address: str) -> None:
    database = open_database(address)
    database.migrate()
    start = threading.Barrier(2)

    def load(step: int) -> None:
        start.wait()
        with database.transaction() as records:
            records.add_fingerprints("default", some(MANY)[::step])

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(load, step) for step in (1, -1)]:
            future.result()
    with database.reading() as records:
        assert len(records.search("default", some(1)[0][2], 31)) == 1
    database.close()
