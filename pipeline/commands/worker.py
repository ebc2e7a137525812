"""The commands of the operator: the worker, its queue, and the disputes' own data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusal import moment, refuse

_WORKER_EXAMPLES = """
Examples:

  evidence worker                      work until stopped, everything inside .evidence/

  evidence worker --once               drain the queue and end

  EVIDENCE_QUEUE_URL=https://sqs.eu-west-1.amazonaws.com/123456789012/uploads evidence worker --listen 0.0.0.0:9108
"""
_ENQUEUE_EXAMPLES = """
Examples:

  evidence enqueue sample_evidence

  evidence enqueue s3://evidence-uploads/2025/ --backfill
"""

_IMPORT_EXAMPLES = """
Examples:

  evidence check old-evidence --store old-store

  EVIDENCE_DATABASE_URL=postgresql://evidence@db/evidence evidence import old-store
"""

Store = Annotated[Path, typer.Option(help="The embedded store, for whatever no setting names a place.")]
_STORE = Path(".evidence")

dispute_app = typer.Typer(help="The disputes' own data.", no_args_is_help=True, rich_markup_mode=None)


def add_commands(app: typer.Typer) -> None:
    """Add the operator's commands to the command ``evidence``."""
    app.command(epilog=_WORKER_EXAMPLES)(worker)
    app.command(epilog=_ENQUEUE_EXAMPLES)(enqueue)
    app.command()(queue)
    app.command()(redrive)
    app.command("import", epilog=_IMPORT_EXAMPLES)(import_)
    dispute_app.command("put")(dispute_put)
    app.add_typer(dispute_app, name="dispute")


def worker(
    once: Annotated[bool, typer.Option("--once", help="Drain the queue, then end.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Messages worked on at a time.")] = os.cpu_count()
    or 1,
    store: Store = _STORE,
    policy: Annotated[
        str | None, typer.Option(help="A named policy, or a TOML file of rules that differ.")
    ] = None,
    listen: Annotated[
        str | None, typer.Option(help="Serve /metrics, /healthz and /readyz there, e.g. 127.0.0.1:9108.")
    ] = None,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
    require_jail: Annotated[
        bool, typer.Option("--require-jail", help="Refuse where the kernel lacks a part of the jail.")
    ] = False,
) -> None:
    """Work on uploads from the queue until stopped (SIGTERM or Ctrl-C), which ends with status 0.

    Exit status: 0 ended as asked, 2 configuration, 3 a fault of ours (start it again: nothing is lost).
    """
    from pipeline.commands.run_worker import WorkerOptions, run_worker  # noqa: PLC0415

    raise typer.Exit(run_worker(WorkerOptions(store, policy, jobs, listen, log_level, once, require_jail)))


def enqueue(
    source: Annotated[
        str, typer.Argument(metavar="FOLDER|s3://BUCKET/PREFIX", help="What to send to the queue.")
    ],
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Send to the queue that is served only while no upload waits.")
    ] = False,
    submitted_at: Annotated[
        str | None,
        typer.Option(help="When it was submitted (ISO 8601 with a zone), where nothing else says."),
    ] = None,
    store: Store = _STORE,
) -> None:
    """Send a folder of evidence, or objects that rest in the bucket already, to the queue. Sending again is safe."""
    from pipeline.commands.enqueue import run_enqueue  # noqa: PLC0415

    at = None if submitted_at is None else moment(submitted_at, "--submitted-at")
    raise typer.Exit(run_enqueue(source, store, at, backfill=backfill))


def queue(
    dead: Annotated[bool, typer.Option("--dead", help="Show dead letters with their reasons.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many dead letters to show.")] = 20,
    store: Store = _STORE,
) -> None:
    """Show how the queues stand: waiting, in flight, the oldest, dead letters."""
    from pipeline.commands.queue import show_queue  # noqa: PLC0415

    raise typer.Exit(show_queue(store, limit if dead else 0))


def redrive(
    limit: Annotated[int, typer.Option(min=1, help="Send at most so many.")] = 10_000,
    store: Store = _STORE,
) -> None:
    """Send dead letters back to the queue, after what put them there was mended."""
    from pipeline.commands.queue import redrive_dead  # noqa: PLC0415

    raise typer.Exit(redrive_dead(store, limit))


def import_(
    source: Annotated[
        Path, typer.Argument(metavar="STORE", help="An embedded store that evidence check filled.")
    ],
    store: Store = _STORE,
) -> None:
    """Bring what an embedded store knows into the configured one, in bulk: old evidence becomes findable at once."""
    from pipeline.commands.enqueue import run_import  # noqa: PLC0415

    if not (source / "evidence.sqlite").is_file():
        refuse(f"{source} holds no embedded store.")
    raise typer.Exit(run_import(source, store))


def dispute_put(
    file: Annotated[Path, typer.Argument(help="A dispute.json; - for standard input.")],
    store: Store = _STORE,
) -> None:
    """Put a dispute's data on the record, or replace it. A worker judges the dispute again; nothing is opened."""
    from pipeline.commands.enqueue import run_dispute_put  # noqa: PLC0415

    if str(file) != "-" and not file.is_file():
        refuse(f"{file} does not exist.")
    raise typer.Exit(run_dispute_put(file, store))
