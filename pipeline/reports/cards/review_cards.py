"""What a mediator is to review, one card an item: the picture first, then what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.reports.cards.card_pictures import AlignedPair, CloseUp, PairOf, close_up
from pipeline.reports.cards.date_lines import DateLine, date_line
from pipeline.reports.cards.matched_findings import strongest_match
from pipeline.reports.finding_views import FindingView, finding_view
from pipeline.reports.item_pictures import Address, Picture, pictures_of
from pipeline.reports.overview import NeedView
from validators.disputes.attention import above_notes
from validators.finding import Finding
from validators.report import EvidenceReport, QualityReport
from validators.sentences.labels import Labels

EXCERPT = 300
"""Characters of a text without a picture."""


@dataclass(frozen=True, slots=True)
class CardFinding:
    """A finding on a card, with the two dates that it is about."""

    view: FindingView
    dates: DateLine | None


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """An item to review. At most one of ``pair`` and ``close_up`` is there; ``picture`` is the whole item."""

    need: NeedView
    anchor: str
    item: EvidenceReport
    findings: tuple[CardFinding, ...]
    pair: AlignedPair | None
    close_up: CloseUp | None
    picture: Picture | None
    excerpt: str


def review_cards(
    report: QualityReport, needs: Sequence[NeedView], labels: Labels, address: Address, pair_of: PairOf
) -> tuple[ReviewCard, ...]:
    """The cards of those ``needs`` that are about an item, in order."""
    return tuple(
        _card(view, report.evidence[view.need.item], labels, address, pair_of)
        for view in needs
        if view.need.item is not None
    )


def _card(
    view: NeedView, item: EvidenceReport, labels: Labels, address: Address, pair_of: PairOf
) -> ReviewCard:
    found = view.need.findings or tuple(above_notes(item))
    pair = _pair(item, found, pair_of)
    return ReviewCard(
        need=view,
        anchor=f"review-{view.need.item}",
        item=item,
        findings=tuple(CardFinding(finding_view(one, labels), date_line(one, item, labels)) for one in found),
        pair=pair,
        close_up=None if pair else close_up(item, address, labels),
        picture=next(iter(pictures_of(item, address, labels)), None),
        excerpt=(item.text or "")[:EXCERPT],
    )


def _pair(item: EvidenceReport, findings: Sequence[Finding], pair_of: PairOf) -> AlignedPair | None:
    for finding in findings:
        match = strongest_match(finding, item)
        pair = pair_of(item, match) if match is not None else None
        if pair is not None:
            return pair
    return None
