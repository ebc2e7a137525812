"""The command ``evidence report --for``: a copy of a dispute's report that may go to one party."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import opened_database, store_exists
from pipeline.judgement.report_json import from_json, to_json
from pipeline.reports.party_copy_folder import write_copy
from pipeline.setup.settings import read_settings
from storage.errors import StorageError
from storage.interfaces.record import Database
from validators.disputes.party_copy import party_copy
from validators.report import QualityReport


def run_share(dispute_id: str, party: str, out: Path | None, store: Path, tenant: str) -> int:
    """Print the copy as JSON, or write it with its page and pictures to ``out``; returns the exit status."""
    from storage.objects.open_objects import open_objects  # noqa: PLC0415 - heavy, and not for --help

    if not store_exists(store):
        return complain(f"there is no store in {store}.", USAGE)
    try:
        with opened_database(store) as database:
            report = attached_report(tenant, dispute_id, database)
            if report is None:
                return complain(f"no report is attached to dispute {dispute_id} in {store}.", USAGE)
            copy = party_copy(report, party)
            if out is None:
                sys.stdout.write(to_json(copy) + "\n")
                return NOTHING_TO_DO
            page = write_copy(copy, report, out, database, open_objects(read_settings(store).objects_url))
    except StorageError as error:
        return complain(f"{error}.", INCOMPLETE)
    except OSError as error:
        return complain(f"{error.strerror} ({error.filename or out}).", INCOMPLETE)
    sys.stdout.write(f"{page}\n")
    return NOTHING_TO_DO


def attached_report(tenant: str, dispute_id: str, database: Database) -> QualityReport | None:
    """The newest report on the record, with both sides in full; None where there is none."""
    with database.reading() as records:
        attached = records.report(tenant, dispute_id)
    return from_json(attached.body) if attached else None
