"""What stands in for the jail, for receivers of events and for a database that fails; messages and pictures."""

from __future__ import annotations

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.setup.opened import MEASURES_VERSION, Opened
from pipeline.worker.event_receivers import EventError
from storage.errors import StoreUnavailableError
from validators.evidence import PHOTO, Fingerprint, Measurements, Problem
from validators.report import EvidenceReport, ToolStamp

BUCKET = "evidence-uploads"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TOOL = ToolStamp("0.1", {}, "full")


def later(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def picture(number: int, copy: int = 1) -> bytes:
    """A file that the stand-in opener takes for a photo: copies of one number look alike."""
    return f"picture {number}\ncopy {copy}".encode()


def photo(data: bytes) -> Opened:
    """What opening such a file gives."""
    look = data.split(b"\n")[0]
    hashes = tuple(hashlib.sha256(look + bytes([turn])).hexdigest() for turn in range(8))
    fingerprint = Fingerprint("phash256", "1", hashes)
    return Opened(
        Measurements(
            MEASURES_VERSION,
            "image/jpeg",
            PHOTO,
            fingerprint=fingerprint,
            pixels_sha256=hashlib.sha256(look).hexdigest(),
        )
    )


def failing(code: str, detail: str = "") -> Opened:
    """What opening gives where it ended with that problem."""
    return Opened(
        Measurements(MEASURES_VERSION, "application/octet-stream", problems=(Problem(code, detail),))
    )


class StandInJail:
    """A jail without a process."""

    readers: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.closed = threading.Event()

    def is_running(self) -> bool:
        return not self.closed.is_set()

    def close(self) -> None:
        self.closed.set()


class StandInOpener:
    """Opens files such as ``picture`` makes. Each opening takes the next step of ``script``, if any: an exception is
    raised, a function is called with the deadline (what it returns is what was opened, None: as without a step)."""

    def __init__(self) -> None:
        self.jail = StandInJail()
        self.readers = self.jail.readers
        self.previews = False
        self.script: list[Any] = []
        self.opened: list[bytes] = []

    def is_running(self) -> bool:
        return self.jail.is_running()

    def close(self) -> None:
        self.jail.close()

    def open(self, path: Path, deadline: float = math.inf, *, members: int = 0) -> Opened:
        data = path.read_bytes()
        self.opened.append(data)
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        if callable(step):
            step = step(deadline)
        return photo(data) if step is None else step


class FaultyDatabase:
    """A database whose writing transaction number ``at`` (from 0) fails once, before or after its commit."""

    def __init__(self, inner: Any, at: int | None = None, *, after_commit: bool = False) -> None:
        self._inner = inner
        self._at = at
        self._after_commit = after_commit
        self.transactions = 0

    @contextmanager
    def transaction(self):
        fails = self.transactions == self._at
        self.transactions += 1
        with self._inner.transaction() as records:
            yield records
            if fails and not self._after_commit:
                raise StoreUnavailableError("the connection broke before the commit")
        if fails and self._after_commit:
            raise StoreUnavailableError("the connection broke after the commit")

    def reading(self):
        return self._inner.reading()

    def close(self) -> None:
        self._inner.close()


class Clock:
    """Stands for ``datetime`` where only ``now`` is asked."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self, zone: Any) -> datetime:
        return datetime.now(zone) + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class Receiver:
    """A receiver of events that takes all but those of the disputes in ``refuses``."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuses: set[str] = set()

    def send(self, entry: Any) -> None:
        body = json.loads(entry.body)
        if body["dispute"] in self.refuses:
            raise EventError("the receiver answered 500")
        assert body["idempotency_key"] == entry.idempotency_key
        self.taken.append(body)


def codes(item: EvidenceReport) -> set[str]:
    """The codes of an item's findings."""
    return {finding.code for finding in item.findings}


def s3_event(
    *keys: str | dict[str, Any], bucket: str = BUCKET, name: str = "ObjectCreated:Put", **changes: Any
) -> str:
    """A notification of S3 with a record for each key; a dict stands for a record of its own."""
    records = [key if isinstance(key, dict) else _record(key, bucket, name, changes) for key in keys]
    return json.dumps({"Records": records})


def _record(key: str, bucket: str, name: str, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventSource": "aws:s3",
        "eventTime": "2026-03-09T12:00:00Z",
        "eventName": name,
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, **changes}},
    }


def wait_until(holds: Callable[[], Any], seconds: float = 5.0) -> None:
    """Until ``holds()``; fails after ``seconds``."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


def working_threads() -> list[str]:
    """The names of the threads of all workers that have not ended."""
    names = [thread.name for thread in threading.enumerate()]
    return [
        name for name in names if name.startswith(("consumer-", "report-batcher", "renewer", "maintenance"))
    ]
