"""Settings to a worker: queues, origin, context and everything between them."""

from __future__ import annotations

import math
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.intake.origin import Origin, open_origin
from pipeline.intake.worker_settings import WorkerSettings, read_worker_settings
from pipeline.observability.health import Health
from pipeline.observability.metrics import Metrics
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from pipeline.worker.acknowledge import Applier
from pipeline.worker.consumer import WAIT_S, ConsumerParts
from pipeline.worker.event_receivers import Events, open_events
from pipeline.worker.handler import Handler
from pipeline.worker.maintenance import Maintenance
from pipeline.worker.maintenance_threads import Signal
from pipeline.worker.outbox_relay import OutboxRelay
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.renewal import Renewer
from pipeline.worker.report_batching import ReportBatcher
from pipeline.worker.retry_policy import RetryPolicy
from pipeline.worker.upload_work import UploadWork
from pipeline.worker.worker import Worker
from storage.interfaces.queue import UploadQueue
from validators.policy import Policy

_ONCE_WAIT_S = 1.0
ATTEMPTS = 1
"""Attempts of one S3 request. The worker retries until the item's deadline itself, so each call to a silent S3 must end
soon after it, before the consumer counts as hung."""
TRANSACTION_S = 15.0
"""A worker's transactions take milliseconds; judging a dispute of a thousand items takes seconds."""
UPLOADS = "uploads"
BACKFILL = "backfill"


def open_queues(settings: WorkerSettings, *, read_only: bool = False) -> QueuePair:
    """The queues that the settings name. ``read_only``: to look at them, also where they may not be written."""
    from storage.queues.open_queue import open_uploads  # noqa: PLC0415 - heavy, and not for --help

    def opened(url: str, name: str) -> UploadQueue:
        return open_uploads(url, settings.dead_letters_url, name, read_only=read_only)

    backfill = opened(settings.backfill_url, BACKFILL) if settings.backfill_url else None
    return QueuePair(opened(settings.queue_url, UPLOADS), backfill)


def worker_name() -> str:
    """A name for logs, of machine and process."""
    return f"{socket.gethostname()}-{os.getpid()}"


@contextmanager
def open_worker(
    store: Path, policy: Policy, jobs: int, *, once: bool, require_jail: bool = False
) -> Iterator[Worker]:
    """Open every store, bring the schema up to date, start the jail; close all at the end.

    Waits for a database that is unavailable: workers and their stores often start together.
    """
    from storage.queues.open_queue import open_uploads  # noqa: PLC0415

    settings = read_worker_settings(store)
    retry_policy = RetryPolicy(threading.Event(), lambda _: None)
    with open_context(
        read_settings(store, require_jail=require_jail),
        policy,
        transaction_s=TRANSACTION_S,
        attempts=ATTEMPTS,
        tries=1,  # a child killed from outside ends the attempt: the message comes again
        least_s=settings.deadline_s / 2,
        steadily=lambda step: retry_policy.steadily("start", step, math.inf),
    ) as opened:
        origin = open_origin(settings.uploads_url, settings.layout, ATTEMPTS)
        context = replace(opened, uploads=origin.objects)
        metrics = Metrics(context.tool.version, MEASURES_VERSION, policy.sha256)
        intake = open_queues(settings)
        try:
            events = open_events(
                settings.events_url,
                settings.events_token,
                lambda url: open_uploads(url, settings.dead_letters_url, "events"),
            )
            yield _worker(context, origin, intake, events, metrics, settings, jobs, once=once)
        finally:
            intake.close()


def _worker(
    context: Context, origin: Origin, intake: QueuePair, events: Events | None, metrics: Metrics, settings: WorkerSettings,
    jobs: int, *, once: bool,
) -> Worker:  # fmt: skip
    stopping = threading.Event()
    health = Health()
    retry_policy = RetryPolicy(stopping, metrics.retried)
    work = UploadWork(context, retry_policy, metrics, settings.deadline_s)
    renewer = Renewer(settings.visibility_s)
    applier = Applier(retry_policy, renewer, metrics)
    parts = ConsumerParts(
        intake=intake,
        handler=Handler(work, origin),
        renewer=renewer,
        applier=applier,
        report_batcher=ReportBatcher(context, retry_policy, metrics, health, applier.apply),
        retry_policy=retry_policy,
        metrics=metrics,
        health=health,
        settings=settings,
        stopping=stopping,
        progress=Signal(),
        wait_s=_ONCE_WAIT_S if once else WAIT_S,
    )
    outbox_relay = OutboxRelay(context.database, origin, events, metrics, retry_policy)
    return Worker(
        context, parts, Maintenance(context, outbox_relay, intake, metrics, health, retry_policy), jobs
    )
