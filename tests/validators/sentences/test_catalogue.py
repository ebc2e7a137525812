"""Catalogues: what is read, what falls back, and that all languages agree."""

from __future__ import annotations

import io
import string

import pytest
from babel.messages.pofile import read_po as babel_read_po

from pipeline.setup.policies import load_policy
from validators.checks.acceptance import AcceptRules
from validators.checks.all_checks import VALIDATORS
from validators.checks.clarity_faults import ClarityRules
from validators.checks.order_times import CaptureTimeRules
from validators.finding import CODES, Finding
from validators.report import STATES
from validators.sentences.catalogue import ENGLISH, OURS, CatalogueError, Catalogues, read_po
from validators.sentences.labels import Labels
from validators.sentences.sentences import Sentences

HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
FILES = sorted(OURS.glob("*/*.po"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def all_fields(message) -> set[str]:
    return set().union(*(fields(form) for form in message.forms)) | ({message.counted} - {None})


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_babel_reads_the_same(path):
    ours = read_po(path.read_text("utf-8"), path.name).messages
    theirs = babel_read_po(io.BytesIO(path.read_bytes()), locale=path.parent.name)
    assert {name: message.forms for name, message in ours.items()} == {
        (message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in theirs
        if message.id
    }
    assert len(ours) == path.read_text("utf-8").count("\nmsgid ") - path.read_text("utf-8").startswith("#")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_id_belongs_to_its_file(path):
    for msgid in read_po(path.read_text("utf-8"), path.name).messages:
        head = msgid.partition(".")[0]
        assert head == path.stem or (path.stem == "findings" and (head in CODES or head == "findings"))


def test_languages_use_the_fields_of_english_and_no_ids_of_their_own():
    catalogues = Catalogues()
    for language in catalogues.languages():
        for path in (OURS / language).glob("*.po"):
            english = catalogues.domain(ENGLISH, path.stem).messages
            for msgid, message in catalogues.domain(language, path.stem).messages.items():
                assert all_fields(message) == all_fields(english[msgid]), msgid


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nobody_is_accused(path):
    text = path.read_text("utf-8").lower()
    assert "fake" not in text
    assert "fraud" not in text
    assert "genuine" not in text


def test_every_code_and_state_has_its_labels():
    sentences = Sentences()
    for code in CODES:
        assert sentences.has(f"labels.title.{code}"), code
    for state in STATES:
        assert Labels(sentences).state(state).words.endswith(".")


def test_every_code_of_the_default_policy_has_its_label():
    policy = load_policy()
    roles = {
        role
        for one in policy.reasons.values()
        for needs in one.needs.values()
        for role in needs.required + needs.optional
    }
    codes = {
        "role": roles | set(policy.group(ClarityRules).text_roles),
        "sub_reason": set(policy.reasons) - {one.reason for one in policy.reasons.values()},
        "reason": {one.reason for one in policy.reasons.values()} - {"ANY"},
        "type": set(policy.group(AcceptRules).types.value),
        "trailing": set(policy.group(AcceptRules).trailing_types.value),
        "event_source": set(policy.group(CaptureTimeRules).event_sources),
        "check": {check.__name__ for check in VALIDATORS},
    }
    missing = [f"labels.{kind}.{code}" for kind, known in codes.items() for code in sorted(known)]
    assert [msgid for msgid in missing if not Sentences().has(msgid)] == []


def test_a_language_is_added_by_a_folder_alone(tmp_path):
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "labels.po").write_text(
        HEADER
        + 'msgid "labels.language.locale"\nmsgstr "de"\n\n'
        + 'msgid "labels.role.item"\nmsgstr "dingfoto"\n\n'
        + 'msgid "labels.quantity.pages"\nmsgid_plural "{count}"\nmsgstr[0] "{count} blat"\nmsgstr[1] "{count} blaten"\n'
    )
    (tmp_path / "xx" / "findings.po").write_text(
        HEADER + 'msgid "VID_SHAKE"\nmsgstr "{spans:spans 3} rydder det, {measured:percent} altid"\n'
    )
    catalogues = Catalogues(OURS, tmp_path)
    toy = Sentences("xx", catalogues)
    shaky = Finding(
        code="VID_SHAKE",
        severity="warning",
        kind="fail",
        action_ids=("VID_SHAKE.record",),
        params={"spans": "0:03-0:07, 0:12-0:14"},
        measured=0.625,
    )
    assert toy.sentence(shaky) == "0:03 to 0:07 und 0:12 to 0:14 rydder det, 62\xa0% altid"
    assert toy.action(shaky).startswith("Record it again")  # English, until somebody translates it
    assert catalogues.languages() == (ENGLISH, "xx")
    assert toy.heading("role", "item") == "Dingfoto"
    assert toy.text("labels.quantity.pages", count=1) == "1 blat"
    assert toy.text("labels.quantity.pages", count=1200) == "1.200 blaten"
    assert toy.heading("role", "packaging") == "Photo of the packaging"


def test_a_code_that_no_catalogue_knows_reads_as_words():
    assert Sentences().label("role", "left_shoe") == "left shoe"
    assert Sentences().heading("reason", "MUCH_TOO_LATE") == "Much too late"


def test_a_missing_message_or_parameter_is_a_fault_of_ours():
    with pytest.raises(KeyError, match=r"no message 'labels.nothing'"):
        Sentences().text("labels.nothing")
    with pytest.raises(KeyError, match="count"):
        Sentences().text("labels.quantity.pages")


def test_what_is_no_language_is_read_from_nowhere(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "labels.po").write_text(HEADER + 'msgid "labels.role.item"\nmsgstr "found"\n')
    (tmp_path / "in").mkdir()
    assert Sentences("../other", Catalogues(OURS, tmp_path / "in")).label("role", "item") == "item photo"


def test_fuzzy_and_empty_messages_are_not_translated():
    text = (
        HEADER + '#, fuzzy\nmsgid "a"\nmsgstr "guess"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr "right"\n'
    )
    assert set(read_po(text, "x.po").messages) == {"c"}


def test_strings_run_over_lines_and_are_unescaped():
    text = HEADER + 'msgid "a"\nmsgstr ""\n"one \\"two\\"\\n"\n"three\\\\n"\n'
    assert read_po(text, "x.po").messages["a"].forms == ('one "two"\nthree\\n',)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER + 'msgid "a"\nmsgstr "unfinished\n', "line 6"),
        ('msgid ""\nmsgstr "Language: xx\\n"\n', "no Plural-Forms"),
        (HEADER.replace("(n != 1)", "import os"), "cannot be read"),
        (HEADER + 'msgid "a"\nmsgid_plural "many"\nmsgstr[0] "x"\n', "the field that counts"),
    ],
)
def test_a_broken_catalogue_says_where(text, told):
    with pytest.raises(CatalogueError, match=told):
        read_po(text, "x.po")


def test_plural_rules_of_three_forms_hold():
    text = (
        HEADER.replace("nplurals=2", "nplurals=3").replace(
            "(n != 1)", "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
        )
        + 'msgid "a"\nmsgid_plural "{n}"\nmsgstr[0] "one"\nmsgstr[1] "few"\nmsgstr[2] "many"\n'
    )
    domain = read_po(text, "x.po")
    assert [domain.messages["a"].forms[domain.plural(n)] for n in (1, 3, 5, 11, 21)] == [
        "one",
        "few",
        "many",
        "many",
        "one",
    ]
