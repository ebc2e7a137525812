"""The console's pages: its own templates over those of the report."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from pipeline.console.access.principal import LINK, OPERATE
from pipeline.console.core import addresses
from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.keys import KEYS
from pipeline.reports.html import make_environment
from validators.safe_text import escape_surrogates
from validators.sentences.catalogue import ENGLISH


@cache
def environment(language: str = ENGLISH) -> jinja2.Environment:
    """The templates, compiled once."""
    made = make_environment(
        jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("pipeline.console", "pages"),
                jinja2.PackageLoader("pipeline.reports", "pages"),
            ]
        ),
        language,
    )
    made.globals.update(to=addresses, KEYS=KEYS)
    made.filters["form_value"] = _form_value
    return made


def page(request: ConsoleRequest, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The template ``name`` for the principal of the request."""
    principal = request.principal
    body = (
        environment(request.console.language)
        .get_template(name)
        .render(
            principal=principal,
            whole_queue=principal.way != LINK,
            operator=principal.may(OPERATE),
            now=request.console.now(),
            **values,
        )
    )
    return HTMLResponse(body, status)


def plain_page(title: str, sentence: str, status: int, language: str) -> HTMLResponse:
    """A page with one message: somebody was not let in, or something went wrong."""
    body = environment(language).get_template("message.html").render(title=title, sentence=sentence)
    return HTMLResponse(body, status)


def _form_value(value: str) -> Markup:
    """An id inside a form, so that it comes back as it was: making it visible could not be undone."""
    return escape(escape_surrogates(value))
