"""files.csv: one row a file, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.judgement.report_json import stamp
from pipeline.setup.atomic_write import replace_text
from validators.checks.dated import TAKEN, date_kind
from validators.disputes import attention
from validators.disputes.shared_photos import shared_photos
from validators.report import EvidenceReport, Match, QualityReport
from validators.safe_text import visible
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import sentences_in

COLUMNS = (
    "dispute", "file", "party", "roles", "kind", "state", "codes_above_notes", "codes", "sharpness",
    "verdict", "captured_earliest", "captured_latest", "matches", "sha256", "bytes", "width", "height",
    "late", "shared_photo",
)  # fmt: skip

BYTE_ORDER_MARK = "\ufeff"

# A spreadsheet takes a cell that starts so for a formula; other separators than ours may start a new cell.
_FORMULA = re.compile(r"(^|[;,|\t])(\s*[\"']*)(?=[=+\-@\t\r\uff0b\uff0d\uff1d\uff20])")


def write_csv(reports: Iterable[QualityReport], path: Path, language: str = ENGLISH) -> Path:
    """Write every file of ``reports`` to ``path``: UTF-8 with a mark, CRLF, a header line; OSError passes through.

    Without the mark, Excel takes the bytes for those of the machine's own code page. Control characters are spelled out,
    lists are set apart by spaces, times are ISO 8601 in UTC, and text that a spreadsheet would run as a formula gets an
    apostrophe in front. Files that show one photo in more than one undeclared folder come first, group by group, since no
    review names them.
    """
    replace_text(path, csv_text(table_rows(reports, language)))
    return path


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    """A table as ``write_csv`` writes it, COLUMNS first."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    return text.getvalue()


def table_rows(reports: Iterable[QualityReport], language: str = ENGLISH) -> list[list[str]]:
    """The rows of files.csv, without its header."""
    reports = list(reports)
    groups = shared_photos(reports)
    sentences = sentences_in(language)
    said = {
        holder.id: sentences.text("labels.shared_photo.group", group=number, groups=len(groups))
        for number, group in enumerate(groups, 1)
        for holder in group
    }
    place = {identity: order for order, identity in enumerate(said)}
    lines = [
        (item.id, row)
        for report in reports
        for item, row in zip(report.evidence, rows(report, said), strict=True)
    ]
    lines.sort(key=lambda line: place.get(line[0], len(place)))
    return [row for _, row in lines]


def rows(report: QualityReport, shared: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """One row an item, in the report's order and COLUMNS' order. ``shared``: what is said of items by id."""
    return (_row(report.dispute.id, item, (shared or {}).get(item.id)) for item in report.evidence)


def safe_cell(text: str) -> str:
    """``text`` on one line, and no formula wherever a spreadsheet might cut it."""
    return _FORMULA.sub(r"\1'\2", visible(text))


def _row(dispute: str, item: EvidenceReport, shared: str | None) -> list[str]:
    clarity = item.clarity
    best = item.capture_time.best if item.capture_time and date_kind(item) == TAKEN else None
    loud = dict.fromkeys(finding.code for finding in attention.above_notes(item))
    cells = (
        dispute,
        item.file,
        item.declared.party,
        " ".join(item.declared.roles),
        item.kind,
        item.state,
        " ".join(loud),
        " ".join(dict.fromkeys(finding.code for finding in item.findings)),
        f"{clarity.sharpness:.4f}" if clarity and clarity.sharpness is not None else None,
        clarity.verdict if clarity else None,
        stamp(best.earliest) if best else None,
        stamp(best.latest) if best else None,
        " | ".join(_match(match) for match in item.matches),
        item.sha256,
        str(item.bytes),
        _number(item.width),
        _number(item.height),
        "yes" if item.late else "no",
        shared,
    )
    return [safe_cell(cell) if cell else "" for cell in cells]


def _match(match: Match) -> str:
    return f"{match.class_} {match.dispute_id}/{match.file}"


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
