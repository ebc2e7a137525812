"""The commands ``evidence enqueue`` and ``evidence dispute put``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO
from pipeline.commands.import_store import import_objects, import_store
from pipeline.commands.refusal import refuse
from pipeline.intake.dispute_data import take_dispute
from pipeline.intake.dispute_file import DisputeFileError, parse_dispute_file
from pipeline.intake.feeder import Fed, Feeder
from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import open_origin
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.settings import read_settings
from pipeline.wiring.worker_assembly import open_intake
from storage.errors import StorageError, StoreMisconfiguredError
from storage.interfaces.record import Database

_SHOWN = 20


def run_enqueue(source: str, store: Path, submitted_at: datetime | None, *, backfill: bool) -> int:
    """Feed the queue; returns the exit status: 1 where something was left out."""
    is_objects = source.startswith("s3://")
    folder = Path(source)
    if not is_objects and not folder.is_dir():
        refuse(f"{source} is no folder.")
    try:
        with opened_database(store) as database:
            settings = read_worker_settings(store)
            intake = open_intake(settings)
            queue = intake.backfill if backfill else intake.uploads
            if queue is None:
                refuse("--backfill needs EVIDENCE_BACKFILL_QUEUE_URL.")
            try:
                feeder = Feeder(
                    open_origin(settings.uploads_url, settings.layout), queue, database, _progress
                )
                if is_objects:
                    fed = feeder.feed_objects(source, submitted_at)
                else:
                    excluded = frozenset({store.resolve()})
                    fed = feeder.feed_folder(folder, excluded, datetime.now(UTC), submitted_at)
            finally:
                intake.close()
    except (StoreMisconfiguredError, ValueError) as error:
        refuse(str(error))
    except (StorageError, OSError) as error:
        typer.echo(f"Stopped: {error}. Run the same command again: what was sent is recognised.", err=True)
        return INCOMPLETE
    return _told(fed)


def _progress(sent: int, key: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{sent} sent  {ascii(key)[1:-1][:60]}")
        sys.stderr.flush()


def _told(fed: Fed) -> int:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    for name, why in fed.skipped[:_SHOWN]:
        typer.echo(f"left out: {name}" + (f" ({why})" if why else ""))
    if len(fed.skipped) > _SHOWN:
        typer.echo(f"… and {len(fed.skipped) - _SHOWN} more")
    typer.echo(f"{fed.sent} uploads sent to the queue; {fed.disputes} disputes put on the record.")
    return SOMETHING_TO_DO if fed.skipped else NOTHING_TO_DO


def run_dispute_put(file: Path, store: Path) -> int:
    """Put one dispute on the record; returns the exit status."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        dispute = parse_dispute_file(data)
    except (DisputeFileError, OSError) as error:
        refuse(f"{file} could not be read: {error}")
    try:
        read_worker_settings(store).layout.report_key(dispute.tenant, dispute.id)
        with opened_database(store) as database, database.transaction() as records:
            items = take_dispute(dispute, records, datetime.now(UTC))
    except (StoreMisconfiguredError, LayoutError) as error:
        refuse(str(error))
    except StorageError as error:
        typer.echo(f"Stopped: {error}. Nothing was changed.", err=True)
        return INCOMPLETE
    typer.echo(f"Dispute {dispute.id} is on the record with {items} items; a worker will judge it.")
    return NOTHING_TO_DO


def run_import(source: Path, store: Path) -> int:
    """Import an embedded store; returns the exit status."""
    from storage.database.database import open_database  # noqa: PLC0415 - heavy
    from storage.objects.open_objects import open_objects  # noqa: PLC0415

    try:
        old = open_database(source / "evidence.sqlite")
        try:
            old.migrate()
            there = open_objects(str(source / "objects"))
            with opened_database(store) as database:
                imported = import_store(
                    old, database, MEASURES_VERSION, lambda items: _progress(items, "items"), there
                )
            objects = open_objects(read_settings(store).objects_url)
            copied = import_objects(there, objects)
        finally:
            old.close()
    except StoreMisconfiguredError as error:
        refuse(str(error))
    except StorageError as error:
        typer.echo(f"Stopped: {error}. Run the same command again: it may be repeated.", err=True)
        return INCOMPLETE
    typer.echo(
        f"{imported.items} items of {imported.disputes} disputes are on the record, {copied} pictures copied; "
        "a worker will judge them."
    )
    return NOTHING_TO_DO


@contextmanager
def opened_database(store: Path) -> Iterator[Database]:
    """The database that the settings name, its schema up to date."""
    from storage.database.database import open_database  # noqa: PLC0415 - heavy

    store.mkdir(parents=True, exist_ok=True)
    database = open_database(read_settings(store).database_url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()
