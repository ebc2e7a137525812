"""Settings to a worker: queues, origin, desk and everything between them."""

from __future__ import annotations

import math
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.observability.health import Health
from pipeline.observability.metrics import Metrics
from pipeline.opening.host.opener import MEASURES_VERSION
from pipeline.opening.limits import Limits
from pipeline.setup.context import Desk
from pipeline.wiring import open_desk, read_settings
from pipeline.worker.acknowledge import Applier
from pipeline.worker.consumer import WAIT_S, SlotParts
from pipeline.worker.handler import Handler
from pipeline.worker.maintenance import Chores
from pipeline.worker.origin import Origin, open_origin
from pipeline.worker.outbox_relay import Events, Teller, open_events
from pipeline.worker.queue_pair import Intake
from pipeline.worker.renewal import Renewer
from pipeline.worker.report_batching import Settler
from pipeline.worker.retry_policy import Patience
from pipeline.worker.upload_work import UploadWork
from pipeline.worker.worker import Worker
from pipeline.worker.worker_settings import WorkerSettings, read_worker_settings
from storage.interfaces.queue import Uploads
from validators.policy import Policy

_ONCE_WAIT_S = 1.0
ATTEMPTS = 1
"""A worker repeats its steps itself until an item's deadline: each call on a silent S3 then ends soon after it, before the
worker takes its slot for hung."""
TRANSACTION_S = 15.0
"""A worker's transactions take milliseconds; judging a dispute of a thousand items takes seconds."""
UPLOADS = "uploads"
BACKFILL = "backfill"


def open_intake(settings: WorkerSettings) -> Intake:
    """The queues that the settings name."""
    from storage.queues.open_queue import open_uploads  # noqa: PLC0415 - heavy, and not for --help

    def opened(url: str, name: str) -> Uploads:
        return open_uploads(url, settings.dead_letters_url, name)

    backfill = opened(settings.backfill_url, BACKFILL) if settings.backfill_url else None
    return Intake(opened(settings.queue_url, UPLOADS), backfill)


def fair_s(limits: Limits, settings: WorkerSettings) -> float:
    """Seconds that must be left of an item's time for opening its file: an outage may have used up the rest, and what
    then ends at the deadline says nothing of the file."""
    return min(limits.seconds, settings.deadline_s / 2)


def worker_name() -> str:
    """A name for logs that tells machine and process."""
    return f"{socket.gethostname()}-{os.getpid()}"


@contextmanager
def open_worker(
    store: Path, policy: Policy, jobs: int, *, once: bool, require_jail: bool = False
) -> Iterator[Worker]:
    """Open every store, bring the schema up to date, start the jail; close all at the end.

    A database that is away is waited for: workers and their stores often start together.
    """
    from storage.queues.open_queue import open_uploads  # noqa: PLC0415

    settings = read_worker_settings(store)
    patience = Patience(threading.Event(), lambda _: None)
    with open_desk(
        read_settings(store, require_jail=require_jail),
        policy,
        transaction_s=TRANSACTION_S,
        attempts=ATTEMPTS,
        steadily=lambda step: patience.steadily("start", step, math.inf),
    ) as opened:
        origin = open_origin(settings.uploads_url, settings.layout, ATTEMPTS)
        # A child that somebody else killed is one attempt: the message comes again.
        opener = replace(opened.opener, tries=1, least_s=fair_s(opened.opener.limits, settings))
        desk = replace(opened, uploads=origin.objects, opener=opener)
        metrics = Metrics(desk.tool.version, MEASURES_VERSION, policy.sha256)
        intake = open_intake(settings)
        try:
            events = open_events(
                settings.events_url,
                settings.events_token,
                lambda url: open_uploads(url, settings.dead_letters_url, "events"),
            )
            yield _worker(desk, origin, intake, events, metrics, settings, jobs, once=once)
        finally:
            intake.close()


def _worker(
    desk: Desk, origin: Origin, intake: Intake, events: Events | None, metrics: Metrics, settings: WorkerSettings,
    jobs: int, *, once: bool,
) -> Worker:  # fmt: skip
    stopping = threading.Event()
    health = Health()
    patience = Patience(stopping, metrics.retried)
    work = UploadWork(desk, patience, metrics, settings.deadline_s)
    renewer = Renewer(settings.visibility_s)
    applier = Applier(patience, renewer, metrics)
    parts = SlotParts(
        intake=intake,
        handler=Handler(work, origin),
        renewer=renewer,
        applier=applier,
        settler=Settler(desk, patience, metrics, health, applier.apply),
        patience=patience,
        metrics=metrics,
        health=health,
        settings=settings,
        stopping=stopping,
        progress=threading.Event(),
        wait_s=_ONCE_WAIT_S if once else WAIT_S,
    )
    teller = Teller(desk.database, origin, events, metrics, patience)
    return Worker(desk, parts, Chores(desk, teller, intake, metrics, health, patience), jobs)
