"""A party's copy of a report as a folder: JSON, pages and the pictures that the copy names."""

from __future__ import annotations

import logging
from pathlib import Path

from pipeline.reports.html import write_report
from pipeline.reports.publish import media_keys
from pipeline.setup.opened import MEASURES_VERSION
from storage.errors import ObjectMissingError
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.disputes.party_copy import picture_path
from validators.report import QualityReport
from validators.sentences.catalogue import ENGLISH

log = logging.getLogger(__name__)


def write_copy(
    copy: QualityReport,
    report: QualityReport,
    out: Path,
    database: Database,
    objects: Objects,
    language: str = ENGLISH,
) -> Path:
    """Write the copy of ``report`` below ``out``: JSON, pages and the pictures that it names; returns the page.

    A picture that is no longer kept is left out of the copy's media.
    """
    with database.reading() as records:
        keys = media_keys([report], records, MEASURES_VERSION)
    sources = {
        picture_path(made): keys[name]
        for item in report.evidence
        for made in item.derivatives
        if (name := made.path.rpartition("/")[2]) in keys
    }
    (out / "media").mkdir(parents=True, exist_ok=True)
    for made in {made.path: made for item in copy.evidence for made in item.derivatives}.values():
        target = out / made.path
        if made.path in sources and not target.exists():
            _fetch(objects, sources[made.path], target)
    return write_report(copy, out, language=language)


def _fetch(objects: Objects, key: str, target: Path) -> None:
    try:
        objects.fetch(key, target)
    except ObjectMissingError:
        log.warning("a picture is no longer kept: %s", target.name)
