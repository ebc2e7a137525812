"""What a report says apart from when it was made: the sum under which it stands in the audit trail."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json as encode

from pipeline.judgement.report_json import item_to_json, stamp

TIMELESS = datetime.min.replace(tzinfo=UTC)
"""In place of the times of judging: those alone are no change."""


def content_sha256(report: dict[str, Any]) -> str:
    """The sum of a report as ``json.loads`` gives it, of whatever release. Pictures of matches, which only published
    reports name, are no part of it. KeyError and TypeError where it is no report."""
    lasting = {
        **report,
        "created_at": stamp(TIMELESS),
        "as_of": stamp(TIMELESS),
        "revision": 0,
        "evidence": [],
    }
    content = hashlib.sha256()
    for item in report["evidence"]:
        content.update(item_to_json(_as_attached(item)).encode())
    content.update(encode(lasting, indent=1))
    return content.hexdigest()


def _as_attached(item: dict[str, Any]) -> dict[str, Any]:
    return {
        **item,
        "matches": [{**match, "comparison": None} for match in item["matches"]],
        "derivatives": [one for one in item["derivatives"] if one["kind"] != "comparison"],
    }
