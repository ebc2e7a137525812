"""Progress on a terminal: a bar for each phase; on a pipe or file, a line at every tenth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipeline.batch import Progress as Report
from pipeline.commands.output.texts import text


@contextmanager
def no_progress() -> Iterator[Report]:
    """A callable that says nothing."""
    yield lambda phase, done, total: None


@contextmanager
def progress_line(console: Console) -> Iterator[Report]:
    """A callable for the batch to report to."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(text(f"progress.{phase}"), total=total)
            bars.update(tasks[phase], completed=done)

        yield report


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenths: dict[str, int] = {}

    def __call__(self, phase: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth > self._tenths.get(phase, 0):
            self._tenths[phase] = tenth
            line = text("progress.line", phase=text(f"progress.{phase}"), done=done, total=total)
            self._console.print(line, markup=False, highlight=False)
