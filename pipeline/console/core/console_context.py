"""What the console works with, and one request as its handlers see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.console.access.access_settings import AccessSettings
from pipeline.console.access.principal import Principal
from pipeline.console.core.concurrency_limit import ConcurrencyLimit
from pipeline.setup.context import Context
from validators.safe_text import unescape_surrogates
from validators.sentences.catalogue import ENGLISH

NOTHING_HERE = "There is nothing here, or it is not yours to see."


@dataclass(frozen=True, slots=True)
class Console:
    """Wired by pipeline/commands/serve.py. ``now`` gives aware UTC; ``looks`` counts the files looked at before upload."""

    context: Context
    access: AccessSettings
    now: Callable[[], datetime]
    looks: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class ConsoleRequest:
    """One request of somebody who may make it. ``form`` or ``body`` (of JSON) where one was sent."""

    console: Console
    principal: Principal
    http: Request
    form: FormData = field(default_factory=FormData)
    body: Any = None

    def path(self, name: str) -> str:
        """A part of the path as the record spells it; undecodable bytes of ids are written as in report.json."""
        return unescape_surrogates(str(self.http.path_params[name]))

    def query(self, name: str) -> str:
        """A parameter of the address, empty where absent."""
        return unescape_surrogates(self.http.query_params.get(name, ""))

    def field(self, name: str) -> str:
        """A field of the form, empty where absent or a file."""
        value = self.form.get(name)
        return unescape_surrogates(value) if isinstance(value, str) else ""


def not_found() -> HTTPException:
    """The same for what does not exist and for what is somebody else's."""
    return HTTPException(404, NOTHING_HERE)


def refused(sentence: str) -> HTTPException:
    """The request makes no sense; the sentence says why."""
    return HTTPException(400, sentence)
