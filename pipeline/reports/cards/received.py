"""What a case without findings opens with: what was received beside the listing's picture, since people compare these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reports.item_pictures import Address, Picture, pictures_of
from validators.dispute import BUYER, SELLER
from validators.disputes.attention import state_rank
from validators.report import EvidenceReport, QualityReport
from validators.sentences.labels import Labels

_OF_LISTING, _OF_BUYER, _OF_SELLER = 1, 2, 1
"""Pictures of each side: together they fit beside each other on a screen."""
_FIRST_ROLES = ("item", "packing_photo")
"""What shows the goods comes before what shows the parcel or the order."""
_PICTURED = ("photo", "video")


@dataclass(frozen=True, slots=True)
class ReceivedSide:
    """Pictures of one side: the listing's, the buyer's or the seller's, with the address of each item."""

    name: str
    pictures: tuple[tuple[Picture, str], ...]


def received(
    report: QualityReport,
    listing: Sequence[Picture],
    hrefs: dict[str, str],
    labels: Labels,
    address: Address,
) -> tuple[ReceivedSide, ...]:
    """The sides that have pictures, the listing first. Nothing without at least one picture of a party."""
    sides = [
        ReceivedSide(labels.party(party), tuple(_pictures(report, party, hrefs, labels, address)[:most]))
        for party, most in ((BUYER, _OF_BUYER), (SELLER, _OF_SELLER))
    ]
    if not any(side.pictures for side in sides):
        return ()
    shown = tuple((picture, picture.url) for picture in listing[:_OF_LISTING])
    first = ReceivedSide(labels.text("pages.received.listing"), shown)
    return tuple(side for side in (first, *sides) if side.pictures)


def _pictures(
    report: QualityReport, party: str, hrefs: dict[str, str], labels: Labels, address: Address
) -> list[tuple[Picture, str]]:
    own = [item for item in report.evidence if item.declared.party == party and item.kind in _PICTURED]
    found: list[tuple[Picture, str]] = []
    shown: set[str] = set()
    for item in sorted(own, key=_rank):
        picture = next(iter(pictures_of(item, address, labels)), None)
        if picture is not None and shown.isdisjoint(match.evidence_id for match in item.matches):
            found.append((picture, hrefs.get(item.id, "")))
            shown.add(item.id)
    return found


def _rank(item: EvidenceReport) -> tuple[bool, int]:
    return not any(role in _FIRST_ROLES for role in item.declared.roles), state_rank(item)
