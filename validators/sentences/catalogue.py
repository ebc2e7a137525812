"""Catalogues: the sentences of one language, by symbolic id, in GNU gettext files.

``catalogues/<language>/<domain>.po`` is read when the first sentence of its domain is asked for. Adding a language is adding
a folder; what it lacks is said in English, so English must be complete.

Babel formats numbers and dates, but the files are read here: importing its reader costs 70 ms and reading 200 messages
another 26 ms, more than all of ``evidence --help``. This one takes 2 ms. A test holds both to the same answer. For the same
reason the folder is found by this file's own path: ``importlib.resources`` costs 7 ms.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ENGLISH = "en"
OURS = Path(__file__).with_name("catalogues")

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_KEYWORD = re.compile(r"(msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+(?=\")")
_COUNT = re.compile(r"\{(\w+)\}")
_PLURAL_HEADER = re.compile(r"Plural-Forms:.*?plural\s*=\s*([^;\n]+)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*")


class CatalogueError(ValueError):
    """A catalogue that cannot be read. The message says where."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with its fields. ``counted`` names the parameter that chooses among plural ``forms``."""

    forms: tuple[str, ...]
    counted: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """The messages of one file. ``plural`` gives the place of a number's form."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    plural: Callable[[int], int] = int


@dataclass(slots=True)
class _Entry:
    """An entry while its lines are read."""

    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)


class Catalogues:
    """All languages below some folders; a later folder adds to an earlier one."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders or (OURS,)
        self.domain = cache(self._domain)

    def languages(self) -> tuple[str, ...]:
        """The languages that have a folder, sorted."""
        names = {
            one.name for folder in self._folders for one in folder.iterdir() if _LANGUAGE.fullmatch(one.name)
        }
        return tuple(sorted(names))

    def message(self, language: str, domain: str, msgid: str) -> tuple[Message, Domain] | None:
        """The message with the domain that it comes from: in ``language``, else in English; None where neither has it."""
        for one in dict.fromkeys((language, ENGLISH)):
            found = self.domain(one, domain)
            if msgid in found.messages:
                return found.messages[msgid], found
        return None

    def _domain(self, language: str, domain: str) -> Domain:
        """One file of one language; empty where there is none, as for what is no name of a language."""
        found = Domain()
        if _LANGUAGE.fullmatch(language) is None:
            return found
        for folder in self._folders:
            file = folder / language / f"{domain}.po"
            if file.is_file():
                read = read_po(file.read_text("utf-8"), f"{language}/{domain}.po")
                found = Domain({**found.messages, **read.messages}, read.plural)
        return found


def read_po(text: str, name: str) -> Domain:
    """A gettext file's messages: those that are translated and not marked fuzzy. Raises CatalogueError."""
    messages: dict[str, Message] = {}
    plural: Callable[[int], int] = int
    for entry in _entries(text, name):
        msgid, forms = entry.parts.get("msgid", ""), _forms(entry)
        if msgid == "":
            plural = _plural(forms[0] if forms else "", name)
        elif all(forms) and not entry.fuzzy:
            counted = _COUNT.fullmatch(entry.parts.get("msgid_plural", ""))
            if ("msgid_plural" in entry.parts) != (counted is not None):
                raise CatalogueError(
                    f'{name}: the msgid_plural of "{msgid}" must be the field that counts, as in "{{pages}}"'
                )
            messages[msgid] = Message(forms, counted.group(1) if counted else None)
    return Domain(messages, plural)


def _entries(text: str, name: str) -> list[_Entry]:
    entries, entry, key = [], _Entry(), ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            if entry.parts:
                entries.append(entry)
                entry = _Entry()
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        keyword = _KEYWORD.match(line)
        if keyword is not None:
            key = "".join(part for part in keyword.groups() if part)
            if key == "msgid" and entry.parts:
                entries.append(entry)
                entry = _Entry()
            line = line[keyword.end() :]
        if line:
            quoted = _STRING.fullmatch(line)
            if not key or quoted is None:
                raise CatalogueError(f"{name}, line {number}: this is no line of a gettext file")
            entry.parts[key] = entry.parts.get(key, "") + _unescaped(quoted.group(1))
    return [*entries, entry] if entry.parts else entries


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found.group(1), found.group(1)), text)


def _forms(entry: _Entry) -> tuple[str, ...]:
    if "msgstr" in entry.parts:
        return (entry.parts["msgstr"],)
    return tuple(text for key, text in sorted(entry.parts.items()) if key.startswith("msgstr"))


def _plural(header: str, name: str) -> Callable[[int], int]:
    found = _PLURAL_HEADER.search(header)
    if found is None:
        raise CatalogueError(f"{name}: its header has no Plural-Forms")
    try:
        return gettext.c2py(found.group(1))
    except ValueError as error:
        raise CatalogueError(f"{name}: its Plural-Forms cannot be read: {error}") from error
