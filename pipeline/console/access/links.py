"""Signed links to one case: the link itself says what it allows, and nobody without the key can write one."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from itsdangerous import BadData, HMACAlgorithm, URLSafeSerializer

from pipeline.console.access.principal import LINK, Principal
from storage.interfaces.tokens import ROLES

KEY_FILE = "link.key"
LEAST_KEY = 32
"""Bytes; a shorter key is refused."""
_LONGEST = 2_000


class _LinkAlgorithm(HMACAlgorithm):
    """HMAC-SHA-256 under a prefix of our own, so that links sent before itsdangerous signed them still open."""

    _PREFIX = b"dispute-evidence/link/1\0"

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, self._PREFIX + value)


def make_link(key: bytes, principal: Principal, expires: datetime) -> str:
    """The URL-safe text that lets ``principal`` in until ``expires`` (aware)."""
    until = int(expires.timestamp())
    fields = [principal.tenant, principal.dispute_id, principal.role, principal.name, until]
    return str(_serializer(key).dumps(fields))


def read_link(key: bytes, text: str, now: datetime) -> tuple[Principal, datetime] | None:
    """The link's principal and expiry; None where we did not sign it, or it was changed or has expired."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        tenant, dispute_id, role, name, until = _serializer(key).loads(text)
    except BadData:
        return None
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


def _serializer(key: bytes) -> URLSafeSerializer:
    """The key signs as it is: it comes from chance alone. JSON stays ASCII, since ids may hold lone surrogates."""
    return URLSafeSerializer(
        key,
        serializer_kwargs={"ensure_ascii": True},
        signer_kwargs={"key_derivation": "none", "algorithm": _LinkAlgorithm(hashlib.sha256)},
    )
