"""What every answer carries and every request must satisfy, before its principal is looked up."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from validators.sentences.sentences import Sentences

PAGE_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
MEDIA_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For bytes made from uploads: whatever they turn out to be, they run nothing and reach nothing."""

_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_SAFE = ("GET", "HEAD")


class Guard:
    """ASGI: refuses requests to a foreign host name, from a foreign page or with too long a body; sets the headers that
    are not set.

    ``hosts``: see AccessSettings. ``body_limit`` says how many bytes a path may be sent.
    """

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], body_limit: Callable[[str], int], sentences: Sentences
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._body_limit = body_limit
        self._sentences = sentences

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        bounded = _Bounded(receive, self._body_limit(scope["path"]))
        await self._app(scope, bounded.receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or (self._hosts and host_name(host) not in self._hosts):
            return self._refused(421, "421")
        if scope["method"] not in _SAFE and not is_from_here(
            headers, host, api=scope["path"].startswith("/v1/")
        ):
            return self._refused(403, "403_site")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._body_limit(scope["path"]):
            return self._refused(413, "413")
        return None

    def _refused(self, status: int, name: str) -> PlainTextResponse:
        return PlainTextResponse(self._sentences.text(f"console.error.{name}"), status)


def host_name(host: str) -> str:
    """The name in a Host header, without the port; empty where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_from_here(headers: Headers, host: str, *, api: bool) -> bool:
    """Whether a request that changes something comes from a page of ours, or from no page at all.

    Browsers say where it comes from: by Origin ("null" under our own no-referrer) and by Sec-Fetch-Site. A program says
    neither, which is enough for the API alone.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin" or (site == "none" and origin is None)
    if origin is not None:
        return urlsplit(origin).netloc == host
    return api


class TooLongError(Exception):
    """A body went on past its limit."""


class _Bounded:
    """``receive`` that counts: a body without a stated length ends at the limit too."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise TooLongError
        return message
