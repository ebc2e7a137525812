"""The record in a database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from storage.errors import StoreMisconfiguredError
from storage.faults import translated
from storage.records import SqlDisputes
from storage.schema import NEWEST
from storage.migrations.revisions import current_revision, upgrade

BUSY_S = 60.0
"""How long a writer waits for another process's transaction on SQLite before it gives up."""

_MIGRATION_LOCK = 0x65766964656E6365
"""PostgreSQL's advisory lock under which schemas change: any number that others are unlikely to use."""


class SqlDatabase:
    """Implements ``storage.interfaces.Database``. Serves any number of threads; forked children need their own.

    SQLite has one writer at a time: threads of one process queue here, processes wait up to BUSY_S. Errors of the
    database come out as those of ``storage.errors``.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._writer = threading.Lock()
        self._here = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[SqlDisputes]:
        """See the interface. Transactions do not nest: RuntimeError."""
        with self._connection() as connection:
            yield SqlDisputes(connection)

    def migrate(self) -> None:
        """See the interface. StoreMisconfiguredError where the schema is newer than this program."""
        with self._connection() as connection:
            if not self._sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            # Alembic is slow to load and seldom needed: not where the schema is the newest already.
            if current_revision(connection) != NEWEST:
                upgrade(connection)

    def close(self) -> None:
        """See the interface."""
        self._engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if getattr(self._here, "busy", False):
            raise RuntimeError("this thread has a transaction open already")
        with translated(), self._writer if self._sqlite else nullcontext():
            self._here.busy = True
            try:
                with self._engine.begin() as connection:
                    yield connection
            finally:
                self._here.busy = False


def open_database(url: str | Path) -> SqlDatabase:
    """The database at ``sqlite:///file`` (a Path means the same) or ``postgresql://user:password@host/name``.

    Raises StoreMisconfiguredError for any other address. Connects at the first transaction; call ``migrate`` first.
    """
    if isinstance(url, Path):
        return SqlDatabase(sqlite_engine(URL.create("sqlite", database=str(url))))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreMisconfiguredError("the database's address is malformed; give sqlite:///file or postgresql://…") from error
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        return SqlDatabase(sqlite_engine(address))
    if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return SqlDatabase(_postgresql_engine(address))
    raise StoreMisconfiguredError(f"{address.drivername!r} is no database we know; give sqlite:///file or postgresql://…")


def sqlite_engine(address: URL) -> Engine:
    """SQLite at ``address``; in memory where it names no file."""
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        _make_folder(Path(str(address.database)).parent)
    # In memory each connection would see a database of its own, so that all threads share one.
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        hide_parameters=True,
        **pool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreMisconfiguredError(f"the folder for the database cannot be made: {error}") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -16384")  # in KiB: a search touches a thousand pages
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode not in ("wal", "memory"):
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that turns to writing fails at once where another writes, whatever the time limit.
    driver: Any = connection.connection
    driver.execute("BEGIN IMMEDIATE")


def _postgresql_engine(address: URL) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": 10, "application_name": "dispute-evidence"},
        pool_pre_ping=True,
        hide_parameters=True,
    )
