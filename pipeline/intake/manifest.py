"""``--manifest``: a CSV that says whose evidence each file is, and overrides what the folders say.

Columns: file (relative to the CSV's folder or to where the command runs), dispute, party, roles (space-separated),
evidence_type, description, submitted_at. Only ``file`` is required.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.intake.found import FoundDispute, FoundFile, Reading
from validators.declared import Declared
from validators.dispute import Dispute


class ManifestError(ValueError):
    """The operator's fault: the message says which row and what."""


def apply_manifest(reading: Reading, path: Path) -> None:
    """Move and describe files as the manifest says; raises ManifestError on a row that names no file given."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if rows and "file" not in rows[0]:
        raise ManifestError(f"{path} has no column 'file'")
    places = {
        _resolved(file.path): (found, file) for found in reading.disputes for file in found.files if file.path
    }
    for number, row in enumerate(rows, 2):
        place = next((places[p] for p in _candidates(row["file"], path) if p in places), None)
        if place is None:
            raise ManifestError(f"{path}, line {number}: {row['file']!r} is not among the files given")
        _apply(reading, *place, row, f"{path}, line {number}")
    reading.disputes = [found for found in reading.disputes if found.files or found.dispute.declared]


def _resolved(path: Path) -> Path:
    return path.resolve()


def _candidates(name: str, manifest: Path) -> tuple[Path, Path]:
    return (manifest.parent / name).resolve(), Path(name).resolve()


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
