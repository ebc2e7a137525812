"""A case as the console reads it: the newest report, the decisions, and the way from an item to its case."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from pipeline.console.access.principal import Principal
from pipeline.console.core.console_context import not_found
from pipeline.judgement.report_json import from_record
from storage.interfaces.decisions import Decision, Decisions
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.reports import AttachedReport, Reports
from validators.evidence import Evidence
from validators.report import EvidenceReport, QualityReport


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The newest report and every decision, in order. ``body`` is the report as it was attached."""

    report: QualityReport
    decisions: tuple[Decision, ...]
    body: str

    @property
    def id(self) -> str:
        """The dispute's."""
        return self.report.dispute.id

    def item(self, evidence_id: str) -> EvidenceReport | None:
        """The item, where it is current."""
        return next((item for item in self.report.evidence if item.id == evidence_id), None)

    def place(self, evidence_id: str) -> int:
        """The item's place in the report."""
        return next(place for place, item in enumerate(self.report.evidence) if item.id == evidence_id)


class CaseFileRecords(Decisions, Reports, Protocol):
    """What a dispute's page shows."""


def open_case(principal: Principal, dispute_id: str, records: CaseFileRecords) -> CaseFile:
    """The case, where the principal may see it and it has a report; else 404."""
    attached = records.report(principal.tenant, dispute_id) if principal.may_see(dispute_id) else None
    if attached is None:
        raise not_found()
    decisions = tuple(records.decisions(principal.tenant, dispute_id))
    return CaseFile(_read(principal.tenant, dispute_id, attached), decisions, attached.body)


def find_item(principal: Principal, evidence_id: str, records: EvidenceItems) -> Evidence:
    """The item on the record, current or not, where the principal may see its case; else 404."""
    found = records.evidence(principal.tenant, [evidence_id])
    if not found or not principal.may_see(found[0].dispute_id):
        raise not_found()
    return found[0]


_KEPT = 32
_reports: OrderedDict[tuple[str, str], tuple[int, str, QualityReport]] = OrderedDict()
_turn = Lock()


def _read(tenant: str, dispute_id: str, attached: AttachedReport) -> QualityReport:
    """The parsed report. Those of the last cases are kept, since one case is opened many times in a row."""
    key, wanted = (tenant, dispute_id), (attached.revision, attached.content_sha256)
    with _turn:
        known = _reports.get(key)
        if known is not None and known[:2] == wanted:
            _reports.move_to_end(key)
            return known[2]
    report = from_record(attached.body)
    with _turn:
        _reports[key] = (*wanted, report)
        while len(_reports) > _KEPT:
            _reports.popitem(last=False)
    return report
