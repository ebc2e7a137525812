"""One more check, member format, source of candidates and language, each added as CONTRIBUTING.md says: a file of its own and
one entry in a table or folder. No other module knows of them, and all of them meet in one run."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from toy_archives import archive, picture, with_toy_format

from pipeline.batch import check
from pipeline.intake.folders import read_paths
from pipeline.judgement.report_json import to_json
from pipeline.reuse import sources
from pipeline.reuse.candidates import Candidate
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from validators.checks import all_checks
from validators.finding import FAIL, NOTE, Finding
from validators.policy import parse_policy
from validators.rules import Rule
from validators.sentences.catalogue import OURS, Catalogues
from validators.sentences.sentences import Sentences, sentences_in

HEADER = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'


# A check: its rules, the rules' values, itself, and its sentence.


@dataclass(frozen=True, slots=True)
class SizeRules:
    table: ClassVar[str] = "toy_size"

    above: Rule[int]


RULE = """
[rules.toy_size.above]
value = 1000
unit = "bytes"
source = "this test"
why = "So that the words are small and the pictures are not."
"""


def large_file(case, policy):
    rule = policy.group(SizeRules).above
    if case.evidence.bytes > rule.value:
        yield Finding(
            code="TOY_LARGE",
            severity=NOTE,
            kind=FAIL,
            action_ids=("TOY_LARGE.send",),
            params={"unit": rule.unit},
            measured=float(case.evidence.bytes),
            threshold=float(rule.value),
            rule=rule.name,
        )


ENGLISH_WORDS = HEADER + (
    'msgid "TOY_LARGE"\nmsgstr "The file is large: {measured} {unit}."\n\n'
    'msgid "TOY_LARGE.send"\nmsgstr "Send a smaller one."\n'
)


# A source of candidates.


class EveryFile:
    """Proposes every file that it remembers."""

    def __init__(self):
        self.known = set()

    def remember(self, tenant, examinations, records, objects):
        self.known |= {one.sha256 for one in examinations}

    def candidates(self, tenant, examination, records, objects, policy):
        return [Candidate(0, other, 0, "toy", votes=1) for other in sorted(self.known - {examination.sha256})]

    def forget(self, tenant, contents, records):
        self.known -= set(contents)

    def compact(self, database):
        return 0


# A language: what it lacks is said in English.

TOY_WORDS = HEADER + 'msgid "TOY_LARGE"\nmsgstr "Tro granda: {measured} {unit}."\n'


@pytest.fixture
def catalogues(tmp_path):
    for language, text in (("en", ENGLISH_WORDS), ("eo", TOY_WORDS)):
        (tmp_path / "catalogues" / language).mkdir(parents=True)
        (tmp_path / "catalogues" / language / "findings.po").write_text(text)
    return Catalogues(OURS, tmp_path / "catalogues")


@pytest.fixture
def reports(tmp_path, monkeypatch, catalogues):
    """A photo inside an archive, and the same photo saved anew in another dispute, checked by the toys alone."""
    with_toy_format(monkeypatch)
    monkeypatch.setattr(all_checks, "VALIDATORS", (*all_checks.VALIDATORS, large_file))
    monkeypatch.setattr(sources, "SOURCES", (EveryFile(),))
    monkeypatch.setattr(sentences_in("en"), "_catalogues", catalogues)
    uploads = {
        "D-1/chat.zip": archive([("photo.jpg", picture(1)), ("words.txt", b"words\n")]),
        "D-2/photo.jpg": picture(1, quality=70),
        "D-2/other.jpg": picture(2),
    }
    for name, data in uploads.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    ours = (files("validators") / "policy.toml").read_text("utf-8")
    across = "[rules.reuse.members_across_disputes]\nvalue = "
    policy = parse_policy(ours.replace(f"{across}false", f"{across}true") + RULE)
    with open_context(read_settings(tmp_path / "store"), policy) as context:
        reading = read_paths([tmp_path / "in"], frozenset())
        result = check(reading, context, datetime(2026, 3, 20, tzinfo=UTC), 1, lambda *_: None)
    return {report.dispute.id: report for report in result.reports}


def test_toys_of_every_kind_meet_in_one_run(reports, catalogues):
    inside = {item.file: item for item in reports["D-1"].evidence}
    assert set(inside) == {"chat.zip", "chat.zip › photo.jpg", "chat.zip › words.txt"}  # the format
    assert inside["chat.zip › photo.jpg"].parent == inside["chat.zip"].id

    (match,) = [match for item in reports["D-2"].evidence for match in item.matches]  # the source
    assert (match.file, match.class_) == ("chat.zip › photo.jpg", "SAME_PHOTO")

    large = {file for file, item in inside.items() if any(one.code == "TOY_LARGE" for one in item.findings)}
    assert large == {"chat.zip", "chat.zip › photo.jpg"}  # the check
    body = to_json(reports["D-1"])
    said = [
        one for item in json.loads(body)["evidence"] for one in item["findings"] if one["code"] == "TOY_LARGE"
    ]
    size = inside["chat.zip › photo.jpg"].bytes
    assert f"The file is large: {size:,} bytes." in [one["message"] for one in said]
    assert {(one["action"], one["rule"]) for one in said} == {("Send a smaller one.", "toy_size.above")}

    toy = Sentences("eo", catalogues)  # the language
    (finding,) = [one for one in inside["chat.zip › photo.jpg"].findings if one.code == "TOY_LARGE"]
    assert toy.sentence(finding) == f"Tro granda: {size:,} bytes."
    assert toy.action(finding) == "Send a smaller one."
    assert "eo" in catalogues.languages()
