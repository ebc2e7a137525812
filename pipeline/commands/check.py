"""The command ``evidence check``: read, examine, compare, judge, write, tell."""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from pipeline.batch import BatchResult, check
from pipeline.commands.exit_codes import INCOMPLETE, INTERRUPTED, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.progress import progress_line
from pipeline.commands.terminal import print_outcome, print_reading
from pipeline.intake.found import Reading
from pipeline.opening.heap import give_back
from pipeline.opening.host.jail import JailError
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from storage.errors import StorageError, StoreMisconfiguredError
from validators.disputes.attention import needs
from validators.finding import REVIEW
from validators.policy import Policy
from validators.report import STATES, USABLE_WITH_WARNINGS, QualityReport


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The command line of ``evidence check``, parsed."""

    reading: Reading
    out: Path
    store: Path
    policy: Policy
    jobs: int
    as_of: datetime
    keep_originals: bool
    comparisons: bool = True
    read_text: bool = False
    require_jail: bool = False
    previews: bool = False


def run_check(options: CheckOptions, console: Console) -> int:
    """Run the whole job; returns the exit status."""
    print_reading(options.reading, console)
    try:
        with open_context(
            read_settings(
                options.store,
                read_text=options.read_text,
                require_jail=options.require_jail,
                previews=options.previews,
            ),
            options.policy,
            keep_originals=options.keep_originals,
        ) as context:
            give_back()
            with progress_line(console) as progress:
                result = check(options.reading, context, options.as_of, options.jobs, progress)
            from pipeline.reports.publish import media_keys, publish  # noqa: PLC0415 - templates: files are opened first

            with context.database.reading() as records:
                keys = media_keys(result.reports, records, MEASURES_VERSION)
            compared = context.database if options.comparisons else None
            page = publish(result.reports, options.out, context.objects, keys, compared)
    except KeyboardInterrupt:
        _say(console, "Interrupted. What was examined is kept: run the same command again to go on.")
        return INTERRUPTED
    except StoreMisconfiguredError as error:
        _say(console, f"{error}.")
        return USAGE
    except (StorageError, JailError) as error:
        _say(console, f"Stopped: {error}. What was done is kept: run the same command again to go on.")
        return INCOMPLETE
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
            raise
        _say(
            console,
            f"Stopped: {error.strerror} ({error.filename or options.out}). Run the same command again to go on.",
        )
        return INCOMPLETE
    print_outcome(result.reports, page, options.reading, console)
    _tell_more(result, console)
    return INCOMPLETE if options.reading.incomplete else status_of(result.reports)


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    sys.stdout.flush()


def _tell_more(result: BatchResult, console: Console) -> None:
    if result.resumed:
        _say(
            console,
            f"{result.resumed} {'file was' if result.resumed == 1 else 'files were'} measured before and not opened again.",
        )
    if result.revised:
        count = len(result.revised)
        _say(
            console,
            f"{count} earlier dispute{'s' if count > 1 else ''} got a new revision: {', '.join(result.revised[:10])}",
        )


def status_of(reports: list[QualityReport]) -> int:
    """1 where an item is worse than USABLE_WITH_WARNINGS, needs a review, or something required is missing or of another
    kind; else 0."""
    good = STATES[: STATES.index(USABLE_WITH_WARNINGS) + 1]
    for report in reports:
        if any(need.findings for need in needs(report) if need.slot is not None):
            return SOMETHING_TO_DO
        for item in report.evidence:
            if item.state not in good or any(finding.kind == REVIEW for finding in item.findings):
                return SOMETHING_TO_DO
    return NOTHING_TO_DO
