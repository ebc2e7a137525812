"""Who may open the console: read from the environment, and refused where that would be everybody."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.console.access.links import LEAST_KEY, key_in
from storage.errors import StoreMisconfiguredError
from validators.sentences.statement_error import StatementError

_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class AccessError(StatementError, StoreMisconfiguredError):
    """Access is configured wrongly; the sentence says how to change it."""


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """``hosts`` are the names by which the console may be called, without ports; empty: any.

    ``local``: requests from this machine are let in as ``who``. ``proxies``: addresses whose ``proxy_header`` names the
    principal.
    """

    local: bool
    who: str
    tenant: str
    hosts: frozenset[str]
    proxies: frozenset[str] = frozenset()
    proxy_header: str = "X-Forwarded-User"
    operators: frozenset[str] = frozenset()
    link_key: bytes | None = None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_access(store: Path, host: str, who: str, tenant: str, *, has_tokens: bool) -> AccessSettings:
    """Access to a console that listens on ``host``.

    Raises AccessError where others could reach it and nothing says who they are.
    """
    proxies = _proxies(os.environ.get("EVIDENCE_PROXY_ADDRESS", ""))
    header = os.environ.get("EVIDENCE_PROXY_HEADER") or "X-Forwarded-User"
    if not _HEADER.match(header):
        raise AccessError("terminal.access.header", header=header)
    link_key = read_link_key(store)
    public = public_host()
    loopback = is_loopback(host)
    if (public or not loopback) and not (proxies or link_key or has_tokens):
        raise _nobody_named(host, public if loopback else "")
    named = {public} if public else set()
    return AccessSettings(
        local=loopback and not proxies and not public,
        who=who,
        tenant=tenant,
        hosts=frozenset(named | set(_LOOPBACK_NAMES)) if loopback else frozenset(named),
        proxies=proxies,
        proxy_header=header,
        operators=frozenset(filter(None, os.environ.get("EVIDENCE_CONSOLE_OPERATORS", "").split(","))),
        link_key=link_key,
    )


def _nobody_named(host: str, public: str) -> AccessError:
    name = "public_to_anybody" if public else "open_to_anybody"
    return AccessError(f"terminal.access.{name}", address=public or host)


def read_link_key(store: Path) -> bytes | None:
    """The key of links: EVIDENCE_LINK_KEY, or the one that 'evidence link' made in the store."""
    given = os.environ.get("EVIDENCE_LINK_KEY", "")
    if given and len(given.encode()) < LEAST_KEY:
        raise AccessError("terminal.access.link_key", least=LEAST_KEY)
    return given.encode() if given else key_in(store)


def public_url() -> str:
    """Where people reach the console, without a slash at its end; empty where it is not configured."""
    return os.environ.get("EVIDENCE_PUBLIC_URL", "").rstrip("/")


def public_host() -> str:
    """The name in the console's public address; empty where it is not configured."""
    url = public_url()
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise AccessError("terminal.access.public_url", url=url)
    return parts.hostname or ""


def _proxies(text: str) -> frozenset[str]:
    found = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            found.add(str(ipaddress.ip_address(part)))
        except ValueError:
            raise AccessError("terminal.access.proxy", address=part) from None
    return frozenset(found)
