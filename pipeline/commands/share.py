"""``evidence report --for``: a copy of a dispute's report that may go to one party."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.commands.shared.stores import no_store, opened_database, store_exists
from pipeline.judgement.report_json import from_record, to_json
from pipeline.reports.party_copy_folder import write_copy
from pipeline.setup.lazy import lazy
from pipeline.setup.settings import read_settings
from storage.interfaces.record import Database
from validators.disputes.party_copy import party_copy
from validators.report import QualityReport

if TYPE_CHECKING:
    from storage.objects import open_objects as object_stores
else:
    object_stores = lazy("storage.objects.open_objects")


def run_share(dispute_id: str, party: str, out: Path | None, store: Path, tenant: str) -> int:
    """Print the copy as JSON, or write it with its page and pictures to ``out``; returns the exit status."""
    if not store_exists(store):
        return complain(no_store(store), USAGE)
    try:
        with opened_database(store) as database:
            report = attached_report(tenant, dispute_id, database)
            if report is None:
                return complain(text("refused.no_report", dispute=dispute_id, store=str(store)), USAGE)
            copy = party_copy(report, party)
            if out is None:
                sys.stdout.write(to_json(copy) + "\n")
                return NOTHING_TO_DO
            objects = object_stores.open_objects(read_settings(store).objects_url)
            page = write_copy(copy, report, out, database, objects, sentences().language)
    except OSError as error:
        return complain(f"{error.strerror} ({error.filename or out}).", INCOMPLETE)
    say(str(page))
    return NOTHING_TO_DO


def attached_report(tenant: str, dispute_id: str, database: Database) -> QualityReport | None:
    """The newest report on the record, with both sides in full; None where there is none."""
    with database.reading() as records:
        attached = records.report(tenant, dispute_id)
    return from_record(attached.body) if attached else None
