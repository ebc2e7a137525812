"""Which disputes are due to be judged, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol


class DueDisputes(Protocol):
    """Marks on disputes. Times are passed in, so that tests choose them."""

    def mark_due(self, tenant: str, dispute_ids: Iterable[str], not_before: datetime) -> None:
        """Mark these disputes due from ``not_before`` on. The earliest mark of a dispute counts."""

    def due_disputes(self, at: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, id) of disputes due at ``at``, the longest due first."""

    def take_due(self, tenant: str, dispute_id: str, at: datetime) -> bool:
        """Remove the dispute's marks if it is due at ``at``, to judge it in this transaction. False if it is not due."""
