"""What the sender or the platform declares of a file. Nothing of it was measured."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Declared:
    """Whose file it is, what it should show, and when it came. Times are aware UTC.

    ``received_at`` is set where a record says when it reached the platform. ``on_listing`` marks an image of the listing
    itself: compared against, never judged.
    """

    party: str | None = None
    evidence_type: str | None = None
    roles: tuple[str, ...] = ()
    description: str | None = None
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    declared_type: str | None = None
    replaces: str | None = None
    on_listing: bool = False
    listing_id: str | None = None

    def over(self, other: Declared) -> Declared:
        """This, completed by ``other``."""
        return Declared(
            **{one.name: getattr(self, one.name) or getattr(other, one.name) for one in fields(Declared)}
        )

    @property
    def said(self) -> frozenset[str]:
        """The names of the fields that say something."""
        return frozenset(one.name for one in fields(Declared) if getattr(self, one.name))

    @property
    def all_roles(self) -> frozenset[str]:
        """The roles, with the type of evidence, which some senders give instead of a role."""
        return frozenset(self.roles) | ({self.evidence_type} if self.evidence_type else set())


NOTHING_DECLARED = Declared()

REFERENCE = "reference"
"""The type of evidence of known pictures that items are compared with, whatever their listing."""
