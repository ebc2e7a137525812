"""Which item is current for each uploaded object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from storage.interfaces.claims import Claim


class Versions(Protocol):
    """The current version of each object."""

    def settle_version(self, claim: Claim, evidence_id: str) -> str | None:
        """Make ``evidence_id`` the current item of the claim's object.

        Returns the evidence id that it displaced, to be retired (None where there was none or it is the same).
        Where a version with a newer sequencer (else a later ``event_at``) is current, nothing changes and
        ``evidence_id`` itself is returned.
        """

    def retire_items(self, tenant: str, ids: Iterable[str]) -> None:
        """These items are no longer current: known for comparing, not reported."""
