"""files.xlsx: the table of files.csv as a workbook, with a sheet of findings."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.reports.csv_table import COLUMNS, table_rows
from pipeline.setup.atomic_write import replace_bytes
from validators.finding import Finding
from validators.report import QualityReport
from validators.safe_text import visible
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import Sentences, sentences_in

NAME = "files.xlsx"

_FINDINGS = ("dispute", "file", "code", "severity", "kind", "message", "action")
_NUMBERS = ("sharpness", "bytes", "width", "height")
_WIDTHS = {
    "file": 36,
    "codes": 30,
    "codes_above_notes": 24,
    "matches": 40,
    "message": 70,
    "action": 50,
    "sha256": 20,
}
_USUAL_WIDTH = 14
_MOST = 32_000
"""Characters of a cell. Excel takes 32,767."""


def write_workbook(reports: Sequence[QualityReport], path: Path, language: str = ENGLISH) -> Path:
    """Write the files of ``reports`` and their findings to ``path``. OSError passes through.

    Every cell is a text or a number: nothing is a formula or a link, whatever a file's name begins with.
    """
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        if reports:
            book.set_properties({"created": _naive(max(report.created_at for report in reports))})
        sentences = sentences_in(language)
        _sheet(book, sentences.text("pages.workbook.files"), COLUMNS, table_rows(reports, language))
        _sheet(book, sentences.text("pages.workbook.findings"), _FINDINGS, _findings(reports, sentences))
    replace_bytes(path, held.getvalue())
    return path


def _findings(reports: Iterable[QualityReport], sentences: Sentences) -> Iterable[list[str]]:
    for report in reports:
        for item in report.evidence:
            for found in item.findings:
                yield [report.dispute.id, item.file, *_cells(found, sentences)]


def _cells(found: Finding, sentences: Sentences) -> list[str]:
    return [
        found.code,
        found.severity,
        found.kind,
        sentences.sentence(found),
        sentences.action(found) or "",
    ]


def _sheet(book: Any, name: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    last = 0
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
        sheet.set_column(place, place, _WIDTHS.get(column, _USUAL_WIDTH))
    for last, line in enumerate(lines, 1):
        for place, (column, cell) in enumerate(zip(columns, line, strict=True)):
            if column in _NUMBERS and cell:
                sheet.write_number(last, place, float(cell))
            else:
                sheet.write_string(last, place, visible(cell)[:_MOST])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None, microsecond=0)
