"""report.html: the case on one self-contained page, or on several past 200 items. No script, no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from pipeline.judgement.report_json import to_json
from pipeline.reports.cards.card_pictures import AlignedPair, pair_in_report
from pipeline.reports.cards.first_screen import FirstScreen
from pipeline.reports.case_timeline import timeline
from pipeline.reports.confirmed_marks import mark_confirmed
from pipeline.reports.item_pictures import Address, Picture, report_address
from pipeline.reports.jinja_sentences import install_sentences
from pipeline.reports.overview import overview
from pipeline.reports.views import ItemView, anchor, item_view
from pipeline.setup.atomic_write import replace_text
from validators.dispute import BUYER, SELLER
from validators.disputes.attention import asks_for_look, state_rank
from validators.report import EvidenceReport, Match, QualityReport
from validators.safe_text import visible, visible_block
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

PAGE_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one party on one page."""

    name: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of a split report: its number from 1, address and first and last item, counted from 1."""

    number: int
    href: str
    first: int
    last: int


def write_report(
    report: QualityReport,
    folder: Path,
    body: str | None = None,
    language: str = ENGLISH,
    listing: Sequence[Picture] = (),
) -> Path:
    """Write report.json, report.html and, past 200 items, report-2.html and on; returns report.html's path.

    ``folder`` must exist; pictures are looked for in its ``media/``. ``body`` is the text of report.json
    where the caller has it already, ``listing`` the listing's own pictures. Each file is replaced whole; pages left
    from a longer report are removed.
    OSError passes through, with the former file intact.
    """
    replace_text(folder / "report.json", to_json(report) if body is None else body)
    number = 0
    for number, page in enumerate(report_pages(report, language, listing), 1):
        replace_text(folder / page_name(number), page)
    remove_pages_after(folder, "report", number)
    return folder / page_name(1)


def report_pages(
    report: QualityReport, language: str = ENGLISH, listing: Sequence[Picture] = ()
) -> Iterator[str]:
    """The pages of the report, in order: at least one."""
    labels = Labels(sentences_in(language))
    order = order_of(report)
    chunks = [order[i : i + PAGE_ITEMS] for i in range(0, len(order), PAGE_ITEMS)] or [[]]
    links = page_links(len(order), page_name)
    home = {}
    for number, chunk in enumerate(chunks, 1):
        home.update({report.evidence[p].id: (number, f"#{anchor(report.evidence[p], p)}") for p in chunk})
    template = environment(language).get_template("report.html")
    for number, chunk in enumerate(chunks, 1):
        hrefs = {i: at if page == number else page_name(page) + at for i, (page, at) in home.items()}
        yield template.render(
            report=report,
            page=links[number - 1],
            pages=links,
            first=first_screen(report, hrefs, labels, listing) if number == 1 else None,
            line=timeline(report, hrefs, labels) if number == 1 else None,
            groups=groups_of(report, chunk, hrefs, labels),
        )


def first_screen(
    report: QualityReport, hrefs: dict[str, str], labels: Labels, listing: Sequence[Picture]
) -> FirstScreen:
    """The first screen of the offline report."""

    def pair_of(item: EvidenceReport, match: Match) -> AlignedPair | None:
        return pair_in_report(item, match, report_address)

    whole = overview(report, hrefs, labels)
    return FirstScreen.of(report, whole, hrefs, labels, report.as_of, report_address, pair_of, listing)


def page_name(number: int) -> str:
    """report.html, report-2.html, …"""
    return "report.html" if number == 1 else f"report-{number}.html"


def page_links(total: int, name: Any, size: int = PAGE_ITEMS) -> list[PageLink]:
    """The pages that ``total`` entries take; ``name`` maps a number to a file name."""
    starts = range(0, total, size) if total else (0,)
    return [PageLink(n, name(n), start + 1, min(start + size, total)) for n, start in enumerate(starts, 1)]


def remove_pages_after(folder: Path, stem: str, last: int) -> None:
    """Remove ``stem``-N.html for every N above ``last``."""
    for path in folder.glob(f"{stem}-*.html"):
        tail = path.stem.removeprefix(f"{stem}-")
        if tail.isdecimal() and int(tail) > max(last, 1):
            path.unlink()


@cache
def environment(language: str = ENGLISH) -> jinja2.Environment:
    """The templates of the offline pages, compiled once, with their style inside."""
    made = make_environment(jinja2.PackageLoader("pipeline.reports", "pages"), language)
    style = shared_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals.update(
        style=Markup(style),  # noqa: S704 - our own file
        policy=(
            f"default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'"
        ),
    )
    return made


def shared_style() -> str:
    """The style sheet of report pages and console."""
    return files("pipeline.reports").joinpath("pages", "report.css").read_text("utf-8")


def make_environment(loader: jinja2.BaseLoader, language: str) -> jinja2.Environment:
    """Templates in which every string is made visible, then escaped, wherever it is put."""
    made = jinja2.Environment(
        loader=loader,
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["block"] = _block
    install_sentences(made, sentences_in(language))
    return made


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    return visible(value) if type(value) is str else value


def _block(value: str) -> Markup:
    return escape(visible_block(value))


def order_of(report: QualityReport) -> list[int]:
    """Places in ``report.evidence``: by party, items to review first, then the worst."""
    sides = {BUYER: 0, SELLER: 1}

    def rank(place: int) -> tuple[int, str, bool, int, int]:
        item = report.evidence[place]
        side = sides.get(item.declared.party or "", 2)
        look = bool(asks_for_look(item))
        return side, item.declared.party or "", not look, 0 if look else -state_rank(item), place

    return sorted(range(len(report.evidence)), key=rank)


def groups_of(
    report: QualityReport,
    places: list[int],
    hrefs: dict[str, str],
    labels: Labels,
    address: Address = report_address,
) -> list[Group]:
    """The items at ``places``, by party. ``hrefs`` and ``address``: see item_view."""
    by_party: dict[str, list[ItemView]] = {}
    for place in places:
        item: EvidenceReport = report.evidence[place]
        view = mark_confirmed(item_view(report, item, place, hrefs, labels, address), report, labels)
        by_party.setdefault(labels.party(item.declared.party), []).append(view)
    return [Group(name, tuple(items)) for name, items in by_party.items()]
