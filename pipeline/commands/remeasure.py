"""``evidence remeasure``: stored evidence measured again with the present version."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from pipeline.commands.output.measured import measured_line
from pipeline.commands.output.say import say
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import chosen_policy, no_store, store_exists
from pipeline.opening.host.jail import JailError
from pipeline.remeasurement.pruning import prune
from pipeline.remeasurement.remeasurement import FAILED, LOST, MEASURED, Remeasurement
from pipeline.setup.interruption import ended_like_ctrl_c
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.wiring.remeasure_assembly import open_remeasurement
from storage.errors import StorageError, StoreMisconfiguredError
from storage.interfaces.remeasurement import MeasuredFiles

_MINUTE_S = 60.0
_ERASE_LINE = "\r\x1b[K"

Step = Callable[[], str]


@dataclass(frozen=True, slots=True)
class RemeasureOptions:
    """The command line of ``evidence remeasure``, parsed. ``rate``: files a minute; ``limit``: of this run."""

    store: Path
    policy: str | None
    rate: float | None = None
    limit: int | None = None
    jobs: int = 1
    require_jail: bool = False


def run_remeasure(options: RemeasureOptions) -> int:
    """Measure again what is behind, judge anew, tidy up; returns the exit status."""
    policy = chosen_policy(options.policy)
    if not store_exists(options.store):
        refuse(no_store(options.store))
    try:
        opening = open_remeasurement(options.store, policy, require_jail=options.require_jail)
        with ended_like_ctrl_c(), opening as remeasurement:
            return _run(remeasurement, options)
    except (StoreMisconfiguredError, ValueError) as error:
        refuse(str(error))
    except (StorageError, JailError, OSError) as error:
        return complain(text("remeasure.stopped", reason=str(error)), INCOMPLETE)


def _run(remeasurement: Remeasurement, options: RemeasureOptions) -> int:
    outcomes: Counter[str] = Counter()
    for outcome in _measure(remeasurement, options):
        outcomes[outcome] += 1
        _progress(outcomes)
    _erase_progress()
    remeasurement.judge()
    context = remeasurement.context
    files, objects = prune(context.database, context.objects)
    say(text("remeasure.done", count=outcomes[MEASURED]))
    if outcomes[LOST]:
        say(text("remeasure.lost", count=outcomes[LOST]))
    if files:
        say(
            text("remeasure.pruned", files=text("files", count=files), objects=text("objects", count=objects))
        )
    say(measured_line(_measured(remeasurement)))
    if outcomes[FAILED]:
        return complain(text("remeasure.failed", count=outcomes[FAILED]), INCOMPLETE)
    return NOTHING_TO_DO


def _measured(remeasurement: Remeasurement) -> MeasuredFiles:
    with remeasurement.context.database.reading() as records:
        return records.measured_files(MEASURES_VERSION)


def _measure(remeasurement: Remeasurement, options: RemeasureOptions) -> Iterator[str]:
    """The outcome of each file, at most so many a minute, some at a time."""
    steps = islice(_steps(remeasurement), options.limit)
    with ThreadPoolExecutor(options.jobs) as pool:
        under_way: set[Future[str]] = set()
        try:
            for step in _paced(steps, options.rate):
                under_way.add(pool.submit(step))
                if len(under_way) >= options.jobs:
                    done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            yield from (one.result() for one in wait(under_way).done)
        finally:
            for one in under_way:
                one.cancel()


def _steps(remeasurement: Remeasurement) -> Iterator[Step]:
    for upload in remeasurement.uploads():
        yield partial(remeasurement.measure_upload, upload)
    for tenant, evidence_id in remeasurement.items():
        yield partial(remeasurement.measure_item, tenant, evidence_id)


def _paced(steps: Iterator[Step], rate: float | None) -> Iterator[Step]:
    at = time.monotonic()
    for step in steps:
        yield step
        if rate is not None:
            at = max(at + _MINUTE_S / rate, time.monotonic() - _MINUTE_S / rate)
            time.sleep(max(0.0, at - time.monotonic()))


def _progress(outcomes: Counter[str]) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{_ERASE_LINE}{text('remeasure.progress', count=outcomes.total())}")
        sys.stderr.flush()


def _erase_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write(_ERASE_LINE)
