"""The first screen of a case: what is asked, what needs a person, and the pictures that decide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.reports.cards.card_pictures import PairOf
from pipeline.reports.cards.case_head import CaseHead, case_head
from pipeline.reports.cards.item_filters import ItemFilter, item_filters
from pipeline.reports.cards.received import ReceivedSide, received
from pipeline.reports.cards.review_cards import ReviewCard, review_cards
from pipeline.reports.item_pictures import Address, Picture
from pipeline.reports.overview import NeedView, Overview
from validators.report import QualityReport
from validators.sentences.labels import Labels


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """``slots`` are the open entries of the checklist. ``received`` is empty where a card shows a picture."""

    overview: Overview
    head: CaseHead
    cards: tuple[ReviewCard, ...]
    slots: tuple[NeedView, ...]
    received: tuple[ReceivedSide, ...]
    filters: tuple[ItemFilter, ...]

    @classmethod
    def of(
        cls,
        report: QualityReport,
        overview: Overview,
        hrefs: dict[str, str],
        labels: Labels,
        now: datetime,
        address: Address,
        pair_of: PairOf,
        listing: Sequence[Picture],
    ) -> FirstScreen:
        """The first screen of ``report``, whose ``overview`` holds the needs that still wait."""
        waits = () if report.copy_for else overview.needs
        cards = review_cards(report, waits, labels, address, pair_of)
        pictured = report.copy_for or any(card.picture or card.pair for card in cards)
        return cls(
            overview=overview,
            head=case_head(report, [view.need for view in waits], overview.clocks, labels, now),
            cards=cards,
            slots=tuple(view for view in waits if view.need.slot is not None),
            received=() if pictured else received(report, listing, hrefs, labels, address),
            filters=item_filters(report, labels),
        )
