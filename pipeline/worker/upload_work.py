"""One upload in a worker, from its claim to its place on the record, with what each kind of failure means.

An attempt is recorded before the file is opened. A crash that the content caused (a signal of the child's own, a limit
of ours) counts against the file, which is quarantined after the second. An unexplained death counts against nothing, and
the upload is given up after the fifth.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pipeline.intake.arrival import Arrival
from pipeline.intake.messages.notice import CREATED
from pipeline.intake.upload import Upload
from pipeline.judgement.judge_due import still_open
from pipeline.observability.metrics import Metrics
from pipeline.opening.host.derivative_store import keep
from pipeline.opening.host.jail import ChildKilledError, JailError
from pipeline.path import (
    CONTENT_FAULTS,
    Examined,
    Item,
    content_fault,
    examine,
    keep_former,
    look,
    note,
    with_attempts,
)
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION, Opened, OutOfTimeError
from pipeline.worker.disposition import ACKNOWLEDGE, DEAD_LETTER, DONE, RELEASE, Disposition, EndedUpload
from pipeline.worker.retry_policy import RetryPolicy
from pipeline.worker.upload_records import complete_item, completed, dated, keep_items, located, opened_before
from storage.errors import (
    ARCHIVED,
    UNREADABLE,
    ObjectRefusedError,
    ObjectUnavailableError,
    StorageError,
    StoreFullError,
)
from storage.interfaces.claims import (
    CRASHED,
    GIVEN_UP,
    GONE,
    QUARANTINED,
    RETURNED,
    SUPERSEDED,
    VANISHED,
    Claim,
    Claimed,
    Claims,
)
from storage.interfaces.claims import DONE as UPLOAD_DONE
from storage.interfaces.matches import Pair
from storage.interfaces.queue import Message
from storage.interfaces.record import Record
from validators.evidence import Evidence, Measurements, Problem

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_CRASHES = 2
MAX_VANISHED = 5
MAX_REFUSED = 5
"""Deliveries of an upload whose object the store refuses, before its report says so."""
MAX_FULL = 10
"""Deliveries of an upload for which there is no room, before its report says so and the message waits to be sent back."""

_UNEXPLAINED = f"{MAX_VANISHED} attempts ended without a result and without a known cause."
_BUSY_S = (0.5, 10.0)
_AGAIN_S = 1.0
_PROBE = "probe"
_REFUSED_S = 4.0
"""Before the second delivery of a refused object, doubling: a minute in all."""


class LostClaimError(Exception):
    """Another delivery of the message took the upload over. What this one did is rolled back."""


@dataclass(frozen=True, slots=True)
class UploadWork:
    """Works on uploads one at a time; serves any number of threads."""

    context: Context
    retry_policy: RetryPolicy
    metrics: Metrics
    deadline_s: float

    def work_on(self, arrival: Arrival, message: Message, deadline: float) -> Disposition:
        """Claim, examine, put on the record, compare, and mark the dispute due, until ``deadline`` (of time.monotonic).

        Raises StorageError and JailError where a store or the jail stayed unavailable too long. The attempt is then ended
        as returned, if the record can still be reached.
        """
        claim = self._claim(arrival, message)
        with self.metrics.stage("claim"):
            claimed = self._in_transaction("claim", lambda records: records.claim_upload(claim), deadline)
        if not claimed.granted and claimed.state == GIVEN_UP:
            claimed = self._in_transaction("claim", lambda records: _reopen(records, claim), deadline)
        if not claimed.granted:
            self._complete(arrival, deadline)
            return self._not_granted(claimed)
        try:
            return self._attempt(arrival, message, claim, claimed, deadline)
        except LostClaimError:
            log.warning("another delivery took this upload over")
            return Disposition(RELEASE, _AGAIN_S)
        except (ChildKilledError, OutOfTimeError) as error:
            return self._unopened(claim, error, deadline)
        except ObjectRefusedError as error:
            return self._refused(arrival, message, claim, error, deadline)
        except StoreFullError as error:
            if message.receives < MAX_FULL:
                self._return_attempt(claim, str(error), deadline)
                raise
            untouched = arrival.upload().evidence("", 0)
            return self._give_up(untouched, claim, _ours(str(error)), str(error), deadline)
        except (JailError, StorageError) as error:
            self._return_attempt(claim, str(error), deadline)
            raise

    def _unopened(
        self, claim: Claim, error: ChildKilledError | OutOfTimeError, deadline: float
    ) -> Disposition:
        """Its child was killed from outside, or other work used up its time: nothing is known about the file."""
        killed = isinstance(error, ChildKilledError)
        self._end_attempt(claim, VANISHED if killed else RETURNED, str(error), deadline)
        self.metrics.retried("vanished" if killed else "unavailable")
        log.warning("released: %s", error)
        return Disposition(RELEASE, _AGAIN_S)

    def located(self, arrival: Arrival, deadline: float) -> Arrival:
        """The arrival as the record knows it: see ``located``."""
        notice = arrival.notice
        if notice.dispute_id is not None and notice.event_at is not None:
            return arrival

        def known() -> Arrival:
            with self.context.database.reading() as records:
                return located(arrival, records)

        return self.retry_policy.steadily("locate", known, deadline)

    def _complete(self, arrival: Arrival, deadline: float) -> None:
        """Add what this message states of an upload that an earlier one brought in."""
        if arrival.notice.kind != CREATED or not arrival.notice.declared.said:
            return

        def adds() -> bool:  # most repeated messages add nothing, and then nobody is locked out
            with self.context.database.reading() as records:
                return bool(completed(arrival, records))

        if self.retry_policy.steadily("complete", adds, deadline):
            self._in_transaction("complete", lambda records: complete_item(arrival, records), deadline)

    def write_trail(
        self, arrival: Arrival, action: str, detail: dict[str, str], now: datetime, deadline: float
    ) -> None:
        """Write one entry to the dispute's audit trail; once, even where the message is delivered twice."""

        def once(records: Record) -> None:
            tenant, dispute_id = arrival.place.tenant, arrival.place.dispute_id
            records.lock_dispute(tenant, dispute_id)
            written = [
                json.loads(entry.detail)
                for entry in records.audit(tenant, dispute_id)
                if entry.action == action
            ]
            if detail not in written:
                records.append_audit(tenant, dispute_id, action, detail, now)

        self._in_transaction("note", once, deadline)

    def _claim(self, arrival: Arrival, message: Message) -> Claim:
        now = datetime.now(UTC)
        return Claim(
            upload=arrival.id,
            pipeline_version=MEASURES_VERSION,
            dispute_id=arrival.place.dispute_id,
            holder=message.id,
            token=message.receipt,
            at=now,
            until=now + timedelta(seconds=self.deadline_s),
            event_at=arrival.event_at,
            sequencer=arrival.notice.sequencer,
        )

    def _not_granted(self, claimed: Claimed) -> Disposition:
        if claimed.busy_until is None:
            self.metrics.ended("duplicate" if claimed.state != SUPERSEDED else SUPERSEDED)
            return DONE
        self.metrics.retried("busy")
        left = (claimed.busy_until - datetime.now(UTC)).total_seconds()
        return Disposition(RELEASE, min(max(left, _BUSY_S[0]), _BUSY_S[1]))

    def _attempt(
        self, arrival: Arrival, message: Message, claim: Claim, claimed: Claimed, deadline: float
    ) -> Disposition:
        upload = arrival.upload()
        if claimed.vanished >= MAX_VANISHED:
            return self._give_up(upload.evidence("", 0), claim, _ours(_UNEXPLAINED), _UNEXPLAINED, deadline)
        with self.metrics.stage("open"):
            own, *members = self._examined(upload, message, deadline)
        own, *members = dated([own, *members], arrival)
        fault = content_fault(own)
        if fault is not None and claimed.crashed + 1 < MAX_CRASHES:
            self._end_attempt(claim, CRASHED, f"{fault.code}: {fault.detail}", deadline)
            self.metrics.retried("crashed")
            log.warning("opening it failed (%s %s); trying once more", fault.code, fault.detail)
            return Disposition(RELEASE, _AGAIN_S)
        state = UPLOAD_DONE
        if fault is not None:
            own, state = with_attempts(own, claimed.crashed + 1), QUARANTINED
            self.metrics.quarantined()
            log.warning("quarantined: opening it failed %d times (%s)", claimed.crashed + 1, fault.detail)
        elif own.examination is not None and own.examination.measurements.problem("gone"):
            former = self._kept_former(arrival, claim, "gone", deadline)
            if former is not None:
                return Disposition(ACKNOWLEDGE, ended=(former,))
            state = GONE
        return Disposition(ACKNOWLEDGE, ended=(self._finish([own, *members], claim, state, deadline),))

    def _examined(self, upload: Upload, message: Message, deadline: float) -> list[Examined]:
        """What never comes from a store that serves is refused: a server may have lost a part of one object."""
        try:
            return self.retry_policy.steadily(
                "open", lambda: examine(upload, self.context, deadline=deadline), deadline
            )
        except ObjectUnavailableError as error:
            if message.receives < MAX_REFUSED or not self._uploads_serve():
                raise
            raise ObjectRefusedError(str(error), UNREADABLE) from error

    def _refused(
        self, arrival: Arrival, message: Message, claim: Claim, error: ObjectRefusedError, deadline: float
    ) -> Disposition:
        """The object's own fault: tried again for a while, since permissions take time to spread, then in the report."""
        if error.reason != ARCHIVED and message.receives < MAX_REFUSED:
            self._end_attempt(claim, RETURNED, str(error), deadline)
            self.metrics.retried("refused")
            log.warning("released: %s", error)
            return Disposition(RELEASE, _REFUSED_S * 2.0 ** (message.receives - 1))
        former = self._kept_former(arrival, claim, error.reason, deadline)
        if former is not None:
            return Disposition(ACKNOWLEDGE, ended=(former,))
        problem = Problem("not_fetched", error.reason)
        return self._give_up(arrival.upload().evidence("", 0), claim, problem, str(error), deadline)

    def _uploads_serve(self) -> bool:
        """Whether the store of uploads answers, so that what it does not give is that object's fault."""
        if self.context.uploads is None:
            return False
        try:
            self.context.uploads.exists(_PROBE)
        except StorageError:
            return False
        return True

    def _kept_former(
        self, arrival: Arrival, claim: Claim, reason: str, deadline: float
    ) -> EndedUpload | None:
        """Keep the item of an upload that was opened before and cannot be fetched any more; None where there is none."""

        def keep_it(records: Record) -> Evidence | None:
            tenant, dispute_id = arrival.id.tenant, arrival.place.dispute_id
            records.lock_dispute(tenant, dispute_id)
            item = opened_before(arrival, records)
            if item is None:
                return None
            now = datetime.now(UTC)
            keep_former(item, reason, records)
            records.mark_due(tenant, [dispute_id], now)
            if not records.end_upload(claim.upload, MEASURES_VERSION, claim.token, GONE, item.id, now):
                raise LostClaimError
            return item

        item = self._in_transaction("keep", keep_it, deadline)
        if item is None:
            return None
        return EndedUpload(claim.upload.digest, item.tenant, item.dispute_id, item.id, GONE, claim.at)

    def _give_up(
        self, evidence: Evidence, claim: Claim, problem: Problem, reason: str, deadline: float
    ) -> Disposition:
        untouched = Opened(Measurements(MEASURES_VERSION, "", problems=(problem,)))
        kept = keep(evidence.content_key, 0, untouched, self.context.tool.jail, self.context.objects)
        self._finish([Examined(evidence, kept)], claim, GIVEN_UP, deadline)
        return Disposition(DEAD_LETTER, reason=reason)

    def _finish(self, examined: list[Examined], claim: Claim, state: str, deadline: float) -> EndedUpload:
        """Put the upload's own item (the first) and those found inside it on the record, and compare them."""
        with self.metrics.stage("keep"):
            kept = self._in_transaction(
                "keep", lambda records: keep_items(examined, claim, records, self.context), deadline
            )
        evidence, examination = kept[0].evidence, kept[0].examination
        if state == UPLOAD_DONE and examination.measurements.problem(*CONTENT_FAULTS):
            state = QUARANTINED  # kept by an attempt that died before it could say so, or of the same bytes elsewhere
        with self.metrics.stage("compare"):
            pairs = self.retry_policy.steadily("look", lambda: self._look(kept), deadline)
            self._in_transaction(
                "compare", lambda records: self._settle(evidence, pairs, claim, state, records), deadline
            )
        return EndedUpload(
            claim.upload.digest, evidence.tenant, evidence.dispute_id, evidence.id, state, claim.at
        )

    def _look(self, kept: Sequence[Item]) -> list[Pair]:
        """Holds no lock, since aligning pictures takes a while."""
        with self.context.database.reading() as records:
            return look(kept, records, self.context)

    def _settle(
        self, evidence: Evidence, pairs: list[Pair], claim: Claim, state: str, records: Record
    ) -> None:
        """Store the pairs, mark disputes due, and end the upload, in one transaction under the dispute's lock.

        So no pair is stored without both disputes marked, and no upload ends without its own.
        """
        now = datetime.now(UTC)
        tenant = evidence.tenant
        records.lock_dispute(tenant, evidence.dispute_id)
        others = note(tenant, pairs, records) - {evidence.dispute_id}
        records.mark_due(tenant, [evidence.dispute_id, *still_open(tenant, others, records)], now)
        if not records.end_upload(claim.upload, MEASURES_VERSION, claim.token, state, evidence.id, now):
            raise LostClaimError

    def _end_attempt(self, claim: Claim, outcome: str, detail: str, deadline: float) -> None:
        now = datetime.now(UTC)
        self._in_transaction(
            "end attempt",
            lambda records: records.end_attempt(
                claim.upload, MEASURES_VERSION, claim.token, outcome, detail[:500], now
            ),
            max(deadline, time.monotonic() + _AGAIN_S),
        )

    def _return_attempt(self, claim: Claim, detail: str, deadline: float) -> None:
        try:
            self._end_attempt(claim, RETURNED, detail, deadline)
        except StorageError as error:
            log.warning("the attempt could not be ended in the record: %s", error)

    def _in_transaction(self, what: str, step: Callable[[Record], T], deadline: float) -> T:
        def once() -> T:
            with self.context.database.transaction() as records:
                return step(records)

        return self.retry_policy.steadily(what, once, deadline)


def _ours(reason: str) -> Problem:
    return Problem("internal", reason)


def _reopen(records: Claims, claim: Claim) -> Claimed:
    """An operator redrove the message of an upload that was given up."""
    records.reopen_upload(claim.upload, claim.pipeline_version)
    return records.claim_upload(claim)
