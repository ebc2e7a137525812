"""Text files that an operator wrote, in whatever encoding the spreadsheet or editor saved them."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp1252", "cp1251", "cp1250", "cp1254", "cp1253", "cp1256", "cp1255", "gb18030", "cp932", "cp949")
"""What Excel writes as "CSV" on Windows, by the language of the system; the Western one first."""


class TextError(ValueError):
    """The file is no text in any encoding that spreadsheets write. The message says at which byte."""


def decode_text(data: bytes, fit: Callable[[str], int] | None = None) -> str:
    """The text of ``data``: by its byte order mark, as UTF-16 without one, as UTF-8, else in a legacy encoding.

    Legacy encodings cannot be told apart by their bytes: of those that decode, the one whose text ``fit`` rates highest is
    taken (for a manifest, the number of file names that exist), the first of several alike. Raises TextError.
    """
    encoding = _stated(data)
    if encoding is not None:
        return _strict(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        texts = [text for name in _LEGACY if (text := _or_none(data, name)) is not None]
    if not texts or b"\0" in data:
        return _strict(data, "utf-8")
    return max(texts, key=fit) if fit is not None else texts[0]


def same_name(name: str) -> str:
    """A file name under which its composed and decomposed spellings are one: macOS writes ö as two characters."""
    return unicodedata.normalize("NFC", name)


def _stated(data: bytes) -> str | None:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked is not None:
        return marked
    head = data[:64]
    if len(head) >= 4 and head[1::2].count(0) > 0.7 * len(head[1::2]):
        return "utf-16-le"
    if len(head) >= 4 and head[::2].count(0) > 0.7 * len(head[::2]):
        return "utf-16-be"
    return None


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise TextError(
            f"line {line}, byte {column}: it is no text in UTF-8, UTF-16 or an encoding of Excel"
        ) from error


def _or_none(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
