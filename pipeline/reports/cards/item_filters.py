"""The choices above the items: all, those to review, a party's, a kind's. The style sheet hides the others; no script does."""

from __future__ import annotations

from dataclasses import dataclass

from validators.dispute import BUYER, SELLER
from validators.disputes.attention import needs_someone
from validators.report import EvidenceReport, QualityReport
from validators.sentences.labels import Labels

KINDS = ("photo", "screenshot", "document", "text", "video", "audio")
"""Kinds that report.css knows a filter of."""


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """A choice: its code, what it is called, and how many items it leaves."""

    code: str
    name: str
    count: int


def item_filters(report: QualityReport, labels: Labels) -> tuple[ItemFilter, ...]:
    """The choices that leave some of the items but not all, after "all"."""
    items = report.evidence
    found = [("review", labels.text("pages.filter.review"), sum(map(needs_someone, items)))]
    for party in (BUYER, SELLER):
        found.append((party, labels.party(party), sum(item.declared.party == party for item in items)))
    for kind in KINDS:
        found.append((kind, labels.heading("kind", kind), sum(item.kind == kind for item in items)))
    some = [ItemFilter(*one) for one in found if 0 < one[2] < len(items)]
    return (ItemFilter("all", labels.text("pages.filter.all"), len(items)), *some)


def filter_classes(item: EvidenceReport) -> tuple[str, ...]:
    """The classes of an item in the page, by which report.css hides it."""
    party, kind = item.declared.party, item.kind
    codes = ("review" if needs_someone(item) else "", party if party in (BUYER, SELLER) else "")
    return tuple(f"of-{code}" for code in (*codes, kind if kind in KINDS else "") if code)
