"""The console as an ASGI application: the route table behind the guard, each request with its visitor."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.console.access.access import LINK_COOKIE, principal_of
from pipeline.console.access.guard import Guard, TooLongError
from pipeline.console.access.links import read_link
from pipeline.console.access.principal import LINK, Principal
from pipeline.console.api.media import static_file
from pipeline.console.core import addresses
from pipeline.console.core.console_context import Console, ConsoleRequest
from pipeline.console.core.served_route import ServedRoute
from pipeline.console.core.templates import plain_page
from pipeline.console.routes import PRECHECK_PATHS, ROUTES
from storage.errors import StorageError

log = logging.getLogger(__name__)

FORM_BYTES = 64 * 1024
"""What any request but those that look at a file may send."""
_AROUND_FILE = 64 * 1024
_TITLES = {
    400: "That does not fit",
    401: "You are not known here",
    403: "That is not yours to do",
    404: "Nothing here",
    405: "That is not done this way",
    409: "Not under this policy",
    413: "Too large",
    503: "Not just now",
}
_UNKNOWN = "Open the console by the link you were sent, or through your own sign-on."


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
        exception_handlers={
            HTTPException: _told,
            TooLongError: _too_long,
            StorageError: _unreachable,
            Exception: _fault,
        },
    )
    return Guard(app, console.access.hosts, lambda path: file_bytes if path in PRECHECK_PATHS else FORM_BYTES)


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
        async with request.form(max_files=1, max_fields=50, max_part_size=FORM_BYTES) as form:
            console_request = ConsoleRequest(console, principal, request, FormData(form))
            if route.path in PRECHECK_PATHS:
                return await console.looks.run(lambda: route.handler(console_request))
            return await run_in_threadpool(route.handler, console_request)

    return endpoint


def _let_in(principal: Principal | None, route: ServedRoute) -> None:
    """Raises 401 or 403. Who came by a link to one case is told nothing of what else there is."""
    if principal is None:
        raise HTTPException(401, _UNKNOWN, {"www-authenticate": "Bearer"} if route.api else None)
    if principal.way == LINK and not route.of_case:
        raise HTTPException(403, "Your link opens one case.")
    if not principal.may(route.need):
        raise HTTPException(403, "Your role may read here, not more.")


async def _json(request: Request) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send application/json.")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):  # of UTF-8 too, and of what is nested too deeply
        raise HTTPException(400, "That is no JSON.") from None


async def _static(request: Request) -> Response:
    return static_file(str(request.path_params["name"]))


def _entering(console: Console) -> Any:
    """A signed link is kept in a cookie that scripts cannot read, and leads to its case."""

    async def enter(request: Request) -> Response:
        key, text = console.access.link_key, request.query_params.get("link", "")
        found = read_link(key, text, console.now()) if key else None
        if found is None:
            raise HTTPException(401, "This link is not, or no longer, valid: ask for another.")
        principal, expires = found
        response = RedirectResponse(addresses.case_page(principal.dispute_id or ""), 303)
        _keep(response, request, text, expires, console.now())
        return response

    return enter


def _keep(response: Response, request: Request, text: str, expires: datetime, now: datetime) -> None:
    secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    lifetime = int((expires - now).total_seconds())
    response.set_cookie(LINK_COOKIE, text, lifetime, path="/", secure=secure, httponly=True, samesite="lax")


def _answer(request: Request, status: int, sentence: str, headers: Any = None) -> Response:
    if request.url.path.startswith("/v1/"):
        return JSONResponse({"error": sentence}, status, headers)
    response = plain_page(_TITLES.get(status, "That did not work"), sentence, status)
    response.headers.update(headers or {})
    return response


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    return _answer(request, error.status_code, error.detail, error.headers)


async def _too_long(request: Request, error: Exception) -> Response:
    del error
    return _answer(request, 413, "That is more than may be sent here.")


async def _unreachable(request: Request, error: Exception) -> Response:
    log.error("the record cannot be reached: %s", error)
    return _answer(request, 503, "The record cannot be reached just now; try again.")


async def _fault(request: Request, error: Exception) -> Response:
    """Starlette raises it again afterwards, so that the server logs the traceback."""
    del error
    return _answer(request, 500, "Something went wrong on our side; it is in the log.")
