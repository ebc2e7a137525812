"""The command lines of the operator: the worker, its queue, and the disputes' own data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, help_text, option, text
from pipeline.commands.shared.refusal import parse_time, refuse
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import enqueue as run_enqueue
    from pipeline.commands import queue as run_queue
    from pipeline.commands import remeasure as run_remeasure
    from pipeline.commands import run_worker
else:
    run_enqueue = lazy("pipeline.commands.enqueue")
    run_queue = lazy("pipeline.commands.queue")
    run_remeasure = lazy("pipeline.commands.remeasure")
    run_worker = lazy("pipeline.commands.run_worker")

Store = Annotated[Path, option("store")]
_STORE = Path(".evidence")

dispute_app = typer.Typer(help=help_text("dispute.about"), no_args_is_help=True, rich_markup_mode=None)


def add_worker_commands(app: typer.Typer) -> None:
    """Add the operator's commands to the command ``evidence``."""
    app.command(**described("worker", examples=True))(worker)
    app.command(**described("enqueue", examples=True))(enqueue)
    app.command(**described("queue"))(queue)
    app.command(**described("redrive"))(redrive)
    app.command("import", **described("import", examples=True))(import_)
    app.command(**described("remeasure", examples=True))(remeasure)
    dispute_app.command("put", **described("dispute_put"))(dispute_put)
    app.add_typer(dispute_app, name="dispute")


def worker(
    once: Annotated[bool, option("worker.once", "--once")] = False,
    jobs: Annotated[int, option("worker.jobs", min=1, max=64)] = os.cpu_count() or 1,
    store: Store = _STORE,
    policy: Annotated[str | None, option("policy")] = None,
    listen: Annotated[str | None, option("worker.listen")] = None,
    log_level: Annotated[str, option("worker.log_level")] = "INFO",
    require_jail: Annotated[bool, option("require_jail", "--require-jail")] = False,
) -> None:
    """Work on uploads from the queue until stopped."""
    options = run_worker.WorkerOptions(
        store=store,
        policy=policy,
        jobs=jobs,
        listen=listen,
        log_level=log_level,
        once=once,
        require_jail=require_jail,
    )
    raise typer.Exit(run_worker.run_worker(options))


def enqueue(
    source: Annotated[str, argument("enqueue.source", metavar="FOLDER|s3://BUCKET/PREFIX")],
    backfill: Annotated[bool, option("enqueue.backfill", "--backfill")] = False,
    submitted_at: Annotated[str | None, option("enqueue.submitted_at")] = None,
    store: Store = _STORE,
) -> None:
    """Send evidence to the queue."""
    at = None if submitted_at is None else parse_time(submitted_at, "--submitted-at")
    raise typer.Exit(run_enqueue.run_enqueue(source, store, at, backfill=backfill))


def queue(
    dead: Annotated[bool, option("queue.dead", "--dead")] = False,
    limit: Annotated[int, option("queue.limit", min=1, max=1000)] = 20,
    store: Store = _STORE,
) -> None:
    """Show the state of the queues."""
    raise typer.Exit(run_queue.show_queue(store, limit if dead else 0))


def redrive(
    limit: Annotated[int, option("redrive.limit", min=1)] = 10_000,
    store: Store = _STORE,
) -> None:
    """Send dead letters back to the queue."""
    raise typer.Exit(run_queue.redrive_dead(store, limit))


def import_(
    source: Annotated[Path, argument("import.source", metavar="STORE")], store: Store = _STORE
) -> None:
    """Bring what an embedded store knows into the configured one."""
    raise typer.Exit(run_enqueue.run_import(source, store))


def remeasure(
    rate: Annotated[float | None, option("remeasure.rate", min=0.1)] = None,
    limit: Annotated[int | None, option("remeasure.limit", min=1)] = None,
    jobs: Annotated[int, option("remeasure.jobs", min=1, max=64)] = 1,
    store: Store = _STORE,
    policy: Annotated[str | None, option("policy")] = None,
    require_jail: Annotated[bool, option("require_jail", "--require-jail")] = False,
) -> None:
    """Measure stored evidence again with the present version."""
    options = run_remeasure.RemeasureOptions(
        store=store, policy=policy, rate=rate, limit=limit, jobs=jobs, require_jail=require_jail
    )
    raise typer.Exit(run_remeasure.run_remeasure(options))


def dispute_put(file: Annotated[Path, argument("dispute_put.file")], store: Store = _STORE) -> None:
    """Put a dispute's data on the record, or replace it."""
    if str(file) != "-" and not file.is_file():
        refuse(text("refused.absent", path=str(file)))
    raise typer.Exit(run_enqueue.run_dispute_put(file, store))
