"""The audit trail: a hash chain for each dispute, which names items by random ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of a dispute's hash chain: ``hash`` covers all the other fields, ``previous`` included."""

    sequence: int
    at: datetime
    action: str
    detail: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last link of a dispute's chain: kept elsewhere, it shows whether entries were cut off since."""

    tenant: str
    dispute_id: str
    sequence: int
    hash: str


class Audit(Protocol):
    """The audit trails of all disputes."""

    def append_audit(
        self, tenant: str, dispute_id: str, action: str, detail: dict[str, str], at: datetime
    ) -> AuditEntry:
        """Add a link to the dispute's hash chain."""

    def audit(self, tenant: str, dispute_id: str) -> Sequence[AuditEntry]:
        """The dispute's chain, in order."""

    def audit_heads(self) -> Sequence[AuditHead]:
        """The last link of every chain, by tenant and dispute."""

    def audit_name(self, tenant: str, evidence_id: str) -> str:
        """The random id by which the audit trail names the item. Made at the first call, removed by ``erase_items``."""

    def known_audit_name(self, tenant: str, evidence_id: str) -> str | None:
        """The same where the trail has named the item, else None."""

    def seal_audit(self, tenant: str, dispute_id: str) -> str:
        """Detach the dispute's audit trail from its id. It goes on under the random id returned, and still verifies."""

    def audit_chains(self) -> Sequence[tuple[str, str]]:
        """(tenant, dispute id or random id) of every audit trail, sorted."""

    def audit_start(self, tenant: str, dispute_id: str) -> str | None:
        """What the trail's first entry must name as ``previous``; None where the trail is sealed."""
