"""A finding as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports import quantities
from validators.finding import ERROR, NOTE, REVIEW, Finding
from validators.sentences.labels import BAD, CALM, LOOK, MARKS, WARN, Labels


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words, with its mark and its measurement on a scale."""

    record: Finding
    message: str
    action: str | None
    title: str
    mark: str
    tone: str
    word: str
    scale: quantities.Scale | None


def finding_view(finding: Finding, labels: Labels) -> FindingView:
    """A finding with the mark of its severity, or of a review."""
    tone, word = _tone(finding)
    unit = finding.params.get("unit")
    return FindingView(
        record=finding,
        message=labels.sentences.sentence(finding),
        action=labels.sentences.action(finding),
        title=labels.title(finding.code),
        mark=MARKS[tone],
        tone=tone,
        word=labels.text(f"pages.finding.{word}"),
        scale=quantities.scale(
            finding.measured, finding.threshold, unit if isinstance(unit, str) else None, labels
        ),
    )


def _tone(finding: Finding) -> tuple[str, str]:
    if finding.severity == NOTE:
        return CALM, "note"
    if finding.kind == REVIEW:
        return LOOK, "review"
    return (BAD, "problem") if finding.severity == ERROR else (WARN, "weakness")
