"""What a report says of its own making: files that are not evidence, and sentences about how it came about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from validators.measures.numbers.number_shapes import canonical, expected_s10_check
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


def tracking_notice(report: QualityReport) -> str | None:
    """That the dispute's own tracking number cannot be right: carriers answer that there is no such parcel."""
    number = canonical(report.dispute.order.tracking or "")
    digit = expected_s10_check(number)
    if digit is None:
        return None
    return sentences_in(ENGLISH).text("labels.tracking.no_such_number", number=number, digit=digit)


def own_notices(report: QualityReport) -> list[str]:
    """What judging itself has to say of a dispute."""
    found = (checklist_notice(report), tracking_notice(report))
    return [notice for notice in found if notice is not None]


def with_notices(report: QualityReport) -> QualityReport:
    """The report with what judging itself has to say."""
    own = own_notices(report)
    return replace(report, notices=(*report.notices, *own)) if own else report


def remarks_of(report: QualityReport) -> Remarks:
    """What a batch remarked on a report, without what judging said itself and says again."""
    own = own_notices(report)
    return Remarks(report.skipped, tuple(notice for notice in report.notices if notice not in own))
