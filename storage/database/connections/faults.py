"""Database errors, sorted by who is at fault. Our own faults are raised unchanged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import (
    StorageError,
    StoreDamagedError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)

_PRIMARY = 0xFF  # SQLite's extended codes carry the primary one in their lowest byte
_SQLITE_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM}
_SQLITE_SETUP = {
    sqlite3.SQLITE_CANTOPEN: "the database file cannot be opened: check its permissions and its folder",
    sqlite3.SQLITE_READONLY: "the database file may not be written: check its permissions and its folder's",
    sqlite3.SQLITE_PERM: "the database file may not be opened: check its permissions",
    sqlite3.SQLITE_NOTADB: "the file is not a database: give another, or move it away",
}

# Classes by two characters, conditions by five: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL_FULL = ("53100",)
_POSTGRESQL_SETUP = {
    "28": "the database refuses this user: check the name and password in its address",
    "3D": "that database does not exist: create it, or check its address",
    "42501": "the database user lacks a right that is needed: grant it",
    "25006": "the database is read-only: give the address of the one that takes writes",
}
_POSTGRESQL_PASSING = ("08", "25P03", "25P04", "40001", "40P01", "53", "55P03", "57", "58")
_MIGRATE = "the database has no tables of ours, or older ones: run 'evidence migrate'"
_UNDEFINED = ("42P01", "42703")
_OTHERS = "the database holds tables of another program: give a database of its own"
_DUPLICATE = "42P07"


@contextmanager
def translated() -> Iterator[None]:
    """Raise the database's errors as those of storage/errors.py."""
    try:
        yield
    except PoolTimeoutError as error:
        busy = StoreUnavailableError("every database connection is in use")
        busy.part = "database"
        raise busy from error
    except (DBAPIError, sqlite3.Error) as error:
        fault = _sqlite_fault(error) if isinstance(error, sqlite3.Error) else _fault(error)
        if fault is None:
            raise
        fault.part = "database"
        raise fault from error


def _fault(error: DBAPIError) -> StorageError | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_fault(original)
    state = getattr(original, "sqlstate", None)
    if state is not None:
        return _postgresql_fault(state, original)
    # Errors without a state come from the client library: no connection, or a lost one.
    return _connection_fault(original) if _is_operational(error) else None


def _sqlite_fault(error: sqlite3.Error) -> StorageError | None:
    text = str(error)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return StoreFullError(f"no space is left for the database: {text}")
    if code in _SQLITE_PASSING:
        return StoreUnavailableError(f"the database cannot be used just now: {text}")
    if code in _SQLITE_SETUP:
        return StoreMisconfiguredError(_SQLITE_SETUP[code])
    if code == sqlite3.SQLITE_CORRUPT:
        return StoreDamagedError("the database file is damaged: restore it from a copy")
    return _sqlite_schema_fault(text)


def _sqlite_schema_fault(text: str) -> StorageError | None:
    if text.startswith(("no such table", "no such column")) or "has no column named" in text:
        return StoreMisconfiguredError(_MIGRATE)
    if text.endswith("already exists"):
        return StoreMisconfiguredError(f"{_OTHERS} ({text})")
    return None


def _postgresql_fault(state: str, original: BaseException | None) -> StorageError | None:
    text = _first_line(original)
    if state in _POSTGRESQL_FULL:
        return StoreFullError(f"no space is left for the database: {text}")
    if state in _UNDEFINED:
        return StoreMisconfiguredError(_MIGRATE)
    if state == _DUPLICATE:
        return StoreMisconfiguredError(f"{_OTHERS} ({text})")
    for start, sentence in _POSTGRESQL_SETUP.items():
        if state.startswith(start):
            return StoreMisconfiguredError(f"{sentence} ({text})")
    if state.startswith(_POSTGRESQL_PASSING):
        return StoreUnavailableError(f"the database does not serve just now: {text}")
    return None


def _connection_fault(original: BaseException | None) -> StorageError:
    text = _first_line(original)
    refusals = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")
    if any(refusal in str(original) for refusal in refusals):
        return StoreMisconfiguredError(f"the database refuses the connection: check its address ({text})")
    return StoreUnavailableError(f"the database cannot be reached: {text}")


def _is_operational(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")


def _first_line(original: BaseException | None) -> str:
    return next(iter(str(original).splitlines()), "no reason given")
