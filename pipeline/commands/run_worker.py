"""``evidence worker``: logs, signals, the health server, and the worker inside them."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.observability.health_server import serving_health
from pipeline.observability.logs import start_logs
from pipeline.observability.masking import secrets_of
from pipeline.opening.host.jail import JailError
from pipeline.setup.policies import load_policy
from pipeline.wiring.worker_assembly import open_worker, worker_name
from pipeline.worker.worker import ConsumerHungError, ThreadDiedError, Worker
from storage.errors import StorageError, StoreMisconfiguredError
from validators.policy import PolicyError

log = logging.getLogger(__name__)

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_ADDRESSES = ("EVIDENCE_DATABASE_URL", "EVIDENCE_EVENTS_URL", "EVIDENCE_QUEUE_URL")
_SECRETS = ("EVIDENCE_EVENTS_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """The command line of ``evidence worker``, parsed."""

    store: Path
    policy: str | None
    jobs: int
    listen: str | None
    log_level: str
    once: bool
    require_jail: bool = False


def run_worker(options: WorkerOptions) -> int:
    """Run a worker until it is stopped; returns the exit status."""
    if options.log_level.upper() not in _LEVELS:
        levels = sentences().formats.list(_LEVELS, "or")
        return _refused(text("refused.choice", option="--log-level", choices=levels, given=options.log_level))
    _start_logs(options.log_level.upper())
    try:
        policy = load_policy(options.policy)
        opening = open_worker(
            options.store, policy, options.jobs, once=options.once, require_jail=options.require_jail
        )
        with opening as worker, _stopping(worker):
            serving = (
                serving_health(options.listen, worker.parts.health, worker.parts.metrics)
                if options.listen
                else nullcontext("nowhere")
            )
            with serving as address:
                log.info("ready: %d slots, health at %s", options.jobs, address)
                worker.run(once=options.once)
    except (PolicyError, StoreMisconfiguredError, ValueError) as error:
        return _refused(str(error))
    except OSError as error:
        place = str(options.listen or options.store)
        return _refused(text("worker.unusable", place=place, reason=error.strerror or str(error)))
    except (ConsumerHungError, ThreadDiedError, StorageError, JailError) as error:
        log.critical("ended: %s", error)
        return INCOMPLETE
    log.info("stopped as asked")
    return NOTHING_TO_DO


def _refused(sentence: str) -> int:
    return complain(sentence, USAGE)


def _start_logs(level: str) -> None:
    environment = os.environ
    secrets = {*secrets_of(environment.get(name) for name in _ADDRESSES)}
    secrets |= {environment[name] for name in _SECRETS if environment.get(name)}
    start_logs(sys.stderr, level=level, common={"worker": worker_name()}, secrets=secrets)


@contextmanager
def _stopping(worker: Worker) -> Iterator[None]:
    """SIGTERM and Ctrl-C stop the worker after its current items; a second one ends it at once, which loses nothing either."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if worker.asked_to_stop:
            os._exit(128 + number)
        worker.asked_to_stop = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
