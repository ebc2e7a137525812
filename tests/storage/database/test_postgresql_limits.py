"""No call on PostgreSQL waits for ever, and a connection that failed is not used again."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator

import pytest
from servers import Postgres
from silent_proxy import SilentProxy, running_proxy
from sqlalchemy import make_url, text
from storage_samples import some_evidence

from storage.database.connections import postgresql_connections
from storage.database.connections.postgresql_connections import LimitedConnection, connection_options
from storage.database.database import SqlDatabase, open_database
from storage.errors import StoreUnavailableError

pytestmark = pytest.mark.servers
PATIENCE_S = 0.4
SOON_S = 3.0
"""Well below the limits as users have them."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can wait for; 2 s is the driver's least."""
    monkeypatch.setattr(postgresql_connections, "CONNECT_S", 2)
    monkeypatch.setattr(LimitedConnection, "answer_s", PATIENCE_S)


@pytest.fixture
def proxy(postgres: Postgres) -> Iterator[SilentProxy]:
    """A proxy to the server."""
    with running_proxy(postgres.port) as running:
        yield running


@pytest.fixture
def proxied(proxy: SilentProxy, postgres_url: str) -> Iterator[SqlDatabase]:
    """The database through the proxy, with a connection open already."""
    database = open_database(
        make_url(postgres_url).set(port=proxy.port).render_as_string(hide_password=False)
    )
    with database.reading() as records:
        records.evidence("t", [])
    yield database
    proxy.silent.clear()
    database.close()


def test_a_server_that_accepts_and_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        database = open_database(f"postgresql://evidence@127.0.0.1:{deaf.getsockname()[1]}/evidence")
        start = time.monotonic()
        with pytest.raises(StoreUnavailableError, match="timeout"), database.transaction():
            pass
        assert time.monotonic() - start < 2 * SOON_S
        database.close()


@pytest.mark.parametrize("moment", ["statement", "statements at once", "commit", "rollback"])
def test_silence_in_a_transaction(proxied: SqlDatabase, proxy: SilentProxy, tenant: str, moment: str) -> None:
    many = [some_evidence(tenant, f"E-{number}") for number in range(50)]
    with pytest.raises(StoreUnavailableError, match="no answer within"), proxied.transaction() as records:
        records.put_evidence([some_evidence(tenant, "E-first")])
        proxy.silent.set()
        start = time.monotonic()
        if moment == "statement":
            records.evidence_of(tenant, "D-1")
        if moment == "statements at once":
            records.put_evidence(many)
        if moment == "rollback":
            raise KeyError(moment)
    assert PATIENCE_S <= time.monotonic() - start < SOON_S
    proxy.silent.clear()
    with proxied.transaction() as records:
        assert records.evidence_of(tenant, "D-1") == []
        records.put_evidence(many)
    with proxied.reading() as records:
        assert len(records.evidence_of(tenant, "D-1")) == len(many)


def test_silence_before_a_transaction(proxied: SqlDatabase, proxy: SilentProxy, tenant: str) -> None:
    proxy.silent.set()
    start = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="timeout"), proxied.transaction():
        pass
    assert time.monotonic() - start < 2 * SOON_S
    proxy.silent.clear()
    with proxied.transaction() as records:
        assert records.evidence_of(tenant, "D-1") == []


def test_a_server_that_works_longer_than_it_may_be_silent_is_not_waited_for(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(StoreUnavailableError, match="no answer within"), database.transaction() as records:
        records._connection.execute(text("SELECT pg_sleep(60)"))
    with database.transaction() as records:
        assert records.evidence("t", ["E-1"]) == []
    database.close()


@pytest.mark.parametrize(
    ("limit", "statement"),
    [
        ("statement_timeout", "SELECT pg_sleep(60)"),
        ("lock_timeout", "SELECT pg_advisory_xact_lock(77)"),
    ],
)
def test_the_servers_own_limits_are_the_worlds_fault(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, limit: str, statement: str
) -> None:
    monkeypatch.setattr(LimitedConnection, "answer_s", SOON_S)
    other = open_database(postgres_url)
    monkeypatch.setitem(postgresql_connections._SERVER_LIMITS, limit, 100)
    database = open_database(postgres_url)
    with other.transaction() as holding:
        holding._connection.execute(text("SELECT pg_advisory_xact_lock(77)"))
        with pytest.raises(StoreUnavailableError, match="timeout"), database.transaction() as records:
            records._connection.execute(text(statement))
    other.close()
    database.close()


def test_a_transaction_left_idle_is_ended(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitedConnection, "answer_s", SOON_S)
    monkeypatch.setitem(postgresql_connections._SERVER_LIMITS, "idle_in_transaction_session_timeout", 50)
    database = open_database(postgres_url)
    with pytest.raises(StoreUnavailableError, match="idle"), database.transaction() as records:
        for pause_s in (0, 0.1, 0.4, 1.6):  # longer than allowed; again, on a machine that is slow to notice
            time.sleep(pause_s)
            records.evidence("t", ["E-1"])
    with database.transaction() as records:
        assert records.evidence("t", ["E-1"]) == []
    database.close()


def test_a_transaction_that_lasts_too_long_is_ended(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LimitedConnection, "answer_s", SOON_S)
    database = open_database(postgres_url, transaction_s=0.2)
    with pytest.raises(StoreUnavailableError, match="transaction timeout"), database.transaction() as records:
        for _ in range(40):  # never idle for long
            time.sleep(0.05)
            records.evidence("t", ["E-1"])
    with database.transaction() as records:
        assert records.evidence("t", ["E-1"]) == []
    database.close()


def test_locks_of_a_client_cut_off_within_a_statement_are_freed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has read some of a statement's messages: to it that session is at work, not idle."""
    monkeypatch.setattr(LimitedConnection, "answer_s", SOON_S)
    monkeypatch.setitem(postgresql_connections._SERVER_LIMITS, "idle_in_transaction_session_timeout", 500)
    lock, freed_after = text("SELECT pg_advisory_xact_lock(78)"), float("inf")
    cut_off, other = open_database(postgres_url, transaction_s=1.0), open_database(postgres_url)
    with pytest.raises(StoreUnavailableError), cut_off.transaction() as records:
        records._connection.execute(lock)
        driver = records._connection.connection.dbapi_connection
        # A statement to be prepared ("P", its length, no name, its text), without the end that asks for an answer.
        os.write(driver.fileno(), b"P" + (16).to_bytes(4, "big") + b"\0SELECT 1\0\0\0")
        began = time.monotonic()
        with other.transaction() as waiting:
            waiting._connection.execute(lock)
        freed_after = time.monotonic() - began
        records.evidence("t", ["E-1"])
    assert freed_after < SOON_S
    for database in (cut_off, other):
        database.close()


def test_migrations_may_take_their_time(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitedConnection, "answer_s", 5.0)
    monkeypatch.setitem(postgresql_connections._SERVER_LIMITS, "statement_timeout", 200)
    database = open_database(postgres.create_database())
    with database.transaction() as records:
        connection = records._connection
        with postgresql_connections.unlimited(connection):
            assert connection.connection.dbapi_connection.answer_s is None
            connection.execute(text("SELECT pg_sleep(0.4)"))
        assert connection.connection.dbapi_connection.answer_s == 5.0
    with pytest.raises(StoreUnavailableError, match="timeout"), database.transaction() as records:
        records._connection.execute(text("SELECT pg_sleep(0.4)"))
    database.migrate()
    database.close()


def test_settings_in_the_address_win() -> None:
    address = make_url("postgresql://u@h/d?options=-c%20statement_timeout%3D7")
    assert connection_options(address)["options"].endswith("timeout=30000 -c statement_timeout=7")
