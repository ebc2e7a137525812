"""``--manifest``: a CSV that says whose evidence each file is, and overrides what the folders say.

Columns: file (relative to the CSV's folder or to where the command runs), dispute, party, roles (space-separated),
evidence_type, description, submitted_at. Only ``file`` is required.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.intake.found import FoundDispute, FoundFile, Reading
from pipeline.intake.operator_text import TextError, decode_text, same_name
from validators.declared import Declared
from validators.dispute import Dispute

_SEPARATORS = (",", ";", "\t")
"""Excel writes a semicolon where the comma is the decimal sign."""


class ManifestError(ValueError):
    """The operator's fault: the message says which row and what."""


def apply_manifest(reading: Reading, path: Path) -> None:
    """Move and describe files as the manifest says.

    Raises ManifestError on a file that is no table, and on a row that names no file given.
    """
    places = {
        _resolved(file.path): (found, file) for found in reading.disputes for file in found.files if file.path
    }
    for number, row in _rows(path, places):
        where = f"{path}, line {number}"
        place = next((places[p] for p in _candidates(row["file"], path) if p in places), None)
        if place is None:
            raise ManifestError(f"{where}: {row['file']!r} is not among the files given")
        _apply(reading, *place, row, where)
    reading.disputes = [found for found in reading.disputes if found.files or found.dispute.declared]


def _rows(path: Path, places: Collection[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows with their lines, in the encoding and with the separator that the file was saved with."""
    try:
        text = decode_text(path.read_bytes(), lambda text: _known(_table(text), path, places))
        return _table(text)
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}") from error
    except (TextError, ManifestError) as error:
        raise ManifestError(f"{path}, {error}") from error


def _known(rows: list[tuple[int, dict[str, str]]], path: Path, places: Collection[str]) -> int:
    return sum(any(p in places for p in _candidates(row["file"], path)) for _, row in rows)


def _table(text: str) -> list[tuple[int, dict[str, str]]]:
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        column = text.index("\0") - text.rfind("\n", 0, text.index("\0"))
        raise ManifestError(f"line {line}, column {column}: a table holds no zero bytes")
    header = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=header.count)
    stream = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(stream, [])]
        if names and "file" not in names:
            raise ManifestError("line 1: there is no column 'file'")
        return [
            (stream.line_num, _row(names, cells)) for cells in stream if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise ManifestError(f"line {stream.line_num}: {error}") from error


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cells[at].strip() if at < len(cells) else "" for at, name in enumerate(names)}


def _resolved(path: Path) -> str:
    return same_name(str(path.resolve()))


def _candidates(name: str, manifest: Path) -> tuple[str, ...]:
    """Where the file may lie: Excel users write ``\\`` on Windows."""
    if not name or "\0" in name:
        return ()
    spelled = dict.fromkeys((name, name.replace("\\", "/")))
    return tuple(_resolved(base / one) for one in spelled for base in (manifest.parent, Path()))


def _apply(reading: Reading, found: FoundDispute, file: FoundFile, row: dict[str, str], where: str) -> None:
    said = Declared(
        party=row.get("party") or None,
        roles=tuple((row.get("roles") or "").split()),
        evidence_type=row.get("evidence_type") or None,
        description=row.get("description") or None,
        submitted_at=_time(row.get("submitted_at"), where),
    )
    index = found.files.index(file)
    changed = replace(file, declared=said.over(file.declared))
    wanted = row.get("dispute")
    if not wanted or wanted == found.dispute.id:
        found.files[index] = changed
        return
    del found.files[index]
    target = next((other for other in reading.disputes if other.dispute.id == wanted), None)
    if target is None:
        target = FoundDispute(Dispute(wanted, declared=False), origin=found.origin)
        reading.disputes.append(target)
    target.files.append(changed)


def _time(text: str | None, where: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ManifestError(f"{where}: submitted_at {text!r} is no ISO 8601 time") from error
    if moment.tzinfo is None and len(text) == len("2026-03-09"):
        return moment.replace(
            tzinfo=UTC
        )  # a day without a clock stands for all of it (Evidence.sent_between)
    if moment.tzinfo is None:
        raise ManifestError(f"{where}: submitted_at {text!r} has no zone")
    return moment.astimezone(UTC)
