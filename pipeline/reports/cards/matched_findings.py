"""Which match a finding is about."""

from __future__ import annotations

from validators.checks.reuse import CODES_OF_CLASSES
from validators.finding import Finding
from validators.report import EvidenceReport, Match


def is_about(finding: Finding, match: Match) -> bool:
    """Whether the finding is about the match: it names the strongest one, and covers others like it."""
    params = finding.params
    if finding.code != CODES_OF_CLASSES.get(match.class_) or params.get("scope") != match.scope:
        return False
    like_it = (params.get("relation"), params.get("direction")) == (match.relation, match.direction)
    return like_it or params.get("evidence_id") == match.evidence_id


def strongest_match(finding: Finding, item: EvidenceReport) -> Match | None:
    """The match that the finding names, else the first that it covers."""
    covered = [match for match in item.matches if is_about(finding, match)]
    named = finding.params.get("evidence_id")
    return next((match for match in covered if match.evidence_id == named), covered[0] if covered else None)
