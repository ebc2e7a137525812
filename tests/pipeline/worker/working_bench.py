"""One worker's parts over stores in memory: everything real but the opening of files and the receiver of events."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from working_kit import BUCKET, NOON, Receiver, StandInOpener, wait_until, working_threads

from pipeline.intake.dispute_data import take_dispute
from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.messages.own import own_message
from pipeline.intake.origin import Origin
from pipeline.intake.worker_settings import WorkerSettings
from pipeline.judgement.report_json import from_json
from pipeline.observability.health import Health
from pipeline.observability.metrics import Metrics
from pipeline.setup.context import Context
from pipeline.worker.acknowledge import Applier
from pipeline.worker.consumer import ConsumerParts
from pipeline.worker.disposition import ACKNOWLEDGE, Disposition
from pipeline.worker.handler import Handler
from pipeline.worker.maintenance import Maintenance
from pipeline.worker.maintenance_threads import Signal
from pipeline.worker.outbox_relay import OutboxRelay
from pipeline.worker.queue_pair import QueuePair
from pipeline.worker.renewal import Renewer
from pipeline.worker.report_batching import Pending, ReportBatcher
from pipeline.worker.retry_policy import RetryPolicy
from pipeline.worker.upload_work import UploadWork
from pipeline.worker.worker import Worker
from storage.database.schema import attempts, outbox, uploads
from storage.interfaces.queue import Message
from validators.dispute import Dispute
from validators.report import EvidenceReport, QualityReport


def settings() -> WorkerSettings:
    """Short times."""
    return WorkerSettings(
        uploads_url="uploads",
        queue_url="queue",
        backfill_url=None,
        dead_letters_url=None,
        events_url=None,
        events_token=None,
        layout=KeyLayout.parse("{dispute}/{party}/{file}"),
        visibility_s=2.0,
        deadline_s=5.0,
        grace_s=2.0,
    )


@dataclass
class Bench:
    """One worker's parts over stores in memory."""

    context: Context
    queue: Any
    opener: StandInOpener
    objects: Any
    settings: WorkerSettings = field(default_factory=settings)
    backfill: Any = None
    events: Any = field(default_factory=Receiver)
    prefix: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    metrics: Metrics = field(default_factory=Metrics)
    health: Health = field(default_factory=Health)
    workers: list[Worker] = field(default_factory=list)

    def close(self) -> None:
        """End every thread of the workers made, then close the stores: none may outlive its stores."""
        self.stopping.set()
        self.opener.jail.close()
        self.queue.close()
        for worker in self.workers:
            worker.parts.progress.set()
            worker.parts.report_batcher.close()
            worker.parts.renewer.stop()
        wait_until(lambda: not working_threads(), 20.0)
        self.context.database.close()

    @property
    def origin(self) -> Origin:
        return Origin(BUCKET, self.prefix, self.objects, self.settings.layout)

    @property
    def retry_policy(self) -> RetryPolicy:
        return RetryPolicy(self.stopping, self.metrics.retried, random.Random(1))

    @property
    def work(self) -> UploadWork:
        return UploadWork(self.context, self.retry_policy, self.metrics, self.settings.deadline_s)

    @property
    def handler(self) -> Handler:
        return Handler(self.work, self.origin)

    @property
    def outbox_relay(self) -> OutboxRelay:
        return OutboxRelay(self.context.database, self.origin, self.events, self.metrics, self.retry_policy)

    @property
    def maintenance(self) -> Maintenance:
        intake = QueuePair(self.queue, self.backfill)
        return Maintenance(
            self.context, self.outbox_relay, intake, self.metrics, self.health, self.retry_policy
        )

    def worker(self, jobs: int = 1, wait_s: float = 0.05) -> Worker:
        """A worker of these parts, as pipeline/wiring/worker_assembly.py makes one."""
        renewer = Renewer(self.settings.visibility_s)
        applier = Applier(self.retry_policy, renewer, self.metrics)
        parts = ConsumerParts(
            intake=QueuePair(self.queue, self.backfill),
            handler=self.handler,
            renewer=renewer,
            applier=applier,
            report_batcher=ReportBatcher(
                self.context, self.retry_policy, self.metrics, self.health, applier.apply
            ),
            retry_policy=self.retry_policy,
            metrics=self.metrics,
            health=self.health,
            settings=self.settings,
            stopping=self.stopping,
            progress=Signal(),
            wait_s=wait_s,
        )
        self.workers.append(Worker(self.context, parts, self.maintenance, jobs))
        return self.workers[-1]

    def run(self, jobs: int = 1, *, once: bool = False) -> None:
        """Run a worker until it ends by itself; fails where it does not."""
        worker = self.worker(jobs)
        timer = threading.Timer(20.0, setattr, (worker, "asked_to_stop", True))
        timer.start()
        try:
            worker.run(once=once)
        finally:
            timer.cancel()
        assert not worker.asked_to_stop, "the worker did not end by itself"

    def notice(self, key: str, data: bytes = b"", **changes: Any) -> UploadNotice:
        """What tells of ``data`` under ``key``, uploaded at noon."""
        given = {"etag": hashlib.sha256(data).hexdigest(), "size": len(data), "event_at": NOON} | changes
        return UploadNotice(
            kind=given.pop("kind", CREATED), bucket=given.pop("bucket", None), key=key, **given
        )

    def upload(self, key: str, data: bytes, **changes: Any) -> UploadNotice:
        """Put ``data`` under ``key`` and send its message."""
        self.objects.put(key, data)
        notice = self.notice(key, data, **changes)
        self.queue.send([own_message(notice)])
        return notice

    def receive(self) -> Message:
        """The next message; there must be one."""
        message = self.queue.receive(0.0, 60.0)
        assert message is not None
        return message

    def handle(self, message: Message) -> Disposition:
        """What the worker makes of the message, its disputes not judged yet."""
        return self.handler.handle(message, self.deadline)

    def deliver(self) -> Disposition:
        """Work on the next message as a worker does, with its disputes judged, but hand it back without a delay."""
        message = self.receive()
        disposition = self.handle(message)
        if disposition.ended and disposition.action == ACKNOWLEDGE:
            self.settle(Pending(self.queue, message, disposition.ended, self.deadline))
        else:
            self.apply(disposition, self.queue, message)
        return replace(disposition, ended=())

    def settle(self, *pending: Pending) -> None:
        """Judge for these in one round, then tell the queue."""
        report_batcher = ReportBatcher(self.context, self.retry_policy, self.metrics, self.health, self.apply)
        for one in pending:
            report_batcher.add(one)
        report_batcher.close()
        report_batcher.run()

    def apply(self, disposition: Disposition, queue: Any, message: Message) -> None:
        """Tell the queue."""
        applier = Applier(self.retry_policy, Renewer(self.settings.visibility_s), self.metrics)
        applier.apply(replace(disposition, delay_s=0.0), queue, message)

    @property
    def deadline(self) -> float:
        """That of an item whose work begins now."""
        return time.monotonic() + self.settings.deadline_s

    def process(self, key: str, data: bytes, **changes: Any) -> Disposition:
        """Upload and deliver."""
        self.upload(key, data, **changes)
        return self.deliver()

    def put_dispute(self, dispute: Dispute, now: datetime | None = None) -> int:
        """Put a dispute's data on the record as ``evidence dispute put`` does."""
        with self.context.database.transaction() as records:
            return take_dispute(dispute, records, now or datetime.now(UTC))

    def report(self, dispute_id: str = "D-1") -> QualityReport | None:
        """The newest report on the record."""
        with self.context.database.reading() as records:
            attached = records.report("default", dispute_id)
        return None if attached is None else from_json(attached.body)

    def items(self, dispute_id: str = "D-1") -> dict[str, EvidenceReport]:
        """The report's items by file; each file is there once."""
        report = self.report(dispute_id)
        found = {} if report is None else {item.file: item for item in report.evidence}
        assert report is None or len(found) == len(report.evidence)
        return found

    def audit(self, dispute_id: str = "D-1") -> list[str]:
        """The actions on the dispute's trail."""
        with self.context.database.reading() as records:
            return [entry.action for entry in records.audit("default", dispute_id)]

    def attempts(self) -> list[tuple[str | None, str | None]]:
        """(outcome, detail) of every attempt, in order."""
        return self._rows(
            select(attempts.c.outcome, attempts.c.detail).order_by(attempts.c.started_at, attempts.c.number)
        )

    def outcomes(self) -> list[str | None]:
        """How every attempt ended."""
        return [outcome for outcome, _ in self.attempts()]

    def upload_states(self) -> list[str]:
        """The state of every upload, in the order first seen."""
        return [state for (state,) in self._rows(select(uploads.c.state).order_by(uploads.c.first_seen_at))]

    def posted(self) -> list[dict[str, Any]]:
        """The bodies of the outbox, told or not."""
        rows = self._rows(select(outbox.c.body).order_by(outbox.c.created_at))
        return [json.loads(body) for (body,) in rows]

    def due(self, at: datetime | None = None) -> list[str]:
        """The disputes that are due."""
        with self.context.database.reading() as records:
            return [id_ for _, id_ in records.due_disputes(at or datetime.now(UTC), 100)]

    def _rows(self, statement: Any) -> list[Any]:
        with self.context.database.reading() as records:
            return [tuple(row) for row in records._connection.execute(statement)]
