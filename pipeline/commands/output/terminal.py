"""What a run says on a terminal: how the folder was read, then the worst items, totals and where the report is.

Plain words carry everything: a dumb terminal 80 columns wide, without colour, loses nothing.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.commands.output.detail import NORMAL, QUIET, VERBOSE, Detail
from pipeline.commands.output.texts import listing, sentences, text
from pipeline.intake.found import FoundDispute, Reading
from pipeline.judgement.remarks import own_notices
from validators.disputes.attention import (
    DIFFERS,
    above_notes,
    asks_for_look,
    badness,
    missing_required,
    needs,
    needs_someone,
    reviews,
)
from validators.disputes.shared_photos import shared_photos
from validators.report import STATES, EvidenceReport, QualityReport
from validators.safe_text import printable_in
from validators.sentences.labels import BAD, GOOD, LOOK, WARN, Labels

WORST = 20
NAMES_SHOWN = 10
_STYLES = {BAD: "red", LOOK: "magenta", WARN: "yellow", GOOD: "green"}


def print_reading(reading: Reading, console: Console, detail: Detail = NORMAL) -> None:
    """Say which disputes the paths hold, which of them were only inferred, and what is not evidence."""
    most = len(reading.disputes) if detail == VERBOSE else NAMES_SHOWN
    disputes = text("disputes", count=len(reading.disputes))
    files = text("files", count=sum(len(found.files) for found in reading.disputes))
    _say(console, text("reading.found", disputes=disputes, files=files))
    inferred = [found for found in reading.disputes if not found.dispute.declared]
    if inferred:
        names = listing([_inferred(found) for found in inferred], most)
        _say(console, text("reading.inferred", count=len(inferred), names=names))
    skipped = [*reading.skipped, *(name for found in reading.disputes for name in found.skipped)]
    if skipped:
        names = listing(skipped, len(skipped) if detail == VERBOSE else NAMES_SHOWN)
        _say(console, text("reading.skipped", count=len(skipped), names=names))
    for notice in [*reading.notices, *(said for found in reading.disputes for said in found.notices)]:
        _say(console, text("reading.notice", notice=notice))


def print_outcome(
    reports: Sequence[QualityReport],
    page: Path,
    reading: Reading,
    console: Console,
    detail: Detail = NORMAL,
) -> None:
    """Print what several folders share, the worst items, totals by state, what is missing and where the report is."""
    if detail > QUIET:
        _print_items(reports, console, everything=detail == VERBOSE)
    if reading.incomplete:
        _say(console, text("outcome.incomplete"))
    _say(console, text("outcome.report", page=str(page)), whole=True)


def _print_items(reports: Sequence[QualityReport], console: Console, *, everything: bool) -> None:
    _print_shared(reports, console)
    needing = sum(needs_someone(item) for report in reports for item in report.evidence)
    items = sum(len(report.evidence) for report in reports)
    worst = worst_items(reports, items if everything else WORST)
    if worst:
        console.print()
        console.print(_table(worst, several=len(reports) > 1, console=console))
        if needing > len(worst):
            _say(console, text("outcome.more_to_review", count=needing - len(worst)))
    console.print()
    _say(console, _totals(reports))
    to_review = sum(bool(asks_for_look(item)) for report in reports for item in report.evidence)
    if to_review:
        _say(console, text("outcome.to_review", count=to_review))
    missing = sum(missing_required(report) for report in reports)
    if missing:
        _say(console, text("outcome.missing", count=missing))
    for report in reports:
        _print_checklist(report, console)


def _print_checklist(report: QualityReport, console: Console) -> None:
    """What was sent but is of another kind than the checklist wants, and disputes that the checklist does not cover."""
    for need in needs(report):
        if need.kind == DIFFERS:
            found = " ".join(f"{one.params['file']}: {sentences().sentence(one)}" for one in need.findings)
            _say(console, text("outcome.of_another_kind", found=found))
    for notice in own_notices(report):
        _say(console, text("reading.notice", notice=f"{report.dispute.id}: {notice}"))


def _print_shared(reports: Sequence[QualityReport], console: Console) -> None:
    """Name photos that are in several undeclared folders: no item's state or review would."""
    groups = shared_photos(reports)
    if not groups:
        return
    console.print()
    _say(console, f"{sentences().text('labels.shared_photo.groups', groups=len(groups))}.")
    for group in groups[:NAMES_SHOWN]:
        _say(console, "  " + listing([f"{one.dispute}/{one.file}" for one in group], NAMES_SHOWN))
    if len(groups) > NAMES_SHOWN:
        _say(console, text("outcome.more_shared", count=len(groups) - NAMES_SHOWN))


def worst_items(reports: Iterable[QualityReport], limit: int = WORST) -> list[tuple[str, EvidenceReport]]:
    """Items with anything above a note, the worst first, each with its dispute's id; the first ``limit``."""
    items = (
        (report.dispute.id, item) for report in reports for item in report.evidence if any(badness(item))
    )
    return heapq.nsmallest(
        limit, items, key=lambda pair: (tuple(-part for part in badness(pair[1])), pair[0], pair[1].file)
    )


def _inferred(found: FoundDispute) -> str:
    files = text("files", count=len(found.files))
    return text("reading.inferred_one", dispute=found.dispute.id, files=files)


def _say(console: Console, sentence: str, *, whole: bool = False) -> None:
    """One line; broken between words on a terminal only, and never where ``whole`` (a path to copy)."""
    line = Text(printable_in(console.encoding, sentence), overflow="fold")
    console.print(line, soft_wrap=whole or not console.is_terminal)


def _totals(reports: Sequence[QualityReport]) -> str:
    totals: Counter[str] = Counter(item.state for report in reports for item in report.evidence)
    if not totals:
        return text("outcome.no_items")
    labels = Labels(sentences())
    known = [state for state in reversed(STATES) if totals[state]]
    other = [state for state in totals if state not in STATES]
    parts = [
        text("outcome.state", count=totals[state], state=labels.state(state).short)
        for state in (*other, *known)
    ]
    items = text("items", count=totals.total())
    return text("outcome.totals", items=items, states="; ".join(parts))


def _table(worst: Sequence[tuple[str, EvidenceReport]], *, several: bool, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, expand=False, header_style="bold")
    if several:
        table.add_column(text("outcome.column_dispute"), overflow="fold", max_width=16)
    table.add_column(text("outcome.column_file"), overflow="fold", ratio=3)
    table.add_column(text("outcome.column_state"), overflow="fold", max_width=16)
    table.add_column(text("outcome.column_findings"), overflow="fold", ratio=5)
    for dispute, item in worst:
        cells, tone = _cells(item)
        row = [
            Text(printable_in(console.encoding, cell)) for cell in ([dispute, *cells] if several else cells)
        ]
        row[-2].stylize(_STYLES.get(tone, ""))
        table.add_row(*row)
    return table


def _cells(item: EvidenceReport) -> tuple[list[str], str]:
    """The item's file, state and findings, and the tone of its state."""
    label = Labels(sentences()).state(item.state)
    to_review = bool(reviews(item))
    state = text("outcome.state_to_review", state=label.short) if to_review else label.short
    found = " ".join(sentences().sentence(finding) for finding in above_notes(item))
    return [item.file, state, found or label.words], LOOK if to_review else label.tone
