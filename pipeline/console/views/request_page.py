"""Asking a party for better evidence: the text is drafted from the findings' actions, and that it was sent is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import ConsoleRequest, not_found, refused
from pipeline.console.core.templates import page
from pipeline.console.views.decision_forms import LONGEST_NOTE, Given, put_decisions
from pipeline.judgement.decisions import slot_name
from pipeline.reports import quantities
from storage.interfaces.decisions import ASK
from validators.disputes.attention import above_notes, missing_finding, open_slots, unusable
from validators.finding import FAIL
from validators.report import PROCESSING_FAILED, EvidenceReport, Slot
from validators.safe_text import visible
from validators.sentences import labels as words
from validators.sentences.sentences import action, sentence


@dataclass(frozen=True, slots=True)
class Draft:
    """What to send, and of which items and slots ("buyer:packaging") it speaks."""

    text: str
    items: tuple[str, ...]
    slots: tuple[str, ...]


def show(request: ConsoleRequest) -> Response:
    """The text for one party or one item, ready to copy."""
    party, item = request.query("party"), request.query("item")
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
    return page(
        request,
        "ask.html",
        report=case.report,
        draft=_draft_for(case, party, item),
        who=words.party(party or _sender(case, item)),
        party=party,
        item=item,
    )


def record(request: ConsoleRequest) -> Response:
    """That it was sent: one decision for each item and slot that the text speaks of."""
    party, item, text = (
        request.field("party"),
        request.field("item"),
        request.field("text").replace("\r\n", "\n"),
    )
    if len(text) > LONGEST_NOTE:
        raise refused(f"The text has at most {LONGEST_NOTE} characters.")
    dispute_id = request.path("dispute")
    with request.console.context.database.reading() as records:
        draft = _draft_for(open_case(request.principal, dispute_id, records), party, item)
    given = [Given(ASK, evidence=one, note=text) for one in draft.items]
    given += [Given(ASK, slot=one, note=text) for one in draft.slots]
    if not given:
        raise refused("Nothing there is to be asked for.")
    put_decisions(request, dispute_id, given)
    return RedirectResponse(addresses.item_page(item) if item else addresses.case_page(dispute_id), 303)


def _draft_for(case: CaseFile, party: str, item_id: str) -> Draft:
    if item_id:
        item = case.item(item_id)
        if item is None:
            raise not_found()
        return _draft(case, item.declared.party, [item], [])
    items = [one for one in case.report.evidence if one.declared.party == party and unusable(one)]
    slots = [slot for slot in open_slots(case.report) if slot.party == party]
    return _draft(case, party, [one for one in items if one.state != PROCESSING_FAILED], slots)


def _draft(case: CaseFile, party: str | None, items: list[EvidenceReport], slots: list[Slot]) -> Draft:
    """Only what the party sent itself and what its reason asks for: nothing of other cases or of the other side."""
    wanted = [f"{visible(item.file.rsplit('/', 1)[-1])}: {_what_is_wrong(item)}" for item in items]
    wanted += [_missing(case, slot) for slot in slots]
    report = case.report
    order = f" (order {visible(report.dispute.order.id)})" if report.dispute.order.id else ""
    lines = [
        f"Dispute {visible(case.id)}{order}",
        "",
        "To decide this dispute we need better evidence from you. Please send:",
        "",
    ]
    lines += [f"{number}. {text}" for number, text in enumerate(wanted, 1)]
    due = next((d.due_by for d in report.dispute.evidence_details if d.party == party), None)
    lines += ["", "Please say with each file what it shows."]
    if due is not None and due > report.as_of:
        lines.append(f"Evidence is due by {quantities.day(due)}.")
    slots_named = tuple(slot_name(slot) for slot in slots)
    return Draft("\n".join(lines).replace("\u00a0", " "), tuple(item.id for item in items), slots_named)


def _what_is_wrong(item: EvidenceReport) -> str:
    found = [f for f in above_notes(item) if f.kind == FAIL and not words.is_consistency(f.code)]
    said = dict.fromkeys(
        part for finding in found for part in (sentence(finding), action(finding) or "") if part
    )
    return visible(" ".join(said)) or "It cannot be read as it is. Send it again."


def _missing(case: CaseFile, slot: Slot) -> str:
    found = missing_finding(case.report, slot)
    name = words.plain(slot.role)
    return (
        f"{name}: {visible(action(found) or '')}"
        if found is not None and found.asks
        else f"{name}: it is not here yet."
    )


def _sender(case: CaseFile, item_id: str) -> str | None:
    item = case.item(item_id)
    return item.declared.party if item else None
