"""Every message that pages, console and commands ask for is in the English catalogue, and every message there is asked for."""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from validators.sentences.catalogue import ENGLISH, OURS, read_po

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = ("pages", "console", "terminal", "commands")
PREFIXES = {
    "pipeline.commands": {
        "text": "terminal.",
        "option": "commands.",
        "argument": "commands.",
        "help_text": "commands.",
    },
    "pipeline.console": {"refused": "console.refused.", "RefusalError": "console."},
    "pipeline.console.openapi": {"text": "console.api."},
}
"""What short helpers put before the id that they are given."""
_ID = re.compile(rf"(?:{'|'.join(DOMAINS)})\.[A-Za-z0-9_.]*")


def catalogue(domain):
    return read_po((OURS / ENGLISH / f"{domain}.po").read_text("utf-8"), domain).messages


def helpers_of(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    found = {}
    for prefix, helpers in PREFIXES.items():
        if module == prefix or module.startswith(prefix + "."):
            found |= helpers
    return found


def in_python(path):
    """Ids in the file, and beginnings of ids that end in a value."""
    helpers = helpers_of(path)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ID.fullmatch(node.value):
            yield node.value + ("*" if node.value.endswith((".", "_")) else "")
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            beginning = _ID.match(str(node.values[0].value))
            if beginning:
                yield beginning[0] + "*"
        elif isinstance(node, ast.Call):
            yield from by_helper(node, helpers)


def by_helper(call, helpers):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    for argument in call.args if name in helpers else ():
        for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            yield from given(part, helpers[name])
    if name == "described":
        yield from (f"commands.{call.args[0].value}.{part}" for part in ("about", "examples"))


def given(part, prefix):
    """The id that ``part`` gives to a helper, or its beginning."""
    if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
        yield f"{prefix}{part.values[0].value}*"
    elif (
        isinstance(part, ast.Constant) and isinstance(part.value, str) and re.fullmatch(r"[\w.]+", part.value)
    ):
        whole = part.value.startswith(("labels.", *(f"{domain}." for domain in DOMAINS)))
        yield part.value if whole else f"{prefix}{part.value}"


def in_template(path):
    for found in re.finditer(rf'"({_ID.pattern})"( ~)?', path.read_text("utf-8")):
        yield found[1] + ("*" if found[2] else "")


def asked_for():
    python = (in_python(path) for path in (ROOT / "pipeline").rglob("*.py"))
    templates = (in_template(path) for path in (ROOT / "pipeline").rglob("*.html"))
    return set(chain.from_iterable(chain(python, templates)))


ASKED = asked_for()


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_asked_for_is_there(domain):
    known = set(catalogue(domain))
    wanted = {one for one in ASKED if one.startswith(f"{domain}.") and not one.endswith("*")}
    optional = {one for one in wanted if domain == "commands" and one.endswith(".examples")}
    files = {"console.css", "console.js", "console.html"}
    assert wanted - optional - files - known == set()
    assert len(wanted) > 20


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_there_is_asked_for(domain):
    beginnings = tuple(one[:-1] for one in ASKED if one.endswith("*") and one.count(".") > 1)
    unused = {one for one in catalogue(domain) if one not in ASKED and not one.startswith(beginnings)}
    assert unused == set()
