"""Stores to run the contract suites over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from queue_samples import sqs_queue
from servers import S3, Postgres, s3_client

from storage.database.database import SqlDatabase, open_database
from storage.interfaces.objects import Objects
from storage.interfaces.queue import UploadQueue
from storage.memory import MemoryObjects, memory_database, memory_uploads
from storage.objects.folder import FolderObjects
from storage.objects.s3 import S3Objects
from storage.queues.open_queue import open_uploads

SERVED = pytest.mark.servers


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """A migrated database that the tests of one process share, each under its own tenant."""
    url = postgres.create_database()
    database = open_database(url)
    database.migrate()
    database.close()
    return url


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=SERVED)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlDatabase]:
    """A migrated database: in memory, in a SQLite file, in a real PostgreSQL."""
    if request.param == "memory":
        opened = memory_database()
    elif request.param == "sqlite":
        opened = open_database(f"sqlite:///{tmp_path / 'evidence.sqlite'}")
        opened.migrate()
    else:
        opened = open_database(request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=SERVED)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database that several connections or processes can open."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'evidence.sqlite'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create_database()


@pytest.fixture
def tenant() -> str:
    """A tenant of the test's own."""
    return f"tenant-{secrets.token_hex(6)}"


@pytest.fixture(scope="session")
def bucket_maker(s3: S3) -> Any:
    """A client of the S3 server: slow to make."""
    return s3_client(s3.environment)


@pytest.fixture
def s3_bucket(s3: S3, bucket_maker: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new bucket, with the environment that leads to it."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"test-{secrets.token_hex(6)}"
    bucket_maker.create_bucket(Bucket=bucket)
    return bucket


_S3 = [pytest.param(name, marks=SERVED) for name in ("s3", "s3-prefix")]


@pytest.fixture(params=["memory", "folder", *_S3])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """An empty store of objects: in memory, in a folder, in a real S3 server with and without a prefix."""
    if request.param == "memory":
        return MemoryObjects()
    if request.param == "folder":
        return FolderObjects(tmp_path / "objects")
    bucket = request.getfixturevalue("s3_bucket")
    return S3Objects(bucket, "shared/by others" if request.param == "s3-prefix" else "")


@pytest.fixture(
    params=["memory", "file", *[pytest.param(name, marks=SERVED) for name in ("ministack", "moto")]]
)
def uploads(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[UploadQueue]:
    """An empty queue: in memory, in a file, in two servers that speak SQS."""
    queue: UploadQueue
    if request.param == "memory":
        queue = memory_uploads()
    elif request.param == "file":
        queue = open_uploads(tmp_path / "queue.sqlite")
    else:
        queue = sqs_queue(monkeypatch, request.getfixturevalue(request.param))
    yield queue
    queue.close()
