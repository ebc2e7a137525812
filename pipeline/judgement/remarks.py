"""What a report says of its own making: files that are not evidence, and sentences about how it came about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from validators.report import QualityReport
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import sentences_in


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a batch adds to a dispute's report: files that are not evidence, and sentences about the reading."""

    skipped: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


NO_REMARKS = Remarks()


def checklist_notice(report: QualityReport) -> str | None:
    """That the policy does not know the dispute's sub-reason, and which checklist applies instead."""
    if not report.completeness.unknown_sub_reason:
        return None
    which = "general" if report.completeness.general else "none"
    dispute = report.dispute
    return sentences_in(ENGLISH).text(
        f"labels.checklist.{which}", sub_reason=dispute.sub_reason, reason=dispute.reason or ""
    )


def with_notices(report: QualityReport) -> QualityReport:
    """The report with what judging itself has to say."""
    notice = checklist_notice(report)
    return replace(report, notices=(*report.notices, notice)) if notice is not None else report


def remarks_of(report: QualityReport) -> Remarks:
    """What a batch remarked on a report, without what judging said itself and says again."""
    own = checklist_notice(report)
    return Remarks(report.skipped, tuple(notice for notice in report.notices if notice != own))
