"""English in JavaScript that people would see. Texts come from the page, as data attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from literal import LABEL, TWO_WORDS, Literal

_COMMENT = re.compile(r"(?m)^\s*//[^\n]*|(?<=[;{}] )//[^\n]*|/\*.*?\*/")
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_VALUE = re.compile(r"\$\{[^{}]*\}")
_UNSEEN = re.compile(
    r"(?:querySelector|querySelectorAll|closest|matches|matchMedia|getElementById|addEventListener|getItem|setItem"
    r"|createElement|setAttribute|hasAttribute|DateTimeFormat|transform =)\W*$"
)
_SHOWN = re.compile(
    r"(?:textContent|innerText|innerHTML|title|alt|placeholder|alert\(|append\(|replaceChildren\()[^;\n]*$"
)


def literals(source: str) -> Iterator[Literal]:
    """Every string in ``source`` that a person may see."""
    code = _COMMENT.sub(lambda found: " " * len(found[0]), source)
    for found in _STRING.finditer(code):
        text = _VALUE.sub("", next(group for group in found.groups() if group is not None))
        before = code[max(0, found.start() - 120) : found.start()]
        if _UNSEEN.search(before) or text == "use strict":
            continue
        words = TWO_WORDS.search(text) or LABEL.match(text)
        if words or (_SHOWN.search(before) and re.search(r"[A-Za-z]{4,}", text)):
            yield Literal(code.count("\n", 0, found.start()) + 1, text)
