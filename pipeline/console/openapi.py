"""The API's description, made from the route table, the report's schema and the catalogue, so that it cannot lag."""

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
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import Sentences, sentences_in

_PARAMETER = re.compile(r"\{(\w+)(?::path)?\}")
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_QUERY = ("q", "reason", "show", "waiting", "late", "order", "page", "limit")
_NAMES = {
    "/v1/openapi.json": "openapi",
    "/v1/disputes": "disputes",
    "/v1/disputes/{dispute}/report": "report",
    "/v1/disputes/{dispute}/findings": "findings",
    "/v1/disputes/{dispute}/decisions": "decisions",
    "/v1/precheck": "precheck",
    "/v1/agreement": "agreement",
}
"""By path, the message ``console.api.<name>`` that says what is there."""


def document(request: ConsoleRequest, routes: tuple[ServedRoute, ...]) -> Response:
    """OpenAPI 3.1."""
    return JSONResponse(description(routes, request.console.language))


def show(request: ConsoleRequest, routes: tuple[ServedRoute, ...]) -> Response:
    """The same for people."""
    made = description(routes, request.console.language)
    operations = [
        (method.upper(), path, operation)
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]
    decision = made["components"]["schemas"]["NewDecision"]["properties"]
    return page(request, "api.html", operations=operations, decision=decision)


@cache
def description(routes: tuple[ServedRoute, ...], language: str = ENGLISH) -> dict[str, Any]:
    """The whole description of ``routes``."""
    words = _Words(sentences_in(language))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if route.api:
            path = _PARAMETER.sub(r"{\1}", route.path)
            paths.setdefault(path, {})[route.method.lower()] = words.operation(path, route.method, route.need)
    return {
        "openapi": "3.1.0",
        "info": {"title": words.text("title"), "version": version("dispute-evidence")},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Report": _embedded(report_schema()), "NewDecision": words.decision()},
        },
    }


class _Words:
    """The parts of the description that hold words."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def text(self, name: str, **params: Any) -> str:
        return self._sentences.text(f"console.api.{name}", **params)

    def operation(self, path: str, method: str, need: str) -> dict[str, Any]:
        decides = method == "POST" and path.endswith("/decisions")
        schema = {"$ref": "#/components/schemas/Report"} if path.endswith("/report") else {"type": "object"}
        answer = {"description": self.text("answer"), "content": {"application/json": {"schema": schema}}}
        made: dict[str, Any] = {
            "summary": self.text(_NAMES[path]),
            "description": self.text(f"needs_{need}"),
            "parameters": self._parameters(path),
            "responses": {
                "201" if decides else "200": answer,
                **{status: {"description": self.text(f"error_{status}")} for status in ("401", "403", "404")},
            },
        }
        if decides:
            body = {"application/json": {"schema": {"$ref": "#/components/schemas/NewDecision"}}}
            made["requestBody"] = {"required": True, "content": body}
        if path == "/v1/precheck":
            made["responses"]["503"] = {"description": self.text("error_503")}
            made["requestBody"] = {
                "required": True,
                "content": {"multipart/form-data": {"schema": self._form()}},
            }
        return made

    def decision(self) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["act"],
            "additionalProperties": False,
            "properties": {
                "act": {"enum": list(ACTS), "description": self.text("act")},
                **{
                    name: _TEXT_OR_NULL | {"description": self.text(name)}
                    for name in ("evidence_id", "finding", "slot", "note")
                },
            },
        }

    def _parameters(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"name": name, "in": "path", "required": True, "schema": _TEXT}
            for name in _PARAMETER.findall(path)
        ]
        for name in _QUERY if path == "/v1/disputes" else ():
            words = self.text(f"query_{name}", orders=ORDERS)
            found.append({"name": name, "in": "query", "description": words, "schema": _TEXT})
        return found

    def _form(self) -> dict[str, Any]:
        file = {"type": "string", "format": "binary", "description": self.text("file")}
        others = {name: _TEXT | {"description": self.text(name)} for name in ("reason", "evidence_type")}
        return {"type": "object", "required": ["file"], "properties": {"file": file, **others}}


def _embedded(schema: dict[str, Any]) -> dict[str, Any]:
    """The report's schema as a part of a document: its references start at the document's root."""

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
