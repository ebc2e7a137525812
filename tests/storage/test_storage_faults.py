"""Foreign errors come out named by who is at fault."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from servers import Postgres
from sqlalchemy import QueuePool, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from storage_samples import NOON, some_evidence

import storage.database.connections.engines
from storage.database.connections.faults import translated
from storage.database.database import SqlDatabase, open_database
from storage.errors import StorageError, StoreFullError, StoreMisconfiguredError, StoreUnavailableError
from storage.objects.folder import FolderObjects

REPOSITORY = Path(__file__).parents[2]


def fill(database: SqlDatabase) -> None:
    """Write some megabytes."""
    with database.transaction() as records:
        for number in range(40):
            records.put_evidence_reports("t", "1", "p", [(f"E-{number}", "USABLE", "x" * 100_000)])


def opened(path: Path) -> SqlDatabase:
    """A migrated SQLite database."""
    database = open_database(path)
    database.migrate()
    return database


def test_a_full_disk_is_named_and_loses_nothing_done_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path / "db.sqlite").close()
    # SQLite's own limit on pages raises the very error that a full disk does.
    original = storage.database.connections.engines._prepare

    def small(connection: sqlite3.Connection, record: object) -> None:
        original(connection, record)
        connection.execute("PRAGMA max_page_count = 100")

    monkeypatch.setattr(storage.database.connections.engines, "_prepare", small)
    database = open_database(tmp_path / "db.sqlite")
    with database.transaction() as records:
        records.put_evidence([some_evidence("t", "E-1")])
    with pytest.raises(StoreFullError, match="full"):
        fill(database)
    with database.transaction() as records:
        assert len(records.evidence("t", ["E-1"])) == 1
        assert records.evidence_reports("t", ["E-0"], "1") == {}
    database.close()


def test_a_file_that_may_not_grow_is_a_full_store(tmp_path: Path) -> None:
    """A real write that the kernel refuses, in a process of its own: the limit cannot be taken back."""
    program = """
import resource, signal, sys
from pathlib import Path
from storage.errors import StorageError, StoreFullError
from storage.objects.folder import FolderObjects
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
objects = FolderObjects(Path(sys.argv[1]))
objects.put("small", b"1" * 1_000)
try:
    objects.put("folder/large", b"1" * 20_000)
except StoreFullError:
    print(*objects.keys(), len(list(Path(sys.argv[1], "folder").iterdir())))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "objects")],
        cwd=REPOSITORY, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "small 0\n"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, StoreFullError),
        (errno.EDQUOT, StoreFullError),
        (errno.EROFS, StoreMisconfiguredError),
        (errno.EACCES, StoreMisconfiguredError),
        (errno.EIO, StoreUnavailableError),
        (errno.EMFILE, StoreUnavailableError),
    ],
)
def test_what_the_file_system_says_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: type[StorageError]
) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("key", b"old")

    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(fault) as raised:
        objects.put("key", b"new")
    monkeypatch.undo()
    assert isinstance(raised.value.__cause__, OSError)
    assert objects.get("key") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_key_through_another_object_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a", b"1")
    with pytest.raises(ValueError, match="through"):
        objects.put("a/b", b"2")
    objects.put("c/d", b"3")
    with pytest.raises(ValueError, match="through"):
        objects.put("c", b"4")
    assert list(objects.keys()) == ["a", "c/d"]


def test_a_lock_held_too_long_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.database.connections.engines, "BUSY_S", 0.05)
    database = opened(tmp_path / "db.sqlite")
    other = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"), database.transaction():
        pass
    with database.reading() as records:
        assert records.dispute_ids() == []
    other.execute("ROLLBACK")
    other.close()
    with database.transaction() as records:
        records.put_evidence([some_evidence("t", "E-1")])
    database.close()


@pytest.mark.parametrize("body", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "db.sqlite").write_bytes(body)
    database = open_database(tmp_path / "db.sqlite")
    with pytest.raises(StorageError):
        database.migrate()
    database.close()
    assert (tmp_path / "db.sqlite").read_bytes() == body


def test_a_folder_in_the_databases_place(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite").mkdir()
    database = open_database(tmp_path / "db.sqlite")
    with pytest.raises(StoreMisconfiguredError, match="opened"):
        database.migrate()
    database.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreMisconfiguredError, match="folder"):
        open_database(tmp_path / "file" / "db.sqlite")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "evidence.sqlite",
        "mysql://h/d",
        "sqlite://",
        "sqlite:///",
        "postgresql+asyncpg://h/d",
        "::",
        "x://",
    ],
)
def test_an_unknown_address_is_refused_with_what_to_give(address: str) -> None:
    with pytest.raises(StoreMisconfiguredError, match="sqlite:///file"):
        open_database(address)


@pytest.mark.parametrize("name", ["a?b=c#d %20 é.sqlite", ":memory:", "file:x.sqlite"])
def test_a_sqlite_path_is_taken_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    database = open_database(f"sqlite:///{name}")
    database.migrate()
    with database.transaction() as records:
        records.put_evidence([some_evidence("t", "E-1")])
    database.close()
    assert (tmp_path / name).stat().st_size > 0


def test_sqlite_runs_as_it_was_chosen_to(tmp_path: Path) -> None:
    database = opened(tmp_path / "new" / "db.sqlite")
    with database._writer.connect() as connection:
        told = [
            connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")
        ]
    database.close()
    assert told == ["wal", 2]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_fault_of_ours_is_raised_as_it_is(database: SqlDatabase, tenant: str) -> None:
    with pytest.raises(IntegrityError) as raised, database.transaction() as records:
        records._connection.execute(text("INSERT INTO files (tenant, sha256) VALUES ('t', 'private')"))
    assert isinstance(raised.value, DBAPIError)
    with database.transaction() as records:
        records.append_audit(tenant, "D-1", "after", {}, NOON)


def test_values_never_reach_a_message(address: str) -> None:
    database = open_database(address)
    database.migrate()
    with database.transaction() as records:
        records.append_audit("t", "D-1", "a", {}, NOON)
    with pytest.raises(IntegrityError) as raised, database.transaction() as records:
        statement = text("INSERT INTO audit (tenant, dispute_id, sequence) VALUES (:t, 'private words', 7)")
        records._connection.execute(statement, {"t": "private words"})
    database.close()
    assert "private" not in str(raised.value).split("[SQL", maxsplit=1)[0].split("DETAIL", maxsplit=1)[0]


def of_bytes(server: Postgres) -> str:
    """A database whose texts are bytes of no encoding, as a server with the locale C makes them."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE of_bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    return server.url("of_bytes")


def test_reading_writes_nothing(address: str) -> None:
    database = open_database(address)
    database.migrate()
    with pytest.raises(StorageError, match=r"written|read-only"), database.reading() as records:
        records.put_evidence([some_evidence("t", "E-1")])
    with database.reading() as records:
        assert records.evidence("t", ["E-1"]) == []
    database.close()


@pytest.mark.servers
@pytest.mark.parametrize(
    ("change", "fault", "words"),
    [
        (lambda server: server.url("absent"), StoreMisconfiguredError, "absent"),
        (lambda server: server.url("postgres", user="stranger"), StoreMisconfiguredError, "stranger"),
        (of_bytes, StoreMisconfiguredError, "SQL_ASCII"),
        (lambda _: "postgresql://evidence@127.0.0.1:1/evidence", StoreUnavailableError, "reached"),
    ],
)
def test_a_postgresql_that_does_not_let_us_in(
    postgres: Postgres, change: Callable[[Postgres], str], fault: type[StorageError], words: str
) -> None:
    database = open_database(change(postgres))
    with pytest.raises(fault, match=words):
        database.migrate()
    database.close()


@pytest.mark.servers
@pytest.mark.parametrize(
    ("state", "fault"),
    [("53100", StoreFullError), ("40001", StoreUnavailableError), ("40P01", StoreUnavailableError),
     ("53300", StoreUnavailableError), ("55P03", StoreUnavailableError), ("42501", StoreMisconfiguredError),
     ("25006", StoreMisconfiguredError), ("42P01", StoreMisconfiguredError), ("22012", DBAPIError)],
)  # fmt: skip
def test_what_postgresql_says_is_translated(postgres_url: str, state: str, fault: type[Exception]) -> None:
    database = open_database(postgres_url)
    raising = text(f"DO $$ BEGIN RAISE EXCEPTION 'no luck' USING ERRCODE = '{state}'; END $$")
    with pytest.raises(fault), database.transaction() as records:
        records._connection.execute(raising)
    with database.reading() as records:
        assert records.dispute("t", "D-1") is None
    database.close()


@pytest.mark.servers
def test_a_lost_connection_is_unavailable_and_the_next_works(postgres: Postgres, postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(StoreUnavailableError), database.transaction() as records:
        pid = records._connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        records.put_evidence([some_evidence("t", "E-1")])
    with database.transaction() as records:
        assert records.evidence("t", ["E-1"]) == []
    database.close()


def test_no_free_connection_is_unavailable() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with (
        engine.connect(),
        pytest.raises(StoreUnavailableError, match="in use"),
        translated(),
        engine.connect(),
    ):
        pass
    engine.dispose()
