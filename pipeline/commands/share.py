"""The command ``evidence report --for``: a copy of a dispute's report that may go to one party."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import opened_database, store_exists
from pipeline.judgement.report_json import from_json, to_json
from pipeline.opening.host.opener import MEASURES_VERSION
from pipeline.reports.html import write_report
from pipeline.reports.publish import media_keys
from pipeline.wiring import read_settings
from storage.errors import ObjectMissingError, StorageError
from storage.interfaces.record import Database, Objects
from validators.disputes.party_copy import party_copy, picture_path
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


def write_copy(
    copy: QualityReport, report: QualityReport, out: Path, database: Database, objects: Objects
) -> Path:
    """Write the copy of ``report`` below ``out``: JSON, pages and the pictures that it names; returns the page.

    A picture that is no longer kept is left out of the copy's media.
    """
    with database.reading() as records:
        keys = media_keys([report], records, MEASURES_VERSION)
    sources = {
        picture_path(made): keys[name]
        for item in report.evidence
        for made in item.derivatives
        if (name := made.path.rpartition("/")[2]) in keys
    }
    (out / "media").mkdir(parents=True, exist_ok=True)
    for made in {made.path: made for item in copy.evidence for made in item.derivatives}.values():
        target = out / made.path
        if made.path in sources and not target.exists():
            _fetch(objects, sources[made.path], target)
    return write_report(copy, out)


def _fetch(objects: Objects, key: str, target: Path) -> None:
    try:
        objects.fetch(key, target)
    except ObjectMissingError:
        sys.stderr.write(f"evidence: a picture is no longer kept: {target.name}\n")
