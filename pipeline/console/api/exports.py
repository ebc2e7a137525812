"""A case as files: report.json, CSV, the offline pages with their pictures as a ZIP, and the copy for a party as another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import ConsoleRequest, not_found
from pipeline.reports.csv_table import csv_text, rows
from pipeline.reports.party_copy_folder import write_copy
from pipeline.reports.publish import media_keys, publish
from pipeline.setup.opened import MEASURES_VERSION
from validators.disputes.party_copy import PARTIES, party_copy

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


def export(request: ConsoleRequest) -> Response:
    """The case in the form that the address names."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    form = request.query("as") or "json"
    if form == "json":
        return _file(case.body.encode(), case, "report.json", "application/json")
    if form == "csv":
        return _file(_csv(case).encode(), case, "files.csv", "text/csv; charset=utf-8")
    if form == "zip":
        return _file(_pages(request, case), case, "report.zip", "application/zip")
    if form in PARTIES:
        return _file(_copy(request, case, form), case, f"copy-for-the-{form}.zip", "application/zip")
    raise not_found()


def _csv(case: CaseFile) -> str:
    return csv_text(rows(case.report))


def _pages(request: ConsoleRequest, case: CaseFile) -> bytes:
    """Everything that ``evidence check`` writes of the dispute. Pictures of matches show items of other cases: they are
    left out for somebody who may see only one case."""
    compared = request.console.context.database if request.principal.dispute_id is None else None
    context, language = request.console.context, request.console.language
    with context.database.reading() as records:
        keys = media_keys([case.report], records, MEASURES_VERSION)
    return _packed(
        context.incoming, lambda out: publish([case.report], out, context.objects, keys, compared, language)
    )


def _copy(request: ConsoleRequest, case: CaseFile, party: str) -> bytes:
    """What may go to one party: its pages, JSON and pictures."""
    context, language = request.console.context, request.console.language
    copy = party_copy(case.report, party)
    return _packed(
        context.incoming,
        lambda out: write_copy(copy, case.report, out, context.database, context.objects, language),
    )


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
