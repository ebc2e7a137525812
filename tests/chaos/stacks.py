"""The two stacks that workers run on: the embedded store, and real servers, directly or through fault proxies."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from chaos.event_sink import EventSink, running_sink
from chaos.processes import Respawned, child_running
from servers import S3, Aws, Postgres, aws_client, running_ministack, running_postgres, running_s3

from storage.database.database import SqlDatabase, open_database
from storage.interfaces.objects import Objects
from storage.interfaces.queue import UploadQueue
from storage.objects.open_objects import open_objects

PROXY = Path(__file__).with_name("fault_proxy.py")
EMBEDDED, SERVERS = "embedded", "servers"
VISIBILITY_S = 5
LONGEST_VISIBILITY_S = 43_200
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass
class Stack:
    """One run's stores, as the harness reaches them: past any proxy. ``environment`` is for the workers.

    It is also where uploads are put: chaos.uploads.Depot.
    """

    name: str
    folder: Path
    bucket: str
    prefix: str
    database_url: str
    queue_url: str
    dead_letters_url: str | None
    uploads_url: str
    objects_url: str
    sink: EventSink
    environment: dict[str, str]
    _resources: ExitStack = field(default_factory=ExitStack)

    def database(self) -> SqlDatabase:
        """The record, migrated."""
        opened = open_database(self.database_url)
        opened.migrate()
        self._resources.callback(opened.close)
        return opened

    def queue(self) -> UploadQueue:
        """The queue of uploads."""
        from storage.queues.open_queue import open_uploads

        opened = open_uploads(self.queue_url, self.dead_letters_url)
        self._resources.callback(opened.close)
        return opened

    def objects(self) -> Objects:
        """Derivatives."""
        return open_objects(self.objects_url)

    def uploads(self) -> Objects:
        """Originals, and the reports beside them."""
        return open_objects(self.uploads_url)

    def store(self, key: str, data: bytes) -> str | None:
        """Put one version of an upload; its version id where the stack keeps versions."""
        if self.name == EMBEDDED:
            self.uploads().put(key, data)
            return None
        answer = _direct_s3().put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data)
        version: str | None = answer.get("VersionId")
        return version

    def close(self) -> None:
        """Close what the harness itself opened."""
        self._resources.close()


def base_environment(sink: EventSink, deadline_s: float) -> dict[str, str]:
    """What every worker under test gets."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "EVIDENCE_EVENTS_URL": sink.url,
        "EVIDENCE_VISIBILITY_S": str(VISIBILITY_S),
        "EVIDENCE_ITEM_DEADLINE_S": f"{deadline_s:g}",
        "EVIDENCE_GRACE_S": "8",
        "CHAOS_LEASE_S": "10",
    }


@contextmanager
def embedded_stack(folder: Path, seed: int, deadline_s: float = 20.0) -> Iterator[Stack]:
    """A fresh store in ``folder``."""
    store = folder / "store"
    store.mkdir(parents=True)
    with running_sink(seed) as sink:
        stack = Stack(
            name=EMBEDDED,
            folder=store,
            bucket="uploads",
            prefix="",
            database_url=f"sqlite:///{store / 'evidence.sqlite'}",
            queue_url=f"sqlite:///{store / 'queue.sqlite'}",
            dead_letters_url=None,
            uploads_url=str(store / "uploads"),
            objects_url=str(store / "objects"),
            sink=sink,
            environment=base_environment(sink, deadline_s),
        )
        try:
            yield stack
        finally:
            stack.close()


@dataclass
class Servers:
    """Running servers; each run on them gets a database, a bucket and queues of its own."""

    postgres: Postgres
    s3: S3
    aws: Aws
    postgres_process: Respawned
    s3_process: Respawned

    def restart_postgres(self) -> float:
        """End PostgreSQL without a checkpoint and start it again; seconds away."""
        return self.postgres_process.restart(signal.SIGQUIT, 1.0, self._postgres_answers)

    def restart_s3(self) -> float:
        """Kill S3 and start it again; seconds away."""
        return self.s3_process.restart(signal.SIGKILL, 2.0, self._s3_answers)

    def _postgres_answers(self) -> bool:
        try:
            psycopg.connect(self.postgres.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _s3_answers(self) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        client = _direct_s3()
        try:
            client.put_object(Bucket="ready-again", Key="key", Body=b"value")
            client.get_object(Bucket="ready-again", Key="key")
        except (BotoCoreError, ClientError):
            return False
        return True


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Start all three; this process's own AWS variables then lead to them, past any proxy."""
    with running_postgres() as postgres, running_s3() as s3, running_ministack() as aws, ExitStack() as ends:
        os.environ.update(
            {name: value for name, value in s3.environment.items() if name != "AWS_ENDPOINT_URL"}
            | {
                "AWS_ENDPOINT_URL_S3": s3.environment["AWS_ENDPOINT_URL"],
                "AWS_ENDPOINT_URL_SQS": aws.environment["AWS_ENDPOINT_URL"],
            }
        )
        _direct_s3().create_bucket(Bucket="ready-again")
        postgres_process = Respawned(child_running(f"port={postgres.port}"))
        s3_process = Respawned(child_running(f"s3.port={urlsplit(s3.environment['AWS_ENDPOINT_URL']).port}"))
        ends.callback(postgres_process.stop)
        ends.callback(s3_process.stop)
        yield Servers(postgres, s3, aws, postgres_process, s3_process)


@contextmanager
def servers_stack(
    servers: Servers,
    folder: Path,
    seed: int,
    *,
    faults: Sequence[str] | None = None,
    deadline_s: float = 20.0,
) -> Iterator[Stack]:
    """A fresh database, bucket and queues; with ``faults`` (a fault proxy's options) workers go through proxies."""
    name = f"chaos-{secrets.token_hex(4)}"
    client = _direct_s3()
    for bucket in (name, f"{name}-made"):
        client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    database_url = servers.postgres.create_database()
    queue_url, dead_url = servers.aws.create_queue(name), servers.aws.create_queue(f"{name}-dead")
    endpoints = {
        "postgres": f"127.0.0.1:{servers.postgres.port}",
        "s3": urlsplit(os.environ["AWS_ENDPOINT_URL_S3"]).netloc,
        "sqs": urlsplit(os.environ["AWS_ENDPOINT_URL_SQS"]).netloc,
    }
    (folder / "store").mkdir(parents=True)
    with running_sink(seed) as sink, ExitStack() as proxies:
        reached = {
            what: proxies.enter_context(_proxied(what, to, faults, seed, folder))
            if faults is not None
            else to
            for what, to in endpoints.items()
        }

        def led(address: str, what: str) -> str:
            return address.replace(endpoints[what], reached[what])

        environment = base_environment(sink, deadline_s) | {
            "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": f"http://{reached['s3']}",
            "AWS_ENDPOINT_URL_SQS": f"http://{reached['sqs']}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "EVIDENCE_DATABASE_URL": led(database_url, "postgres"),
            "EVIDENCE_OBJECTS_URL": f"s3://{name}-made/kept",
            "EVIDENCE_UPLOADS_URL": f"s3://{name}/cases",
            "EVIDENCE_QUEUE_URL": led(queue_url, "sqs"),
            "EVIDENCE_DEAD_LETTERS_URL": led(dead_url, "sqs"),
        }
        stack = Stack(
            name=SERVERS,
            folder=folder / "store",
            bucket=name,
            prefix="cases/",
            database_url=database_url,
            queue_url=queue_url,
            dead_letters_url=dead_url,
            uploads_url=f"s3://{name}/cases",
            objects_url=f"s3://{name}-made/kept",
            sink=sink,
            environment=environment,
        )
        try:
            yield stack
        finally:
            stack.close()


@contextmanager
def _proxied(what: str, to: str, faults: Sequence[str], seed: int, folder: Path) -> Iterator[str]:
    """A fault proxy before ``to``: its address. What it did is printed at the end."""
    command = [sys.executable, str(PROXY), "--to", to, "--seed", str(seed), *faults]
    with (folder / f"proxy-{what}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    try:
        yield f"127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.terminate()
        counts = json.loads(process.communicate(timeout=20)[0])
        print(
            f"    proxy before {what}: " + ", ".join(f"{n} {name}" for name, n in counts.items()), flush=True
        )


def _direct_s3() -> Any:
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    return _s3_client(*(os.environ[name] for name in names))


@cache  # a client takes longer to make than an object to put
def _s3_client(endpoint: str, key_id: str, secret: str) -> Any:
    named = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret}
    return aws_client("s3", named)
