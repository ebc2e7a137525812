"""One run: uploads put, disputes told of, workers at it, disturbed on the way, until nothing is left to do."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from chaos.herd import Herd
from chaos.plan import Item, Plan, PlannedDispute
from chaos.record import Remains, read_remains
from chaos.stacks import EMBEDDED, SERVERS, Stack
from chaos.uploads import Stored, in_parts, messages, store_all
from chaos.verify import Expected
from sqlalchemy import func, select

from pipeline.intake.dispute_data import take_dispute
from pipeline.intake.dispute_file import parse_dispute_file
from storage.database.database import SqlDatabase
from storage.database.schema import uploads
from storage.errors import StoreUnavailableError
from storage.interfaces.queue import UploadQueue

POLICY = """
[rules.limits.seconds]
value = {seconds}
[rules.limits.memory_mb]
value = 160
"""
HANG_S = 3.0
JOBS = {EMBEDDED: 2, SERVERS: 4}
"""Slots of a worker: with services at a distance, most of a slot's time is waiting."""
_LOOK_S = 0.5
_TELL_S = 10.0
_STILL = 3
"""How often a drained stack must look drained: a served queue's figures lag."""


@dataclass
class Drill:
    """Uploads of one plan on one stack. ``say`` prints progress."""

    stack: Stack
    plan: Plan
    say: Callable[[str], None]
    stored: list[Stored] = field(default_factory=list)
    _late: list[PlannedDispute] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database: SqlDatabase = self.stack.database()
        self.queue: UploadQueue = self.stack.queue()

    def upload(
        self, items: Sequence[Item] | None = None, number: int | None = None, *, shuffled: bool = True
    ) -> None:
        """Put objects (all, or ``items``, or their version ``number``) and send their messages. Half of the disputes'
        data comes before them, half after; malformed and repeated messages come with the first upload."""
        new = store_all(self.plan, self.stack, items, number)
        used = {one.item.dispute_id for one in new}
        declared = [dispute for dispute in self.plan.disputes if dispute.declared and dispute.id in used]
        random.Random(f"disputes/{self.plan.seed}").shuffle(declared)
        self.tell_of(declared[::2])
        self._late = declared[1::2]
        told = replace(self.plan, malformed=(), duplicates=0) if self.stored else self.plan
        for part in in_parts(messages(told, new, self.stack, shuffled=shuffled), 500):
            self.queue.send(part)
        self.stored = [*self.stored, *new]

    def tell_of(self, disputes: Sequence[PlannedDispute]) -> None:
        """Put disputes' data on the record, as ``evidence dispute put`` does."""
        for dispute in disputes:
            parsed = parse_dispute_file(json.dumps(dispute.body()).encode())
            with self.database.transaction() as records:
                take_dispute(parsed, records, datetime.now(UTC))

    def tell_of_some(self, share: float) -> None:
        """Bring late disputes in until only 1 - ``share`` of them are left out, a few at a time. One that somebody
        keeps locked is put again later, as an operator would."""
        due = len(self._late) - round(len(self._late) * (1 - share))
        for dispute in self._late[: min(4, due)]:
            try:
                self.tell_of([dispute])
            except StoreUnavailableError as error:
                self.say(f"dispute {dispute.id} is put again later: {error}")
                self._late = [*self._late[1:], dispute]
                return
            self._late = self._late[1:]

    def ended(self) -> int:
        """How many uploads have come to an end."""
        with self.database.reading() as records:
            counted = select(func.count()).select_from(uploads).where(uploads.c.ended_at.is_not(None))
            return int(records._connection.execute(counted).scalar_one())

    def is_drained(self) -> bool:
        """Whether queue, due disputes and outbox are empty."""
        if self._late or self.queue.depth().total:
            return False
        with self.database.reading() as records:
            return not records.due_disputes(datetime.now(UTC), 1) and records.unsent_count() == 0

    def run(self, herd: Herd, limit_s: float, disturb: Callable[[float], None] | None = None) -> float:
        """Tend the herd until the stack is drained; the seconds it took. ``disturb`` is called again and again with
        the share of uploads that have ended. TimeoutError after ``limit_s``."""
        began = told_at = looked_at = time.monotonic()
        share, still = 0.0, 0
        while still < _STILL:
            now = time.monotonic()
            if now - began > limit_s:
                raise TimeoutError(f"not drained within {limit_s:.0f} s: {self.state()}")
            if now - looked_at >= _LOOK_S:
                looked_at = now
                share = self.ended() / max(1, len(self.stored))
                self.tell_of_some(share)
                still = still + 1 if share >= 1 and self.is_drained() else 0
            if now - told_at >= _TELL_S:
                told_at = now
                self.say(
                    f"{now - began:4.0f} s: {share:4.0%} ended, {sum(herd.kills.values())} kills; {self.state()}"
                )
            herd.tend()
            if disturb is not None:
                disturb(share)
            time.sleep(0.05)
        return time.monotonic() - began

    def state(self) -> str:
        """How the stack stands, for people."""
        depth = self.queue.depth()
        with self.database.reading() as records:
            unsent = records.unsent_count()
        return f"queue {depth.waiting}+{depth.in_flight}+{depth.delayed}, outbox {unsent}"

    def expected(self) -> Expected:
        """What the uploads so far are to become."""
        return Expected(self.plan, self.stored, self.stack.bucket, self.stack.prefix)

    def remains(self) -> Remains:
        """What there is now."""
        keys = list(self.expected().report_keys().values())
        objects, originals = self.stack.objects(), self.stack.uploads()
        return read_remains(
            self.stack.database_url, self.queue, objects, originals, keys, self.stack.sink.received
        )


def herd_of(stack: Stack, size: int, folder: Path, *, seconds: float = HANG_S, **extra: str) -> Herd:
    """Workers on ``stack``; ``extra`` are environment variables."""
    folder.mkdir(parents=True, exist_ok=True)
    policy = folder / "policy.toml"
    policy.write_text(POLICY.format(seconds=seconds))
    arguments = [
        "worker",
        "--jobs",
        str(JOBS[stack.name]),
        "--store",
        str(stack.folder),
        "--policy",
        str(policy),
    ]
    return Herd(size, arguments, stack.environment | extra, folder / "logs")


def killer(herd: Herd, kills: int, chance: random.Random) -> Callable[[float], None]:
    """A disturbance that has killed ``kills`` times by the time everything has ended, evenly over the work."""

    def disturb(share: float) -> None:
        if sum(herd.kills.values()) < min(kills, round(kills * share) + 1):
            herd.kill_one(chance)
            time.sleep(chance.uniform(0.0, 0.1))

    return disturb
