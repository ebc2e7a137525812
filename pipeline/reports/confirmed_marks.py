"""An item's card once a mediator confirmed a finding on it: nothing on it ticks as if there were none."""

from __future__ import annotations

from dataclasses import replace

from pipeline.reports.confirmed_rows import confirmed_codes
from pipeline.reports.finding_views import FindingView
from pipeline.reports.views import ItemView
from validators.report import QualityReport
from validators.sentences.labels import GOOD, LOOK, MARKS, WARN, Label, Labels

_MARK = MARKS[WARN]


def mark_confirmed(view: ItemView, report: QualityReport, labels: Labels) -> ItemView:
    """The card with its confirmed findings called so, and its verdicts no better than they are."""
    codes = confirmed_codes(report, view.record.id)
    if not codes:
        return view
    return replace(
        view,
        tone=WARN if view.tone in (GOOD, LOOK) else view.tone,
        usability=_usability(view.usability, labels),
        consistency=_consistency(view, codes, labels),
        usability_findings=_called(view.usability_findings, codes, labels),
        consistency_findings=_called(view.consistency_findings, codes, labels),
    )


def _called(
    findings: tuple[FindingView, ...], codes: frozenset[str], labels: Labels
) -> tuple[FindingView, ...]:
    word = labels.text("confirmed.word")
    return tuple(
        replace(one, word=word, mark=_MARK, tone=WARN) if one.record.code in codes else one
        for one in findings
    )


def _usability(label: Label, labels: Labels) -> Label:
    """A tick gives way; a worse state says enough."""
    if label.tone != GOOD:
        return label
    text = labels.text("confirmed.usability", state=label.words)
    return Label(_MARK, WARN, text, label.short)


def _consistency(view: ItemView, codes: frozenset[str], labels: Labels) -> Label:
    found = [one.record.code for one in view.consistency_findings]
    if not found or not codes.issuperset(found):
        return view.consistency
    text = labels.text("confirmed.consistency", findings=len(found))
    return Label(_MARK, WARN, text, view.consistency.short)
