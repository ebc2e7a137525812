"""Makes strings from outside safe to show: nothing hidden, nothing that controls a terminal or a page.

The reversible escapes for JSON are here too, because they also treat names that are not plain text.
"""

from __future__ import annotations

import re

# C0 and C1 controls, soft hyphen, letter mark, fillers, zero-width and directional marks and overrides, line
# and paragraph separators, invisible operators, byte-order and annotation marks, tag characters, surrogates.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# In running text, line ends and tabs are layout, and joiners and marks belong to Persian, Hebrew and emoji.
_HIDDEN_IN_BLOCKS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_SENTENCE_MAX = 80
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_SURROGATE = re.compile("[\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"\\(?=x(?:5c|[89a-f][0-9a-f])|ud[89a-f][0-9a-f]{2})")
_ESCAPED = re.compile(r"\\x(5c|[89a-f][0-9a-f])|\\u(d[89a-f][0-9a-f]{2})")

ESCAPES_IN_WORDS = (
    "Strings are Unicode. A byte of a file name that is not valid UTF-8 is written \\xNN (80 to ff), "
    "any other lone surrogate \\udNNN; the backslash of a name that already holds such a sequence is written "
    "\\x5c, so that the original can be recovered exactly."
)


def visible(value: str) -> str:
    """``value`` on one line, with every invisible or control character spelled out (``\\x1b``, ``\\u202e``)."""
    return value if value.isprintable() else _HIDDEN.sub(_spell, value)


def shorten(value: str) -> str:
    """``visible(value)`` in at most 80 characters: a name from outside, fit for a sentence."""
    seen = visible(value)
    return seen if len(seen) <= _SENTENCE_MAX else seen[: _SENTENCE_MAX - 1] + "…"


def visible_block(value: str) -> str:
    """Like ``visible`` for running text: line ends (made ``\\n``), tabs and joiners stay."""
    if value.isprintable():
        return value
    return _HIDDEN_IN_BLOCKS.sub(_spell, value.replace("\r\n", "\n").replace("\r", "\n"))


def printable_in(encoding: str, value: str) -> str:
    """``visible(value)`` with whatever ``encoding`` cannot hold spelled out as well."""
    return visible(value).encode(encoding, "backslashreplace").decode(encoding)


def escape_surrogates(value: str) -> str:
    """``value`` as valid Unicode, reversibly; see ESCAPES_IN_WORDS."""
    if "\\" in value:
        value = _LOOKS_ESCAPED.sub(r"\\x5c", value)
    return value if value.isascii() else _SURROGATE.sub(_spell, value)


def unescape_surrogates(value: str) -> str:
    """The inverse of ``escape_surrogates``."""
    return _ESCAPED.sub(_restore, value) if "\\" in value else value


def _spell(match: re.Match[str]) -> str:
    character = match.group()
    point = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if 0xDC80 <= point <= 0xDCFF:  # Python's surrogateescape: the byte is what counts
        return f"\\x{point - 0xDC00:02x}"
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _restore(match: re.Match[str]) -> str:
    byte, surrogate = match.groups()
    if surrogate is not None:
        return chr(int(surrogate, 16))
    return "\\" if byte == "5c" else chr(0xDC00 + int(byte, 16))
