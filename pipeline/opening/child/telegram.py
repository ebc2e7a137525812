"""Chats that Telegram Desktop exports, as a page or as JSON: written out as lines, one message after another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree, html

from pipeline.opening.child.html_words import words_of
from validators.evidence import ChatFacts, ChatMessage
from validators.measures.chats.chat_lines import MOST_MESSAGES
from validators.measures.metadata.zones import MINUTE, SECOND, parse_offset, utc_interval

__all__ = ["SAMPLE_JSON", "SAMPLE_PAGE", "Export", "chat_in_json", "chat_in_page"]

SAMPLE_PAGE = (
    b'<html><body><div class="history"><div class="message"><div class="date" title="05.01.2024 10:11:12 UTC+01:00"></div>'
    b'<div class="from_name">a</div><div class="text">words</div></div></div></body></html>'
)
SAMPLE_JSON = b'{"messages": [{"date": "2024-01-05T10:11:12", "from": "a", "text": "words"}]}'
"""Chats of ours, to warm up on."""
_FORM = "telegram"
_PAGE = re.compile(r'class="(?:page_wrap|history)"')
_LEAST = 1
_TITLE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?(?: (UTC[+-]\d{2}:\d{2}))?")
_TEXT_MOST = 20_000  # characters of one message
_NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class Export:
    """A chat as lines of text, and where its messages are in them."""

    text: str
    chat: ChatFacts


@dataclass(frozen=True, slots=True)
class _Said:
    """One message. ``sender`` is "" for what Telegram itself says. ``span`` in UTC, None if its time cannot be read."""

    sender: str
    value: str
    span: tuple[datetime, datetime] | None
    words: str


def chat_in_page(page: str) -> Export | None:
    """The chat of an exported page. None if it is another page."""
    if not _PAGE.search(page):
        return None
    try:
        tree = html.document_fromstring(page)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return _export(list(_of_page(tree)))


def chat_in_json(text: str) -> Export | None:
    """The chat of an exported result.json. None if it is another file."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{") or '"messages"' not in text:
        return None
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list):
        return None
    return _export([said for one in messages if isinstance(one, dict) and (said := _of_json(one))])


def _of_page(tree: Any) -> Iterator[_Said]:
    sender = ""
    for message in tree.iter("div"):
        kinds = (message.get("class") or "").split()
        if "message" not in kinds:
            continue
        if "service" in kinds:
            yield _Said("", "", None, _words(message))
            continue
        name = _first(message, "from_name")
        sender = _own_words(name) if name is not None else sender
        date = _first(message, "date")
        value = (date.get("title") or "") if date is not None else ""
        said = [one for kind in ("text", "media_wrap") if (one := _first(message, kind)) is not None]
        yield _Said(
            sender[:_NAME_MOST], value[:60], _page_span(value), "\n".join(_words(one) for one in said)
        )


def _first(message: Any, kind: str) -> Any | None:
    """The first part of a message of this kind that is not within one forwarded in it."""
    for one in message.iter("div"):
        if kind in (one.get("class") or "").split():
            return one
    return None


def _own_words(name: Any) -> str:
    return " ".join((name.text or "").split())


def _words(part: Any) -> str:
    return words_of(etree.tostring(part, encoding="unicode", method="html", with_tail=False))[:_TEXT_MOST]


def _page_span(value: str) -> tuple[datetime, datetime] | None:
    found = _TITLE.match(value)
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    offset = parse_offset(found[7]) if found[7] else None
    return utc_interval(local, SECOND if found[6] else MINUTE, offset)


def _of_json(message: dict[str, Any]) -> _Said | None:
    value, sender = message.get("date"), message.get("from")
    if not isinstance(value, str):
        return None
    words = _joined(message.get("text"))
    media = [
        message[name]
        for name in ("file", "photo", "media_type", "action")
        if isinstance(message.get(name), str)
    ]
    words = "\n".join(filter(None, (words, *(f"({name})" for name in media[:1]))))
    shown = sender if isinstance(sender, str) else ""
    return _Said(shown[:_NAME_MOST], value[:60], _json_span(message, value), words[:_TEXT_MOST])


def _joined(text: Any) -> str:
    """A message's text, which is a string, or a list of strings and of parts with an appearance of their own."""
    if isinstance(text, str):
        return text
    parts = text if isinstance(text, list) else ()
    inner = [one.get("text") if isinstance(one, dict) else one for one in parts]
    return "".join(one for one in inner if isinstance(one, str))


def _json_span(message: dict[str, Any], value: str) -> tuple[datetime, datetime] | None:
    stamp = message.get("date_unixtime")
    try:
        if isinstance(stamp, str) and stamp.isdecimal():
            moment = datetime.fromtimestamp(int(stamp), UTC)
            return moment, moment
        return utc_interval(datetime.fromisoformat(value).replace(tzinfo=None), SECOND, None)
    except (ValueError, OverflowError, OSError):
        return None


def _export(said: list[_Said]) -> Export | None:
    """The lines of all messages, and the places of the first ones in them."""
    if sum(bool(one.sender) for one in said) < _LEAST:
        return None
    senders: dict[str, int] = {}
    lines: list[str] = []
    messages: list[ChatMessage] = []
    at = 0
    for one in said:
        head = f"[{one.value}] " if one.value else ""
        head += f"{one.sender}: " if one.sender else ""
        line = f"{head}{one.words}\n"
        lines.append(line)
        if len(messages) < MOST_MESSAGES:
            place = senders.setdefault(one.sender, len(senders)) if one.sender else None
            earliest, latest = one.span or (None, None)
            messages.append(
                ChatMessage(at, at + len(head), at + len(line), place, one.value, earliest, latest)
            )
        at += len(line)
    return Export("".join(lines), ChatFacts(_FORM, tuple(senders), tuple(messages)))
