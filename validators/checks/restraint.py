"""Files that came along inside another, and that nobody named as evidence, never ask for anybody's time by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from validators.evidence import Evidence
from validators.finding import NOTE, PASS, REVIEW, Finding
from validators.report import EvidenceReport


def came_along(item: Evidence | EvidenceReport) -> bool:
    """Whether the item was found inside another, and no role was declared for it."""
    return item.parent is not None and not item.declared.all_roles


def restrained(findings: Iterable[Finding], item: Evidence) -> tuple[Finding, ...]:
    """The findings, with reviews as notes where the item only came along."""
    if not came_along(item):
        return tuple(findings)
    return tuple(replace(one, severity=NOTE, kind=PASS) if one.kind == REVIEW else one for one in findings)
