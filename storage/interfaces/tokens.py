"""Who may use the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

OPERATOR = "operator"
MEDIATOR = "mediator"
READ_ONLY = "read-only"
ROLES = (OPERATOR, MEDIATOR, READ_ONLY)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of the API. Only its SHA-256 (hex) is stored."""

    id: str
    tenant: str
    sha256: str
    role: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Tokens(Protocol):
    """The tokens of the API."""

    def put_tokens(self, tokens: Iterable[ApiToken]) -> None:
        """Insert or replace by (tenant, id)."""

    def token_by_sha256(self, sha256: str) -> ApiToken | None:
        """The token with that SHA-256, whatever its tenant, expired and revoked ones included."""

    def tokens(self) -> Sequence[ApiToken]:
        """Every token, by tenant and id."""
