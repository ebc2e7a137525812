"""A chat that was exported or copied as text, taken apart into messages with sender and time.

Forms that are read, whatever the language: WhatsApp on phones ("[05.01.24, 10:11:12] Anna: …", "05/01/2024 10:11 - Anna: …"),
logs in their manner, chats copied from programs ("Anna, [05.01.2024 10:11]" above a message), and lines of "name: text".
A line that begins no message belongs to the one above it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from validators.evidence import ChatFacts, ChatMessage
from validators.measures.chats.message_dates import DATE, TIME, Stamp, instants, stamp_of

__all__ = ["MOST_MESSAGES", "WHATSAPP", "chat_of"]

WHATSAPP, COPIED, LOG = "whatsapp", "copied", "log"
MOST_MESSAGES = 5000
"""Messages kept of one chat; the text holds all."""
_LEAST = 3  # heads that make a chat, and no letter with a date in it
_LEAST_LOG = 6  # lines of a log without times: forms have a few lines of "name: value" too
_LOG_SHARE = 0.8
_NAMES_MOST = 12  # senders of a log without times
_LINE_MOST = 4000
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SKIP = r"\s*"
_NAME = r"[^\n:：\[\]]{1,80}?"
_AND = r"(?:\s?[,،،]\s?|\s+)(?:(?:à|at|um|klo|kl\.|a las|às|в|的)\s)?"
_STAMP = rf"(?P<date>{DATE}){_AND}(?P<time>{TIME})"

_BRACKETS = re.compile(rf"{_SKIP}\[{_SKIP}{_STAMP}{_SKIP}\]{_SKIP}(?P<rest>.*)", re.IGNORECASE)
_DASH = re.compile(rf"{_SKIP}{_STAMP}{_SKIP}\s[-–—]\s{_SKIP}(?P<rest>.*)", re.IGNORECASE)
_BARE = re.compile(rf"{_SKIP}{_STAMP}{_SKIP}[|:]?\s+(?P<rest>{_NAME}[:：]\s.*)", re.IGNORECASE)
_ABOVE = re.compile(
    rf"{_SKIP}(?P<name>{_NAME}),?\s+(?:\[{_STAMP}\]|{_STAMP.replace('P<date', 'P<date2').replace('P<time', 'P<time2')})\s*:?",
    re.IGNORECASE,
)
_SENDER = re.compile(rf"(?P<name>{_NAME})\s?[:：](?:\s+|$)(?P<text>.*)", re.DOTALL)
_NAMED = re.compile(rf"{_SKIP}(?P<name>[^\s\d:：/\[][^:：/\[]{{0,38}}?)\s?[:：]\s*(?P<text>\S.*)")
_STRIPPED = re.compile(r"^~\s?")


@dataclass(frozen=True, slots=True)
class _Head:
    """The start of a message: of the line and of its words, its sender ("" for none), its time as written and as read."""

    start: int
    words: int
    sender: str
    value: str
    stamp: Stamp | None


def chat_of(text: str) -> ChatFacts | None:
    """The messages of a text. None if it is no chat in a form that is read."""
    lines = list(_lines(text))
    for form, heads in (
        (WHATSAPP, _with_dash_or_brackets(lines)),
        (COPIED, _names_above(lines)),
        (LOG, _names_alone(lines)),
    ):
        if heads:
            return _facts(form, heads, len(text))
    return None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Where each line begins, and the line without its end, with spaces for the marks of direction that Arabic dates have."""
    at = 0
    for line in text.split("\n"):
        yield at, _MARKS.sub(" ", line[:_LINE_MOST].rstrip("\r"))
        at += len(line) + 1


def _with_dash_or_brackets(lines: Sequence[tuple[int, str]]) -> list[_Head]:
    """Heads of lines that begin with a time. All have the one form that most have: others are quoted in messages."""
    best: list[_Head] = []
    for pattern in (_BRACKETS, _DASH, _BARE):
        heads = []
        for start, line in lines:
            found = pattern.match(line)
            stamp = stamp_of(found["date"], found["time"]) if found else None
            if found is None or stamp is None:
                continue
            said = _SENDER.match(found["rest"])
            sender = _plain(said["name"]) if said else ""
            words = start + found.start("rest") + (said.start("text") if said else 0)
            heads.append(_Head(start, words, sender, f"{found['date']} {found['time']}", stamp))
        if len(heads) > len(best):
            best = heads
    return best if sum(bool(head.sender) for head in best) >= _LEAST else []


def _names_above(lines: Sequence[tuple[int, str]]) -> list[_Head]:
    """Heads that are lines of their own: name and time above the message."""
    heads = []
    for start, line in lines:
        found = _ABOVE.fullmatch(line)
        if found is None:
            continue
        date, time = found["date"] or found["date2"], found["time"] or found["time2"]
        stamp = stamp_of(date, time)
        if stamp is not None:
            heads.append(_Head(start, start + len(line) + 1, _plain(found["name"]), f"{date} {time}", stamp))
    return heads if len(heads) >= _LEAST and _recur(heads) else []


def _names_alone(lines: Sequence[tuple[int, str]]) -> list[_Head]:
    """Heads of a log without times: nearly every line is of a few names that come again and again."""
    written = [(start, line) for start, line in lines if line.strip()]
    heads = []
    for start, line in written:
        found = _NAMED.match(line)
        if found is not None:
            heads.append(_Head(start, start + found.start("text"), _plain(found["name"]), "", None))
    counts = Counter(head.sender for head in heads)
    speakers = {name for name, count in counts.items() if count > 1}
    heads = [head for head in heads if head.sender in speakers]
    enough = len(heads) >= max(_LEAST_LOG, _LOG_SHARE * len(written))
    return heads if enough and 2 <= len(speakers) <= _NAMES_MOST and _alternate(heads) else []


def _recur(heads: Sequence[_Head]) -> bool:
    """Whether the senders speak more than once on average: a list of names and dates does not."""
    return len(heads) >= 1.5 * len({head.sender for head in heads})


def _alternate(heads: Sequence[_Head]) -> bool:
    """Whether names do not simply come round: records of one form repeat their fields in one order."""
    names = [head.sender for head in heads]
    kinds = len(set(names))
    if kinds == 2:
        return True
    return any(names[place] != names[place % kinds] for place in range(len(names)))


def _facts(form: str, heads: Sequence[_Head], length: int) -> ChatFacts:
    kept = heads[:MOST_MESSAGES]
    senders = list(dict.fromkeys(head.sender for head in kept if head.sender))
    places = {name: place for place, name in enumerate(senders)}
    ends = [head.start for head in heads[1 : len(kept)]]
    ends.append(heads[len(kept)].start if len(heads) > len(kept) else length)
    times = instants([head.stamp for head in kept])
    messages = []
    for head, end, span in zip(kept, ends, times, strict=True):
        earliest, latest = span or (None, None)
        messages.append(
            ChatMessage(
                head.start, min(head.words, end), end, places.get(head.sender), head.value, earliest, latest
            )
        )
    return ChatFacts(form, tuple(senders), tuple(messages))


def _plain(name: str) -> str:
    """A sender's name without the tilde of those who are not in the phone's book."""
    return _STRIPPED.sub("", name.strip()).strip()[:80]
