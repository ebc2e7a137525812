"""The words of an HTML page or mail part, laid out as text: nothing is loaded and nothing is run."""

from __future__ import annotations

import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree

_CONFIG = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_UNSEEN = re.compile(r"<(script|style|title)\b.{0,200000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,2000}>")


def words_of(html: str) -> str:
    """The text of ``html`` with its tables in columns; of markup too deep or too odd to parse, the text between tags."""
    try:
        text = get_text(_DECLARATION.sub("", html), _CONFIG)
    except (etree.LxmlError, ValueError, RecursionError, AssertionError):
        text = ""
    if not text.strip():  # too odd for the parser, which leaves out what is nested too deep
        text = _TAG.sub(" ", _UNSEEN.sub(" ", html))
    return _BLANK_LINES.sub("\n\n", text).strip()


def stated_charset(raw: bytes) -> str | None:
    """The charset that a page states in its head."""
    found = _CHARSET.search(raw[:4096])
    return found[1].decode("ascii") if found else None
