"""What the API returns: reports, items and findings, said in one language. The names are those of ``report.json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import escape

from pipeline.judgement.report_json import plain_report, to_json
from pipeline.reports.html import write_report
from validators import finding as findings
from validators import report as reports
from validators.disputes.attention import asks_for_look, needs_someone
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in


@dataclass(frozen=True)
class Finding:
    """One finding in words.

    ``severity`` is "note", "warning" or "error"; ``kind`` is "fail", "review", "pass" or "not_applicable".
    ``measured`` and ``threshold`` share the unit that ``params["unit"]`` names. ``action`` says what the uploader can do next.
    """

    code: str
    severity: str
    kind: str
    message: str
    action: str | None
    measured: float | None
    threshold: float | None
    params: dict[str, findings.Param]


@dataclass(frozen=True)
class Item:
    """One file of the dispute. ``state`` says how usable it is and ``label`` the same in words.

    ``to_review``: a finding asks a person to look at it. ``source`` holds everything that was measured.
    """

    id: str
    file: str
    party: str | None
    state: str
    label: str
    to_review: bool
    findings: tuple[Finding, ...]
    source: reports.EvidenceReport = field(repr=False)


@dataclass(frozen=True)
class QualityReport:
    """The report on one dispute, said in ``language``. ``source`` is the report in codes and numbers."""

    source: reports.QualityReport = field(repr=False)
    language: str

    @property
    def dispute(self) -> str:
        """The dispute's id."""
        return self.source.dispute.id

    @cached_property
    def evidence(self) -> tuple[Item, ...]:
        """The items, in the order of the report."""
        return tuple(said_item(one, self.language) for one in self.source.evidence)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """What the dispute's checklist requires and nobody sent."""
        return tuple(said(one, self.language) for one in self.source.completeness.findings)

    @property
    def needs_someone(self) -> bool:
        """Whether an item needs a person or something required is missing."""
        return bool(self.missing) or any(needs_someone(one) for one in self.source.evidence)

    def to_dict(self) -> dict[str, Any]:
        """The report as ``report.json`` holds it."""
        return plain_report(self.source)

    def to_json(self) -> str:
        """The text of ``report.json``. Equal reports give equal text."""
        return to_json(self.source)

    def write(self, folder: str | Path) -> Path:
        """Write ``report.json`` and ``report.html`` into ``folder``, without pictures; returns the page's path."""
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        return write_report(self.source, into, language=self.language)

    def _repr_html_(self) -> str:
        """A table for notebooks: file, state, findings."""
        rows = "".join(
            f"<tr><td>{escape(item.file)}</td><td>{escape(item.label)}</td>"
            f"<td>{'<br>'.join(escape(one.message) for one in item.findings)}</td></tr>"
            for item in self.evidence
        )
        return f"<table><caption>{escape(self.dispute)}</caption><tbody>{rows}</tbody></table>"


@dataclass(frozen=True)
class Precheck:
    """The answer before an upload. ``findings``: what the uploader can do something about, the worst first."""

    state: str
    label: str
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    seconds: float


def said(finding: findings.Finding, language: str) -> Finding:
    """The finding with its sentences in ``language``."""
    sentences = sentences_in(language)
    return Finding(
        code=finding.code,
        severity=finding.severity,
        kind=finding.kind,
        message=sentences.sentence(finding),
        action=sentences.action(finding),
        measured=finding.measured,
        threshold=finding.threshold,
        params=dict(finding.params),
    )


def said_item(item: reports.EvidenceReport, language: str) -> Item:
    """The item with its findings said in ``language``."""
    return Item(
        id=item.id,
        file=item.file,
        party=item.declared.party,
        state=item.state,
        label=Labels(sentences_in(language)).state(item.state).short,
        to_review=asks_for_look(item),
        findings=tuple(said(one, language) for one in item.findings),
        source=item,
    )
