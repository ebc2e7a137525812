"""Reports of items and of disputes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AttachedReport:
    """A dispute's report at one revision. ``content_sha256`` covers what only a new revision can change.

    ``body`` is empty in revisions before the newest: their hashes stay, in the audit trail too.
    """

    revision: int
    body: str
    content_sha256: str
    attached_at: datetime


class Reports(Protocol):
    """The items' current reports, and every revision of the disputes' reports."""

    def put_evidence_reports(
        self, tenant: str, version: str, policy_sha256: str, reports: Iterable[tuple[str, str, str]]
    ) -> None:
        """The items' current reports, each (evidence id, state, body), by (tenant, evidence, version)."""

    def attach_report(
        self, tenant: str, dispute_id: str, body: str, content_sha256: str, policy_sha256: str, at: datetime
    ) -> AttachedReport:
        """Attach the dispute's report as the next revision with its audit entry ("report_attached"). Where
        ``content_sha256`` equals the newest revision's, nothing is written and that one is returned. Only the newest
        revision keeps its body: a dispute of many uploads has as many revisions."""

    def report(self, tenant: str, dispute_id: str) -> AttachedReport | None:
        """The newest revision."""

    def revisions(self, tenant: str, dispute_id: str) -> Sequence[AttachedReport]:
        """Every revision that was not erased, the oldest first."""
