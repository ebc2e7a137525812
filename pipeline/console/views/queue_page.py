"""The queue: disputes by deadline and by what needs attention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response

from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.templates import page
from pipeline.reports import quantities
from pipeline.reports.confirmed_rows import confirmed_count
from pipeline.reports.html import PageLink
from pipeline.reports.index import attention_labels
from pipeline.reports.overview import needs_title, state_counts
from storage.interfaces.dispute_queue import BY_DEADLINE, ORDERS, QueueLine, QueueQuery
from validators.sentences.labels import Label, Labels

PAGE_LINES = 50
_LONGEST_TEXT = 200
SHOW = {"open": False, "closed": True, "all": None}


@dataclass(frozen=True, slots=True)
class LineView:
    """A dispute's line as the page shows it."""

    record: QueueLine
    reason: str
    needs: str
    decided: int
    confirmed: str
    attention: tuple[Label, ...]
    past_due: tuple[str, ...]
    clock: str
    distance: str
    overdue: bool
    counts: tuple[tuple[Label, int], ...]


def show(request: ConsoleRequest) -> Response:
    """The queue, filtered and sorted as the address says."""
    query = query_of(request)
    with request.console.context.database.reading() as records:
        found = records.queue(request.principal.tenant, query)
        reasons = records.queue_reasons(request.principal.tenant)
    now, labels = request.console.now(), request.labels
    links = _links(query, found.total)
    return page(
        request,
        "queue.html",
        lines=[line_view(line, now, labels) for line in found.lines],
        total=found.total,
        query=query,
        show=next(name for name, closed in SHOW.items() if closed == query.closed),
        reasons=[(name, labels.heading("sub_reason", name)) for name in reasons],
        shows=[(name, labels.text(f"pages.queue.show_{name}")) for name in SHOW],
        orders=[(name, labels.text(f"pages.queue.by_{name}")) for name in ORDERS],
        pages=links,
        page=next((link for link in links if link.first == query.offset + 1), None),
        narrowed=replace(query, order=BY_DEADLINE, offset=0) != QueueQuery(),
    )


def query_of(request: ConsoleRequest, most: int = PAGE_LINES) -> QueueQuery:
    """The query in the address; invalid parameters count as absent."""
    given = request.query
    number, limit = given("page")[:7], given("limit")[:7]
    lines = min(max(int(limit), 1), most) if limit.isdecimal() else PAGE_LINES
    return QueueQuery(
        text=given("q").strip()[:_LONGEST_TEXT],
        reason=given("reason"),
        closed=SHOW.get(given("show"), False),
        only_undecided=given("waiting") == "yes",
        only_past_due=given("late") == "yes",
        order=given("order") if given("order") in ORDERS else BY_DEADLINE,
        offset=(max(int(number), 1) - 1) * lines if number.isdecimal() else 0,
        limit=lines,
    )


def line_view(line: QueueLine, now: datetime, labels: Labels) -> LineView:
    """Everything the line shows."""
    return LineView(
        record=line,
        reason=labels.reason(line.reason, line.sub_reason),
        needs=needs_title(line.undecided, labels),
        decided=line.needs - line.undecided,
        confirmed=confirmed_count(line.confirmed, labels) if line.confirmed else "",
        attention=attention_labels(line.looks, line.unusable, line.missing, labels),
        past_due=tuple(labels.heading("deadline", kind) for kind in line.past_due if kind != line.next_kind),
        clock=labels.heading("deadline", line.next_kind) if line.next_kind else "",
        distance=quantities.distance(line.next_due, now, labels) if line.next_due else "",
        overdue=line.next_kind in line.past_due,
        counts=state_counts(dict(line.by_state), labels),
    )


def _links(query: QueueQuery, total: int) -> list[PageLink]:
    """The pages about this one, the first and the last."""
    pages = -(-total // query.limit)
    here = query.offset // query.limit + 1
    shown = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - here) <= 3]
    return [
        PageLink(n, f"/?{_address(query, n)}", (n - 1) * query.limit + 1, min(n * query.limit, total))
        for n in shown
    ]


def _address(query: QueueQuery, number: int) -> str:
    given = {
        "q": query.text,
        "reason": query.reason,
        "show": next(name for name, closed in SHOW.items() if closed == query.closed),
        "waiting": "yes" if query.only_undecided else "",
        "late": "yes" if query.only_past_due else "",
        "order": query.order,
        "page": str(number),
    }
    return urlencode({name: value for name, value in given.items() if value}, errors="surrogatepass")
