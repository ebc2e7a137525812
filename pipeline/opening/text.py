"""Plain text: decoded for showing inert, bounded."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem
from validators.exhibit import Exhibit

if TYPE_CHECKING:
    import mmap

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_text(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Decode the text into ``exhibit.text``, at most ``text_characters`` of it."""
    exhibit.kind = TEXT
    raw = data[: 4 * limits.text_characters]
    set_text(decode(raw), len(data) > len(raw), exhibit, limits)


def set_text(text: str, cut: bool, exhibit: Exhibit, limits: Limits) -> None:
    """Keep the text, saying so where only its beginning was kept."""
    exhibit.text = text[: limits.text_characters]
    if cut or len(text) > limits.text_characters:
        detail = f"Only the first {limits.text_characters:,} characters were read."
        exhibit.problems.append(Problem("limited", detail, None, float(limits.text_characters), "characters"))


def decode(raw: bytes) -> str:
    """Bytes to text by byte-order mark, else UTF-8, else Windows-1252 (which fails on no byte)."""
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return raw.decode(codec, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(raw) - 3:  # a character cut by the limit
            return raw.decode("utf-8", "ignore")
        return raw.decode("cp1252", "replace")
