"""The SQLite file of the embedded queues: its tables, its connections, its transactions."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database.connections.faults import translated
from storage.database.connections.read_only import connect_to_read, may_write
from storage.errors import StorageError, StoreMisconfiguredError, StoreUnavailableError

BUSY_S = 60.0
"""How long a writer waits for others before it gives up."""
_RETRY_S = 0.02

VERSION = 1
_TABLES = (
    """
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        id TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        sent_at REAL NOT NULL,
        visible_at REAL NOT NULL,
        receives INTEGER NOT NULL DEFAULT 0,
        receipt TEXT
    )
    """,
    # With all that counting needs, so that it never reads the bodies.
    "CREATE INDEX messages_order ON messages (name, visible_at, number, sent_at, receipt)",
    """
    CREATE TABLE dead_letters (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        reason TEXT NOT NULL,
        buried_at REAL NOT NULL
    )
    """,
    "CREATE INDEX dead_letters_order ON dead_letters (name, number)",
    f"PRAGMA user_version = {VERSION}",
)


class QueueFile:
    """Connections to the file ``path``, its folder and tables made where missing; None: one in memory.

    ``read_only``: nothing is made. A file that is missing counts as empty, and one that may not be written is read.

    Raises StoreMisconfiguredError where it cannot be opened or holds something else.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        if read_only and path is not None and not path.exists():
            path = None  # no queue was ever made here, so it is empty
        self._read_only = read_only and path is not None
        self._path = path
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._writer = threading.Lock()
        self._closed = False
        if path is not None and not read_only:
            _make_folder(path.parent)
        with translated():
            connection = self._open()
        self._idle.put(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one statement that reads."""
        with translated():
            connection = self._connection()
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a transaction that may write, on disk once the block ends."""
        # SQLite makes writers sleep and try again; threads of one process need not.
        if not self._writer.acquire(timeout=BUSY_S):
            raise StoreUnavailableError("other threads keep the queue's file locked")
        try:
            with self.reading() as connection, _transaction(connection):
                yield connection
        finally:
            self._writer.release()

    def rewrite(self) -> None:
        """Make the file anew without what was deleted, and cut its journal. Waits for others, up to BUSY_S."""
        with self._writer, self.reading() as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close what is idle now, and the rest as it comes back."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _connection(self) -> sqlite3.Connection:
        if self._closed:
            raise StorageError("the queue is closed")
        try:
            # In memory each connection would see a file of its own, so that all threads share one.
            return self._idle.get(block=self._path is None, timeout=BUSY_S)
        except queue.Empty:
            if self._path is None:
                raise StoreUnavailableError("other threads keep the queue busy") from None
            return self._open()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        self._idle.put(connection)
        if self._closed:
            self.close()

    def _open(self) -> sqlite3.Connection:
        if self._read_only and self._path is not None and not may_write(self._path):
            return _checked(connect_to_read(self._path, BUSY_S))
        connection = sqlite3.connect(
            ":memory:" if self._path is None else self._path.absolute(),
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    _write_ahead(connection)
    if _version(connection) == VERSION:
        return
    with _transaction(connection):
        found = _version(connection)  # another process may have been faster
        if found == 0:
            for statement in _TABLES:
                connection.execute(statement)
        elif found != VERSION:
            raise _newer(found)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn write-ahead logging on; of several processes that do so at once SQLite lets none wait."""
    until = time.monotonic() + BUSY_S
    while True:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        if mode in ("wal", "memory"):
            return
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_RETRY_S)


def _checked(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, unless its file was made by a newer program."""
    found = _version(connection)
    if found > VERSION:
        connection.close()
        raise _newer(found)
    return connection


def _newer(found: int) -> StoreMisconfiguredError:
    return StoreMisconfiguredError(
        f"the queue's file is of version {found}, this program knows {VERSION}: update the program"
    )


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreMisconfiguredError(f"the folder for the queue cannot be made: {error}") from error
