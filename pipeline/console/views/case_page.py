"""The case: what needs the mediator on the first screen, then everything that both sides have sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from starlette.responses import Response

from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.templates import page
from pipeline.console.views.item_cards import ItemCards, decision_views
from pipeline.judgement.decisions import is_settled
from pipeline.reports.cards.card_pictures import AlignedPair, Layer
from pipeline.reports.cards.first_screen import FirstScreen
from pipeline.reports.cards.listing_pictures import ListingRecords, listing_picture, listing_views
from pipeline.reports.cards.matched_findings import strongest_match
from pipeline.reports.case_timeline import timeline
from pipeline.reports.comparison import LAYERS
from pipeline.reports.comparison_picture import PictureRecords, is_drawn
from pipeline.reports.html import groups_of, order_of, page_links
from pipeline.reports.item_pictures import Picture
from pipeline.reports.overview import Overview, needs_title, overview
from pipeline.reports.views import anchor
from storage.interfaces.dispute_queue import DisputeQueue, QueueQuery
from validators.disputes.attention import asks_for_look, reviews
from validators.sentences.labels import Labels

PAGE_ITEMS = 100
_PAIRS = 12
"""Matches whose pictures the first screen shows; those after them stand on the items' own pages."""
_QUEUE = 200
"""Waiting cases among which the next one is looked for."""


def show(request: ConsoleRequest) -> Response:
    """The case, or one page of a large one."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
        pairs = pairs_to_show(case, request, records)
        listing = _listing(case, request, records)
        after = next_case(case, request, records)
    order = order_of(case.report)
    links = page_links(len(order), lambda number: f"{addresses.case_page(case.id)}?page={number}", PAGE_ITEMS)
    number = request.query("page")
    here = links[min(max(int(number[:7]), 1), len(links)) - 1] if number.isdecimal() else links[0]
    chunk = order[(here.number - 1) * PAGE_ITEMS : here.number * PAGE_ITEMS]
    hrefs = item_hrefs(case, order, here.number)
    waiting, decided = split_overview(case, hrefs, request.labels)
    first = FirstScreen.of(
        case.report,
        waiting,
        hrefs,
        request.labels,
        request.console.now(),
        addresses.picture_address,
        lambda item, match: pairs.get((item.id, match.evidence_id)),
        listing,
    )
    return page(
        request,
        "case.html",
        report=case.report,
        first=first,
        next_case=after,
        decided=decided,
        line=timeline(case.report, hrefs, request.labels),
        groups=groups_of(case.report, chunk, hrefs, request.labels, addresses.picture_address),
        context=ItemCards.of(case, request, "case"),
        pages=links,
        page=here,
        decisions=decision_views(list(case.decisions), request.labels),
        slot_words=partial(slot_words, labels=request.labels),
        names={item.id: item.file for item in case.report.evidence},
    )


def pairs_to_show(
    case: CaseFile, request: ConsoleRequest, records: PictureRecords
) -> dict[tuple[str, str], AlignedPair]:
    """The aligned pictures of the matches that findings are about, by both ids. Of other cases only what the principal
    may see."""
    found = {}
    for item in filter(asks_for_look, case.report.evidence):
        named = (strongest_match(finding, item) for finding in reviews(item))
        for match in named:
            if match is None or not request.principal.may_see(match.dispute_id):
                continue
            if is_drawn(request.principal.tenant, item.id, match.evidence_id, records):
                layers = [Layer(addresses.layer(item.id, match.evidence_id, name)) for name in LAYERS[:2]]
                found[item.id, match.evidence_id] = AlignedPair(match, *layers)
                break
        if len(found) >= _PAIRS:
            break
    return found


def next_case(case: CaseFile, request: ConsoleRequest, records: DisputeQueue) -> str | None:
    """The dispute that waits after this one in the order of the queue; the first one after the last."""
    if request.principal.dispute_id is not None:
        return None
    found = records.queue(request.principal.tenant, QueueQuery(only_undecided=True, limit=_QUEUE))
    waiting = [line.dispute_id for line in found.lines]
    place = waiting.index(case.id) if case.id in waiting else -1
    following = [*waiting[place + 1 :], *waiting[: max(place, 0)]]
    return following[0] if following else None


def _listing(case: CaseFile, request: ConsoleRequest, records: ListingRecords) -> list[Picture]:
    return [
        listing_picture(item, view, addresses.media(item.id, view.sha256), request.labels)
        for item, view in listing_views(request.principal.tenant, case.id, records)
    ]


def item_hrefs(case: CaseFile, order: list[int], here: int) -> dict[str, str]:
    """From an evidence id to its card: on this page of the case, or on the one that holds it."""
    found = {}
    for position, place in enumerate(order):
        item = case.report.evidence[place]
        number = position // PAGE_ITEMS + 1
        page_ = "" if number == here else f"{addresses.case_page(case.id)}?page={number}"
        found[item.id] = f"{page_}#{anchor(item, place)}"
    return found


def split_overview(case: CaseFile, hrefs: dict[str, str], labels: Labels) -> tuple[Overview, list[object]]:
    """The first screen with what needs a decision, and what has one."""
    whole = overview(case.report, hrefs, labels)
    settled = [is_settled(view.need, case.report, case.decisions) for view in whole.needs]
    waiting = tuple(view for view, done in zip(whole.needs, settled, strict=True) if not done)
    decided: list[object] = [view for view, done in zip(whole.needs, settled, strict=True) if done]
    return replace(whole, needs=waiting, needs_title=needs_title(len(waiting), labels)), decided


def slot_words(slot: str, labels: Labels) -> str:
    """An entry of the checklist as a decision names it ("buyer:packaging") in words."""
    party, _, role = slot.partition(":")
    return f"{labels.party(party)}: {labels.heading('role', role)}"
