"""Any two items side by side: of one case, of two, or an item and the listing's image."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.console.access.principal import Principal
from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, find_item, open_case
from pipeline.console.core.console_context import ConsoleRequest, refused
from pipeline.console.core.templates import page
from pipeline.console.views.compared_items import rows, side_of
from pipeline.reports.comparison import LAYERS
from pipeline.reports.comparison_picture import PictureRecords, is_drawn, pairs_between
from pipeline.reports.item_pictures import report_address
from pipeline.reports.match_views import MatchView, match_view
from validators.evidence import Evidence
from validators.sentences.labels import Labels


def show(request: ConsoleRequest) -> Response:
    """Items ``a`` and ``b`` of the address."""
    first, second = request.query("a"), request.query("b")
    if not first or not second or first == second:
        raise refused("two_items")
    principal, policy = request.principal, request.console.context.policy
    with request.console.context.database.reading() as records:
        items = [find_item(principal, id_, records) for id_ in (first, second)]
        known = records.newest_examinations(principal.tenant, {item.content_key for item in items})
        case = open_case(principal, items[0].dispute_id, records)
        match = _match(case, items[0], items[1], request.labels)
        drawn = is_drawn(principal.tenant, items[0].id, items[1].id, records)
        others = neighbours(case, items[0], principal, records)
    sides = [side_of(item, known.get(item.content_key), policy, request.labels) for item in items]
    return page(
        request,
        "compare.html",
        left=sides[0],
        right=sides[1],
        facts=rows(sides[0].facts, sides[1].facts),
        metadata=rows(sides[0].metadata, sides[1].metadata),
        match=match,
        picture=addresses.comparison(first, second) if drawn else None,
        layers=[(name, addresses.layer(first, second, name)) for name in LAYERS] if drawn else [],
        others=[(item, addresses.compare_page(first, item.id)) for item in others if item.id != second],
    )


def neighbours(
    case: CaseFile, item: Evidence, principal: Principal, records: PictureRecords
) -> list[Evidence]:
    """What the item may be compared with: its matches, the listing's images, the other party's items, its own party's.
    Of other cases only what the principal may see."""
    pairs = pairs_between(item.tenant, item.id, records)
    of_case = [one for one in records.evidence_of(item.tenant, case.id) if one.id != item.id]
    seen = {one.id for one in of_case}
    matched = [one for one in records.evidence(item.tenant, pairs) if one.id not in seen]
    elsewhere = [one for one in matched if principal.may_see(one.dispute_id)]

    def rank(one: Evidence) -> tuple[bool, bool, bool]:
        return one.id not in pairs, not one.declared.on_listing, one.declared.party == item.declared.party

    return sorted([*elsewhere, *of_case], key=rank)


def _match(case: CaseFile, this: Evidence, other: Evidence, labels: Labels) -> MatchView | None:
    """The match of the two in the report, if there is one."""
    item = case.item(this.id)
    if item is None:
        return None
    own = next((match for match in item.matches if match.evidence_id == other.id), None)
    return match_view(own, item, {}, report_address, labels) if own else None
