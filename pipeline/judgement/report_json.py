"""report.json: the QualityReport as text and back, and the schema of that text.

Written by plans over the dataclasses rather than by a serialiser, since floats are rounded, times end in Z
and every string is made valid Unicode on the way; read back and checked by pydantic.
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import to_json as encode

from storage.errors import RecordDamagedError
from validators.declared import Declared
from validators.finding import Finding
from validators.report import SCHEMA, EvidenceReport, QualityReport
from validators.safe_text import ESCAPES_IN_WORDS, escape_surrogates, unescape_surrogates
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import action, sentence, sentences_in

DECIMALS = 4
_DAMAGED = "a report on the record is damaged: restore the database from a copy"


PlainItem = dict[str, Any]
"""An item's report as JSON can say it: made once, written into both its own text and the dispute's."""


def plain_item(item: EvidenceReport) -> PlainItem:
    """One item's report, for ``item_to_json`` and ``to_json``; raises as ``to_json`` does."""
    plain: PlainItem = _plain(item)
    return plain


def item_to_json(item: PlainItem) -> str:
    """One item's report on one line."""
    return encode(item).decode()


def plain_report(report: QualityReport) -> dict[str, Any]:
    """A dispute's report as ``json.loads`` gives back what ``to_json`` wrote."""
    plain: dict[str, Any] = _plain(report)
    return plain


def to_json(report: QualityReport, items: Sequence[PlainItem] | None = None) -> str:
    """The report as indented JSON, keys in the order of the dataclasses: equal reports give equal text.

    ``items`` are those of ``report.evidence`` where they were made plain before.

    Floats are rounded to 4 decimals; one that is not finite becomes null where the field may be null. Times
    are ISO 8601 in UTC with Z. Raises ValueError for a time without a zone or a required number that is not
    finite.
    """
    if items is None:
        return encode(_plain(report), indent=1).decode()
    return encode({**_plain(replace(report, evidence=())), "evidence": items}, indent=1).decode()


def from_json(text: str) -> QualityReport:
    """The report that ``to_json`` wrote. Raises ValueError where the text is not such a report."""
    tree = json.loads(text)
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        raise ValueError(f"this is not a report of schema {SCHEMA!r}")
    for item in _items(tree):
        _rename_class(item)
        item["declared"] = {name: item.pop(name) for name in DECLARED if name in item}
    _take_words(tree)
    report = _adapter().validate_python(tree)
    # Only now: pydantic refuses the lone surrogates that some escapes stand for.
    return _unescaped(report) if "\\\\" in text else report


def from_record(body: str) -> QualityReport:
    """The report that is on the record. Raises RecordDamagedError where it is none any more."""
    try:
        return from_json(body)
    except ValueError as error:
        raise RecordDamagedError(_DAMAGED) from error


def tree_from_record(body: str) -> dict[str, Any]:
    """The same as ``json.loads`` gives it."""
    try:
        tree = json.loads(body)
    except ValueError as error:
        raise RecordDamagedError(_DAMAGED) from error
    if not isinstance(tree, dict):
        raise RecordDamagedError(_DAMAGED)
    return tree


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what ``to_json`` writes."""
    schema = _adapter().json_schema(mode="serialization", schema_generator=_Untitled)
    match = schema["$defs"]["Match"]
    match["properties"] = {_json_name(name): body for name, body in match["properties"].items()}
    match["required"] = [_json_name(name) for name in match["required"]]
    match["description"] = "One stored pair, seen from this item."
    schema["properties"]["schema"] = {"const": SCHEMA}
    _flatten_declared(schema["$defs"])
    _describe_finding(schema["$defs"])
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


def _flatten_declared(kinds: dict[str, Any]) -> None:
    """The fields of ``Declared`` beside those of the item, where they are written."""
    item, declared = kinds["EvidenceReport"], kinds.pop("Declared")
    written = {name: declared["properties"][name] for name in DECLARED}
    properties: dict[str, Any] = {}
    for name, body in item["properties"].items():
        properties |= written if name == "declared" else {name: body}
    item["properties"] = properties
    del written["declared_type"]["default"]
    item["required"] = ["declared_type" if name == "declared" else name for name in item["required"]]


class _Untitled(GenerateJsonSchema):
    """Field names need no second spelling as titles."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


DECLARED = ("declared_type", "party", "evidence_type", "roles", "description", "submitted_at")
"""Fields of ``Declared`` that an item's report states, beside its own."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one field is written: its JSON name, how it is read, whether it is a float, and whether it may be null."""

    json_name: str
    read: Callable[[Any], Any]
    number: bool
    nullable: bool


def _json_name(name: str) -> str:
    return name.removesuffix("_")


@cache
def _plans(kind: type[Any]) -> tuple[_Plan, ...]:
    hints = typing.get_type_hints(kind)
    made = []
    for field in fields(kind):
        hint = hints[field.name]
        if hint is Declared:
            made += [_Plan(name, attrgetter(f"{field.name}.{name}"), False, True) for name in DECLARED]
            continue
        choices = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        made.append(
            _Plan(_json_name(field.name), attrgetter(field.name), float in choices, type(None) in choices)
        )
    return tuple(made)


@cache
def _adapter() -> TypeAdapter[QualityReport]:
    return TypeAdapter(QualityReport)


def _plain(value: Any) -> Any:
    """``value`` as JSON can say it. A report holds thousands of values: one look-up by class settles most."""
    writer = _WRITERS.get(value.__class__)
    return writer(value) if writer is not None else _writer_for(value)(value)


def _as_is(value: Any) -> Any:
    return value


def _plain_list(value: Sequence[Any]) -> list[Any]:
    return [_plain(item) for item in value]


def _plain_dict(value: dict[str, Any]) -> dict[str, Any]:
    return {escape_surrogates(key): _plain(item) for key, item in value.items()}


def _writer_for(value: Any) -> Callable[[Any], Any]:
    """The writer of a class not met before, kept for the next of its kind."""
    kind: type[Any] = type(value)
    if not is_dataclass(kind):
        raise TypeError(f"a report holds no {kind.__name__}")
    plans = _plans(kind)

    def write(record: Any) -> dict[str, Any]:
        return {plan.json_name: _field(record, plan) for plan in plans}

    _WRITERS[kind] = write
    return write


def _plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding with its sentences in English beside its codes, which name and fill the same sentences in any language."""
    plain = {plan.json_name: _field(finding, plan) for plan in _plans(Finding) if plan.json_name != "stored"}
    if finding.stored is None:
        plain["message_ids"] = list(finding.message_ids or (finding.code,))
    words = {"message": _plain(sentence(finding)), "action": _plain(action(finding))}
    return {**{name: plain.pop(name) for name in ("code", "severity", "kind")}, **words, **plain}


def _field(record: Any, plan: _Plan) -> Any:
    return _number(record, plan) if plan.number else _plain(plan.read(record))


def _number(record: Any, plan: _Plan) -> Any:
    value = plan.read(record)
    if value is None:
        return None
    number = _rounded(float(value))
    if number is None and not plan.nullable:
        raise ValueError(f"{type(record).__name__}.{plan.json_name} is not a finite number")
    return number


def _rounded(value: float) -> float | None:
    return round(value, DECIMALS) + 0.0 if math.isfinite(value) else None  # + 0.0 turns -0.0 into 0.0


def stamp(at: datetime) -> str:
    """``at`` as ISO 8601 in UTC with Z, to the second or finer as given. Raises ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"the time {at.isoformat()} has no zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_WRITERS: dict[type, Callable[[Any], Any]] = {
    str: escape_surrogates,
    type(None): _as_is,
    bool: _as_is,
    int: _as_is,
    float: _rounded,
    datetime: stamp,
    tuple: _plain_list,
    list: _plain_list,
    dict: _plain_dict,
    Finding: _plain_finding,
}


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


def _take_words(tree: dict[str, Any]) -> None:
    """A finding's English words aside where codes do not make them: of an earlier release, or of a later one."""
    for finding in _findings(tree):
        words = {"message": finding.pop("message", None), "action": finding.pop("action", None)}
        if not _can_say(finding):
            finding.update(stored=words, message_ids=(), action_ids=())
        elif list(finding["message_ids"]) == [finding.get("code")]:
            finding["message_ids"] = ()


def _can_say(finding: dict[str, Any]) -> bool:
    """Whether this release has the sentences that the finding names, and their fields are filled."""
    ids, params = finding.get("message_ids"), finding.get("params")
    if not ids or not isinstance(params, dict):
        return False
    filled = {**params, "measured": finding.get("measured"), "threshold": finding.get("threshold")}
    known = sentences_in(ENGLISH)
    return all(known.can_fill(str(one), filled) for one in (*ids, *finding.get("action_ids", ())))


def _findings(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    whole = tree.get("completeness")
    for holder in (*_items(tree), *([whole] if isinstance(whole, dict) else ())):
        found = holder.get("findings")
        yield from (one for one in (found if isinstance(found, list) else ()) if isinstance(one, dict))


def _describe_finding(definitions: dict[str, Any]) -> None:
    """The words that are written beside the codes, and not what reading an older report leaves."""
    definitions.pop("StoredWords")
    finding = definitions["Finding"]
    finding["properties"].pop("stored")
    finding["properties"].update(
        message={"type": "string"}, action={"anyOf": [{"type": "string"}, {"type": "null"}]}
    )
    finding["required"] = [*finding["required"], "message"]
    finding["description"] = (
        "One finding. `message` and `action` are English; `message_ids` and `action_ids` name their sentences, which `params`, "
        "`measured` and `threshold` fill in any language."
    )


def _items(tree: dict[str, Any]) -> list[dict[str, Any]]:
    items = tree.get("evidence")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _rename_class(item: dict[str, Any]) -> None:
    """``class`` back to ``class_`` in every match."""
    matches = item.get("matches")
    for match in matches if isinstance(matches, list) else ():
        if isinstance(match, dict) and "class" in match:
            match["class_"] = match.pop("class")
