"""What the maker knows of each dispute and each file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OWN = "(own work, CC0-1.0)"
RENDERED = f"rendered by tests/samples {OWN}"
WRITTEN = f"written by tests/samples {OWN}"
DRAWN = f"drawn by tests/samples {OWN}; DejaVu fonts (Bitstream Vera licence)"
DRAWN_WITH_RENDER = f"{DRAWN}; with a render of its own"
COFFEE = "scikit-image data/coffee.png by Rachel Michetti (CC0-1.0), enlarged"
WITH_COFFEE = f"{DRAWN}; with scikit-image data/coffee.png by Rachel Michetti (CC0-1.0)"
WITH_GRAVEL = f"{RENDERED}; with scikit-image data/gravel.png from CC0Textures (CC0-1.0)"

PHOTO_CLARITY = "CLR_BLUR CLR_DARK CLR_OVEREXPOSED CLR_GLARE CLR_LOW_CONTRAST CLR_LOW_RES CLR_BLANK"
OPENS = "FMT_EMPTY FMT_UNSUPPORTED FMT_CORRUPT FMT_TRUNCATED FMT_DAMAGED FMT_ENCRYPTED"
TIMELY = "TIM_BEFORE_ORDER TIM_BEFORE_DELIVERY TIM_FUTURE"
FRESH = "DUP_SAME_FILE DUP_SAME_PHOTO LST_MATCHES_LISTING"
PAPER = f"{OPENS} {TIMELY} {FRESH} FMT_TYPE_MISMATCH"
SCREEN = f"{PHOTO_CLARITY} {PAPER}"
HEALTHY = f"{SCREEN} TIM_INCONSISTENT DUP_CANNOT_COMPARE"


def without(codes: str, *dropped: str) -> str:
    """The codes less some of them."""
    return " ".join(code for code in codes.split() if code not in dropped)


@dataclass(frozen=True, slots=True)
class Item:
    """One file. ``submitted_at`` is None for the listing's own images, which are not evidence."""

    file: str
    purpose: str
    source: str = RENDERED
    must: str = ""
    must_not: str = ""
    evidence_type: str = "photo"
    roles: tuple[str, ...] = ()
    description: str | None = None
    submitted_at: str | None = None

    @property
    def party(self) -> str:
        """By the folder: buyer, seller or listing."""
        return self.file.split("/", maxsplit=1)[0]

    def entry(self) -> dict[str, Any]:
        """As dispute.json names it."""
        said: dict[str, Any] = {"file": self.file, "party": self.party, "evidence_type": self.evidence_type}
        said |= {"roles": list(self.roles)} if self.roles else {}
        said |= {"description": self.description} if self.description else {}
        return said | {"submitted_at": self.submitted_at}


@dataclass(frozen=True, slots=True)
class Sample:
    """One dispute: ``record`` is dispute.json without its evidence."""

    record: dict[str, Any]
    items: tuple[Item, ...] = field(default=())

    @property
    def id(self) -> str:
        """The dispute's id and folder."""
        return str(self.record["id"])

    def dispute_json(self) -> dict[str, Any]:
        """The whole file."""
        return self.record | {"evidence": [item.entry() for item in self.items if item.submitted_at]}


def record(
    number: str,
    reason: str,
    sub_reason: str,
    opened: str,
    buyer: str,
    seller: str,
    listing: str,
    order: str,
    tracking: str,
    events: list[tuple[str, str, str]],
    resolution: dict[str, Any],
    stage: str = "NEGOTIATION",
) -> dict[str, Any]:
    """A dispute record in the order in which dispute.json is read."""
    return {
        "id": number,
        "reason": reason,
        "sub_reason": sub_reason,
        "stage": stage,
        "status": "OPEN",
        "opened_at": opened,
        "requested_resolution": resolution,
        "parties": {"buyer": {"id": buyer}, "seller": {"id": seller}},
        "listing_id": listing,
        "order": {
            "id": order,
            "tracking": tracking,
            "events": [{"type": kind, "at": at, "source": source} for kind, at, source in events],
        },
    }
