"""How to connect to the two kinds of database."""

from __future__ import annotations

import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event

from storage.database.connections.read_only import connect_to_read, may_write
from storage.errors import StoreMisconfiguredError

BUSY_S = 60.0
"""How long a writer waits for another process's transaction on SQLite before it gives up."""


_AGAIN_S = 0.01


def sqlite_engine(path: Path | None, *, reading: bool = False) -> Engine:
    """SQLite in the file ``path``, its folder made where missing; None: in memory. A ``reading`` one
    writes nothing.

    Raises StoreMisconfiguredError where the folder cannot be made.
    """
    # In memory each connection would see its own database, so all threads share one.
    pool: dict[str, Any] = {"poolclass": StaticPool} if path is None else {"max_overflow": -1}
    if path is not None:
        _make_folder(path.parent)
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=None if path is None else str(path.absolute())),
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
        hide_parameters=True,
        **pool,
    )
    if reading and path is not None:
        event.listen(engine, "do_connect", partial(_connect_where_unwritable, path))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "connect", _write_nothing if reading else _write_ahead)
    # A deferred transaction that starts writing while another writes fails at once, without waiting.
    event.listen(engine, "begin", _begin if reading else _begin_immediate)
    return engine


def postgresql_engine(address: URL, transaction_s: float | None = None) -> Engine:
    """PostgreSQL at ``address``, through psycopg. Does not connect yet. No call waits for ever, and no
    transaction lasts longer than ``transaction_s`` seconds if given (PostgreSQL 17 and later)."""
    from storage.database.connections import postgresql_connections  # noqa: PLC0415 - loads the driver

    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args=postgresql_connections.connection_options(address),
        pool_pre_ping=True,
        pool_timeout=BUSY_S,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", postgresql_connections.connector(transaction_s))
    return engine


def postgresql_reading(engine: Engine) -> Engine:
    """The same connections, for transactions that have one view of the record and write nothing."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreMisconfiguredError(f"the folder for the database cannot be made: {error}") from error


def _connect_where_unwritable(path: Path, *_: object) -> sqlite3.Connection | None:
    """None where the file may be written: SQLAlchemy then connects by itself."""
    return None if may_write(path) else connect_to_read(path, BUSY_S)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -16384")  # in KiB: a search touches a thousand pages


def _write_ahead(connection: sqlite3.Connection, _record: object) -> None:
    """Turn WAL on. SQLite does not wait for another connection that is doing so, so this does."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if mode not in ("wal", "memory"):
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _write_nothing(connection: sqlite3.Connection, _record: object) -> None:
    # Once for each connection: every such PRAGMA makes SQLite compile its statements again.
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection
    driver.execute("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    driver: Any = connection.connection
    driver.execute("BEGIN IMMEDIATE")
