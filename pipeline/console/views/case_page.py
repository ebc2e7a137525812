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
from pipeline.reports.case_timeline import timeline
from pipeline.reports.html import groups_of, order_of, page_links
from pipeline.reports.overview import Overview, needs_title, overview
from pipeline.reports.views import anchor
from validators.sentences.labels import Labels

PAGE_ITEMS = 100


def show(request: ConsoleRequest) -> Response:
    """The case, or one page of a large one."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    order = order_of(case.report)
    links = page_links(len(order), lambda number: f"{addresses.case_page(case.id)}?page={number}", PAGE_ITEMS)
    number = request.query("page")
    here = links[min(max(int(number[:7]), 1), len(links)) - 1] if number.isdecimal() else links[0]
    chunk = order[(here.number - 1) * PAGE_ITEMS : here.number * PAGE_ITEMS]
    hrefs = item_hrefs(case, order, here.number)
    first, decided = split_overview(case, hrefs, request.labels)
    return page(
        request,
        "case.html",
        report=case.report,
        overview=first,
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
