"""report.json: round trips, stability, and the schema that describes it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_items import HOSTILE, item
from rendering_samples import sample_report
from stored_findings import stored_finding

from pipeline.judgement.report_json import from_json, item_to_json, plain_item, report_schema, stamp, to_json
from validators.declared import Declared
from validators.evidence import Region, TimeCandidate
from validators.finding import Finding, StoredWords
from validators.report import CaptureTime, EvidenceReport, Match, QualityReport
from validators.sentences.sentences import action, sentence

TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\\x8f\udce9"), max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TIMES = st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 1, 1), timezones=st.just(UTC))
CANDIDATES = st.builds(TimeCandidate, TEXT, TEXT, TIMES, TIMES, st.booleans())
FINDINGS = st.builds(
    Finding,
    code=TEXT,
    severity=st.sampled_from(("note", "warning", "error")),
    kind=st.sampled_from(("fail", "review")),
    stored=st.builds(StoredWords, TEXT, st.none() | TEXT),
    params=st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | FLOATS | TEXT, max_size=3),
    measured=st.none() | FLOATS | st.integers(-99, 99),
    region=st.none() | st.builds(Region, FLOATS, FLOATS, FLOATS, FLOATS),
)
MATCHES = st.builds(Match, *[TEXT] * 8, st.none() | TEXT, st.none() | TIMES, st.none() | st.integers(0, 256))
DECLARED = st.builds(
    Declared,
    party=st.none() | TEXT,
    roles=st.lists(TEXT, max_size=2).map(tuple),
    description=st.none() | TEXT,
    submitted_at=st.none() | TIMES,
    declared_type=st.none() | TEXT,
)
ITEMS = st.builds(
    EvidenceReport,
    id=TEXT,
    file=TEXT | st.sampled_from(HOSTILE),
    sha256=st.none() | TEXT,
    bytes=st.integers(0),
    declared=DECLARED,
    detected_type=st.none() | TEXT,
    kind=TEXT,
    state=TEXT,
    metadata=st.dictionaries(TEXT, TEXT, max_size=3),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    matches=st.lists(MATCHES, max_size=2).map(tuple),
    capture_time=st.none() | st.builds(CaptureTime, st.none() | CANDIDATES),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, max_size=2).map(tuple))
def test_what_was_written_reads_back_and_writes_the_same_again(items):
    report = replace(sample_report(), evidence=items)
    text = to_json(report)
    text.encode("utf-8")
    back = from_json(text)
    assert [one.file for one in back.evidence] == [one.file for one in items]
    assert [one.metadata for one in back.evidence] == [one.metadata for one in items]
    assert to_json(back) == text


def test_the_sample_survives_whole():
    assert from_json(to_json(sample_report())) == sample_report()


def test_names_order_and_numbers_are_those_of_the_contract():
    tree = json.loads(to_json(sample_report()))
    assert list(tree)[:5] == ["schema", "created_at", "as_of", "revision", "dispute"]
    assert tree["created_at"] == "2026-03-18T09:30:02.120000Z"
    first = tree["evidence"][0]
    assert first["matches"][0]["class"] == "SAME_PHOTO"
    assert "class_" not in to_json(sample_report())
    assert first["clarity"]["sharpness"] == 0.7312
    assert json.loads(item_to_json(plain_item(sample_report().evidence[0]))) == first


def test_numbers_are_rounded_and_what_is_not_finite_is_null():
    found = stored_finding(
        "X", "note", "pass", "", params={"a": float("nan")}, measured=float("inf"), threshold=-1e-9
    )
    text = json.loads(item_to_json(plain_item(item("a", findings=(found,), duration_s=1 / 3))))
    assert text["duration_s"] == 0.3333
    assert (text["findings"][0]["measured"], text["findings"][0]["threshold"]) == (None, 0.0)
    assert text["findings"][0]["params"] == {"a": None}


def test_a_required_number_that_is_not_finite_is_refused():
    sample = item(
        "a", findings=(stored_finding("X", "note", "pass", "", region=Region(float("nan"), 0, 1, 1)),)
    )
    with pytest.raises(ValueError, match=r"Region\.x is not a finite number"):
        plain_item(sample)


def test_times_are_utc_and_need_a_zone():
    assert stamp(datetime(2026, 3, 7, 12, 30, tzinfo=timezone(timedelta(hours=3)))) == "2026-03-07T09:30:00Z"
    with pytest.raises(ValueError, match="no zone"):
        stamp(datetime(2026, 3, 7))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"schema": "other/1"}',
        '{"schema": "dispute-evidence/report/1"}',
        '{"schema": "dispute-evidence/report/1", "evidence": [{"matches": [1]}, 2]}',
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError):
        from_json(text)


def test_the_schema_describes_what_is_written():
    schema = report_schema()
    tree = json.loads(to_json(sample_report()))
    assert list(violations(tree, schema, schema)) == []
    assert "\\xNN" in schema["description"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda tree: tree.update(schema="dispute-evidence/report/2"),
        lambda tree: tree["evidence"][0].pop("sha256"),
        lambda tree: tree["evidence"][0].update(bytes="many"),
        lambda tree: tree["evidence"][0]["matches"][0].pop("class"),
        lambda tree: tree["evidence"][0]["findings"][0].update(measured="12"),
        lambda tree: tree.update(as_of=5),
    ],
)
def test_the_schema_refuses_what_breaks_the_contract(spoil):
    tree = json.loads(to_json(sample_report()))
    spoil(tree)
    schema = report_schema()
    assert list(violations(tree, schema, schema))


_TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip
_SILENT = {"description", "title", "default", "$schema", "$id", "$defs", "format", "maxItems", "minItems"}


def violations(value, schema, root, where="$"):
    """Where ``value`` breaks ``schema``; any keyword this small checker does not know is an error."""
    if "$ref" in schema:
        yield from violations(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root, where)
        return
    unknown = (
        set(schema)
        - _SILENT
        - {"type", "const", "anyOf", "properties", "required", "items", "additionalProperties"}
    )
    assert not unknown, unknown
    if "const" in schema and value != schema["const"]:
        yield f"{where}: not {schema['const']}"
    if "anyOf" in schema and all(list(violations(value, one, root, where)) for one in schema["anyOf"]):
        yield f"{where}: fits no alternative"
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{where}: not {kind}"
        return
    if schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value
    ):
        yield f"{where}: not a time in UTC"
    if isinstance(value, dict) and not {"properties", "additionalProperties"}.isdisjoint(schema):
        yield from (f"{where}: lacks {name}" for name in schema.get("required", ()) if name not in value)
        for name, inner in value.items():
            rule = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            if rule is None or rule is False:
                yield f"{where}: unknown name {name}"
            elif rule is not True:
                yield from violations(inner, rule, root, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for place, inner in enumerate(value):
            yield from violations(inner, schema["items"], root, f"{where}[{place}]")


def test_equal_reports_give_equal_text():
    again: QualityReport = sample_report()
    assert to_json(again) == to_json(sample_report())


BLURRED = Finding(
    code="CLR_BLUR",
    severity="warning",
    kind="fail",
    message_ids=("CLR_BLUR", "findings.views.page"),
    action_ids=("findings.retake.steady",),
    params={"page": 3},
)


def written(*findings):
    return json.loads(to_json(replace(sample_report(), evidence=(item("a", findings=findings),))))


def read_with(change, *findings):
    tree = written(*findings)
    for finding in tree["evidence"][0]["findings"]:
        change(finding)
    return from_json(json.dumps(tree)).evidence[0].findings


def test_a_finding_is_written_with_its_english_words_beside_its_codes():
    (found,) = written(BLURRED)["evidence"][0]["findings"]
    assert list(found)[:5] == ["code", "severity", "kind", "message", "action"]
    assert found["message"] == "The whole picture is out of focus. This concerns page 3."
    assert found["action"] == "Hold still, tap the item to focus, and photograph it again in daylight."
    assert found["message_ids"] == ["CLR_BLUR", "findings.views.page"]
    assert found["action_ids"] == ["findings.retake.steady"]
    assert "stored" not in found


def test_the_sentence_named_like_its_code_is_named_too():
    plain = Finding(code="PII_GPS", severity="note", kind="pass")
    tree = written(plain)
    assert tree["evidence"][0]["findings"][0]["message_ids"] == ["PII_GPS"]
    assert from_json(json.dumps(tree)).evidence[0].findings == (plain,)


def test_a_report_of_an_earlier_release_keeps_its_words():
    def older(finding):
        del finding["message_ids"], finding["action_ids"]
        finding.update(message="It is blurred.", params={"unit": "sharpness"})

    (found,) = read_with(older, BLURRED)
    assert (sentence(found), action(found)) == (
        "It is blurred.",
        "Hold still, tap the item to focus, and photograph it again in daylight.",
    )
    (again,) = written(found)["evidence"][0]["findings"]
    assert again["message"] == "It is blurred."
    assert from_json(json.dumps(written(found))).evidence[0].findings == (found,)


@pytest.mark.parametrize("changes", [{"message_ids": ["CLR_BLUR.by_then"]}, {"params": {"leaf": 3}}])
def test_a_sentence_of_a_later_release_is_shown_as_stored(changes):
    (found,) = read_with(lambda one: one.update(changes, message="Later."), BLURRED)
    assert sentence(found) == "Later."


def test_the_schema_has_the_words_and_not_how_they_are_kept():
    schema = report_schema()
    finding = schema["$defs"]["Finding"]
    assert {"message", "action", "message_ids", "action_ids", "params"} <= set(finding["properties"])
    assert "message" in finding["required"]
    assert "stored" not in finding["properties"]
    assert "StoredWords" not in schema["$defs"]
