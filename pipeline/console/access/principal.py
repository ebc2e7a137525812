"""Who makes a request, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from storage.interfaces.tokens import MEDIATOR, OPERATOR, READ_ONLY

READ, ACT, OPERATE = "read", "act", "operate"
_ROLES = {READ: {READ_ONLY, MEDIATOR, OPERATOR}, ACT: {MEDIATOR, OPERATOR}, OPERATE: {OPERATOR}}

LOCAL, LINK, PROXY, TOKEN = "local", "link", "proxy", "token"
"""How they came in: at the loopback address, by a signed link to one case, through the proxy, with a token."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who was let in. ``dispute_id`` is set where they may see only that case."""

    name: str
    role: str
    tenant: str
    way: str
    dispute_id: str | None = None

    def may(self, need: str) -> bool:
        """Whether the role suffices for READ, ACT or OPERATE."""
        return self.role in _ROLES[need]

    def may_see(self, dispute_id: str) -> bool:
        """Whether they may see the case, inside their tenant."""
        return self.dispute_id is None or self.dispute_id == dispute_id
