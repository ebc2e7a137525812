"""The API's description: made from the route table, the report's schema and the words below, so that it cannot lag."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from typing import Any

from starlette.responses import JSONResponse, Response

from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.served_route import ServedRoute
from pipeline.console.core.templates import page
from pipeline.judgement.report_json import report_schema
from storage.interfaces.decisions import ACTS
from storage.interfaces.dispute_queue import ORDERS

_PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_DECISION = {
    "type": "object",
    "required": ["act"],
    "additionalProperties": False,
    "properties": {
        "act": {"enum": list(ACTS)},
        "evidence_id": _TEXT_OR_NULL | {"description": "The item; absent for an entry of the checklist."},
        "finding": _TEXT_OR_NULL
        | {"description": "The code of one of its findings; absent for the whole item."},
        "slot": _TEXT_OR_NULL
        | {"description": 'An entry of the checklist, as "buyer:packaging"; not together with an item.'},
        "note": _TEXT_OR_NULL | {"description": "Why. Disagreeing needs one."},
    },
}
_QUERY = {
    "q": "Text sought in dispute and order ids, file names and SHA-256 sums.",
    "reason": "A sub-reason.",
    "show": "open (the default), closed or all.",
    "waiting": "yes: only disputes with something undecided.",
    "late": "yes: only disputes with a clock that has run out.",
    "order": ", ".join(ORDERS) + ".",
    "page": "From 1.",
    "limit": "Lines a page, 50 without it, at most 500.",
}
_WORDS = {
    "/v1/openapi.json": "This description.",
    "/v1/disputes": "The queue: how each dispute stands by its newest report.",
    "/v1/disputes/{dispute}/report": "The newest report, as it was attached.",
    "/v1/disputes/{dispute}/findings": "Every finding of the newest report, with the item it is on.",
    "/v1/disputes/{dispute}/decisions": "What mediators decided, in order; POST adds a decision.",
    "/v1/precheck": "Looks at a file before it is sent; nothing is stored.",
    "/v1/agreement": "How often mediators agreed with each kind of finding (operators).",
}
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "reason": _TEXT | {"description": "A sub-reason of the policy."},
        "evidence_type": _TEXT | {"description": "The role it is to fill, as the checklist names it."},
    },
}


def document(routes: tuple[ServedRoute, ...]) -> Response:
    """OpenAPI 3.1."""
    return JSONResponse(description(routes))


def show(request: ConsoleRequest, routes: tuple[ServedRoute, ...]) -> Response:
    """The same for people."""
    made = description(routes)
    operations = [
        (method.upper(), path, operation)
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]
    return page(request, "api.html", operations=operations, decision=_DECISION["properties"])


@cache
def description(routes: tuple[ServedRoute, ...]) -> dict[str, Any]:
    """The whole description of ``routes``."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if route.api:
            path = _PARAMETER.sub(r"{\1}", route.path)
            paths.setdefault(path, {})[route.method.lower()] = _operation(path, route.method, route.need)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dispute evidence", "version": version("dispute-evidence")},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Report": _embedded(report_schema()), "NewDecision": _DECISION},
        },
    }


def _operation(path: str, method: str, need: str) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT} for name in _PARAMETER.findall(path)
    ]
    if path == "/v1/disputes":
        parameters += [
            {"name": n, "in": "query", "description": d, "schema": _TEXT} for n, d in _QUERY.items()
        ]
    schema = {"$ref": "#/components/schemas/Report"} if path.endswith("/report") else {"type": "object"}
    status = "201" if method == "POST" and path.endswith("/decisions") else "200"
    made: dict[str, Any] = {
        "summary": _WORDS[path],
        "description": f"Needs a token that may {need}.",
        "parameters": parameters,
        "responses": {
            status: {"description": "The answer.", "content": {"application/json": {"schema": schema}}},
            "401": {"description": "No token, or one that is unknown, expired or revoked."},
            "403": {"description": "The token's role does not suffice."},
            "404": {"description": "Nothing there, or of another tenant."},
        },
    }
    if method == "POST" and path.endswith("/decisions"):
        body = {"application/json": {"schema": {"$ref": "#/components/schemas/NewDecision"}}}
        made["requestBody"] = {"required": True, "content": body}
    if path == "/v1/precheck":
        busy = "As many files as can be are being looked at: again after the seconds of Retry-After."
        made["responses"]["503"] = {"description": busy}
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}
    return made


def _embedded(schema: dict[str, Any]) -> dict[str, Any]:
    """The report's schema where it is a part of a document: its references point from the document's root."""

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: inner.replace("#/$defs/", "#/components/schemas/Report/$defs/")
                if key == "$ref" and isinstance(inner, str)
                else moved(inner)
                for key, inner in value.items()
                if key not in ("$schema", "$id")
            }
        return [moved(inner) for inner in value] if isinstance(value, list) else value

    found: dict[str, Any] = moved(schema)
    return found
