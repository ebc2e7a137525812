"""Plain text and pages of HTML: decoded for showing inert, bounded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.opening.child.charset import Decoded, decode_text
from pipeline.opening.child.html_words import stated_charset, words_of
from pipeline.opening.child.telegram import Export, chat_in_json, chat_in_page
from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem
from validators.exhibit import Exhibit
from validators.measures.chats.chat_lines import chat_of
from validators.measures.numbers.text_layers import readings_in_text

if TYPE_CHECKING:
    import mmap


def open_text(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Decode the text into ``exhibit.text``, at most ``text_characters`` of it. Messages of a chat are told apart."""
    exhibit.kind = TEXT
    size = 16 if data[:1] == b"{" else 4  # JSON takes several times as much as what it says
    raw = data[: size * limits.text_characters]
    cut = len(data) > len(raw)
    decoded = decode_text(raw, whole=not cut)
    note_encoding(decoded, exhibit)
    export = chat_in_json(decoded.text)
    if export is None:
        set_text(decoded.text, cut, exhibit, limits)
        exhibit.chat = chat_of(exhibit.text or "")
    else:
        _set_export(export, exhibit, limits)


def open_html(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """The words of a saved page."""
    exhibit.kind = TEXT
    raw = data[: 16 * limits.text_characters]
    cut = len(data) > len(raw)
    decoded = decode_text(raw, whole=not cut, declared=stated_charset(raw))
    note_encoding(decoded, exhibit)
    export = chat_in_page(decoded.text)
    if export is None:
        set_text(words_of(decoded.text), cut, exhibit, limits)
    else:
        _set_export(export, exhibit, limits, cut=cut)


def _set_export(export: Export, exhibit: Exhibit, limits: Limits, *, cut: bool = False) -> None:
    """Keep a chat's lines and those of its messages that the kept text holds."""
    set_text(export.text, cut, exhibit, limits)
    kept = tuple(one for one in export.chat.messages if one.end <= limits.text_characters)
    exhibit.chat = replace(export.chat, messages=kept)


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
    exhibit.readings = readings_in_text([exhibit.text])
    if cut or len(text) > limits.text_characters:
        detail = f"Only the first {limits.text_characters:,} characters were read."
        exhibit.problems.append(Problem("limited", detail, None, float(limits.text_characters), "characters"))
