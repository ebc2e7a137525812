"""What a run says on a terminal: how the folder was read, then the worst items, totals and where to look.

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

from pipeline.intake.found import FoundDispute, Reading
from pipeline.judgement.remarks import checklist_notice
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
from validators.sentences import labels as words
from validators.sentences.sentences import sentence

WORST = 20
NAMES_SHOWN = 10
_STYLES = {words.BAD: "red", words.LOOK: "magenta", words.WARN: "yellow", words.GOOD: "green"}


def print_reading(reading: Reading, console: Console) -> None:
    """Say which disputes the paths hold, which of them were only inferred, and what is not evidence."""
    files = sum(len(found.files) for found in reading.disputes)
    _say(console, f"{words.count(len(reading.disputes), 'dispute')} with {words.count(files, 'file')}.")
    inferred = [found for found in reading.disputes if not found.dispute.declared]
    if inferred:
        _say(console, f"{_read_as(len(inferred))}: {_names(_inferred(found) for found in inferred)}.")
    skipped = [*reading.skipped, *(name for found in reading.disputes for name in found.skipped)]
    if skipped:
        _say(console, f"Skipped, not evidence: {words.count(len(skipped), 'file')}: {_names(skipped)}.")
    for notice in [*reading.notices, *(text for found in reading.disputes for text in found.notices)]:
        _say(console, f"Note: {notice}")


def print_outcome(reports: Sequence[QualityReport], page: Path, reading: Reading, console: Console) -> None:
    """Print what several folders share, the worst 20 items, totals by state, what is missing and where the report lies."""
    _print_shared(reports, console)
    worst = worst_items(reports)
    if worst:
        console.print()
        console.print(_table(worst, several=len(reports) > 1, console=console))
        left = sum(needs_someone(item) for report in reports for item in report.evidence) - len(worst)
        if left > 0:
            _say(console, f"and {words.count(left, 'more item')} to look at; the report lists them all.")
    totals: Counter[str] = Counter()
    for report in reports:
        totals.update(item.state for item in report.evidence)
    console.print()
    _say(console, _totals(totals))
    look = sum(bool(asks_for_look(item)) for report in reports for item in report.evidence)
    if look:
        _say(console, f"To look at: {words.count(look, 'item')}.")
    missing = sum(missing_required(report) for report in reports)
    if missing:
        _say(console, f"Missing: {words.count(missing, 'required piece')} of evidence.")
    for report in reports:
        for need in needs(report):
            if need.kind == DIFFERS:
                said = " ".join(f"{one.params['file']}: {sentence(one)}" for one in need.findings)
                _say(console, f"Of another kind: {said}")
        notice = checklist_notice(report)
        if notice is not None:
            _say(console, f"Note: {report.dispute.id}: {notice}")
    if reading.incomplete:
        _say(console, "Incomplete: part of what was given could not be read; the notes above name it.")
    _say(console, f"Report: {page}", whole=True)


def _print_shared(reports: Sequence[QualityReport], console: Console) -> None:
    """Name photos that lie in several undeclared folders: no item's state or review would."""
    groups = shared_photos(reports)
    if not groups:
        return
    console.print()
    _say(console, f"{words.shared_photos(len(groups))}.")
    for group in groups[:NAMES_SHOWN]:
        _say(console, f"  {_names(f'{one.dispute}/{one.file}' for one in group)}")
    if len(groups) > NAMES_SHOWN:
        _say(
            console, f"and {words.count(len(groups) - NAMES_SHOWN, 'more group')}; files.csv lists them all."
        )


def worst_items(reports: Iterable[QualityReport], limit: int = WORST) -> list[tuple[str, EvidenceReport]]:
    """Items with anything above a note, the worst first, each with its dispute's id; the first ``limit``."""
    items = (
        (report.dispute.id, item) for report in reports for item in report.evidence if any(badness(item))
    )
    return heapq.nsmallest(
        limit, items, key=lambda pair: (tuple(-part for part in badness(pair[1])), pair[0], pair[1].file)
    )


def _read_as(number: int) -> str:
    if number == 1:
        return "Read as one dispute without dispute data"
    return f"{number} folders read as disputes without dispute data"


def _inferred(found: FoundDispute) -> str:
    return f"{found.dispute.id} ({words.count(len(found.files), 'file')})"


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - NAMES_SHOWN
    return ", ".join(listed[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _say(console: Console, sentence: str, *, whole: bool = False) -> None:
    """One line; broken between words on a terminal only, and never where ``whole`` (a path to copy)."""
    text = Text(printable_in(console.encoding, sentence), overflow="fold")
    console.print(text, soft_wrap=whole or not console.is_terminal)


def _totals(totals: Counter[str]) -> str:
    known = [(words.STATES[state].short, totals[state]) for state in reversed(STATES) if totals[state]]
    other = [(words.plain(state), number) for state, number in totals.items() if state not in words.STATES]
    parts = [f"{number} {short}" for short, number in (*other, *known)]
    return f"{words.count(totals.total(), 'item')}: {', '.join(parts)}." if parts else "No items."


def _table(worst: Sequence[tuple[str, EvidenceReport]], *, several: bool, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, expand=False, header_style="bold")
    if several:
        table.add_column("Dispute", overflow="fold", max_width=16)
    table.add_column("File", overflow="fold", ratio=3)
    table.add_column("State", overflow="fold", max_width=16)
    table.add_column("What was found", overflow="fold", ratio=5)
    for dispute, item in worst:
        verdict = words.STATES.get(item.state)
        state = verdict.short if verdict else words.plain(item.state)
        if reviews(item):
            state = f"to look at; {state}"
        tone = words.LOOK if reviews(item) else (verdict.tone if verdict else words.LOOK)
        said = " ".join(sentence(finding) for finding in above_notes(item))
        cells = [item.file, state, said or (verdict.words if verdict else "")]
        if several:
            cells.insert(0, dispute)
        row = [Text(printable_in(console.encoding, cell)) for cell in cells]
        row[-2].stylize(_STYLES.get(tone, ""))
        table.add_row(*row)
    return table
