"""Relays the outbox: each new report is written beside the evidence, then its event is sent, at least once."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import Origin
from pipeline.observability.metrics import Metrics
from pipeline.worker.event_receivers import EventError, Events, ReceiverAwayError
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import ObjectUnsafeError, StorageError, StoreUnavailableError
from storage.interfaces.outbox import OutboxEntry
from storage.interfaces.record import Database
from storage.interfaces.reports import AttachedReport

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 50
LEASE_S = 120.0
"""How long a worker may keep the entries it took. A receiver that hangs costs a batch one time limit, not one an event."""
STEP_S = 10.0
"""How long a call to the database is retried after a broken connection, before the whole round waits."""
BUSY_S = 5.0
"""When the sender of events has enough to do, how long further entries wait in the outbox."""
_SLOWEST_S = 900.0

Deliver = Callable[[Sequence[OutboxEntry]], Sequence[OutboxEntry]]
"""Takes entries whose reports are written, and returns those that it has no room for."""


@dataclass(frozen=True, slots=True)
class OutboxRelay:
    """Empties the outbox. Several may do so at once: entries are leased, and a report object always ends as the newest."""

    database: Database
    origin: Origin
    events: Events | None
    metrics: Metrics
    retry_policy: RetryPolicy

    def relay(self, deliver: Deliver | None = None) -> int:
        """Relay one batch; how many entries were taken. Raises StorageError where the record cannot be reached.

        Every report is written before any event is sent, and ``deliver`` sends events elsewhere: a receiver that hangs
        delays no report. By default they are sent here.
        """
        entries = self._taken()
        published: dict[tuple[str, str], bool] = {}
        ready: list[OutboxEntry] = []
        for entry in entries:
            dispute = entry.tenant, json.loads(entry.body)["dispute"]
            if dispute not in published:
                published[dispute] = self._is_published(*dispute)
            if published[dispute]:
                ready.append(entry)
        written = {entry.id for entry in ready}
        unwritten = [entry for entry in entries if entry.id not in written]
        if deliver is None or self.events is None:
            self.send(ready, unwritten)
        else:
            self._wait(deliver(ready), unwritten)
        return len(entries)

    def send(self, entries: Sequence[OutboxEntry], failed: Sequence[OutboxEntry] = ()) -> None:
        """Send these events and mark what became of them. Those that ``failed`` before are only marked."""
        sent: list[OutboxEntry] = []
        for entry in entries:
            try:
                if self.events is not None:
                    self.events.send(entry)
                sent.append(entry)
            except (ReceiverAwayError, StoreUnavailableError) as error:
                log.warning("the receiver of events is away: %s", error)
                break
            except (EventError, StorageError) as error:
                log.warning("an event was not accepted: %s", error)
        done = {entry.id for entry in sent}
        self._mark(sent, [*failed, *(entry for entry in entries if entry.id not in done)])

    def measure(self) -> None:
        """Say how many entries wait. Raises StorageError."""
        with self.database.reading() as records:
            self.metrics.outbox_waiting(records.unsent_count())

    def _taken(self) -> Sequence[OutboxEntry]:
        now = datetime.now(UTC)
        # Not retried: where only the answer was lost, the entries are leased, and a second call would see none.
        with self.database.transaction() as records:
            entries = records.take_unsent(now, now + timedelta(seconds=LEASE_S), BATCH)
            self.metrics.outbox_waiting(records.unsent_count())
        return entries

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

    def _wait(self, busy: Sequence[OutboxEntry], failed: Sequence[OutboxEntry]) -> None:
        """Leave entries in the outbox: a little later where the sender was ``busy``."""
        if failed:
            self._mark((), failed)
        if busy:
            self.release(busy, BUSY_S)

    def release(self, entries: Sequence[OutboxEntry], wait_s: float = 0.0) -> None:
        """Give entries back that were not sent, to be taken again after ``wait_s`` seconds."""
        again = datetime.now(UTC) + timedelta(seconds=wait_s)

        def once() -> None:
            with self.database.transaction() as records:
                records.retry_unsent(entries, again)

        self._steadily(once)

    def _mark(self, sent: Sequence[OutboxEntry], failed: Sequence[OutboxEntry]) -> None:
        """Mark what was sent. The rest is retried after a delay that grows with its attempts."""
        now = datetime.now(UTC)

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
