"""What ``evidence check --json`` prints: the result of the run, for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.batch import BatchResult
from pipeline.intake.found import Reading
from pipeline.reports.publish import report_folders
from validators.disputes.attention import missing_required
from validators.report import QualityReport
from validators.safe_text import escape_surrogates

SCHEMA = "dispute-evidence/run/1"


def result_json(result: BatchResult, reading: Reading, status: int, out: Path, page: Path) -> str:
    """The result as JSON in ASCII, with a line end. ``status`` is the exit status. Names are added, never changed."""
    folders = report_folders(result.reports, out)
    disputes = [_dispute(report, folder) for report, folder in zip(result.reports, folders, strict=True)]
    notices = [*reading.notices, *(said for found in reading.disputes for said in found.notices)]
    body = {
        "schema": SCHEMA,
        "status": status,
        "incomplete": reading.incomplete,
        "out": _shown(out),
        "page": _shown(page),
        "disputes": disputes,
        "revised": result.revised,
        "resumed": result.resumed,
        "skipped": [*reading.skipped, *(name for found in reading.disputes for name in found.skipped)],
        "notices": list(dict.fromkeys(notices)),
    }
    return json.dumps(body, indent=1) + "\n"


def _dispute(report: QualityReport, folder: Path) -> dict[str, Any]:
    summary = report.summary
    return {
        "id": report.dispute.id,
        "declared": report.dispute.declared,
        "report": _shown(folder / "report.json"),
        "revision": report.revision,
        "items": summary.items,
        "by_state": summary.by_state,
        "by_code": summary.by_code,
        "reviews": summary.reviews,
        "missing": missing_required(report),
    }


def _shown(path: Path) -> str:
    return escape_surrogates(str(path))
