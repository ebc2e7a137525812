"""Comparison pictures for a published report: of the matches that need a review."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.reports.comparison_picture import Drawn, draw_picture, plan_picture
from pipeline.reports.comparison_sources import NoComparisonError
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.checks.reuse import CODES_OF_CLASSES
from validators.finding import REVIEW, Finding
from validators.report import DerivativeRecord, EvidenceReport, Match, QualityReport
from validators.sentences.catalogue import ENGLISH

MOST = 20
"""Pictures per dispute: nobody looks at more than that one by one."""


def with_comparisons(
    report: QualityReport, folder: Path, database: Database, objects: Objects, language: str = ENGLISH
) -> QualityReport:
    """The report with its pictures named, written below ``folder``. The report on the record has none of them."""
    made: dict[tuple[str, str], DerivativeRecord] = {}
    for item, match in _wanted(report):
        if len(made) >= MOST:
            break
        drawn = _drawn(report.dispute.tenant, item, match, database, objects, language)
        if drawn is not None:
            made[item.id, match.evidence_id] = _written(drawn, item, match, folder)
    if not made:
        return report
    return replace(report, evidence=tuple(_named(item, made) for item in report.evidence))


def _wanted(report: QualityReport) -> Iterator[tuple[EvidenceReport, Match]]:
    for item in report.evidence:
        reviews = [finding for finding in item.findings if finding.kind == REVIEW]
        for match in item.matches:
            if any(_belongs(match, finding) for finding in reviews):
                yield item, match


def _belongs(match: Match, finding: Finding) -> bool:
    """Whether the finding is about the match: it names the strongest one, and covers others like it."""
    params = finding.params
    if finding.code != CODES_OF_CLASSES.get(match.class_) or params.get("scope") != match.scope:
        return False
    like_it = (params.get("relation"), params.get("direction")) == (match.relation, match.direction)
    return like_it or params.get("evidence_id") == match.evidence_id


def _drawn(
    tenant: str, item: EvidenceReport, match: Match, database: Database, objects: Objects, language: str
) -> Drawn | None:
    """None where no picture can be made: the report is complete without one."""
    try:
        with database.reading() as records:
            plan = plan_picture(tenant, item.id, match.evidence_id, records)
        return draw_picture(plan, objects, language)
    except NoComparisonError:
        return None


def _written(drawn: Drawn, item: EvidenceReport, match: Match, folder: Path) -> DerivativeRecord:
    pair = hashlib.sha256("\n".join((item.id, match.evidence_id)).encode("utf-8", "surrogatepass"))
    path = f"media/comparison-{pair.hexdigest()[:32]}.jpg"
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(drawn.data)
    return DerivativeRecord(
        "comparison", path, drawn.width, drawn.height, hashlib.sha256(drawn.data).hexdigest()
    )


def _named(item: EvidenceReport, made: dict[tuple[str, str], DerivativeRecord]) -> EvidenceReport:
    own = {match.evidence_id: made.get((item.id, match.evidence_id)) for match in item.matches}
    pictures = tuple(picture for picture in own.values() if picture is not None)
    if not pictures:
        return item
    matches = tuple(
        replace(match, comparison=picture.path) if (picture := own[match.evidence_id]) else match
        for match in item.matches
    )
    return replace(item, matches=matches, derivatives=(*item.derivatives, *pictures))
