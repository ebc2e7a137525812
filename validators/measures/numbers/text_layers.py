"""Numbers of orders and parcels in text that a file itself holds: chats, mails, saved pages, tables and the text of PDFs.

Nothing is recognised, so nothing is misread. The places of words in the text stand for their places on a page, so that
a number is found beside its label or below it as on a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from validators.evidence import Reading, Region
from validators.measures.numbers.numbers import MOST, TextLine, readings_of

__all__ = ["TEXT_LAYER", "readings_in_text"]

TEXT_LAYER = "text_layer"
"""Names this reader among those that read a file."""
_CELL = re.compile(r"[^\t|;]+?(?=\t|\s{2,}|[|;]|,(?=\S)|$)")
_HAS_DIGITS = re.compile(r"\d{3}")
_LINES = 20_000
_LINE_MOST = 1000
_KEPT_BEFORE = 2  # lines above a number that may hold its label
_WIDE = 200.0  # characters of a line
_LINE_HIGH = 1.0


def readings_in_text(texts: Iterable[str]) -> tuple[Reading, ...]:
    """The numbers of some texts, such as the pages of a PDF, without places. Those of a known kind first."""
    found: dict[tuple[str, str], Reading] = {}
    for text in texts:
        for reading in readings_of(list(_cells(text)), (), most=8 * MOST):
            key = reading.kind, reading.value
            found.setdefault(key, Reading(*key, 1.0, TEXT_LAYER, reading.checked))
    ordered = sorted(found.values(), key=lambda reading: not reading.kind)
    return tuple(ordered[:MOST])


def _cells(text: str) -> Iterator[TextLine]:
    """The cells of lines with numbers and of those just above them."""
    lines = [line[:_LINE_MOST] for line in text.splitlines()[:_LINES]]
    wanted: set[int] = set()
    for number, line in enumerate(lines):
        if _HAS_DIGITS.search(line):
            wanted.update(range(max(0, number - _KEPT_BEFORE), number + 1))
    for number in sorted(wanted):
        for cell in _CELL.finditer(lines[number]):
            words = cell.group().strip(" ,")
            if words:
                left = (cell.start() + cell.group().index(words)) / _WIDE
                box = Region(left, number * _LINE_HIGH, len(words) / _WIDE, 0.9 * _LINE_HIGH)
                yield TextLine(words, 1.0, box)
