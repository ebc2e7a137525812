"""Findings that a mediator agreed with: they stay in the report, and flag the slots of their items."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic_core import to_json as encode

from pipeline.judgement.decisions import on_finding, slot_name, standing
from pipeline.judgement.report_content import content_sha256
from pipeline.judgement.report_json import plain_report, stamp
from storage.interfaces.decisions import AGREE, Decision
from storage.interfaces.reports import Reports
from validators.disputes.attention import missing_finding
from validators.finding import NOTE
from validators.report import ConfirmedFinding, QualityReport, Slot


def with_confirmed(report: QualityReport, decisions: Sequence[Decision]) -> QualityReport:
    """The report with what mediators confirmed of it and did not take back."""
    found = (*_of_items(report, decisions), *_of_checklist(report, decisions))
    flagged = {one.evidence_id for one in found}
    slots = tuple(_flagged(slot, flagged) for slot in report.completeness.slots)
    return replace(report, confirmed=found, completeness=replace(report.completeness, slots=slots))


def _of_items(report: QualityReport, decisions: Sequence[Decision]) -> Iterator[ConfirmedFinding]:
    for item in report.evidence:
        for code in dict.fromkeys(finding.code for finding in item.findings if finding.severity != NOTE):
            said = standing(on_finding(decisions, item.id, code))
            if said is not None and said.act == AGREE:
                yield ConfirmedFinding(code, item.id, None, said.at)


def _of_checklist(report: QualityReport, decisions: Sequence[Decision]) -> Iterator[ConfirmedFinding]:
    for slot in report.completeness.slots:
        finding, name = missing_finding(report, slot), slot_name(slot)
        said = standing(on_finding(decisions, None, finding.code, name)) if finding is not None else None
        if finding is not None and said is not None and said.act == AGREE:
            yield ConfirmedFinding(finding.code, None, name, said.at)


def _flagged(slot: Slot, items: set[str | None]) -> Slot:
    return replace(slot, flagged=tuple(one for one in slot.by if one in items))


def attach_confirmed(
    tenant: str, report: QualityReport, body: str, now: datetime, records: Reports
) -> QualityReport:
    """Attach ``body``, the newest report as it stands, with what ``report`` says is confirmed, as a new revision.

    Nothing is judged anew, so that agreeing with a finding changes nothing else, whatever the policy is now.
    """
    numbered = replace(report, revision=report.revision + 1, created_at=now)
    ours = plain_report(replace(numbered, evidence=()))
    tree = json.loads(body)
    tree.update(revision=numbered.revision, created_at=stamp(now), confirmed=ours["confirmed"])
    tree["completeness"]["slots"] = ours["completeness"]["slots"]
    text = encode(tree, indent=1).decode()
    records.attach_report(tenant, report.dispute.id, text, content_sha256(tree), report.policy.sha256, now)
    return numbered
