"""Writing a batch's reports as files: JSON, offline pages, media, an index and files.csv."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.reports.cards.listing_pictures import write_listing
from pipeline.reports.comparison_media import with_comparisons
from pipeline.reports.csv_table import write_csv
from pipeline.reports.html import write_report
from pipeline.reports.index import write_index
from pipeline.reports.item_pictures import Picture
from pipeline.reports.workbook import NAME as WORKBOOK
from pipeline.reports.workbook import write_workbook
from storage.interfaces.examinations import Examination, Examinations
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.report import QualityReport
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

_UNSAFE = re.compile(r"[^\w.~-]+")


def publish(
    reports: Sequence[QualityReport],
    out: Path,
    objects: Objects,
    keys: dict[str, str],
    compared: Database | None = None,
    language: str = ENGLISH,
    *,
    workbook: bool = False,
) -> Path:
    """Write everything below ``out``, with a ``workbook`` on request, and return the page to open first.

    ``keys`` maps a derivative's file name to its key in ``objects``. With ``compared``, the record, a picture is made
    of each match to review: only published reports name these, not those on the record. Pages are in
    ``language``.
    """
    out.mkdir(parents=True, exist_ok=True)
    folders = report_folders(reports, out)
    for report, folder in zip(reports, folders, strict=True):
        folder.mkdir(parents=True, exist_ok=True)
        copy_media(report, folder, objects, keys)
        listing = _listing(report, folder, compared, objects, language)
        shown = with_comparisons(report, folder, compared, objects, language) if compared else report
        page = write_report(shown, folder, language=language, listing=listing)
    names = [folder.relative_to(out).as_posix() for folder in folders]
    write_csv(reports, out / "files.csv", language)
    if workbook:
        write_workbook(reports, out / WORKBOOK, language)
    else:
        (out / WORKBOOK).unlink(
            missing_ok=True
        )  # of an earlier run: it would show other files than the pages do
    if len(reports) == 1:
        return page
    return write_index(list(zip(names, reports, strict=True)), out, language)


def _listing(
    report: QualityReport, folder: Path, database: Database | None, objects: Objects, language: str
) -> tuple[Picture, ...]:
    if database is None:
        return ()
    with database.reading() as records:
        return write_listing(report, folder, records, objects, Labels(sentences_in(language)))


def report_folders(reports: Sequence[QualityReport], out: Path) -> list[Path]:
    """Where the report of each dispute goes: ``out`` itself if there is one."""
    if len(reports) == 1:
        return [out]
    taken: set[str] = set()
    folders = []
    for report in reports:
        name = _UNSAFE.sub("_", report.dispute.id).strip(".")[:100] or "dispute"
        candidate, number = name, 2
        while candidate.lower() in taken or candidate in ("index.html", "files.csv", WORKBOOK):
            candidate, number = f"{name}-{number}", number + 1
        taken.add(candidate.lower())
        folders.append(out / candidate)
    return folders


def copy_media(report: QualityReport, folder: Path, objects: Objects, keys: dict[str, str]) -> None:
    """Bring the pictures that the report names from ``objects`` into its folder, where they are not there yet."""
    for item in report.evidence:
        for derivative in item.derivatives:
            target = folder / derivative.path
            if not target.exists():
                target.parent.mkdir(exist_ok=True)
                objects.fetch(keys[target.name], target)


def media_keys(reports: Sequence[QualityReport], records: Examinations, version: str) -> dict[str, str]:
    """The key of each derivative that the reports name, by its file's name."""
    keys: dict[str, str] = {}
    for report in reports:
        sha256s = {item.sha256 for item in report.evidence if item.sha256}
        tenant = report.dispute.tenant
        found = records.examinations(tenant, sha256s, version)
        # What an older release examined is judged by that until it is examined again.
        found |= records.newest_examinations(tenant, sha256s - found.keys())
        for examination in found.values():
            keys |= keys_of(examination)
    return keys


def keys_of(examination: Examination) -> dict[str, str]:
    """The key of each derivative of one file, by its name in reports."""
    return {stored.key.rsplit("/", 1)[-1]: stored.key for stored in examination.derivatives}
