"""Which item is current for each uploaded object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from storage.interfaces.claims import Claim


class Versions(Protocol):
    """The current version of each object."""

    def set_current(self, claim: Claim, evidence_id: str) -> str | None:
        """Make ``evidence_id`` the current item of the claim's object.

        Returns the evidence id that it displaced, to be retired (None if there was none, or it is the same). If a version
        with a newer sequencer (else a later ``event_at``) is current, nothing changes and ``evidence_id`` is returned.
        """

    def current_item(self, tenant: str, object_digest: str) -> str | None:
        """The id of the object's current item."""

    def retire_items(self, tenant: str, ids: Iterable[str]) -> None:
        """These items are no longer current: known for comparing, not reported."""
