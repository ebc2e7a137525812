"""An item's card once a mediator confirmed a finding on it: nothing on it ticks as if there were none."""

from __future__ import annotations

from dataclasses import replace

from pipeline.reports.confirmed_rows import confirmed_codes
from pipeline.reports.views import FindingView, ItemView
from validators.report import QualityReport
from validators.sentences import labels as words
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import Sentences, sentences_in

_WARN = words.MARKS[words.WARN]


def mark_confirmed(view: ItemView, report: QualityReport, language: str = ENGLISH) -> ItemView:
    """The card with its confirmed findings called so, and its verdicts no better than they are."""
    codes = confirmed_codes(report, view.record.id)
    if not codes:
        return view
    sentences = sentences_in(language)
    return replace(
        view,
        tone=words.WARN if view.tone in (words.GOOD, words.LOOK) else view.tone,
        usability=_usability(view.usability, sentences),
        consistency=_consistency(view, codes, sentences),
        usability_findings=_called(view.usability_findings, codes, sentences),
        consistency_findings=_called(view.consistency_findings, codes, sentences),
    )


def _called(
    findings: tuple[FindingView, ...], codes: frozenset[str], sentences: Sentences
) -> tuple[FindingView, ...]:
    word = sentences.text("confirmed.word")
    return tuple(
        replace(one, word=word, mark=_WARN, tone=words.WARN) if one.record.code in codes else one
        for one in findings
    )


def _usability(label: words.Label, sentences: Sentences) -> words.Label:
    """A tick gives way; a worse state says enough."""
    if label.tone != words.GOOD:
        return label
    text = sentences.text("confirmed.usability", state=label.words)
    return words.Label(_WARN, words.WARN, text, label.short)


def _consistency(view: ItemView, codes: frozenset[str], sentences: Sentences) -> words.Label:
    found = [one.record.code for one in view.consistency_findings]
    if not found or not codes.issuperset(found):
        return view.consistency
    text = sentences.text("confirmed.consistency", findings=len(found))
    return words.Label(_WARN, words.WARN, text, view.consistency.short)
