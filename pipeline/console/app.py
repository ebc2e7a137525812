"""The console as an ASGI application: the route table behind the guard, each request with its principal."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.console.access.access import LINK_COOKIE, principal_of
from pipeline.console.access.guard import Guard, TooLongError
from pipeline.console.access.links import read_link
from pipeline.console.access.principal import LINK, Principal
from pipeline.console.api.media import static_file
from pipeline.console.core import addresses
from pipeline.console.core.concurrency_limit import RETRY_S, BusyError, PacedBody, SlowError
from pipeline.console.core.console_context import Console, ConsoleRequest, RefusalError, refused
from pipeline.console.core.served_route import ServedRoute
from pipeline.console.core.templates import plain_page
from pipeline.console.routes import PRECHECK_PATHS, ROUTES
from storage.errors import StorageError
from validators.sentences.sentences import sentences_in

log = logging.getLogger(__name__)

FORM_BYTES = 64 * 1024
"""What any request but those with a file may send."""
_AROUND_FILE = 64 * 1024
_FORM: dict[str, Any] = {"max_files": 1, "max_fields": 50, "max_part_size": FORM_BYTES}
_TITLES = (400, 401, 403, 404, 405, 408, 409, 413, 415, 503)
"""Statuses with a title of their own."""


def make_app(console: Console) -> ASGIApp:
    """Everything that is served."""
    file_bytes = console.context.opener.largest_bytes + _AROUND_FILE
    routes = [
        Route("/static/{name}", _static, methods=["GET"]),
        Route("/enter", _entering(console), methods=["GET"]),
        *(Route(route.path, _endpoint(console, route), methods=[route.method]) for route in ROUTES),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers=_Answers(console.language).handlers(),
    )
    limit = partial(_body_limit, file_bytes)
    return Guard(app, console.access.hosts, limit, sentences_in(console.language))


def _body_limit(file_bytes: int, path: str) -> int:
    return file_bytes if path in PRECHECK_PATHS else FORM_BYTES


def _endpoint(console: Console, route: ServedRoute) -> Any:
    async def endpoint(request: Request) -> Response:
        now = console.now()
        principal = await run_in_threadpool(
            principal_of, request, console.access, console.context.database, now, api=route.api
        )
        _let_in(principal, route)
        assert principal is not None  # noqa: S101 - _let_in raises, for the type checker
        if request.method != "POST":
            return await run_in_threadpool(route.handler, ConsoleRequest(console, principal, request))
        if route.api and route.path not in PRECHECK_PATHS:
            console_request = ConsoleRequest(console, principal, request, body=await _json(request))
            return await run_in_threadpool(route.handler, console_request)
        if route.path in PRECHECK_PATHS:
            return await _checked(console, principal, request, route)
        async with request.form(**_FORM) as form:
            console_request = ConsoleRequest(console, principal, request, FormData(form))
            return await run_in_threadpool(route.handler, console_request)

    return endpoint


async def _checked(console: Console, principal: Principal, request: Request, route: ServedRoute) -> Response:
    """A file before upload: admitted before its body is read, which may be as slow as a slow line."""
    largest = console.context.opener.largest_bytes + _AROUND_FILE
    length = int(request.headers.get("content-length", largest))  # the guard has looked at it
    with console.prechecks.admitted(length, largest):
        paced = Request(request.scope, PacedBody(request.receive).receive)
        async with paced.form(**_FORM) as form:
            console_request = ConsoleRequest(console, principal, request, FormData(form))
            return await console.prechecks.run(lambda: route.handler(console_request))


def _let_in(principal: Principal | None, route: ServedRoute) -> None:
    """Raises 401 or 403. A link to one case says nothing about what else there is."""
    if principal is None:
        raise RefusalError(401, "error.401", {"www-authenticate": "Bearer"} if route.api else None)
    if principal.way == LINK and not route.of_case:
        raise RefusalError(403, "error.403_case")
    if not principal.may(route.need):
        raise RefusalError(403, "error.403_role")


async def _json(request: Request) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RefusalError(415, "error.415")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):  # bad UTF-8 and too deep nesting are among them
        raise refused("no_json") from None


async def _static(request: Request) -> Response:
    return static_file(str(request.path_params["name"]))


def _entering(console: Console) -> Any:
    """A signed link is kept in a cookie that scripts cannot read, and leads to its case."""

    async def enter(request: Request) -> Response:
        key, text = console.access.link_key, request.query_params.get("link", "")
        found = read_link(key, text, console.now()) if key else None
        if found is None:
            raise RefusalError(401, "error.401_link")
        principal, expires = found
        response = RedirectResponse(addresses.case_page(principal.dispute_id or ""), 303)
        _keep(response, request, text, expires, console.now())
        return response

    return enter


def _keep(response: Response, request: Request, text: str, expires: datetime, now: datetime) -> None:
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    lifetime = int((expires - now).total_seconds())
    response.set_cookie(LINK_COOKIE, text, lifetime, path="/", secure=secure, httponly=True, samesite="lax")


class _Answers:
    """What is answered where something does not work, as a page or, to programs, as JSON."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._sentences = sentences_in(language)

    def handlers(self) -> dict[Any, Any]:
        """By the type of the exception."""
        return {
            HTTPException: self._refused,
            BusyError: self._busy,
            SlowError: self._slow,
            ClientDisconnect: self._hung_up,
            TooLongError: self._too_long,
            StorageError: self._unreachable,
            Exception: self._fault,
        }

    def _answer(self, request: Request, status: int, sentence: str, headers: Any = None) -> Response:
        if request.url.path.startswith("/v1/"):
            return JSONResponse({"error": sentence}, status, headers)
        title = self._sentences.text(f"console.title.{status if status in _TITLES else 'other'}")
        response = plain_page(title, sentence, status, self._language)
        response.headers.update(headers or {})
        return response

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        return self._answer(request, error.status_code, self._sentence(error), error.headers)

    def _sentence(self, error: HTTPException) -> str:
        if isinstance(error, RefusalError):
            return self._sentences.say(error.statement)
        own = f"console.error.{error.status_code}"  # Starlette's own, by status: 404 and 405
        return self._sentences.text(own) if self._sentences.has(own) else error.detail

    async def _busy(self, request: Request, error: Exception) -> Response:
        del error
        sentence = self._sentences.text("console.error.503_busy")
        return self._answer(request, 503, sentence, {"Retry-After": str(RETRY_S)})

    async def _slow(self, request: Request, error: Exception) -> Response:
        del error
        return self._answer(request, 408, self._sentences.text("console.error.408"))

    async def _hung_up(self, request: Request, error: Exception) -> Response:
        """The sender has gone: nobody reads this, and nothing went wrong here."""
        del error
        return self._answer(request, 400, self._sentences.text("console.error.400_part"))

    async def _too_long(self, request: Request, error: Exception) -> Response:
        del error
        return self._answer(request, 413, self._sentences.text("console.error.413"))

    async def _unreachable(self, request: Request, error: Exception) -> Response:
        log.error("the record cannot be reached: %s", error)
        return self._answer(request, 503, self._sentences.text("console.error.503"))

    async def _fault(self, request: Request, error: Exception) -> Response:
        """Starlette raises it again afterwards, so that the server logs the traceback."""
        del error
        return self._answer(request, 500, self._sentences.text("console.error.500"))
