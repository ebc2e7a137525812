"""The items that parties uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from validators.evidence import Evidence


class EvidenceItems(Protocol):
    """Every item of every dispute, the listings' images included."""

    def put_evidence(self, evidence: Iterable[Evidence]) -> None:
        """Insert or update by (tenant, id); ``received_at`` of the first insert is kept. The item is current."""

    def retire_evidence(self, tenant: str, dispute_id: str, current: Iterable[str]) -> None:
        """Items of the dispute not among ``current`` are no longer current: known for comparing, not reported."""

    def evidence(self, tenant: str, ids: Iterable[str]) -> Sequence[Evidence]:
        """Those items, ordered by id; unknown ids are absent."""

    def evidence_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        """The dispute's current items, the listing's images included, ordered by (on_listing, file, id)."""

    def evidence_with_bytes(self, tenant: str, sha256: str, limit: int) -> Sequence[Evidence]:
        """Items whose file has these bytes, earliest ``uploaded_at`` first, then id: the first ``limit``."""

    def count_with_bytes(self, tenant: str, sha256: str) -> int:
        """How many items have these bytes."""

    def count_disputes_with(self, tenant: str, sha256s: Iterable[str]) -> int:
        """In how many disputes an item has any of these bytes, current or not."""
