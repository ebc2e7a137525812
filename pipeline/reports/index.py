"""index.html: several disputes on one page (split past 200), the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from pipeline.reports.cards.case_head import claim_of
from pipeline.reports.cards.item_filters import ItemFilter
from pipeline.reports.html import PAGE_ITEMS, environment, page_links, remove_pages_after
from pipeline.reports.item_pictures import Picture, report_address, thumbnail_or_view
from pipeline.reports.overview import deadline_name, needs_title, state_counts
from pipeline.setup.atomic_write import replace_text
from validators.checks.match_class import OTHER_DISPUTE
from validators.disputes.attention import (
    asks_for_look,
    missing_required,
    needs,
    needs_someone,
    reviews,
    unusable,
)
from validators.disputes.shared_photos import shared_photos
from validators.report import DerivativeRecord, EvidenceReport, QualityReport
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import BAD, LOOK, MARKS, WARN, Label, Labels
from validators.sentences.sentences import sentences_in

_PICTURES = 4
"""Pictures on a line of the index."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A dispute's line: what needs attention, and where its report is, relative to the index."""

    dispute: str
    href: str
    claim: str
    reason: str
    pictures: tuple[Picture, ...]
    classes: tuple[str, ...]
    items: int
    needs: int
    attention: tuple[Label, ...]
    past_due: tuple[str, ...]
    by_state: dict[str, int]
    badness: tuple[int, int, int]


def index_entry(folder: str, report: QualityReport, labels: Labels) -> IndexEntry:
    """The line of ``report``, which is in ``folder`` (relative to the index)."""
    look = sum(bool(asks_for_look(item)) for item in report.evidence)
    bad = sum(unusable(item) for item in report.evidence)
    dispute = report.dispute
    clocks = [d for d in report.deadlines if d.past_due and dispute.withdrawn_at is None]
    return IndexEntry(
        dispute=dispute.id,
        href=f"{quote(folder, errors='surrogateescape')}/report.html",
        claim=claim_of(dispute.requested_resolution, labels),
        reason=labels.reason(dispute.reason, dispute.sub_reason),
        pictures=tuple(_pictures(folder, report, labels)),
        classes=tuple(f"of-{name}" for name in filters_of(report)),
        items=len(report.evidence),
        needs=len(needs(report)),
        attention=attention_labels(look, bad, missing_required(report), labels),
        past_due=tuple(dict.fromkeys(deadline_name(d.kind, d.party, labels) for d in clocks)),
        by_state=report.summary.by_state,
        badness=(len(needs(report)), bad, look),
    )


def filters_of(report: QualityReport) -> tuple[str, ...]:
    """Which of the choices above the index leave the dispute."""
    found = (
        ("review", bool(needs(report))),
        ("reused", any(is_reused(item) for item in report.evidence)),
        ("late", any(clock.past_due for clock in report.deadlines) and report.dispute.withdrawn_at is None),
    )
    return tuple(name for name, is_so in found if is_so)


def is_reused(item: EvidenceReport) -> bool:
    """Whether a review says that another dispute holds the same picture."""
    return any(
        one.code.startswith("DUP_") and one.params.get("scope") == OTHER_DISPUTE for one in reviews(item)
    )


def _pictures(folder: str, report: QualityReport, labels: Labels) -> list[Picture]:
    """The pictures that a line shows: of items to review first."""
    prefix = quote(folder, errors="surrogateescape")

    def address(item: EvidenceReport, derivative: DerivativeRecord) -> str | None:
        url = report_address(item, derivative)
        return f"{prefix}/{url}" if url else None

    order = sorted(report.evidence, key=lambda item: not needs_someone(item))
    found = (thumbnail_or_view(item, address, labels) for item in order)
    return list(islice((picture for picture in found if picture is not None), _PICTURES))


def attention_labels(look: int, bad: int, missing: int, labels: Labels) -> tuple[Label, ...]:
    """What needs a person: items to review, items that cannot be used, required items that are missing."""
    parts = (("reviews", look, LOOK), ("unusable", bad, BAD), ("missing", missing, WARN))
    return tuple(
        Label(MARKS[tone], tone, labels.text(f"pages.needs.{name}", count=number), name)
        for name, number, tone in parts
        if number
    )


def write_index(entries: Iterable[tuple[str, QualityReport]], folder: Path, language: str = ENGLISH) -> Path:
    """Write index.html into ``folder`` from pairs of a report's sub-folder and the report; returns its path.

    Past 200 disputes, index-2.html and on. Those that hold a picture
    of another come first, then those with most that needs a person, then by id.
    OSError passes through, with the former file intact.
    """
    entries = list(entries)
    labels = Labels(sentences_in(language))
    lines = [index_entry(name, report, labels) for name, report in entries]
    choices = _choices(lines, labels)
    addresses = {line.dispute: line.href for line in lines}
    shared = shared_photos(report for _, report in entries)
    lines.sort(key=_rank)
    links = page_links(len(lines), index_name)
    template = environment(language).get_template("index.html")
    totals: dict[str, int] = {}
    for line in lines:
        for state, number in line.by_state.items():
            totals[state] = totals.get(state, 0) + number
    for link in links:
        page = template.render(
            lines=lines[(link.number - 1) * PAGE_ITEMS : link.number * PAGE_ITEMS],
            disputes=len(lines),
            waiting=sum(bool(line.needs) for line in lines),
            items=sum(line.items for line in lines),
            counts=state_counts(totals, labels),
            state_counts=lambda by_state: state_counts(by_state, labels),
            shared=shared if link.number == 1 else (),
            filter_choices=choices,
            addresses=addresses,
            needs_title=lambda number: needs_title(number, labels),
            page=link,
            pages=links,
        )
        replace_text(folder / index_name(link.number), page)
    remove_pages_after(folder, "index", len(links))
    return folder / index_name(1)


def _rank(line: IndexEntry) -> tuple[bool, tuple[int, ...], str]:
    return "of-reused" not in line.classes, tuple(-part for part in line.badness), line.dispute


def _choices(lines: list[IndexEntry], labels: Labels) -> tuple[ItemFilter, ...]:
    found = [
        ItemFilter(
            name, labels.text(f"pages.filter.{name}"), sum(f"of-{name}" in line.classes for line in lines)
        )
        for name in ("review", "reused", "late")
    ]
    some = [one for one in found if 0 < one.count < len(lines)]
    return (ItemFilter("all", labels.text("pages.filter.all"), len(lines)), *some)


def index_name(number: int) -> str:
    """index.html, index-2.html, …"""
    return "index.html" if number == 1 else f"index-{number}.html"
