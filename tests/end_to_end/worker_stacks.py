"""The two stacks a worker runs on: everything in one store, or PostgreSQL, S3 and SQS, by settings alone."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from kit import EVIDENCE
from servers import S3, Aws, Postgres, aws_client

from storage.interfaces.objects import Objects
from storage.objects.open_objects import open_objects
from storage.queues.open_queue import open_uploads


@dataclass(frozen=True)
class Ran:
    """A finished command: its status, what it printed, and its log."""

    status: int
    text: str
    log: str


@dataclass
class Stack:
    """Runs the real command with a store and settings of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command."""
        return {**os.environ, **self.settings}

    def run(self, *words: object) -> Ran:
        """Run a command to its end."""
        done = subprocess.run(
            [EVIDENCE, *map(str, words), "--store", str(self.folder / "store")],
            capture_output=True, text=True, timeout=240, cwd=self.folder, check=False, env=self.environment,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def drain(self) -> Ran:
        """Run a worker until nothing is left to do."""
        ran = self.run("worker", "--once", "--jobs", 2)
        assert ran.status == 0, ran.log
        assert "Traceback" not in ran.log, ran.log
        return ran

    @contextmanager
    def worker(self, *words: object, ready: str = '"ready') -> Iterator[subprocess.Popen[str]]:
        """A worker that runs until told to stop; its log says ``ready`` when the block begins."""
        log = self.folder / f"worker-{secrets.token_hex(3)}.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                [EVIDENCE, "worker", "--jobs", "1", *map(str, words), "--store", str(self.folder / "store")],
                stdout=subprocess.DEVNULL, stderr=stream, text=True, cwd=self.folder, env=self.environment,
            )  # fmt: skip
        try:
            until(lambda: ready in log.read_text() or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()

    def report(self, dispute: str) -> dict[str, Any]:
        """The newest report on the record."""
        ran = self.run("report", dispute)
        assert ran.status == 0, ran.log
        return json.loads(ran.text)

    def objects(self) -> Objects:
        """Where uploads rest, and reports beside them."""
        return open_objects(
            self.settings.get("EVIDENCE_UPLOADS_URL") or str(self.folder / "store" / "uploads")
        )

    def send(self, *bodies: str) -> None:
        """Put messages on the queue."""
        address = (
            self.settings.get("EVIDENCE_QUEUE_URL") or f"sqlite:///{self.folder / 'store' / 'queue.sqlite'}"
        )
        queue = open_uploads(address, self.settings.get("EVIDENCE_DEAD_LETTERS_URL"))
        queue.send(bodies)
        queue.close()


def served(folder: Path, postgres: Postgres, s3: S3, queues: Aws) -> Stack:
    """A stack with a database, a bucket and queues of its own on running servers."""
    bucket = f"evidence-{secrets.token_hex(4)}"
    aws_client("s3", s3.environment).create_bucket(Bucket=bucket)
    return Stack(
        folder,
        {
            **{name: value for name, value in s3.environment.items() if name != "AWS_ENDPOINT_URL"},
            "AWS_ENDPOINT_URL_S3": s3.environment["AWS_ENDPOINT_URL"],
            "AWS_ENDPOINT_URL_SQS": queues.environment["AWS_ENDPOINT_URL"],
            "EVIDENCE_DATABASE_URL": postgres.create_database(),
            "EVIDENCE_OBJECTS_URL": f"s3://{bucket}/derived",
            "EVIDENCE_UPLOADS_URL": f"s3://{bucket}/uploads",
            "EVIDENCE_QUEUE_URL": queues.create_queue(f"uploads-{bucket}"),
            "EVIDENCE_DEAD_LETTERS_URL": queues.create_queue(f"dead-{bucket}"),
        },
    )


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.servers)])
def stack(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Either stack, empty."""
    if request.param == "embedded":
        return Stack(tmp_path)
    made = served(tmp_path, *(request.getfixturevalue(name) for name in ("postgres", "s3", "ministack")))
    for name, value in made.settings.items():  # the test's own clients read them too
        monkeypatch.setenv(name, value)
    return made


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until ``condition`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
