"""Sentences in templates, through Jinja's i18n extension.

``{{ _("pages.queue.heading", count=3) }}`` between tags, ``{{ t("pages.skip") }}`` where tags are not allowed: in attributes,
titles and options. A catalogue may hold markup; every field is escaped, and a name from outside is kept apart from the
direction of the text around it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import jinja2
from markupsafe import Markup, escape

from validators.sentences.labels import Labels
from validators.sentences.sentences import Sentences

_FOREIGN = ("text", "full", "and", "or")
_QUANTITIES = ("number", "percent", "bytes", "quantity", "seconds", "span")


def install_sentences(environment: jinja2.Environment, sentences: Sentences) -> None:
    """Give templates ``_``, ``t``, ``labels`` and ``language``, and filters for times and sizes. Templates of another
    language need an environment of their own."""

    def gettext(msgid: str, /, **params: Any) -> Markup:
        return html_text(sentences, msgid, **params)

    def ngettext(msgid: str, plural: str, number: int, /, **params: Any) -> Markup:
        # The catalogue knows which field counts: plural forms need no call of their own.
        return html_text(sentences, msgid, **params)

    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    environment.globals.update(
        t=sentences.text,
        labels=Labels(sentences),
        language=sentences.language,
        locale=str(sentences.formats.locale),
    )
    environment.filters["time"] = lambda at: time_element(sentences.formats.datetime(at), at)
    environment.filters["size"] = lambda size: tied(sentences.formats.size(size))


def html_text(sentences: Sentences, msgid: str, /, **params: Any) -> Markup:
    """A message as HTML."""
    return Markup(sentences.fill(msgid, params, _wrap))  # noqa: S704 - fields are escaped, catalogues are ours


def time_element(text: str, at: datetime) -> Markup:
    """``text`` as a ``<time>`` element; in the console a script adds the reader's own zone."""
    utc = at.astimezone(UTC)
    return Markup(f'<time datetime="{utc:%Y-%m-%dT%H:%M:%SZ}">{escape(tied(text))}</time>')  # noqa: S704


def tied(text: str) -> str:
    """A number and its unit, kept on one line."""
    return re.sub(r"(?<=\d) (?=\S+\Z)|(?<=:\d\d) ", "\u00a0", text)


def _wrap(text: str, value: Any, spec: str) -> str:
    name = spec.partition(" ")[0]
    if isinstance(value, Markup):  # of the page itself
        return str(value)
    if isinstance(value, datetime) and name == "datetime":
        return str(time_element(text, value))
    if isinstance(value, str) and (not name or name in _FOREIGN):
        return f"<bdi>{escape(text)}</bdi>"
    return str(escape(tied(text) if name in _QUANTITIES else text))
