"""What looks like English."""

from __future__ import annotations

import re
from typing import NamedTuple

TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,.:;’')]*[ \u00a0]+['(]?[A-Za-z]{2,}")
LABEL = re.compile(r"[A-Z][a-z]{2,}[.:…]?\Z")
"""One word with a capital, as on a button."""


class Literal(NamedTuple):
    """Where English stands in code."""

    line: int
    text: str
