"""Reports in folders: those that mention what is erased are written again, or removed."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from pipeline.judgement.report_json import from_json, from_record
from pipeline.reports.cards.listing_pictures import write_listing
from pipeline.reports.comparison_media import with_comparisons
from pipeline.reports.csv_table import write_csv
from pipeline.reports.html import remove_pages_after, write_report
from pipeline.reports.index import write_index
from pipeline.reports.publish import copy_media, media_keys
from pipeline.reports.workbook import NAME as WORKBOOK
from pipeline.reports.workbook import write_workbook
from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.report import QualityReport
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

_TABLE = "files.csv"


def renew_folder(
    out: Path, tenant: str, touched: Collection[str], database: Database, objects: Objects
) -> int:
    """Renew what ``evidence check --out`` wrote below ``out``; returns how many disputes' reports that were.

    ValueError where a report.json in it cannot be read.
    """
    found = {path.parent: from_json(path.read_text("utf-8")) for path in sorted(out.glob("**/report.json"))}
    renewed = 0
    left: dict[Path, QualityReport] = {}
    for folder, report in found.items():
        if report.dispute.tenant != tenant or report.dispute.id not in touched:
            left[folder] = report
            continue
        renewed += 1
        _clear(folder)
        with database.reading() as records:
            attached = records.report(tenant, report.dispute.id)
        if attached is not None:
            left[folder] = from_record(attached.body)
            _write(left[folder], folder, database, objects)
        elif folder != out:
            folder.rmdir()
    if renewed:
        _renew_overview(out, left)
    return renewed


def _clear(folder: Path) -> None:
    """Remove a dispute's report: JSON, pages and pictures."""
    shutil.rmtree(folder / "media", ignore_errors=not (folder / "media").exists())
    remove_pages_after(folder, "report", 1)
    for name in ("report.html", "report.json"):
        (folder / name).unlink(missing_ok=True)


def _write(report: QualityReport, folder: Path, database: Database, objects: Objects) -> None:
    with database.reading() as records:
        keys = media_keys([report], records, MEASURES_VERSION)
        listing = write_listing(report, folder, records, objects, Labels(sentences_in(ENGLISH)))
    copy_media(report, folder, objects, keys)
    write_report(with_comparisons(report, folder, database, objects), folder, listing=listing)


def _renew_overview(out: Path, left: dict[Path, QualityReport]) -> None:
    write_csv(list(left.values()), out / _TABLE)
    if (out / WORKBOOK).exists():
        write_workbook(list(left.values()), out / WORKBOOK)
    several = [
        (folder.relative_to(out).as_posix(), report) for folder, report in left.items() if folder != out
    ]
    if several or (out / "index.html").exists():
        write_index(several, out)
