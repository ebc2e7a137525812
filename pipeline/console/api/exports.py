"""A case as files: report.json, CSV, the offline pages with their pictures in one ZIP, the copy for one party as another."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from pipeline.commands.share import write_copy
from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import Asked, not_found
from pipeline.opening.host.opener import MEASURES_VERSION
from pipeline.reports.csv_table import COLUMNS, rows
from pipeline.reports.publish import media_keys, publish
from validators.disputes.party_copy import PARTIES, party_copy

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


def export(asked: Asked) -> Response:
    """The case in the form that the address names."""
    with asked.console.desk.database.reading() as records:
        case = open_case(asked.visitor, asked.path("dispute"), records)
    form = asked.query("as") or "json"
    if form == "json":
        return _file(case.body.encode(), case, "report.json", "application/json")
    if form == "csv":
        return _file(_csv(case).encode(), case, "files.csv", "text/csv; charset=utf-8")
    if form == "zip":
        return _file(_pages(asked, case), case, "report.zip", "application/zip")
    if form in PARTIES:
        return _file(_copy(asked, case, form), case, f"copy-for-the-{form}.zip", "application/zip")
    raise not_found()


def _csv(case: CaseFile) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows(case.report))
    return text.getvalue()


def _pages(asked: Asked, case: CaseFile) -> bytes:
    """Everything that ``evidence check`` writes of the dispute. Pictures of matches show items of other cases: they are
    left out for somebody who may see one case alone."""
    compared = asked.console.desk.database if asked.visitor.dispute_id is None else None
    desk = asked.console.desk
    with desk.database.reading() as records:
        keys = media_keys([case.report], records, MEASURES_VERSION)
    return _packed(desk.incoming, lambda out: publish([case.report], out, desk.objects, keys, compared))


def _copy(asked: Asked, case: CaseFile, party: str) -> bytes:
    """What may go to one party: its pages, JSON and pictures."""
    desk, copy = asked.console.desk, party_copy(case.report, party)
    return _packed(desk.incoming, lambda out: write_copy(copy, case.report, out, desk.database, desk.objects))


def _packed(scratch: Path, write: Callable[[Path], object]) -> bytes:
    """A ZIP of what ``write`` puts into a folder."""
    packed = io.BytesIO()
    with TemporaryDirectory(dir=scratch) as folder:
        out = Path(folder)
        write(out)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(out.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(out).as_posix())
    return packed.getvalue()


def _file(data: bytes, case: CaseFile, name: str, content_type: str) -> Response:
    stem = _UNSAFE.sub("_", case.id.encode("ascii", "replace").decode())[:80].strip(".") or "dispute"
    return Response(data, 200, {"content-disposition": f'attachment; filename="{stem}-{name}"'}, content_type)
