"""What the console works with, and one request as its handlers see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
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
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in
from validators.statement import Statement


@dataclass(frozen=True, slots=True)
class Console:
    """Wired by pipeline/commands/serve.py. ``now`` gives aware UTC; ``prechecks`` limits the files checked at once
    before upload; ``language`` is that of pages and answers."""

    context: Context
    access: AccessSettings
    now: Callable[[], datetime]
    prechecks: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    language: str = ENGLISH


@dataclass(frozen=True)
class ConsoleRequest:
    """One request, already allowed. ``form`` or ``body`` (JSON) where one was sent."""

    console: Console
    principal: Principal
    http: Request
    form: FormData = field(default_factory=FormData)
    body: Any = None

    @cached_property
    def labels(self) -> Labels:
        """Words in the language of the answer."""
        return Labels(sentences_in(self.console.language))

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


class RefusalError(HTTPException):
    """An answer with a status and a sentence, which is put into words when it is sent. See ``app``."""

    def __init__(
        self, status: int, msgid: str, headers: Mapping[str, str] | None = None, **params: Any
    ) -> None:
        super().__init__(status, msgid, headers)
        self.statement = Statement(f"console.{msgid}", params)


def not_found() -> RefusalError:
    """The same for what does not exist and for what belongs to somebody else."""
    return RefusalError(404, "error.404")


def refused(name: str, **params: Any) -> RefusalError:
    """The request makes no sense; the message ``console.refused.<name>`` says why."""
    return RefusalError(400, f"refused.{name}", **params)
