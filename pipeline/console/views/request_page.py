"""Requests for better evidence: the text is drafted from the findings' actions, and that it was sent is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import ConsoleRequest, not_found, refused
from pipeline.console.core.templates import page
from pipeline.console.views.decision_forms import LONGEST_NOTE, Given, put_decisions
from pipeline.judgement.decisions import slot_name
from storage.interfaces.decisions import ASK
from validators.disputes.attention import above_notes, missing_finding, open_slots, unusable
from validators.finding import FAIL
from validators.report import PROCESSING_FAILED, EvidenceReport, Slot
from validators.sentences.labels import Labels, is_consistency


@dataclass(frozen=True, slots=True)
class Draft:
    """What to send, and which items and slots ("buyer:packaging") it is about."""

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
        draft=_draft_for(case, party, item, request.labels),
        who=request.labels.party(party or _sender(case, item)),
        party=party,
        item=item,
    )


def record(request: ConsoleRequest) -> Response:
    """That it was sent: one decision for each item and slot that the text is about."""
    party, item, text = (
        request.field("party"),
        request.field("item"),
        request.field("text").replace("\r\n", "\n"),
    )
    if len(text) > LONGEST_NOTE:
        raise refused("text_too_long", most=LONGEST_NOTE)
    dispute_id = request.path("dispute")
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, dispute_id, records)
        draft = _draft_for(case, party, item, request.labels)
    given = [Given(ASK, evidence=one, note=text) for one in draft.items]
    given += [Given(ASK, slot=one, note=text) for one in draft.slots]
    if not given:
        raise refused("nothing_to_ask")
    put_decisions(request, dispute_id, given)
    return RedirectResponse(addresses.item_page(item) if item else addresses.case_page(dispute_id), 303)


def _draft_for(case: CaseFile, party: str, item_id: str, labels: Labels) -> Draft:
    if item_id:
        item = case.item(item_id)
        if item is None:
            raise not_found()
        return _draft(case, item.declared.party, [item], [], labels)
    items = [one for one in case.report.evidence if one.declared.party == party and unusable(one)]
    slots = [slot for slot in open_slots(case.report) if slot.party == party]
    return _draft(case, party, [one for one in items if one.state != PROCESSING_FAILED], slots, labels)


def _draft(
    case: CaseFile, party: str | None, items: list[EvidenceReport], slots: list[Slot], labels: Labels
) -> Draft:
    """Only what the party sent itself and what its reason asks for: nothing of other cases or of the other side."""
    wanted = [(item.file.rsplit("/", 1)[-1], _fault_of(item, labels)) for item in items]
    wanted += [(labels.heading("role", slot.role), _missing(case, slot, labels)) for slot in slots]
    lines = [_subject(case, labels), "", labels.text("console.request.intro"), ""]
    lines += [
        labels.text("console.request.entry", number=number, name=name, what=what)
        for number, (name, what) in enumerate(wanted, 1)
    ]
    lines += ["", labels.text("console.request.describe")]
    report = case.report
    due = next((d.due_by for d in report.dispute.evidence_details if d.party == party), None)
    if due is not None and due > report.as_of:
        lines.append(labels.text("console.request.due", at=due))
    slots_named = tuple(slot_name(slot) for slot in slots)
    return Draft("\n".join(lines), tuple(item.id for item in items), slots_named)


def _subject(case: CaseFile, labels: Labels) -> str:
    order = case.report.dispute.order.id
    if order:
        return labels.text("console.request.subject_order", dispute=case.id, order=order)
    return labels.text("console.request.subject", dispute=case.id)


def _fault_of(item: EvidenceReport, labels: Labels) -> str:
    """What is wrong with the item, and what to do about it."""
    sentences = labels.sentences
    found = [f for f in above_notes(item) if f.kind == FAIL and not is_consistency(f.code)]
    parts = dict.fromkeys(
        part
        for finding in found
        for part in (sentences.sentence(finding), sentences.action(finding) or "")
        if part
    )
    return " ".join(parts) or labels.text("console.request.unreadable")


def _missing(case: CaseFile, slot: Slot, labels: Labels) -> str:
    found = missing_finding(case.report, slot)
    action = labels.sentences.action(found) if found is not None else None
    return action or labels.text("console.request.missing")


def _sender(case: CaseFile, item_id: str) -> str | None:
    item = case.item(item_id)
    return item.declared.party if item else None
