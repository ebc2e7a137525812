"""What people read, in their language: sentences of findings, labels of codes, and every text by its id.

A message's id starts with its domain (``pages.queue.title`` lies in ``pages.po``); a finding's starts with its code
(``CLR_BLUR.severe``) and lies in ``findings.po``. Ids are symbolic, so that English is a catalogue like any other and its
wording can change without touching a translation. Judging never comes here: a finding is codes and numbers until it is shown.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from validators.safe_text import shorten
from validators.sentences.catalogue import ENGLISH, Catalogues

if TYPE_CHECKING:
    from validators.finding import Finding
    from validators.sentences.formats import Formats
    from validators.statement import Statement

FINDINGS = "findings"
_ALL = Catalogues()
_parse = cache(lambda text: tuple(string.Formatter().parse(text)))

Params = Mapping[str, Any]
_NOTHING: Params = {}

Wrap = Callable[[str, Any, str], str]
"""Given a formatted field, its value and its format, what goes into the sentence: pages escape here."""


class Sentences:
    """Everything people read, in one language; English where its catalogue lacks something."""

    def __init__(self, language: str = ENGLISH, catalogues: Catalogues = _ALL) -> None:
        self.language = language
        self._catalogues = catalogues

    def text(self, msgid: str, /, **params: Any) -> str:
        """The message with its fields filled. KeyError where English has no such message, or a field no parameter."""
        return self.fill(msgid, params)

    def fill(self, msgid: str, params: Params, wrap: Wrap | None = None) -> str:
        """Like ``text``; ``wrap`` has the last word on every field."""
        found = self._catalogues.message(self.language, _domain(msgid), msgid)
        if found is None:
            raise KeyError(f"there is no message {msgid!r}")
        message, domain = found
        template = message.forms[0]
        if message.counted is not None:
            place = domain.plural(int(params[message.counted]))
            template = message.forms[min(place, len(message.forms) - 1)]
        return "".join(self._pieces(template, params, wrap))

    def has(self, msgid: str) -> bool:
        """Whether there is such a message, be it only in English."""
        return self._catalogues.message(self.language, _domain(msgid), msgid) is not None

    def can_fill(self, msgid: str, params: Params) -> bool:
        """Whether there is such a message, and ``params`` have a value for each of its fields."""
        found = self._catalogues.message(self.language, _domain(msgid), msgid)
        if found is None:
            return False
        names = {found[0].counted, *(name for form in found[0].forms for _, name, _, _ in _parse(form))}
        return all(params.get(name) is not None for name in names if name is not None)

    def label(self, kind: str, code: str, params: Params = _NOTHING) -> str:
        """What a code is called in running text; a code that no catalogue knows, as words."""
        msgid = f"labels.{kind}.{code}"
        return self.fill(msgid, params) if self.has(msgid) else shorten(plain(code))

    def heading(self, kind: str, code: str) -> str:
        """What a code is called where it stands alone: with a capital."""
        return capitalize(self.label(kind, code))

    def sentence(self, finding: Finding) -> str:
        """What a finding says."""
        if finding.stored is not None:
            return finding.stored.message
        return self._joined(finding.message_ids or (finding.code,), finding)

    def action(self, finding: Finding) -> str | None:
        """What the uploader is asked to do about it, if anything."""
        if finding.stored is not None:
            return finding.stored.action
        return self._joined(finding.action_ids, finding) if finding.action_ids else None

    @cached_property
    def formats(self) -> Formats:
        """How the language writes numbers and times."""
        # Babel costs 20 ms to import; what prints help has no number to format.
        from validators.sentences.formats import Formats  # noqa: PLC0415

        return Formats(self.text("labels.language.locale"), self)

    def say(self, statement: Statement) -> str:
        """A statement in words."""
        return self.fill(statement.message_id, statement.params)

    def _joined(self, msgids: tuple[str, ...], finding: Finding) -> str:
        params = {**finding.params, "measured": finding.measured, "threshold": finding.threshold}
        return self.text("labels.language.between").join(self.fill(msgid, params) for msgid in msgids)

    def _pieces(self, template: str, params: Params, wrap: Wrap | None) -> list[str]:
        pieces = []
        for literal, name, spec, _ in _parse(template):
            pieces.append(literal)
            if name is not None:
                told = self.formats.field(spec or "", params[name], params)
                pieces.append(wrap(told, params[name], spec or "") if wrap else told)
        return pieces


@cache
def sentences_in(language: str) -> Sentences:
    """The sentences of a language."""
    return Sentences(language)


def sentence(finding: Finding, language: str = ENGLISH) -> str:
    """What a finding says."""
    return sentences_in(language).sentence(finding)


def action(finding: Finding, language: str = ENGLISH) -> str | None:
    """What the uploader is asked to do about it, if anything."""
    return sentences_in(language).action(finding)


def label(kind: str, code: str, language: str = ENGLISH) -> str:
    """What a code is called in running text."""
    return sentences_in(language).label(kind, code)


def heading(kind: str, code: str, language: str = ENGLISH) -> str:
    """What a code is called where it stands alone."""
    return sentences_in(language).heading(kind, code)


def languages() -> tuple[str, ...]:
    """The languages there are."""
    return _ALL.languages()


def plain(code: str) -> str:
    """A code as words in running text: NOT_AS_DESCRIBED gives "not as described"."""
    text = code.replace("_", " ").strip()
    return text.lower() if text.isupper() else text


def capitalize(text: str) -> str:
    """The first letter made a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def _domain(msgid: str) -> str:
    head = msgid.partition(".")[0]
    return head if head.islower() else FINDINGS
