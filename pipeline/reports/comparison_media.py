"""Comparison pictures for a published report: of the matches that need a review."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.reports.cards.card_pictures import layer_path
from pipeline.reports.cards.matched_findings import is_about, strongest_match
from pipeline.reports.comparison_picture import Drawn, draw_layer, draw_picture, plan_picture
from pipeline.reports.comparison_sources import NoComparisonError
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.finding import REVIEW
from validators.report import DerivativeRecord, EvidenceReport, Match, QualityReport
from validators.sentences.catalogue import ENGLISH

MOST = 20
"""Pictures per dispute: nobody looks at more than that one by one."""
_LAYERS = ("this", "other")
_LAYER_PX = 800
"""The long side of an aligned picture: a card on a wide screen shows 600 px of it."""


def with_comparisons(
    report: QualityReport, folder: Path, database: Database, objects: Objects, language: str = ENGLISH
) -> QualityReport:
    """The report with its pictures named, written below ``folder``. The report on the record has none of them.

    Of the strongest match of a finding, the two aligned pictures are written as well: a card shows these.
    """
    made: dict[tuple[str, str], tuple[DerivativeRecord, ...]] = {}
    for item, match, is_strongest in _wanted(report):
        if len(made) >= MOST:
            break
        layers = _LAYERS if is_strongest else ()
        drawn = _drawn(report.dispute.tenant, item, match, database, objects, language, layers)
        if drawn:
            made[item.id, match.evidence_id] = _written(drawn, item, match, folder)
    if not made:
        return report
    return replace(report, evidence=tuple(_named(item, made) for item in report.evidence))


def _wanted(report: QualityReport) -> Iterator[tuple[EvidenceReport, Match, bool]]:
    for item in report.evidence:
        reviews = [finding for finding in item.findings if finding.kind == REVIEW]
        strongest = [strongest_match(finding, item) for finding in reviews]
        for match in item.matches:
            if any(is_about(finding, match) for finding in reviews):
                yield item, match, any(match is one for one in strongest)


def _drawn(
    tenant: str,
    item: EvidenceReport,
    match: Match,
    database: Database,
    objects: Objects,
    language: str,
    layers: tuple[str, ...],
) -> list[tuple[str, Drawn]]:
    """The comparison and the layers, by the name of a layer. Empty where no picture can be made: the report is complete
    without one."""
    try:
        with database.reading() as records:
            plan = plan_picture(tenant, item.id, match.evidence_id, records)
        drawn = [("", draw_picture(plan, objects, language))]
        return drawn + [(name, draw_layer(plan, name, objects, _LAYER_PX)) for name in layers]
    except NoComparisonError:
        return []


def _written(
    drawn: list[tuple[str, Drawn]], item: EvidenceReport, match: Match, folder: Path
) -> tuple[DerivativeRecord, ...]:
    pair = hashlib.sha256("\n".join((item.id, match.evidence_id)).encode("utf-8", "surrogatepass"))
    whole = f"media/comparison-{pair.hexdigest()[:32]}.jpg"
    (folder / "media").mkdir(exist_ok=True)
    records = []
    for name, picture in drawn:
        kind, path = ("aligned", layer_path(whole, name)) if name else ("comparison", whole)
        (folder / path).write_bytes(picture.data)
        sha256 = hashlib.sha256(picture.data).hexdigest()
        records.append(DerivativeRecord(kind, path, picture.width, picture.height, sha256))
    return tuple(records)


def _named(item: EvidenceReport, made: dict[tuple[str, str], tuple[DerivativeRecord, ...]]) -> EvidenceReport:
    own = {match.evidence_id: made.get((item.id, match.evidence_id), ()) for match in item.matches}
    pictures = tuple(picture for pictures in own.values() for picture in pictures)
    if not pictures:
        return item
    matches = tuple(
        replace(match, comparison=found[0].path) if (found := own[match.evidence_id]) else match
        for match in item.matches
    )
    return replace(item, matches=matches, derivatives=(*item.derivatives, *pictures))
