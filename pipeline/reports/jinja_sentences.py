"""Sentences in templates: ``{{ _("pages.queue.title", items=3) }}`` through Jinja's i18n extension.

A catalogue may hold markup; every field is escaped, and a name from outside is kept apart from the direction of the text
around it.
"""

from __future__ import annotations

from typing import Any

import jinja2
from markupsafe import Markup, escape

from validators.sentences.labels import Labels
from validators.sentences.sentences import Sentences

_FOREIGN = ("text", "full", "and", "or")


def install_sentences(environment: jinja2.Environment, sentences: Sentences) -> None:
    """Give templates ``_``, ``labels`` and ``language``. Templates of another language need an environment of their own."""

    def gettext(msgid: str, /, **params: Any) -> Markup:
        return html_text(sentences, msgid, **params)

    def ngettext(msgid: str, plural: str, number: int, /, **params: Any) -> Markup:
        # The catalogue knows which field counts: plural forms need no call of their own.
        return html_text(sentences, msgid, **params)

    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    environment.globals.update(labels=Labels(sentences), language=sentences.language)


def html_text(sentences: Sentences, msgid: str, /, **params: Any) -> Markup:
    """A message as HTML."""
    return Markup(sentences.fill(msgid, params, _wrap))  # noqa: S704 - fields are escaped, catalogues are ours


def _wrap(told: str, value: Any, spec: str) -> str:
    foreign = isinstance(value, str) and (not spec or spec.partition(" ")[0] in _FOREIGN)
    return f"<bdi>{escape(told)}</bdi>" if foreign else str(escape(told))
