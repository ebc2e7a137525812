"""Signed links to one case: what is allowed stands in the link, and nobody else can write one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from pipeline.console.access.principal import LINK, Principal
from storage.interfaces.tokens import ROLES

KEY_FILE = "link.key"
LEAST_KEY = 32
"""Bytes; a shorter key is refused."""
_LONGEST = 2_000


def make_link(key: bytes, principal: Principal, expires: datetime) -> str:
    """What stands in the link for ``visitor`` until ``expires`` (aware): URL-safe text."""
    fields = [
        principal.tenant,
        principal.dispute_id,
        principal.role,
        principal.name,
        int(expires.timestamp()),
    ]
    body = _encode(json.dumps(fields, separators=(",", ":")).encode())
    return f"{body}.{_encode(_signature(key, body))}"


def read_link(key: bytes, text: str, now: datetime) -> tuple[Principal, datetime] | None:
    """Whom the link lets in and until when; None where it is not ours, was changed or has expired."""
    body, _, given = text.partition(".")
    wanted = _encode(_signature(key, body)).encode()
    if len(text) > _LONGEST or not hmac.compare_digest(wanted, given.encode("utf-8", "surrogatepass")):
        return None
    tenant, dispute_id, role, name, until = json.loads(
        base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    )
    expires = datetime.fromtimestamp(until, UTC)
    if expires <= now or role not in ROLES or dispute_id is None:
        return None
    return Principal(name, role, tenant, LINK, dispute_id), expires


def key_in(store: Path) -> bytes | None:
    """The key kept in the store; None where there is none."""
    path = store / KEY_FILE
    return path.read_bytes() if path.is_file() else None


def key_made_in(store: Path) -> bytes:
    """The key kept in the store, made at first use, readable by this user alone."""
    store.mkdir(parents=True, exist_ok=True)
    path = store / KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_bytes(LEAST_KEY)
        file.write(key)
    return key


def _signature(key: bytes, body: str) -> bytes:
    return hmac.digest(
        key, b"dispute-evidence/link/1\0" + body.encode("utf-8", "surrogatepass"), hashlib.sha256
    )


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
