"""The schema grows by migrations alone, alike in both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from storage_samples import NOON, sha256_of
from word_samples import brute_force, random_parts, told

import storage.database.migrations
from storage.database.database import open_database
from storage.database.fingerprint_bands import identifier
from storage.database.index.word_runs import entries_of, sort
from storage.database.schema import NEWEST, metadata
from storage.errors import StoreMisconfiguredError
from storage.interfaces.fingerprints import Hit
from validators.evidence import Fingerprint

MIGRATIONS = Path(storage.database.migrations.__path__[0])
REPOSITORY = Path(__file__).parents[3]
KEPT_BY_ALEMBIC = "alembic_version"

RELEASED = {
    revision: (Path(__file__).parent / f"released_{revision}.sql").read_text()
    for revision in ("0001", "0002", "0003")
}
"""Rows for every table of each released schema, by its revision."""

MADE_AGAIN = {KEPT_BY_ALEMBIC, "fingerprint_bands", "hash_bands", "word_runs", "word_buckets"}
"""Tables whose rows a migration may change: they follow from others."""


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    """A plain connection to the database, past our own code."""
    url = make_url(address)
    plain = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    yield plain
    plain.dispose()


def migrate(address: str) -> None:
    """As a program does at its start."""
    database = open_database(address)
    try:
        database.migrate()
    finally:
        database.close()


@pytest.mark.parametrize("way", ["as a program does", "one migration after another"])
def test_from_empty_the_schema_equals_the_tables_of_the_code(address: str, engine: Engine, way: str) -> None:
    if way == "as a program does":
        migrate(address)
    else:
        with engine.begin() as connection:
            migrate_to(connection, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == NEWEST
        made = {name: _shape(connection, name) for name in inspect(connection).get_table_names()}
    assert set(made) == {*metadata.tables, KEPT_BY_ALEMBIC}
    columns, key, *_ = made[KEPT_BY_ALEMBIC]
    assert columns["version_num"][:2] == ("VARCHAR(32)", False)
    assert (key["constrained_columns"], key["name"]) == (["version_num"], "alembic_version_pkc")
    with engine.begin() as connection:
        for name in made:
            connection.execute(text(f'DROP TABLE "{name}"'))
        metadata.create_all(connection)
        for name in metadata.tables:
            assert _shape(connection, name) == made[name], name


def _shape(connection: object, table: str) -> tuple[Any, ...]:
    """All that the database says of a table."""
    told = inspect(connection)
    columns = {
        c["name"]: (str(c["type"]), c["nullable"], c.get("autoincrement")) for c in told.get_columns(table)
    }
    sqlite = connection.dialect.name == "sqlite"
    sql = text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql LIKE '%WITHOUT ROWID%'")
    return (
        columns,
        told.get_pk_constraint(table),
        sorted(map(str, told.get_unique_constraints(table))),
        sorted((i["name"], str(i["column_names"]), i["unique"], *_where(i)) for i in told.get_indexes(table)),
        sqlite and connection.execute(sql, {"name": table}).scalar() is not None,
    )


def _where(index: object) -> list[str]:
    return [str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("where")]


def test_migrating_again_keeps_what_is_there(address: str, engine: Engine) -> None:
    migrate(address)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO files (tenant, sha256, bytes) VALUES ('t', 's', 1)"))
    migrate(address)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar() == 1


@pytest.mark.parametrize("released", sorted(RELEASED))
def test_every_released_schema_becomes_the_newest_with_its_rows(
    address: str, engine: Engine, released: str
) -> None:
    with engine.begin() as connection:
        fill(connection, released)
        before = {name: _rows(connection, name) for name in inspect(connection).get_table_names()}
    filled = {name for name, rows in before.items() if rows}
    assert filled == set(before), "every table of the released schema holds a row"
    migrate(address)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        for name, rows in before.items():
            if name not in MADE_AGAIN:
                kept = [{column: row[column] for column in rows[0]} for row in _rows(connection, name)]
                assert kept == rows, name


def test_what_an_older_outbox_held_is_told_at_once(address: str, engine: Engine) -> None:
    with engine.begin() as connection:
        fill(connection, "0001")
    migrate(address)
    database = open_database(address)
    with database.transaction() as records:
        (entry,) = records.take_unsent(NOON, NOON, 10)
        assert (entry.idempotency_key, entry.attempts) == ("key-unsent", 4)
    database.close()


@pytest.mark.parametrize("released", sorted(RELEASED))
def test_fingerprints_of_every_released_schema_are_found(address: str, engine: Engine, released: str) -> None:
    hashes = {f"file-{n:04}": sha256_of(n) for n in range(500)}
    columns = "tenant, algorithm, version, id, sha256, hash"
    with engine.begin() as connection:
        fill(connection, released)
        connection.execute(
            text(
                f"INSERT INTO fingerprints ({columns}) VALUES (:tenant, 'phash256', '1', :id, :sha256, :hash)"
            ),
            [
                {"tenant": tenant, "id": identifier(name), "sha256": name, "hash": bytes.fromhex(digits)}
                for tenant in ("t", "u")
                for name, digits in hashes.items()
            ],
        )
    migrate(address)
    database = open_database(address)
    with database.reading() as records:
        for tenant in ("t", "u"):
            for name, digits in list(hashes.items())[::50]:
                near = f"{int(digits, 16) ^ 0x7FFF_FFFF << 100:064x}"
                found = records.search(tenant, Fingerprint("phash256", "1", (near,)), 31)
                assert found == [Hit(name, 31, 1)]
    database.close()


@pytest.mark.parametrize("bits", [0, 3, 6, 9])
def test_words_of_an_older_index_are_found(address: str, engine: Engine, bits: int) -> None:
    parts = random_parts(np.random.default_rng(bits), 0, 60)
    numbers = {identifier(*key): key for key in parts}
    with engine.begin() as connection:
        migrate_to(connection, "0005")
        made = sort(entries_of(list(numbers), [parts[key].tobytes() for key in numbers.values()]))
        connection.execute(
            text("INSERT INTO word_parts VALUES ('t', 's', :number, :sha256, :part)"),
            [{"number": n, "sha256": sha256, "part": part} for n, (sha256, part) in numbers.items()],
        )
        for run, of_run in ((7, made[::2]), (2**62, made[1::2])):
            connection.execute(
                text(f"INSERT INTO word_runs VALUES ('t', 's', :run, {bits}, 30)"), {"run": run}
            )
            buckets = of_run["scattered"].astype(np.int64) >> (32 - bits)
            rows = [
                {"run": run, "bucket": bucket, "entries": of_run[buckets == bucket].tobytes()}
                for bucket in np.unique(buckets).tolist()
            ]
            connection.execute(
                text("INSERT INTO word_buckets VALUES ('t', 's', :run, :bucket, :entries)"), rows
            )
    migrate(address)
    database = open_database(address)
    with database.reading() as records:
        assert told(records, "t", range(1_000), 10**6) == brute_force(parts, range(1_000), 10**6)
    database.close()


def fill(connection: Connection, released: str) -> None:
    """The schema of that release with a row in every table."""
    migrate_to(connection, released)
    for statement in RELEASED[released].strip().split(";\n"):
        blob = "bytea" if connection.dialect.name == "postgresql" else "blob"
        connection.execute(text(statement.replace(":", "\\:").replace("{blob}", blob)))


def migrate_to(connection: Connection, released: str) -> None:
    """The schema as that release made it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, released)


def _rows(connection: Connection, table: str) -> list[dict[str, object]]:
    rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
    return sorted((dict(row) for row in rows), key=str)


def test_many_may_migrate_at_once(address: str, engine: Engine) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(migrate, [address] * 3)) == [None] * 3
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == NEWEST


def test_a_schema_newer_than_the_program_is_refused_and_left(address: str, engine: Engine) -> None:
    migrate(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreMisconfiguredError, match="another version"):
        migrate(address)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(address: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (surprise INTEGER)"))
    with pytest.raises(StoreMisconfiguredError, match=r"another program.*outbox"):
        migrate(address)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["outbox"]


def test_without_its_tables_the_operator_is_told_to_migrate(address: str) -> None:
    database = open_database(address)
    try:
        with (
            pytest.raises(StoreMisconfiguredError, match="evidence migrate"),
            database.transaction() as records,
        ):
            records.dispute("default", "D-1")
    finally:
        database.close()


def test_the_newest_revision_is_the_one_the_code_speaks() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [NEWEST]
    files = [path for path in (MIGRATIONS / "versions").glob("*.py") if path.name != "__init__.py"]
    assert len(files) == len(list(scripts.walk_revisions()))
    assert all(path.stem.isidentifier() for path in files)


def test_every_table_and_unique_key_holds_the_tenant() -> None:
    """Buckets of words are their run's, whose number is no other tenant's; bands have a number that stands for it."""
    of_numbers = {"word_buckets": "place", "hash_bands": "scope"}
    for table in metadata.tables.values():
        assert of_numbers.get(table.name, "tenant") in table.primary_key.columns, table.name
        for constraint in table.constraints:
            own = constraint is table.primary_key or "tenant" in constraint.columns
            assert own or (table.name, *constraint.columns.keys()) == ("word_runs", "run"), table.name
        assert not any(index.unique for index in table.indexes), table.name


def test_migrations_run_from_elsewhere_without_any_configuration(tmp_path: Path) -> None:
    program = (
        "from storage.database.database import open_database\n"
        "database = open_database('sqlite:///here.sqlite')\n"
        "database.migrate(); database.migrate(); database.close()"
    )
    environment = {"PYTHONPATH": str(REPOSITORY), "PATH": ""}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here.sqlite"]


@pytest.mark.parametrize("there", [True, False])
def test_neither_a_newest_schema_nor_a_new_file_needs_alembic(tmp_path: Path, *, there: bool) -> None:
    address = f"sqlite:///{tmp_path / 'here.sqlite'}"
    if there:
        migrate(address)
    program = (
        "import sys; from storage.database.database import open_database\n"
        f"database = open_database({address!r}); database.migrate(); database.close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=True)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("storage.interfaces.record", {"sqlalchemy", "boto3", "botocore", "pydantic", "numpy"}),
        ("storage.objects.open_objects", {"sqlalchemy", "boto3", "botocore", "pydantic", "numpy"}),
        ("storage.memory", {"sqlalchemy", "boto3", "botocore", "pydantic", "numpy"}),
        ("storage.database.database", {"boto3", "botocore", "alembic", "psycopg"}),
    ],
)
def test_heavy_libraries_load_only_where_they_are_used(module: str, heavy: set[str]) -> None:
    program = f"import sys, {module}; sys.exit(' '.join({heavy!r} & sys.modules.keys()) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
