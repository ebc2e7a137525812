"""The record in a database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError

from storage.database.connections.engines import postgresql_engine, postgresql_reading, sqlite_engine
from storage.database.connections.faults import translated
from storage.database.migrations.revisions import check_revision, current_revision, serves, upgrade
from storage.database.record import SqlRecord
from storage.errors import StoreMisconfiguredError

_MIGRATION_LOCK = 0x65766964656E6365
"""PostgreSQL's advisory lock for schema changes: any number that other programs are unlikely to use."""


class SqlDatabase:
    """Implements ``storage.interfaces.record.Database``. Serves any number of threads; a forked child opens its own.

    SQLite has one writer at a time. Threads of one process queue here, processes wait up to ``engines.BUSY_S``. Database
    errors are raised as those of ``storage.errors``. Nested transactions raise RuntimeError.
    """

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = threading.Lock()
        self._here = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[SqlRecord]:
        with self._connection(self._writer) as connection:
            yield SqlRecord(connection)

    @contextmanager
    def reading(self) -> Iterator[SqlRecord]:
        with self._connection(self._reader) as connection:
            yield SqlRecord(connection)

    def migrate(self) -> None:
        """StoreMisconfiguredError where the schema is newer than this program."""
        with self._connection(self._writer) as connection:
            # Alembic is slow to load, and not needed where the schema is the newest already.
            if not serves(current_revision(connection)):
                with _alone(connection):
                    upgrade(connection)

    def check_schema(self) -> None:
        with self._connection(self._reader) as connection:
            check_revision(connection)

    def reclaim(self) -> None:
        with translated(), self._turn:
            if self._writer.dialect.name == "sqlite":
                self._rewrite()
                return
            alone = self._writer.execution_options(isolation_level="AUTOCOMMIT")
            with alone.connect() as connection:
                connection.exec_driver_sql("VACUUM")

    def _rewrite(self) -> None:
        """SQLite keeps what was deleted in free pages and in its journal, so rewrite the file and cut the journal."""
        raw = self._writer.raw_connection()
        try:
            driver: Any = raw.driver_connection
            driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _connection(self, engine: Engine) -> Iterator[Connection]:
        if getattr(self._here, "busy", False):
            raise RuntimeError("this thread has a transaction open already")
        # Waiting here wakes the next writer at once, where SQLite itself would poll.
        # Where all threads share one connection (in memory), readers wait too.
        alone = engine.dialect.name == "sqlite" and (engine is self._writer)
        with translated(), self._turn if alone else nullcontext():
            self._here.busy = True
            try:
                with engine.begin() as connection:
                    yield connection
            finally:
                self._here.busy = False


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Keep other programs from changing the schema, however long it takes. SQLite's write lock does that already."""
    if connection.dialect.name != "postgresql":
        yield
        return
    from storage.database.connections.postgresql_connections import unlimited  # noqa: PLC0415 - loads the driver

    with unlimited(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        yield


def open_database(url: str | Path, transaction_s: float | None = None) -> SqlDatabase:
    """The database at ``sqlite:///file`` (a Path means the same) or ``postgresql://user:password@host/name``.

    A SQLite file's path is taken as it stands, without escapes or options. Connects at the first transaction;
    call ``migrate`` first. Raises StoreMisconfiguredError for any other address.

    ``transaction_s`` is for callers with short transactions: after so many seconds PostgreSQL frees the locks that a cut
    connection left behind.
    """
    if isinstance(url, Path):
        return SqlDatabase(sqlite_engine(url), sqlite_engine(url, reading=True))
    if url.startswith("sqlite:///") and url != "sqlite:///":
        return open_database(Path(url.removeprefix("sqlite:///")))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreMisconfiguredError(_KNOWN) from error
    if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        engine = postgresql_engine(address, transaction_s)
        return SqlDatabase(engine, postgresql_reading(engine))
    raise StoreMisconfiguredError(_KNOWN)


_KNOWN = "the database's address is not one we know; give sqlite:///file or postgresql://user@host/name"
