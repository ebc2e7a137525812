"""``evidence queue`` and ``evidence redrive``: the state of the queues, and dead letters sent back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.commands.output.measured import measured_line
from pipeline.commands.output.say import say
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import opened_database, store_exists
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.wiring.worker_assembly import BACKFILL, UPLOADS, open_queues
from pipeline.worker.queue_pair import QueuePair
from storage.errors import StorageError, StoreMisconfiguredError
from storage.interfaces.queue import Depth

_BODY_SHOWN = 160


def show_queue(store: Path, dead_shown: int) -> int:
    """Print the state of the queues; returns the exit status: 1 where there are dead letters."""
    try:
        with _opened_queues(store, read_only=True) as intake:
            dead = _print(intake, dead_shown)
        _print_measured(store)
    except StorageError as error:
        return complain(text("queue.unreadable", reason=str(error)), INCOMPLETE)
    return SOMETHING_TO_DO if dead else NOTHING_TO_DO


def redrive_dead(store: Path, limit: int) -> int:
    """Send dead letters back; returns the exit status."""
    try:
        with _opened_queues(store) as intake:
            sent = intake.uploads.redrive(limit)
    except StorageError as error:
        return complain(text("queue.redrive_stopped", reason=str(error)), INCOMPLETE)
    say(text("queue.redriven", count=sent))
    return NOTHING_TO_DO


@contextmanager
def _opened_queues(store: Path, *, read_only: bool = False) -> Iterator[QueuePair]:
    try:
        intake = open_queues(read_worker_settings(store), read_only=read_only)
    except StoreMisconfiguredError as error:
        refuse(str(error))
    try:
        yield intake
    finally:
        intake.close()


def _print(intake: QueuePair, dead_shown: int) -> int:
    """Nothing is printed of a queue that cannot be read to its end."""
    depths = [
        (name, queue.depth()) for name, queue in zip((UPLOADS, BACKFILL), intake.queues(), strict=False)
    ]
    dead = intake.uploads.dead_count()
    letters = intake.uploads.dead_letters(dead_shown) if dead_shown else ()
    heads = [text(f"queue.head_{name}") for name in ("queue", "waiting", "in_flight", "delayed", "oldest")]
    say("{:<10}{:>9}{:>11}{:>9}   {}".format(*heads))
    for name, depth in depths:
        say(f"{name:<10}{depth.waiting:>9}{depth.in_flight:>11}{depth.delayed:>9}   {_oldest(depth)}")
    say(text("queue.dead", count=dead))
    for letter in letters:
        shown = ascii(letter.body)[1:-1]
        body = shown if len(shown) <= _BODY_SHOWN else f"{shown[:_BODY_SHOWN]}…"
        say("")
        say(f"{letter.dead_lettered_at:%Y-%m-%d %H:%M:%S}Z  {letter.reason}")
        say(f"  {body}")
    return dead


def _print_measured(store: Path) -> None:
    """How far the present version of the measures has come, once anything was measured."""
    if not store_exists(store):
        return
    with opened_database(store) as database, database.reading() as records:
        found = records.measured_files(MEASURES_VERSION)
    if found.files:
        say(measured_line(found))


def _oldest(depth: Depth) -> str:
    if depth.oldest_s is not None:
        return _age(depth.oldest_s)
    return text("queue.no_age") if depth.total == 0 else text("queue.unknown_age")


def _age(seconds: float) -> str:
    whole = int(seconds)
    if whole < 120:
        return text("queue.age_seconds", seconds=whole)
    minutes = whole // 60
    if minutes < 120:
        return text("queue.age_minutes", minutes=minutes)
    return text("queue.age_hours", hours=minutes // 60, minutes=minutes % 60)
