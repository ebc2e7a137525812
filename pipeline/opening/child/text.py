"""Plain text: decoded for showing inert, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem
from validators.exhibit import Exhibit
from validators.measures.containers.text_type import text_encoding

if TYPE_CHECKING:
    import mmap


def open_text(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Decode the text into ``exhibit.text``, at most ``text_characters`` of it."""
    exhibit.kind = TEXT
    raw = data[: 4 * limits.text_characters]
    cut = len(data) > len(raw)
    set_text(decode(raw, whole=not cut), cut, exhibit, limits)


def set_text(text: str, cut: bool, exhibit: Exhibit, limits: Limits) -> None:
    """Keep the text, saying so where only its beginning was kept."""
    exhibit.text = text[: limits.text_characters]
    if cut or len(text) > limits.text_characters:
        detail = f"Only the first {limits.text_characters:,} characters were read."
        exhibit.problems.append(Problem("limited", detail, None, float(limits.text_characters), "characters"))


def decode(raw: bytes, *, whole: bool) -> str:
    """Bytes to text; ``whole`` says that ``raw`` is the entire file. 8-bit code pages, which cannot be told apart,
    are read as Windows-1252."""
    codec = text_encoding(raw, whole=whole)
    if codec is None or codec == "latin-1":
        codec = "cp1252"
    return raw.decode(codec, "replace" if whole else "ignore")
