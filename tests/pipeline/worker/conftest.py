"""A bench of its own for every test of the worker's inside."""

from __future__ import annotations

import pytest
from working_bench import Bench
from working_kit import TOOL, Clock, StandInOpener

from pipeline.setup.context import Context
from pipeline.setup.policies import load_policy
from pipeline.worker import outbox_relay as telling
from pipeline.worker import report_batching as settling
from pipeline.worker import worker
from storage.database.connections.engines import sqlite_engine
from storage.database.database import SqlDatabase, open_database
from storage.memory import MemoryObjects, memory_database, memory_uploads


@pytest.fixture(scope="session")
def policy():
    """The default policy."""
    return load_policy()


@pytest.fixture(scope="session")
def empty_database():
    """The bytes of a migrated database: copying them is quicker than migrating for every test."""
    database = memory_database()
    with database.reading() as records:
        image = records._connection.connection.driver_connection.serialize()
    database.close()
    return image


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    """The worker looks often and gathers for a moment only, so that no test waits for it."""
    monkeypatch.setattr(worker, "_LOOK_S", 0.02)
    monkeypatch.setattr(settling, "GATHER_S", 0.01)


@pytest.fixture
def benches(empty_database, policy, tmp_path):
    """Makes benches: empty stores in memory, and an opener that follows a script."""
    made = []

    def make():
        bench = _bench(_copied(empty_database), policy, tmp_path)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def bench(benches):
    """One bench."""
    return benches()


@pytest.fixture(scope="session")
def migrated_postgres(postgres):
    """The name of a migrated PostgreSQL database to copy: quicker than migrating for every test."""
    url = postgres.create_database()
    database = open_database(url)
    database.migrate()
    database.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def any_bench(request, empty_database, policy, tmp_path):
    """One bench on each kind of database."""
    if request.param == "sqlite":
        database = _copied(empty_database)
    else:
        template = request.getfixturevalue("migrated_postgres")
        database = open_database(request.getfixturevalue("postgres").create_database(template))
    bench = _bench(database, policy, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def telling_clock(monkeypatch):
    """Moves the time by which the outbox is told, given seconds."""
    clock = Clock()
    monkeypatch.setattr(telling, "datetime", clock)
    return clock.forward


def _copied(image):
    engine = sqlite_engine(None)
    connection = engine.raw_connection()
    connection.driver_connection.deserialize(image)
    connection.close()
    return SqlDatabase(engine, engine)


def _bench(database, policy, incoming):
    opener, uploads = StandInOpener(), MemoryObjects()
    context = Context(database, MemoryObjects(), opener, policy, TOOL, incoming, uploads=uploads)
    return Bench(context, memory_uploads(), opener, uploads)
