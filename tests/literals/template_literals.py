"""English in templates that people would see: text between tags, attributes that are read aloud or shown, and strings that
an expression prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import jinja2
import jinja2.ext
from jinja2 import nodes
from literal import LABEL, TWO_WORDS, Literal

SHOWN_ATTRIBUTES = frozenset({"alt", "title", "aria-label", "placeholder", "aria-description", "label"})
OURS = frozenset(
    {"dispute-evidence", "report.json", "files.csv", "openapi.json", "CSV", "EVIDENCE_PREVIEWS=1"}
)
"""Names of things, which are the same in every language."""
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_EXPRESSION = "\uffff"  # what an expression leaves in the markup
_MESSAGE_ID = re.compile(r"[a-z_]+(\.[A-Za-z_]+)*\.?\Z")
_COMMAND = re.compile(r"(evidence [a-z]+( [a-z]+)*|--[a-z]+|Authorization: Bearer …|sha256)\Z")
_PRINTS = (nodes.CondExpr, nodes.Concat, nodes.Add, nodes.Or, nodes.Output)


def literals(source: str) -> Iterator[Literal]:
    """Every string in the template ``source`` that a person may see and that is not looked up in the catalogue."""
    environment = jinja2.Environment(autoescape=True, extensions=[jinja2.ext.i18n])
    yield from _in_markup(environment, source)
    yield from _in_expressions(environment.parse(source), printed=False)


def _in_markup(environment: jinja2.Environment, source: str) -> Iterator[Literal]:
    """Text and attributes, with each expression or statement as one character."""
    parts, inside = [], False
    for _line, kind, value in environment.lex(source):
        if kind == "data":
            parts.append(value)
        elif kind.endswith("_begin"):
            inside = True
        elif kind.endswith("_end") and inside:
            parts.append(_EXPRESSION + "\n" * value.count("\n"))
            inside = False
        elif inside:
            parts.append("\n" * value.count("\n"))
    shown = _Shown()
    shown.feed("".join(parts))
    shown.close()
    yield from shown.found


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Literal] = []
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        button = tag == "input" and dict(attrs).get("type") in ("submit", "button", "reset")
        for name, value in attrs:
            self._check(value or "", shown=name in SHOWN_ATTRIBUTES or (button and name == "value"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self._check(data, shown=self._tag not in ("style", "script"))

    def _check(self, text: str, *, shown: bool) -> None:
        for piece in text.split(_EXPRESSION):
            words = piece.strip()
            if (
                shown
                and _LETTERS.search(words)
                and words.strip(".,;: ") not in OURS
                and not _COMMAND.match(words)
            ):
                self.found.append(Literal(self.getpos()[0], words))


def _in_expressions(node: nodes.Node, *, printed: bool) -> Iterator[Literal]:
    """Strings that an expression prints, and sentences given to a macro. Ids of messages are neither."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        text = node.value
        if "." in text and _MESSAGE_ID.match(text):
            return
        if TWO_WORDS.search(text) or LABEL.match(text) or (printed and _LETTERS.search(text)):
            yield Literal(node.lineno, text)
        return
    if isinstance(node, nodes.TemplateData):
        return
    if isinstance(node, nodes.Compare):
        yield from _in_expressions(node.expr, printed=False)
        return
    for child in node.iter_child_nodes():
        asked = isinstance(node, nodes.CondExpr) and child is node.test
        yield from _in_expressions(child, printed=isinstance(node, _PRINTS) and not asked)
