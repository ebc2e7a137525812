"""PostgreSQL answers searches from its indexes, whatever it knows of the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
from servers import Postgres
from sqlalchemy import text
from storage_samples import sha256_of

from storage.database.database import SqlDatabase, open_database
from storage.database.fingerprint_bands import probes, scope_of
from storage.database.index.fingerprints import _POSTGRESQL_SEARCH
from storage.database.index.words import _buckets
from validators.evidence import Fingerprint

pytestmark = pytest.mark.servers
MANY = 3_000


@pytest.fixture
def filled(postgres: Postgres) -> Iterator[SqlDatabase]:
    """A database of its own, never analysed."""
    database = open_database(postgres.create_database())
    database.migrate()
    with database.transaction() as records:
        for table in ("fingerprints", "hash_bands"):
            records._connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = off)"))
        records.add_fingerprints(
            "t",
            [(sha256_of(n), 0, Fingerprint("phash256", "1", (sha256_of(f"hash {n}"),))) for n in range(MANY)],
        )
    yield database
    database.close()


@pytest.mark.parametrize("analysed", [False, True], ids=["never analysed", "analysed"])
@pytest.mark.parametrize("options", ["", ", GENERIC_PLAN"], ids=["these values", "any values"])
def test_no_table_is_read_whole(filled: SqlDatabase, analysed: bool, options: str) -> None:
    raws = [bytes.fromhex(sha256_of(f"hash {n}")) for n in range(8)]
    values = {
        "tenant": "t",
        "algorithm": "phash256",
        "version": "1",
        "scope": scope_of("t", "phash256", "1"),
        "probes": f"{{{str(probes(raws, 31))[1:-1]}}}",
    }
    statement = _POSTGRESQL_SEARCH.text
    for number, (name, value) in enumerate(values.items(), 1):
        statement = statement.replace(f":{name}", f"${number}" if options else f"'{value}'")
    with filled.transaction() as records:
        if analysed:
            records._connection.execute(text("ANALYZE"))
        rows = records._connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON{options}) {statement}").scalar_one()
    told = json.dumps(rows)
    for table in ("fingerprints", "hash_bands"):
        assert told.count(f'"Relation Name": "{table}"') == 1
    assert "Seq Scan" not in told


@pytest.mark.parametrize("analysed", [False, True], ids=["never analysed", "analysed"])
@pytest.mark.parametrize("options", ["", ", GENERIC_PLAN"], ids=["these values", "any values"])
def test_buckets_of_words_are_looked_up(postgres: Postgres, analysed: bool, options: str) -> None:
    database = open_database(postgres.create_database())
    database.migrate()
    random = np.random.default_rng(1)
    with database.transaction() as records:
        parts = [(sha256_of(n), 0, random.integers(0, 2**50, 400, dtype=np.uint64)) for n in range(2_048)]
        records.add_words("t", "s", parts)
        assert records.compact_words("t", "s")
    with database.transaction() as records:
        if analysed:
            records._connection.execute(text("ANALYZE"))
        values = {"tenant": "t", "scheme": "s", "words": f"{{{str(list(range(0, 2**32, 2**23)))[1:-1]}}}"}
        statement = _buckets("postgresql").text
        for number, (name, value) in enumerate(values.items(), 1):
            statement = statement.replace(f":{name}", f"${number}" if options else f"'{value}'")
        told = json.dumps(
            records._connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON{options}) {statement}").scalar_one()
        )
    database.close()
    assert '"Index Name": "pk_word_buckets"' in told
    assert told.count('"Relation Name": "word_buckets"') == 1
