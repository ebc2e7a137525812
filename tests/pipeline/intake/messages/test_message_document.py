"""docs/messages.md, the printed schema and the code say the same of our own message."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from pathlib import Path

from typer.testing import CliRunner

from pipeline.commands.program import app
from pipeline.intake.messages.notice import UploadNotice
from pipeline.intake.messages.own import SCHEMA, json_schema
from pipeline.intake.messages.parsing import parse_message
from storage.interfaces.queue import MAX_BODY

PAGE = (Path(__file__).parents[4] / "docs/messages.md").read_text("utf-8")
FIELDS = {"schema", *(field.name for field in fields(UploadNotice))}


def test_the_command_prints_the_schema_of_every_field():
    printed = json.loads(CliRunner().invoke(app, ["schema", "message"]).output)
    assert printed == json_schema()
    assert set(printed["properties"]) == FIELDS
    assert printed["required"] == ["schema", "key"]
    undescribed = [name for name, about in printed["properties"].items() if "description" not in about]
    assert undescribed == ["schema"]


def test_the_page_has_a_row_for_every_field_and_no_other():
    rows = re.findall(r"^\| (`.+?`) \|", PAGE, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == FIELDS
    assert f"at most {MAX_BODY:,} bytes" in PAGE


def test_the_example_is_understood_as_it_reads():
    (example,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    given = json.loads(example)
    parsed = parse_message(example)
    assert parsed.faults == ()
    (notice,) = parsed.notices
    assert given.pop("schema") == SCHEMA
    understood = json.loads(
        json.dumps(asdict(notice), default=lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ"))
    )
    assert {name: understood[name] for name in given} == given
