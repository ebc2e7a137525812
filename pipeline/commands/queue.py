"""The commands ``evidence queue`` and ``evidence redrive``."""

from __future__ import annotations

from pathlib import Path

import typer

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO
from pipeline.commands.refusal import refuse
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.wiring.worker_assembly import BACKFILL, UPLOADS, open_intake
from pipeline.worker.queue_pair import Intake
from storage.errors import StorageError, StoreMisconfiguredError

_BODY_SHOWN = 160


def show_queue(store: Path, dead_shown: int) -> int:
    """Print how the queues stand; returns the exit status: 1 where there are dead letters."""
    try:
        intake = open_intake(read_worker_settings(store))
        try:
            dead = _print(intake, dead_shown)
        finally:
            intake.close()
    except StoreMisconfiguredError as error:
        refuse(str(error))
    except StorageError as error:
        typer.echo(f"The queue cannot be read: {error}.", err=True)
        return INCOMPLETE
    return SOMETHING_TO_DO if dead else NOTHING_TO_DO


def _print(intake: Intake, dead_shown: int) -> int:
    typer.echo(f"{'queue':<10}{'waiting':>9}{'in flight':>11}{'delayed':>9}   oldest")
    for name, queue in zip((UPLOADS, BACKFILL), intake.queues(), strict=False):
        depth = queue.depth()
        oldest = (
            _age(depth.oldest_s) if depth.oldest_s is not None else ("–" if depth.total == 0 else "not known")
        )
        typer.echo(f"{name:<10}{depth.waiting:>9}{depth.in_flight:>11}{depth.delayed:>9}   {oldest}")
    dead = intake.uploads.dead_count()
    typer.echo(f"dead letters: {dead}")
    if dead_shown:
        for letter in intake.uploads.dead_letters(dead_shown):
            shown = ascii(letter.body)[1:-1]
            body = shown if len(shown) <= _BODY_SHOWN else f"{shown[:_BODY_SHOWN]}…"
            typer.echo(f"\n{letter.buried_at:%Y-%m-%d %H:%M:%S}Z  {letter.reason}\n  {body}")
    return dead


def _age(seconds: float) -> str:
    whole = int(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def redrive_dead(store: Path, limit: int) -> int:
    """Send dead letters back; returns the exit status."""
    try:
        intake = open_intake(read_worker_settings(store))
        try:
            sent = intake.uploads.redrive(limit)
        finally:
            intake.close()
    except StoreMisconfiguredError as error:
        refuse(str(error))
    except StorageError as error:
        typer.echo(
            f"Stopped: {error}. Run it again: what was sent back is gone from the dead letters.", err=True
        )
        return INCOMPLETE
    typer.echo(f"{sent} dead letter{'s' if sent != 1 else ''} sent back to the queue.")
    return NOTHING_TO_DO
