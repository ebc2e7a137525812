"""report.json: the QualityReport as text and back, and the schema of that text.

Written by plans over the dataclasses rather than by a serialiser, since floats are rounded, times end in Z
and every string is made valid Unicode on the way; read back and checked by pydantic.
"""

from __future__ import annotations

import json
import math
import typing
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import to_json as encode

from pipeline.rendering.text import ESCAPES_IN_WORDS, escape_surrogates, unescape_surrogates
from validators.report import SCHEMA, EvidenceReport, QualityReport

DECIMALS = 4


def to_json(report: QualityReport) -> str:
    """The report as indented JSON, keys in the order of the dataclasses: equal reports give equal text.

    Floats are rounded to 4 decimals; one that is not finite becomes null where the field may be null. Times
    are ISO 8601 in UTC with Z. Raises ValueError for a time without a zone or a required number that is not
    finite.
    """
    return encode(_plain(report), indent=1).decode()


def evidence_to_json(item: EvidenceReport) -> str:
    """One item's report on one line, written like those inside ``to_json``; raises as it does."""
    return encode(_plain(item)).decode()


def from_json(text: str) -> QualityReport:
    """The report that ``to_json`` wrote. Raises ValueError where the text is not such a report."""
    tree = json.loads(text)
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        raise ValueError(f"this is not a report of schema {SCHEMA!r}")
    _rename_class(tree)
    report = _adapter().validate_python(tree)
    # Only now: pydantic refuses the lone surrogates that some escapes stand for.
    return _unescaped(report) if "\\\\" in text else report


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what ``to_json`` writes."""
    schema = _adapter().json_schema(mode="serialization", schema_generator=_Untitled)
    match = schema["$defs"]["Match"]
    match["properties"] = {_json_name(name): body for name, body in match["properties"].items()}
    match["required"] = [_json_name(name) for name in match["required"]]
    match["description"] = "One stored pair, seen from this item."
    schema["properties"]["schema"] = {"const": SCHEMA}
    about = (
        f"Floats are rounded to {DECIMALS} decimals. Times are ISO 8601 in UTC, ending in Z. "
        f"{ESCAPES_IN_WORDS} Names never change once released; names may be added."
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Quality report of one dispute",
        **schema,
        "description": about,
    }


class _Untitled(GenerateJsonSchema):
    """Field names need no second spelling as titles."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one field is written: its JSON name, whether it is a float, and whether it may be null."""

    name: str
    json_name: str
    number: bool
    nullable: bool


def _json_name(name: str) -> str:
    return name.removesuffix("_")


@cache
def _plans(kind: type[Any]) -> tuple[_Plan, ...]:
    hints = typing.get_type_hints(kind)
    made = []
    for field in fields(kind):
        choices = typing.get_args(hints[field.name]) or (hints[field.name],)
        made.append(_Plan(field.name, _json_name(field.name), float in choices, type(None) in choices))
    return tuple(made)


@cache
def _adapter() -> TypeAdapter[QualityReport]:
    return TypeAdapter(QualityReport)


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line a type
    if isinstance(value, str):
        return escape_surrogates(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {escape_surrogates(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {plan.json_name: _field(value, plan) for plan in _plans(value.__class__)}
    raise TypeError(f"a report holds no {type(value).__name__}")


def _field(record: Any, plan: _Plan) -> Any:
    value = getattr(record, plan.name)
    if not plan.number or value is None:
        return _plain(value)
    number = _rounded(float(value))
    if number is None and not plan.nullable:
        raise ValueError(f"{type(record).__name__}.{plan.name} is not a finite number")
    return number


def _rounded(value: float) -> float | None:
    return round(value, DECIMALS) + 0.0 if math.isfinite(value) else None  # + 0.0 turns -0.0 into 0.0


def stamp(at: datetime) -> str:
    """``at`` as ISO 8601 in UTC with Z, to the second or finer as given. Raises ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"the time {at.isoformat()} has no zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _unescaped(value: Any) -> Any:
    """``value`` with every string inside as it was before ``escape_surrogates``."""
    if isinstance(value, str):
        return unescape_surrogates(value)
    if isinstance(value, tuple):
        return tuple(_unescaped(item) for item in value)
    if isinstance(value, dict):
        return {unescape_surrogates(key): _unescaped(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _unescaped(getattr(value, f.name)) for f in fields(value)})
    return value


def _rename_class(tree: dict[str, Any]) -> None:
    """``class`` back to ``class_`` in every match; all else is named alike on both sides."""
    items = tree.get("evidence")
    for item in items if isinstance(items, list) else ():
        matches = item.get("matches") if isinstance(item, dict) else None
        for match in matches if isinstance(matches, list) else ():
            if isinstance(match, dict) and "class" in match:
                match["class_"] = match.pop("class")
