"""The JSON endpoints on disputes, reports, findings and decisions. Strings are written as in report.json."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response

from pipeline.console.core import addresses
from pipeline.console.core.cases import open_case
from pipeline.console.core.console_context import ConsoleRequest, refused
from pipeline.console.views.agreement_page import share_of
from pipeline.console.views.decision_forms import Given, put_decisions
from pipeline.console.views.queue_page import query_of
from pipeline.judgement.report_json import stamp
from storage.interfaces.decisions import Decision
from storage.interfaces.dispute_queue import QueueLine
from validators.safe_text import escape_surrogates, unescape_surrogates

MOST_LINES = 500
_GIVEN = {"act": "act", "evidence_id": "evidence", "finding": "finding", "slot": "slot", "note": "note"}


def disputes(request: ConsoleRequest) -> Response:
    """The queue, narrowed down by the same parameters as its page."""
    query = query_of(request, MOST_LINES)
    with request.console.context.database.reading() as records:
        found = records.queue(request.principal.tenant, query)
    body = {"total": found.total, "offset": query.offset, "disputes": [_line(line) for line in found.lines]}
    return JSONResponse(body)


def report(request: ConsoleRequest) -> Response:
    """The newest report as it was attached."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    return Response(case.body, 200, media_type="application/json")


def findings(request: ConsoleRequest) -> Response:
    """Every finding of the newest report with the item it is on; on none where it is of the checklist."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    plain = json.loads(case.body)
    found = [
        {"evidence_id": item["id"], "file": item["file"], "party": item["party"], **finding}
        for item in plain["evidence"]
        for finding in item["findings"]
    ]
    found += [
        {"evidence_id": None, "file": None, "party": finding["params"].get("party"), **finding}
        for finding in plain["completeness"]["findings"]
    ]
    return JSONResponse(
        {"dispute_id": escape_surrogates(case.id), "revision": case.report.revision, "findings": found}
    )


def decisions(request: ConsoleRequest) -> Response:
    """Every decision on the dispute, in order."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    return JSONResponse({"decisions": [_decision(one) for one in case.decisions]})


def decide(request: ConsoleRequest) -> Response:
    """Add a decision; 201 with what was put on the record."""
    given = request.body
    if not isinstance(given, dict) or not set(given) <= set(_GIVEN):
        raise refused("fields", fields=list(_GIVEN)[1:])
    fields = {}
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise refused("not_text", field=name)
        fields[_GIVEN[name]] = unescape_surrogates(value or "")
    made = put_decisions(request, request.path("dispute"), [Given(**({"act": ""} | fields))])
    return JSONResponse({"decisions": [_decision(one) for one in made]}, 201)


def agreement(request: ConsoleRequest) -> Response:
    """Agreement by finding code."""
    with request.console.context.database.reading() as records:
        found = records.agreement(request.principal.tenant)
    return JSONResponse({"codes": [{**asdict(one), "share": share_of(one)} for one in found]})


def _line(line: QueueLine) -> dict[str, Any]:
    plain = asdict(line) | {
        "attached_at": stamp(line.attached_at),
        "next_due": stamp(line.next_due) if line.next_due else None,
        "by_state": dict(line.by_state),
        "page": addresses.case_page(line.dispute_id),
    }
    return _written(plain)


def _decision(one: Decision) -> dict[str, Any]:
    plain = asdict(one) | {"at": stamp(one.at)}
    del plain["salt"]  # the record's own: it goes when the decision is erased
    return _written(plain)


def _written(plain: dict[str, Any]) -> dict[str, Any]:
    """Every string as valid Unicode, reversibly."""
    return {
        name: escape_surrogates(value) if isinstance(value, str) else value for name, value in plain.items()
    }
