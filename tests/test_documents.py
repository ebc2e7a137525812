"""Documents name what exists, keep to their length, and are made of short sentences."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from pipeline.commands.program import app
from pipeline.intake.dispute_file import parse_dispute_file
from pipeline.setup.policies import load_policy
from validators.dispute import BUYER, SELLER

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
PROGRAM = typer.main.get_command(app)
MODULES = {
    path.name
    for part in ("pipeline", "storage", "validators", "tests")
    for path in (ROOT / part).rglob("*.py")
}
TOP_FOLDERS = "pipeline|storage|validators|tests|docs|deploy|requirements|sample_evidence"

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(rf"`((?:{TOP_FOLDERS})/[\w./-]*)`")
MODULE = re.compile(r"`(\w+\.py)`")
SHELL_LINE = re.compile(r"^\s*(?:\./dev run|evidence) (.+)$", re.MULTILINE)
INLINE = re.compile(r"`(?:\./dev run|evidence) ([a-z][^`\n]*)`")
DEV = re.compile(r"\./dev ([a-z][a-z-]*)")
BENCH = re.compile(r"\./dev bench ([a-z][a-z_]*)")
REASON_ROW = re.compile(r"^\| (`[A-Za-z_]+`.*?) \| (.*?) \|(.*?)\|$", re.MULTILINE)

WORDS_MOST = {"README.md": 999, "docs/benchmarks.md": 3000}
LONG = 30
"""Words of a sentence that a reader has to take twice."""
LONG_SHARE = 0.05

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def anchors(document: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def sentences(text: str) -> list[str]:
    """The sentences of a document, a cell of a table or an entry of a list counted by itself."""
    lines = FENCE.sub("\n", text).splitlines()
    parts, paragraph = [], []
    for line in (*(line.strip() for line in lines), ""):
        starts_anew = not line or line[0] in "#|!" or re.match(r"([-*]|\d+\.) ", line)
        if starts_anew:
            parts.append(" ".join(paragraph))
            paragraph = []
        if line.startswith("|"):
            parts += line.split("|")
        elif line and line[0] not in "#!":
            paragraph.append(re.sub(r"^([-*]|\d+\.) ", "", line))
    ends = re.compile(r"(?<=[.!?:])[)\"*]*\s+(?=[A-Z`*\"\[(0-9])")
    return [sentence for part in parts for sentence in ends.split(part) if len(sentence.split()) > 1]


def length(sentence: str) -> int:
    """Its words: an address of a link is none, and a name in code is one."""
    plain = re.sub(r"`[^`]*`", "x", re.sub(r"\]\([^)]*\)", "]", sentence))
    return sum(1 for word in plain.split() if re.search(r"\w", word))


@each_document
def test_links_lead_to_files_and_headings(document):
    for target in LINK.findall(FENCE.sub("", document.read_text("utf-8"))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        there = (document.parent / name).resolve() if name else document
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@each_document
def test_paths_and_modules_exist(document):
    text = document.read_text("utf-8")
    for path in PATH.findall(text):
        assert (ROOT / path).exists() or any(ROOT.glob(path)), path
    assert set(MODULE.findall(text)) <= MODULES


@each_document
def test_commands_exist_with_their_options(document):
    text = document.read_text("utf-8")
    for line in (*SHELL_LINE.findall("\n".join(FENCE.findall(text))), *INLINE.findall(text)):
        words = shlex.split(line.replace("…", ""), comments=True)
        command = PROGRAM
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        assert command is not PROGRAM, line
        known = {option for param in command.params for option in param.opts} | {"--help"}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= known, line


@each_document
def test_commands_of_the_checkout_exist(document):
    text = document.read_text("utf-8")
    offered = set(re.findall(r"^\./dev ([a-z-]+)", (ROOT / "dev").read_text("utf-8"), re.MULTILINE)) | {
        "help"
    }
    assert set(DEV.findall(text)) <= offered
    for name in set(BENCH.findall(text)):
        assert (ROOT / "tests" / "benchmarks" / f"{name}.py").is_file(), name


@each_document
def test_sentences_are_short(document):
    found = sentences(document.read_text("utf-8"))
    long = [sentence for sentence in found if length(sentence) > LONG]
    assert len(long) <= LONG_SHARE * len(found), long


@pytest.mark.parametrize(("name", "most"), WORDS_MOST.items())
def test_documents_keep_to_their_length(name, most):
    assert len((ROOT / name).read_text("utf-8").split()) <= most


def test_a_long_sentence_is_counted():
    text = "Short one. " + "Word " + "word " * 30 + "end.\n\n| a cell of five words | next |\n"
    assert [length(sentence) for sentence in sentences(text)] == [2, 32, 5]


def test_the_example_of_a_dispute_is_read():
    guide = (ROOT / "docs" / "checking.md").read_text("utf-8")
    (example,) = re.findall(r"^```json\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    dispute = parse_dispute_file(example.encode())
    assert dispute.id == "D-1001"
    assert [event.type for event in dispute.order.events] == ["placed", "delivered"]
    assert dispute.declared_evidence[0].declared.roles == ("item",)


def test_what_each_reason_needs_is_what_the_policy_says():
    def roles(cell: str) -> tuple[set[str], set[str]]:
        optional = set(re.findall(r"\w+", " ".join(re.findall(r"\((.*?)\)", cell))))
        return set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", cell))), optional

    guide = (ROOT / "docs" / "checking.md").read_text("utf-8")
    table = guide.split("## What each reason needs", 1)[1].split("\n## ", 1)[0]
    written = {
        name: (roles(buyer), roles(seller))
        for names, buyer, seller in REASON_ROW.findall(table)
        for name in re.findall(r"`(\w+)`", names)
    }
    of_policy = {}
    for name, reason in load_policy(None).reasons.items():
        sides = (reason.needs.get(party) for party in (BUYER, SELLER))
        of_policy[name] = tuple(
            (set(side.required), set(side.optional)) if side else (set(), set()) for side in sides
        )
    assert written == of_policy
