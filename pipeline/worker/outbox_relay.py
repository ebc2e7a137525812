"""Relays the outbox: each new report is written beside the evidence, then its event is sent, at least once."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import Origin
from pipeline.observability.metrics import Metrics
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import ObjectUnsafeError, StorageError
from storage.interfaces.outbox import OutboxEntry
from storage.interfaces.queue import UploadQueue
from storage.interfaces.record import Database
from storage.interfaces.reports import AttachedReport

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 50
LEASE_S = 120.0
"""How long a worker may keep the entries it took: longer than a batch takes when every call runs into its limit."""
WEBHOOK_S = 10.0
STEP_S = 10.0
"""How long a call to the database is retried after a broken connection, before the whole round waits."""
_SLOWEST_S = 900.0


class EventError(Exception):
    """The receiver did not accept an event. It is sent again later."""


class Events(Protocol):
    """Where events go."""

    def send(self, entry: OutboxEntry) -> None:
        """Send the event; returns once it was accepted. Raises EventError or StorageError."""


@dataclass(frozen=True, slots=True)
class QueueEvents:
    """Events as messages on a queue."""

    queue: UploadQueue

    def send(self, entry: OutboxEntry) -> None:
        """See Events."""
        self.queue.send([entry.body])


class WebhookEvents:
    """Events posted to an address, with an ``Idempotency-Key`` header; a status below 300 accepts them."""

    def __init__(self, url: str, token: str | None) -> None:
        import urllib3  # noqa: PLC0415 - only where events are posted

        self._url = url
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=WEBHOOK_S), retries=False)
        self._failure = urllib3.exceptions.HTTPError

    def send(self, entry: OutboxEntry) -> None:
        """See Events."""
        headers = {**self._headers, "Idempotency-Key": entry.idempotency_key}
        try:
            answer = self._pool.request(
                "POST",
                self._url,
                body=entry.body.encode(),
                headers=headers,
                redirect=False,
                preload_content=False,
            )
        except self._failure as error:
            raise EventError(f"the address for events cannot be reached: {error}") from error
        answer.close()  # its body is not needed, and might never end
        if answer.status >= 300:
            raise EventError(f"the address for events answered {answer.status}")


def open_events(
    url: str | None, token: str | None, open_queue: Callable[[str], UploadQueue]
) -> Events | None:
    """The receiver at a web address, or at a queue's address after ``sqs:``; None without an address."""
    if url is None:
        return None
    if url.startswith("sqs:"):
        return QueueEvents(open_queue(url.removeprefix("sqs:")))
    return WebhookEvents(url, token)


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    """Empties the outbox. Several may do so at once: entries are leased, and a report object always ends as the newest."""

    database: Database
    origin: Origin
    events: Events | None
    metrics: Metrics
    retry_policy: RetryPolicy

    def relay(self) -> int:
        """Relay one batch; how many entries were taken. Raises StorageError where the record cannot be reached."""
        now = datetime.now(UTC)
        # Not retried: where only the answer was lost, the entries are leased, and a second call would see none.
        with self.database.transaction() as records:
            entries = records.take_unsent(now, now + timedelta(seconds=LEASE_S), BATCH)
        published: dict[tuple[str, str], bool] = {}
        sent: list[OutboxEntry] = []
        for entry in entries:
            dispute = entry.tenant, json.loads(entry.body)["dispute"]
            if dispute not in published:
                published[dispute] = self._is_published(*dispute)
            if published[dispute] and self._is_taken(entry):
                sent.append(entry)
        self._mark(entries, sent)
        return len(entries)

    def _is_published(self, tenant: str, dispute_id: str) -> bool:
        """Write the newest report to its key, then read it again: the slower of two writers may hold an older one."""
        try:
            key = self.origin.layout.report_key(tenant, dispute_id)
            written = None
            while (newest := self._newest(tenant, dispute_id)) is not None and newest.revision != written:
                self.origin.objects.put(key, newest.body.encode(), "application/json")
                written = newest.revision
        except (
            ObjectUnsafeError
        ) as error:  # somebody put a link there: no try will do better, and the record has it
            log.error("the report of dispute %s is not written beside its evidence: %s", dispute_id, error)  # noqa: TRY400
        except (StorageError, LayoutError) as error:
            log.warning(
                "the report of dispute %s could not be written beside its evidence: %s", dispute_id, error
            )
            return False
        return True

    def _newest(self, tenant: str, dispute_id: str) -> AttachedReport | None:
        def once() -> AttachedReport | None:
            with self.database.reading() as records:
                return records.report(tenant, dispute_id)

        return self._steadily(once)

    def _is_taken(self, entry: OutboxEntry) -> bool:
        if self.events is None:
            return True
        try:
            self.events.send(entry)
        except (EventError, StorageError) as error:
            log.warning("an event was not accepted: %s", error)
            return False
        return True

    def _mark(self, entries: Sequence[OutboxEntry], sent: Sequence[OutboxEntry]) -> None:
        """Mark what was sent. The rest is retried after a delay that grows with its attempts."""
        now = datetime.now(UTC)
        done = {entry.id for entry in sent}
        failed = [entry for entry in entries if entry.id not in done]

        def once() -> int:
            with self.database.transaction() as records:
                records.mark_sent(sent, now)
                for entry in failed:
                    wait = min(_SLOWEST_S, 2.0 ** min(entry.attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311
                    records.retry_unsent([entry], now + timedelta(seconds=wait))
                return records.unsent_count()

        self.metrics.outbox_waiting(self._steadily(once))
        self.metrics.relayed("sent", len(sent))
        self.metrics.relayed("failed", len(failed))

    def _steadily(self, step: Callable[[], T]) -> T:
        return self.retry_policy.steadily("relay", step, time.monotonic() + STEP_S)
