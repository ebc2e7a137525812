"""From a request to its principal, by the configured ways and no other."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from starlette.requests import Request

from pipeline.console.access.access_settings import AccessSettings
from pipeline.console.access.links import read_link
from pipeline.console.access.principal import LOCAL, PROXY, Principal
from pipeline.console.access.tokens import principal_of_token
from storage.interfaces.record import Database
from storage.interfaces.tokens import MEDIATOR, OPERATOR
from validators.safe_text import visible

LINK_COOKIE = "evidence_link"
_LONGEST_NAME = 200
_FORWARDED = ("forwarded", "via", "x-real-ip")


def principal_of(
    request: Request, settings: AccessSettings, database: Database, now: datetime, *, api: bool
) -> Principal | None:
    """The principal of the request; None where there is none. A wrong credential is never made up for by another one.

    The API takes tokens, and anyone at a loopback console. What a browser sends by itself, such as a cookie, does not open it.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        with database.reading() as records:
            return principal_of_token(text.strip(), records, now)
    if settings.local and not was_forwarded(request):
        return Principal(settings.who, OPERATOR, settings.tenant, LOCAL)
    if api:
        return None
    return _by_proxy(request, settings) or _by_link(request, settings, now)


def was_forwarded(request: Request) -> bool:
    """Whether a proxy says that it forwards the request: then the proxy is on this machine, but not necessarily the sender."""
    return any(name in _FORWARDED or name.startswith("x-forwarded-") for name in request.headers)


def _by_proxy(request: Request, settings: AccessSettings) -> Principal | None:
    """The header counts only where the other end of the connection is the proxy."""
    client = request.client.host if request.client else ""
    names = request.headers.getlist(settings.proxy_header)
    if not settings.proxies or _plain(client) not in settings.proxies or len(names) != 1:
        return None
    name = visible(names[0].strip())[:_LONGEST_NAME]
    if not name:
        return None
    role = OPERATOR if name in settings.operators else MEDIATOR
    return Principal(name, role, settings.tenant, PROXY)


def _by_link(request: Request, settings: AccessSettings, now: datetime) -> Principal | None:
    text = request.cookies.get(LINK_COOKIE, "")
    if not text or settings.link_key is None:
        return None
    found = read_link(settings.link_key, text, now)
    return found[0] if found else None


def _plain(address: str) -> str:
    """An IPv4 address that came over IPv6 as what it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
