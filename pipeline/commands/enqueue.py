"""``evidence enqueue``, ``evidence dispute put`` and ``evidence import``: evidence and disputes brought in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.import_store import import_objects, import_store
from pipeline.commands.output.say import say
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import opened_database
from pipeline.intake.dispute_data import take_dispute
from pipeline.intake.dispute_file import DisputeFileError, parse_dispute_file
from pipeline.intake.feeder import Fed, Feeder
from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import open_origin
from pipeline.intake.scratch import incoming_folder
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.opening.limits import limits_of
from pipeline.setup.interruption import ended_like_ctrl_c
from pipeline.setup.lazy import lazy
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.worker_assembly import open_queues
from storage.errors import StorageError, StoreMisconfiguredError

if TYPE_CHECKING:
    from storage.database import database as databases
    from storage.objects import open_objects as object_stores
else:
    databases = lazy("storage.database.database")
    object_stores = lazy("storage.objects.open_objects")

_SHOWN = 20
_ERASE_LINE = "\r\x1b[K"


def run_enqueue(source: str, store: Path, submitted_at: datetime | None, *, backfill: bool) -> int:
    """Feed the queue; returns the exit status: 1 where something was left out."""
    if not source.startswith("s3://") and not Path(source).is_dir():
        refuse(text("refused.no_folder", path=source))
    try:
        with ended_like_ctrl_c():
            fed = _feed(source, store, submitted_at, backfill=backfill)
    except (StoreMisconfiguredError, ValueError) as error:
        refuse(str(error))
    except (StorageError, OSError) as error:
        return complain(text("enqueue.stopped", reason=str(error)), INCOMPLETE)
    return _report(fed)


def _feed(source: str, store: Path, submitted_at: datetime | None, *, backfill: bool) -> Fed:
    scratch = read_settings(store).scratch
    with opened_database(store, migrated=True) as database, incoming_folder(scratch) as incoming:
        settings = read_worker_settings(store)
        intake = open_queues(settings)
        try:
            queue = intake.backfill if backfill else intake.uploads
            if queue is None:
                refuse(text("enqueue.no_backfill"))
            origin = open_origin(settings.uploads_url, settings.layout)
            feeder = Feeder(origin, queue, database, _progress, incoming, limits_of(load_policy()).file_bytes)
            if source.startswith("s3://"):
                return feeder.feed_objects(source, submitted_at)
            excluded = frozenset({store.resolve()})
            return feeder.feed_folder(Path(source), excluded, datetime.now(UTC), submitted_at)
        finally:
            intake.close()


def _progress(sent: int, key: str = "") -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{_ERASE_LINE}{text('enqueue.progress', count=sent)}  {ascii(key)[1:-1][:60]}")
        sys.stderr.flush()


def _report(fed: Fed) -> int:
    if sys.stderr.isatty():
        sys.stderr.write(_ERASE_LINE)
    for name, why in fed.skipped[:_SHOWN]:
        say(text("enqueue.left_out_why", name=name, why=why) if why else text("enqueue.left_out", name=name))
    if len(fed.skipped) > _SHOWN:
        say(text("enqueue.more_left_out", count=len(fed.skipped) - _SHOWN))
    uploads, disputes = text("uploads", count=fed.sent), text("disputes", count=fed.disputes)
    say(text("enqueue.sent", uploads=uploads, disputes=disputes))
    return SOMETHING_TO_DO if fed.skipped else NOTHING_TO_DO


def run_dispute_put(file: Path, store: Path) -> int:
    """Put one dispute on the record; returns the exit status."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        dispute = parse_dispute_file(data)
    except (DisputeFileError, OSError) as error:
        refuse(text("refused.unreadable", path=str(file), reason=str(error)))
    try:
        read_worker_settings(store).layout.report_key(dispute.tenant, dispute.id)
        with opened_database(store, migrated=True) as database, database.transaction() as records:
            items = take_dispute(dispute, records, datetime.now(UTC))
    except (StoreMisconfiguredError, LayoutError) as error:
        refuse(str(error))
    except StorageError as error:
        return complain(text("dispute_put.stopped", reason=str(error)), INCOMPLETE)
    say(text("dispute_put.done", dispute=dispute.id, items=text("items", count=items)))
    return NOTHING_TO_DO


def run_import(source: Path, store: Path) -> int:
    """Import an embedded store; returns the exit status."""
    if not (source / "evidence.sqlite").is_file():
        refuse(text("refused.no_embedded_store", path=str(source)))
    try:
        old = databases.open_database(source / "evidence.sqlite")
        try:
            old.migrate()
            there = object_stores.open_objects(str(source / "objects"))
            with opened_database(store, migrated=True) as database:
                imported = import_store(old, database, MEASURES_VERSION, _progress, there)
            copied = import_objects(there, object_stores.open_objects(read_settings(store).objects_url))
        finally:
            old.close()
    except StoreMisconfiguredError as error:
        refuse(str(error))
    except StorageError as error:
        return complain(text("import.stopped", reason=str(error)), INCOMPLETE)
    items, disputes = text("items", count=imported.items), text("disputes", count=imported.disputes)
    say(text("import.done", items=items, disputes=disputes, pictures=text("pictures", count=copied)))
    return NOTHING_TO_DO
