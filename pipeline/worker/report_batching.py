"""Batches reports: a dispute that several uploads marked due is judged once, then their messages are acknowledged.

Every message is acknowledged after its reports are attached and committed. Uploads come in bursts for one dispute, and a
report costs as much for one new item as for ten: within a burst a dispute is judged once a second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.judgement.judge_due import judge_if_due
from pipeline.observability.health import Health
from pipeline.observability.logs import upload_context
from pipeline.observability.metrics import Metrics
from pipeline.setup.context import Context
from pipeline.worker.disposition import ACKNOWLEDGE, RELEASE, Disposition, EndedUpload
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import StorageError, StoreDamagedError
from storage.interfaces.queue import Message, UploadQueue
from validators.report import QualityReport

log = logging.getLogger(__name__)

GATHER_S = 0.3
"""How long ended uploads are collected before their disputes are judged."""
BURST_S = 1.0
"""How long after its report a dispute is judged again at the earliest, unless a message has little time left."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A message whose uploads have ended; ``deadline`` is of time.monotonic."""

    queue: UploadQueue
    message: Message
    ended: tuple[EndedUpload, ...]
    deadline: float


class ReportBatcher(threading.Thread):
    """Judges the disputes of pending messages, then gives each message to ``apply`` with its disposition."""

    def __init__(
        self,
        context: Context,
        retry_policy: RetryPolicy,
        metrics: Metrics,
        health: Health,
        apply: Callable[[Disposition, UploadQueue, Message], None],
    ) -> None:
        super().__init__(name="report-batcher", daemon=True)
        self._context = context
        self._retry_policy = retry_policy
        self._metrics = metrics
        self._health = health
        self._apply = apply
        self._lock = threading.Lock()
        self._gathered: list[Pending] = []
        self._pending = 0
        self._judged_at: dict[tuple[str, str], float] = {}
        self._came = threading.Event()
        self._closing = threading.Event()

    def add(self, pending: Pending) -> None:
        """Judge for this message soon."""
        with self._lock:
            self._gathered.append(pending)
            self._pending += 1
        self._came.set()

    @property
    def is_idle(self) -> bool:
        """Whether every message added has its disposition."""
        with self._lock:
            return self._pending == 0

    def close(self) -> None:
        """End the thread once nothing is pending."""
        self._closing.set()
        self._came.set()

    def run(self) -> None:
        """Until closed."""
        while not (self._closing.is_set() and self.is_idle):
            self._health.beat(self.name)
            if not self._came.wait(5.0):
                continue
            self._retry_policy.stopping.wait(GATHER_S)
            self._came.clear()
            round_ = self._ripe()
            self._health.beat(self.name, max([one.deadline for one in round_], default=0.0))
            self._judge_round(round_)
        self._health.rest(self.name)

    def _ripe(self) -> list[Pending]:
        """What is to be judged now. The rest stays gathered, because its dispute was judged just before."""
        now = time.monotonic()
        self._judged_at = {key: at for key, at in self._judged_at.items() if now - at < BURST_S}
        hurry = self._closing.is_set() or self._retry_policy.stopping.is_set()
        with self._lock:
            ripe = [one for one in self._gathered if hurry or self._is_ripe(one, now)]
            taken = {id(one) for one in ripe}
            self._gathered = [one for one in self._gathered if id(one) not in taken]
            if self._gathered:
                self._came.set()
        return ripe

    def _is_ripe(self, one: Pending, now: float) -> bool:
        recent = any((ended.tenant, ended.dispute_id) in self._judged_at for ended in one.ended)
        return not recent or one.deadline - now < 2 * BURST_S

    def _judge_round(self, pending: list[Pending]) -> None:
        waiting: dict[tuple[str, str], list[Pending]] = {}
        for one in pending:
            for ended in one.ended:
                ones = waiting.setdefault((ended.tenant, ended.dispute_id), [])
                if one not in ones:
                    ones.append(one)
        failed: set[str] = set()
        for dispute, ones in waiting.items():
            judged = self._judged(dispute, ones)
            self._judged_at[dispute] = time.monotonic()
            if not judged:
                failed |= {one.message.receipt for one in ones}
        for one in pending:
            disposition = (
                Disposition(RELEASE, GATHER_S) if one.message.receipt in failed else Disposition(ACKNOWLEDGE)
            )
            self._apply(disposition, one.queue, one.message)
            with self._lock:
                self._pending -= 1

    def _judged(self, dispute: tuple[str, str], ones: list[Pending]) -> bool:
        tenant, dispute_id = dispute
        with self._metrics.stage("conclude"), upload_context(tenant=tenant, dispute=dispute_id):
            try:
                judged = self._retry_policy.steadily(
                    "conclude",
                    lambda: judge_if_due(tenant, dispute_id, self._context, datetime.now(UTC)),
                    max(one.deadline for one in ones),
                )
            except StorageError as error:
                if isinstance(error, StoreDamagedError):
                    self._health.give_up(error)
                log.warning("the report waits: %s", error)
                return False
            if judged is not None and judged.is_new:
                self._metrics.revised()
            self._log_ended(
                judged.report if judged else None,
                [e for one in ones for e in one.ended if (e.tenant, e.dispute_id) == dispute],
            )
        return True

    def _log_ended(self, report: QualityReport | None, ended: list[EndedUpload]) -> None:
        """One log line and one count for each upload. Where another worker judged the dispute, that one counts the findings."""
        found = (
            {item.id: [finding.code for finding in item.findings] for item in report.evidence}
            if report
            else {}
        )
        for upload in ended:
            codes = found.get(upload.evidence_id, [])
            self._metrics.findings(codes)
            self._metrics.ended(upload.state, (datetime.now(UTC) - upload.received_at).total_seconds())
            with upload_context(upload=upload.name):
                revision = report.revision if report else "judged by another worker"
                log.info(
                    "%s; report revision: %s; findings: %s",
                    upload.state,
                    revision,
                    ", ".join(codes) or "none",
                )
