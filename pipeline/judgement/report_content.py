"""The hash of a report's content, without its times: the audit trail names each report by it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_json as encode

from pipeline.judgement.report_json import item_to_json, stamp

TIMELESS = datetime.min.replace(tzinfo=UTC)
"""In place of the times of judging, which are no change by themselves."""


def content_sha256(report: dict[str, Any]) -> str:
    """The hash of a report that ``json.loads`` returned, of any release. KeyError and TypeError where it is no report.

    Pictures of matches are left out, since only published reports name them.
    """
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
