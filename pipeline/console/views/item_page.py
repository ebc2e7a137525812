"""One item: large, with everything that is known about it and where that comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.console.access.principal import ACT
from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, find_item, open_case
from pipeline.console.core.console_context import ConsoleRequest, not_found
from pipeline.console.core.templates import page
from pipeline.console.views.compare_page import neighbours
from pipeline.console.views.item_cards import ItemCards
from pipeline.reports.confirmed_marks import mark_confirmed
from pipeline.reports.html import order_of
from pipeline.reports.views import ItemView, item_view
from pipeline.setup.object_keys import original_key
from storage.interfaces.audit import AuditEntry
from validators.evidence import Evidence
from validators.sentences.labels import Labels

NEIGHBOURS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TrailView:
    """An audit entry with its detail as people read it."""

    entry: AuditEntry
    detail: str


def show(request: ConsoleRequest) -> Response:
    """The item, with page ``page`` of a document in the large view."""
    principal = request.principal
    with request.console.context.database.reading() as records:
        item = find_item(principal, request.path("evidence"), records)
        case = open_case(principal, item.dispute_id, records)
        if case.item(item.id) is None:
            raise not_found()
        known = records.newest_examinations(principal.tenant, [item.content_key]).get(item.content_key)
        beside = neighbours(case, item, principal, records)
        name = records.known_audit_name(principal.tenant, item.id)
        audit = [entry for entry in records.audit(principal.tenant, case.id) if _concerns(entry, name)]
    view = _view(case, item, request.labels)
    pictures = [*([view.main] if view.main else []), *view.more]
    number = request.query("page")
    chosen = min(max(int(number[:7]), 1), len(pictures)) if number.isdecimal() and pictures else 1
    before, after = _around(case, item.id)
    return page(
        request,
        "item.one.html",
        report=case.report,
        item=view,
        context=ItemCards.of(case, request, "item"),
        large=pictures[chosen - 1] if pictures else None,
        chosen=chosen,
        pictures=pictures,
        original=_original(request, item),
        before=before,
        after=after,
        beside=[(one, addresses.compare_page(item.id, one.id)) for one in beside[:NEIGHBOURS_SHOWN]],
        examination=known,
        audit=[TrailView(entry, _detail(entry)) for entry in reversed(audit)],
    )


def _view(case: CaseFile, item: Evidence, labels: Labels) -> ItemView:
    place = case.place(item.id)
    hrefs = {one.id: addresses.item_page(one.id) for one in case.report.evidence}
    found = case.report.evidence[place]
    view = item_view(case.report, found, place, hrefs, labels, addresses.picture_address)
    return mark_confirmed(view, case.report, labels)


def _around(case: CaseFile, evidence_id: str) -> tuple[str | None, str | None]:
    """The items before and after, in the order of the case."""
    order = [case.report.evidence[place].id for place in order_of(case.report)]
    here = order.index(evidence_id)
    before = order[here - 1] if here else None
    return before, order[here + 1] if here + 1 < len(order) else None


def _original(request: ConsoleRequest, item: Evidence) -> str | None:
    """The address of what was sent, where the store keeps it and the principal may have it."""
    if not item.sha256 or not request.principal.may(ACT):
        return None
    kept = request.console.context.objects.exists(original_key(item.sha256))
    return addresses.original(item.id) if kept else None


def _concerns(entry: AuditEntry, name: str | None) -> bool:
    """Entries on the whole dispute, and those that name this item alone, by its name in the trail."""
    return json.loads(entry.detail).get("item", "") in ("", name)


def _detail(entry: AuditEntry) -> str:
    return ", ".join(f"{name}: {value}" for name, value in json.loads(entry.detail).items() if value)
