"""Plain text and pages of HTML: decoded for showing inert, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.opening.child.charset import Decoded, decode_text
from pipeline.opening.child.html_words import stated_charset, words_of
from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem
from validators.exhibit import Exhibit

if TYPE_CHECKING:
    import mmap


def open_text(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Decode the text into ``exhibit.text``, at most ``text_characters`` of it."""
    exhibit.kind = TEXT
    raw = data[: 4 * limits.text_characters]
    cut = len(data) > len(raw)
    decoded = decode_text(raw, whole=not cut)
    note_encoding(decoded, exhibit)
    set_text(decoded.text, cut, exhibit, limits)


def open_html(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """The words of a saved page."""
    exhibit.kind = TEXT
    raw = data[: 16 * limits.text_characters]
    cut = len(data) > len(raw)
    decoded = decode_text(raw, whole=not cut, declared=stated_charset(raw))
    note_encoding(decoded, exhibit)
    set_text(words_of(decoded.text), cut, exhibit, limits)


def note_encoding(decoded: Decoded, exhibit: Exhibit) -> None:
    """Keep the encoding, and say where it is not certain which."""
    exhibit.metadata["text:encoding"] = decoded.encoding
    if not decoded.certain:
        exhibit.problems.append(
            Problem("encoding_uncertain", ", ".join((decoded.encoding, *decoded.alternatives)))
        )


def set_text(text: str, cut: bool, exhibit: Exhibit, limits: Limits) -> None:
    """Keep the text, saying so where only its beginning was kept."""
    exhibit.text = text[: limits.text_characters]
    if cut or len(text) > limits.text_characters:
        detail = f"Only the first {limits.text_characters:,} characters were read."
        exhibit.problems.append(Problem("limited", detail, None, float(limits.text_characters), "characters"))
