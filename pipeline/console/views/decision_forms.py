"""Decisions as they come in: checked against the case, put on the record, and the dispute judged again where they change it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.responses import RedirectResponse, Response

from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile, open_case
from pipeline.console.core.console_context import ConsoleRequest, RefusalError, refused
from pipeline.judgement.confirmed import attach_confirmed, with_confirmed
from pipeline.judgement.decisions import asking_codes, on_finding, seen_whole, slot_name, standing
from pipeline.judgement.judge_due import DueRecords, announce, judge
from pipeline.judgement.queue_line import put_line
from pipeline.judgement.remarks import remarks_of
from storage.interfaces.decisions import (
    ACCEPT_WEAK,
    ACTS,
    AGREE,
    ASK,
    DISAGREE,
    SEEN,
    UNACCEPT,
    UNDO,
    Decision,
)
from validators.dispute import Dispute
from validators.disputes.attention import missing_finding
from validators.report import EvidenceReport, QualityReport

LONGEST_NOTE = 4_000
_ANCHOR = re.compile(r"[A-Za-z0-9_.-]{1,200}\Z")
_OF_ITEMS = (ACCEPT_WEAK, UNACCEPT)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody decided, unchecked; empty where nothing was given."""

    act: str
    evidence: str = ""
    finding: str = ""
    slot: str = ""
    note: str = ""


def decide(request: ConsoleRequest) -> Response:
    """A decision from a form; the answer leads back to where it was made."""
    field = request.field
    given = Given(field("act"), field("evidence"), field("finding"), field("slot"), field("note"))
    put_decisions(request, field("dispute"), [given])
    anchor = field("anchor")
    page = (
        addresses.item_page(given.evidence)
        if field("back") == "item" and given.evidence
        else addresses.case_page(field("dispute"))
    )
    return RedirectResponse(page + (f"#{anchor}" if _ANCHOR.match(anchor) else ""), 303)


def put_decisions(request: ConsoleRequest, dispute_id: str, given: list[Given]) -> list[Decision]:
    """All of them in one transaction, with their audit entries. 400 where one does not fit the case, 404 without one."""
    principal, now = request.principal, request.console.now()
    with request.console.context.database.transaction() as records:
        records.lock_dispute(principal.tenant, dispute_id)
        case = open_case(principal, dispute_id, records)
        made = [
            records.append_decision(
                principal.tenant,
                Decision(
                    dispute_id, one.act, principal.name, now, one.evidence or None, code, one.slot or None, one.note,
                    case.report.revision,
                ),
            )
            for one in given
            for code in _codes(case, _checked(case, one))
        ]  # fmt: skip
        if any(one.act in _OF_ITEMS for one in made):
            _judge_again(request, case, records)
        else:
            report = _keep_confirmed(case, principal.tenant, now, records)
            dispute = records.dispute(principal.tenant, dispute_id) or Dispute(dispute_id, principal.tenant)
            put_line(principal.tenant, dispute, report, now, records)
    return made


def _keep_confirmed(case: CaseFile, tenant: str, now: datetime, records: DueRecords) -> QualityReport:
    """The report with what is confirmed now, attached where that changed."""
    report = with_confirmed(case.report, records.decisions(tenant, case.id))
    if report == case.report:
        return report
    attached = attach_confirmed(tenant, report, case.body, now, records)
    announce(tenant, case.id, attached.revision, records, now)
    return attached


def _checked(case: CaseFile, given: Given) -> Given:
    """The decision, if it makes sense in this case; else 400 with the reason."""
    if given.act not in ACTS:
        raise refused("act", acts=ACTS)
    if len(given.note) > LONGEST_NOTE:
        raise refused("note_too_long", most=LONGEST_NOTE)
    if given.act == DISAGREE and not given.note.strip():
        raise refused("disagree_without_note")
    item = case.item(given.evidence) if given.evidence else None
    if given.evidence and item is None:
        raise refused("no_item")
    if given.evidence and given.slot:
        raise refused("item_and_entry")
    if given.slot and given.slot not in {slot_name(slot) for slot in case.report.completeness.slots}:
        raise refused("no_entry")
    findings = item.findings if item else case.report.completeness.findings
    if given.finding and given.finding not in {finding.code for finding in findings}:
        raise refused("no_finding")
    if given.act in (AGREE, DISAGREE) and not given.finding:
        raise refused("which_finding")
    if given.act in _OF_ITEMS and (item is None or given.finding):
        raise refused("accept_what")
    if given.act == ASK and item is None and not given.slot:
        raise refused("ask_what")
    named = replace(given, slot=_entry(case, given)) if given.finding and item is None else given
    if named.act == UNDO and not _standing_codes(case, named):
        raise refused("nothing_to_undo")
    return named


def _entry(case: CaseFile, given: Given) -> str:
    """The checklist entry that the finding belongs to, so that it is one finding however it is named."""
    entries = []
    for slot in case.report.completeness.slots:
        found = missing_finding(case.report, slot)
        if found is not None and found.code == given.finding:
            entries.append(slot_name(slot))
    if given.slot:
        if given.slot not in entries:
            raise refused("no_finding_of_entry")
        return given.slot
    if len(entries) > 1:
        raise refused("which_entry", entries=entries)
    return entries[0] if entries else ""


def _codes(case: CaseFile, given: Given) -> list[str | None]:
    """To have seen a whole item is to have seen each finding that asks for a look."""
    item: EvidenceReport | None = case.item(given.evidence) if given.evidence else None
    if given.act == SEEN and item is not None and not given.finding:
        return list(asking_codes(item)) or [None]
    return _standing_codes(case, given) if given.act == UNDO else [given.finding or None]


def _standing_codes(case: CaseFile, given: Given) -> list[str | None]:
    """What can be undone: a decision on the finding, or for an item as a whole those on each of its findings and on itself."""
    decisions = case.decisions
    if given.finding or not given.evidence:
        slot = None if given.evidence else given.slot or None
        decided = standing(on_finding(decisions, given.evidence or None, given.finding, slot))
        return [given.finding] if decided is not None else []
    item = case.item(given.evidence)
    codes = dict.fromkeys(finding.code for finding in item.findings) if item is not None else {}
    found: list[str | None] = [
        code for code in codes if standing(on_finding(decisions, given.evidence, code))
    ]
    return found + ([None] if seen_whole(decisions, given.evidence) else [])


def _judge_again(request: ConsoleRequest, case: CaseFile, records: DueRecords) -> None:
    """What was accepted changes the checklist. What a batch remarked on its folder is kept."""
    report, context = case.report, request.console.context
    if report.policy.id != context.policy.id:
        # Everything else that the other policy says would change too, and nobody asked for that.
        raise RefusalError(409, "error.409_policy", judged=report.policy.id, current=context.policy.id)
    judge(request.principal.tenant, case.id, context, records, request.console.now(), remarks_of(report))
