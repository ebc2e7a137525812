"""Tokens of the API: shown once, kept only as a SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from pipeline.console.access.principal import TOKEN, Principal
from storage.interfaces.tokens import ApiToken, Tokens

_PREFIX = "evt_"


def new_token(
    tenant: str, role: str, name: str, now: datetime, expires: datetime | None
) -> tuple[str, ApiToken]:
    """A token and its record. The token has 256 random bits, so a plain hash of it is as safe as a slow one."""
    text = _PREFIX + secrets.token_urlsafe(32)
    return text, ApiToken(secrets.token_hex(4), tenant, token_sha256(text), role, name, now, expires)


def token_sha256(text: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def principal_of_token(text: str, records: Tokens, now: datetime) -> Principal | None:
    """The principal of the token; None where it is unknown, revoked or expired."""
    if not text.startswith(_PREFIX):
        return None
    token = records.token_by_sha256(token_sha256(text))
    if token is None or token.revoked_at is not None:
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    return Principal(token.name, token.role, token.tenant, TOKEN)
