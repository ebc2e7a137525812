"""English in Python code that people would see: strings of words outside the places that never reach a page or terminal."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from literal import LABEL, TWO_WORDS, Literal

AROUND_A_VALUE = re.compile(r"(^|[\s(])[A-Za-z]+([\s):,.;]|$)")
"""A word beside a value of an f-string: " px", " of "."""

UNSEEN_CALLS = frozenset({
    "compile", "match", "search", "sub", "fullmatch", "finditer",  # regular expressions
    "getLogger", "debug", "info", "warning", "error", "exception", "critical",  # logs
    "text", "execute", "exec_driver_sql", "CheckConstraint", "Index",  # SQL
    "strftime", "strptime", "TypeVar", "NewType", "cast",
})  # fmt: skip
UNSEEN_KEYWORDS = frozenset({"name", "metavar", "dtype", "mode", "encoding", "media_type"})
UNSEEN_ERRORS = frozenset({
    "ValueError", "TypeError", "RuntimeError", "AssertionError", "LookupError", "KeyError", "NotImplementedError",
    "IndexError", "TimeoutError", "ConnectionError", "OSError", "AttributeError", "BufferError",
})  # fmt: skip
"""Raised for programmers. An error of ours is shown by a command, so its sentence belongs in the catalogue."""
UNSEEN_NAMES = re.compile(r"_?[A-Z0-9_]*(SQL|HEADERS?|POLICY|PATTERN|FORMULA)[A-Z0-9_]*\Z")


def literals(source: str) -> Iterator[Literal]:
    """Every string in ``source`` that a person may see and that is not looked up in the catalogue."""
    yield from _in(ast.parse(source))


def _in(node: ast.AST) -> Iterator[Literal]:
    if isinstance(node, ast.Expr) and _is_text(node.value):
        return  # a docstring
    if isinstance(node, ast.Assert):
        yield from _in(node.test)
        return
    if isinstance(node, ast.Raise) and _name(node.exc) in UNSEEN_ERRORS:
        return
    if isinstance(node, ast.Assign | ast.AnnAssign) and _is_unseen_name(node):
        return
    if isinstance(node, ast.Call) and _name(node) in UNSEEN_CALLS:
        return
    if isinstance(node, ast.JoinedStr):
        yield from _in_f_string(node)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if TWO_WORDS.search(node.value) or LABEL.match(node.value):
            yield Literal(node.lineno, node.value)
        return
    for child in _children(node):
        yield from _in(child)


def _in_f_string(node: ast.JoinedStr) -> Iterator[Literal]:
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            yield from _in(part.value)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            text = part.value
            if TWO_WORDS.search(text) or (re.search(r"\s", text) and AROUND_A_VALUE.search(text)):
                yield Literal(part.lineno, text)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What runs: annotations and what is only compared or used as a key are left out."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns") and not _is_option(value):
            continue
        if isinstance(node, ast.Compare) and name == "comparators":
            continue
        if isinstance(node, ast.Subscript) and name == "slice" and isinstance(value, ast.Constant):
            continue
        if isinstance(node, ast.keyword) and node.arg in UNSEEN_KEYWORDS:
            continue
        if isinstance(node, ast.Dict) and name == "keys":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child


def _is_option(annotation: object) -> bool:
    """``Annotated[Path, typer.Option(help="…")]``: what stands in it is printed by --help."""
    return isinstance(annotation, ast.Subscript) and _name(annotation.value) == "Annotated"


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_unseen_name(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(UNSEEN_NAMES.match(_name(target)) for target in targets)


def _name(node: ast.AST | None) -> str:
    """The last name of what is called or raised: ``log.info(…)`` gives "info"."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
