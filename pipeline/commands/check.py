"""``evidence check``: read the folders, examine, compare, judge, write the reports and print the outcome."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pipeline.batch import BatchResult, Progress
from pipeline.batch import check as check_batch
from pipeline.commands.output.detail import NORMAL, QUIET, Detail
from pipeline.commands.output.progress import no_progress, progress_line
from pipeline.commands.output.result_json import result_json
from pipeline.commands.output.terminal import print_outcome, print_reading
from pipeline.commands.output.texts import listing, sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, INTERRUPTED, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import refuse
from pipeline.commands.shared.stores import chosen_policy
from pipeline.intake.folders import read_paths
from pipeline.intake.found import Reading
from pipeline.intake.manifest import ManifestError, apply_manifest
from pipeline.intake.reference import add_reference
from pipeline.opening.heap import give_back
from pipeline.opening.host.jail import JailError
from pipeline.setup.context import Context
from pipeline.setup.interruption import ended_like_ctrl_c
from pipeline.setup.lazy import lazy
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from storage.errors import StorageError, StoreMisconfiguredError
from validators.disputes.attention import needs
from validators.finding import REVIEW
from validators.policy import Policy
from validators.report import STATES, USABLE_WITH_WARNINGS, QualityReport

if TYPE_CHECKING:
    from pipeline.reports import publish as publishing
else:
    # Templates and their engine are loaded after every file was opened: each process that opens one is a fork of ours.
    publishing = lazy("pipeline.reports.publish")

_FULL_OR_FORBIDDEN = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
_REVISED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The command line of ``evidence check``, parsed."""

    paths: Sequence[Path]
    out: Path
    store: Path
    jobs: int
    as_of: datetime
    policy: str | None = None
    listing: Path | None = None
    manifest: Path | None = None
    keep_originals: bool = False
    comparisons: bool = True
    read_text: bool = False
    require_jail: bool = False
    previews: bool = False
    detail: Detail = NORMAL
    against: Path | None = None
    xlsx: bool = False
    as_json: bool = False


def run_check(options: CheckOptions) -> int:
    """Run the whole job; returns the exit status."""
    console = Console(soft_wrap=False, stderr=options.as_json)  # standard output is the result's alone
    policy = chosen_policy(options.policy)
    reading = _read(options)
    if options.detail > QUIET:
        print_reading(reading, console, options.detail)
    try:
        with ended_like_ctrl_c(), _context(options, policy) as context:
            give_back()
            with _progress(options.detail) as progress:
                result = check_batch(reading, context, options.as_of, options.jobs, progress)
            page = _publish(result, context, options)
    except KeyboardInterrupt:
        _print(console, text("check.interrupted"))
        return INTERRUPTED
    except StoreMisconfiguredError as error:
        _print(console, f"{error}.")
        return USAGE
    except (StorageError, JailError) as error:
        _print(console, text("check.stopped", reason=str(error)))
        return INCOMPLETE
    except OSError as error:
        if error.errno not in _FULL_OR_FORBIDDEN:
            raise
        _print(
            console,
            text("check.stopped_at", reason=error.strerror, path=str(error.filename or options.out)),
        )
        return INCOMPLETE
    print_outcome(result.reports, page, reading, console, options.detail)
    if options.detail > QUIET:
        _print_more(result, console)
    status = INCOMPLETE if reading.incomplete else status_of(result.reports)
    if options.as_json:
        sys.stdout.write(result_json(result, reading, status, options.out, page))
    return status


def _read(options: CheckOptions) -> Reading:
    """How the paths are read; refuses what is absent, or what the manifest names wrongly."""
    for path in filter(None, (*options.paths, options.against)):
        if not path.exists() and not path.is_symlink():
            refuse(text("refused.absent", path=str(path)))
    not_evidence = frozenset({options.out.resolve(), options.store.resolve()})
    try:
        reading = read_paths(list(options.paths), not_evidence, options.listing)
        if options.manifest is not None:
            apply_manifest(reading, options.manifest)
        if options.against is not None:
            add_reference(reading, options.against, not_evidence)
    except (ManifestError, OSError) as error:
        refuse(str(error))
    return reading


def _context(options: CheckOptions, policy: Policy) -> AbstractContextManager[Context]:
    settings = read_settings(
        options.store,
        read_text=options.read_text,
        require_jail=options.require_jail,
        previews=options.previews,
    )
    return open_context(settings, policy, keep_originals=options.keep_originals)


def _progress(detail: Detail) -> AbstractContextManager[Progress]:
    """On standard error, so that what is piped on is the outcome alone."""
    return no_progress() if detail == QUIET else progress_line(Console(stderr=True, soft_wrap=False))


def _publish(result: BatchResult, context: Context, options: CheckOptions) -> Path:
    with context.database.reading() as records:
        keys = publishing.media_keys(result.reports, records, MEASURES_VERSION)
    compared = context.database if options.comparisons else None
    return publishing.publish(
        result.reports,
        options.out,
        context.objects,
        keys,
        compared,
        sentences().language,
        workbook=options.xlsx,
    )


def _print(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    sys.stdout.flush()


def _print_more(result: BatchResult, console: Console) -> None:
    if result.resumed:
        _print(console, text("check.resumed", count=result.resumed))
    if result.revised:
        names = listing(result.revised, _REVISED_SHOWN)
        _print(console, text("check.revised", count=len(result.revised), names=names))


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
