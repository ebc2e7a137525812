"""docs/schemas holds what the command prints, and the samples fit it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.commands.program import app
from pipeline.commands.shared.schemas import Schema
from pipeline.intake.dispute_file import parse_dispute_file
from pipeline.judgement.event import event_text, report_attached

ROOT = Path(__file__).parents[3]


def kept(name):
    return json.loads((ROOT / f"docs/schemas/{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", Schema)
def test_the_kept_schema_is_the_printed_one(name):
    assert json.loads(CliRunner().invoke(app, ["schema", name]).output) == kept(name)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("sample_evidence/*/dispute.json")), ids=lambda path: path.parent.name
)
def test_the_schema_knows_every_key_of_the_samples(path):
    schema = kept("dispute")
    assert set(json.loads(path.read_text("utf-8"))) - {"$schema"} <= set(schema["properties"])
    assert schema["required"] == ["id"]


def test_a_dispute_may_name_its_schema():
    named = {"$schema": "../docs/schemas/dispute.json", "id": "D-1"}
    assert parse_dispute_file(json.dumps(named).encode()).id == "D-1"


def test_an_event_fits_its_schema_and_repeats_its_key():
    first, again, next_ = (report_attached("eu", "D-1", revision) for revision in (3, 3, 4))
    sent, schema = json.loads(event_text(first)), kept("event")
    assert list(sent) == list(schema["properties"]) == schema["required"]
    assert {name: sent[name] for name in ("schema", "type")} == {
        name: about["const"] for name, about in schema["properties"].items() if "const" in about
    }
    assert first == again
    assert first.idempotency_key != next_.idempotency_key


def test_the_documented_event_is_the_one_sent():
    sent = report_attached("default", "D-1001", 3).idempotency_key
    assert sent in (ROOT / "docs/operations.md").read_text("utf-8")
