"""The dispute as the platform knows it: parties, order, events and requests.

Names follow the PayPal and Stripe Disputes vocabularies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from validators.declared import NOTHING_DECLARED, Declared

BUYER = "buyer"
SELLER = "seller"
LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a dispute; ``id`` is the marketplace's account id, opaque to us."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """Something that happened to the order. ``at`` is aware UTC, ``source`` who reports it."""

    type: str
    at: datetime
    source: str = "platform"


@dataclass(frozen=True, slots=True)
class Order:
    """The disputed order."""

    id: str | None = None
    tracking: str | None = None
    promised_by: datetime | None = None
    events: tuple[OrderEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """A mediator's request to one party for evidence, with a due date of its own."""

    party: str
    due_by: datetime
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """The resolution that the buyer wants."""

    type: str
    amount: str | None = None
    return_goods: bool | None = None


@dataclass(frozen=True, slots=True)
class DeclaredEvidence:
    """What the dispute says of one of its files. ``file`` is relative to the dispute's folder."""

    file: str
    declared: Declared = NOTHING_DECLARED


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute. ``declared`` is False for a folder that was only read as one, without dispute data."""

    id: str
    tenant: str = "default"
    declared: bool = True
    reason: str | None = None
    sub_reason: str | None = None
    stage: str | None = None
    status: str | None = None
    requested_resolution: Resolution | None = None
    return_agreed: bool = False
    opened_at: datetime | None = None
    withdrawn_at: datetime | None = None
    closed_at: datetime | None = None
    buyer: Party = Party()
    seller: Party = Party()
    listing_id: str | None = None
    order: Order = Order()
    evidence_requests: tuple[EvidenceRequest, ...] = ()
    declared_evidence: tuple[DeclaredEvidence, ...] = ()
    legal_hold: bool = False
    """A legal hold: nothing of the dispute may be erased until it is lifted, whatever the status."""

    def account_of(self, party: str | None) -> str | None:
        """The account id of ``party`` ("buyer" or "seller"), where known."""
        if party == BUYER:
            return self.buyer.id
        return self.seller.id if party == SELLER else None


def is_open(dispute: Dispute | None) -> bool:
    """Whether a new match may still revise the dispute's report."""
    return dispute is not None and dispute.closed_at is None and dispute.withdrawn_at is None
