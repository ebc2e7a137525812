"""Reading the record from the command line: the newest report, the schema."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO
from pipeline.commands.refusal import complain
from pipeline.setup.settings import read_settings
from storage.errors import StorageError
from storage.interfaces.record import Database


@contextmanager
def opened_database(store: Path) -> Iterator[Database]:
    """The record of ``store``, or of where the settings say; closed at the end."""
    from storage.database.database import open_database  # noqa: PLC0415 - heavy, and not for --help

    database = open_database(read_settings(store).database_url)
    try:
        yield database
    finally:
        database.close()


def newest_report(store: Path, tenant: str, dispute_id: str) -> str | None:
    """The newest report's JSON, or None."""
    if not store_exists(store):
        return None
    with opened_database(store) as database, database.reading() as records:
        report = records.report(tenant, dispute_id)
        return report.body if report else None


def migrate_store(store: Path) -> int:
    """Bring the schema to the newest revision, and make the queue's lines of reports that have none."""
    from pipeline.judgement.queue_line import fill_lines  # noqa: PLC0415 - loads what parses reports

    store.mkdir(parents=True, exist_ok=True)
    try:
        with opened_database(store) as database:
            database.migrate()
            fill_lines(database)
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    sys.stdout.write("The schema is at its newest revision.\n")
    return NOTHING_TO_DO


def store_exists(store: Path) -> bool:
    """Whether there is a record to read: an embedded store that was never filled has none."""
    url = read_settings(store).database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()
