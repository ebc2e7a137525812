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
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from pipeline.intake.arrival import Arrival, as_declared
from pipeline.intake.member import with_members
from pipeline.judgement.judge_due import known_dispute, still_open
from pipeline.observability.metrics import Metrics
from pipeline.opening.host.derivative_store import keep
from pipeline.opening.host.jail import ChildKilledError, JailError
from pipeline.path import Examined, Item, examine, items_of, look, note, record, remember
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION, Opened, OutOfTimeError
from pipeline.worker.disposition import ACKNOWLEDGE, DEAD_LETTER, DONE, RELEASE, Disposition, EndedUpload
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import StorageError, StoreFullError
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
MAX_FULL = 10
"""Deliveries of an upload for which there is no room, before its report says so and the message waits to be sent back."""
CONTENT_FAULTS = ("crashed", "time_limit", "memory_limit", "output_limit")
"""Problems by which the content ended the child."""

_UNEXPLAINED = f"{MAX_VANISHED} attempts ended without a result and without a known cause."
_BUSY_S = (0.5, 10.0)
_AGAIN_S = 1.0


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
            return self._not_granted(claimed)
        try:
            return self._attempt(arrival, claim, claimed, deadline)
        except LostClaimError:
            log.warning("another delivery took this upload over")
            return Disposition(RELEASE, _AGAIN_S)
        except ChildKilledError as error:
            self._end_attempt(claim, VANISHED, str(error), deadline)
            self.metrics.retried("vanished")
            return Disposition(RELEASE, _AGAIN_S)
        except OutOfTimeError as error:
            self._end_attempt(claim, RETURNED, str(error), deadline)
            self.metrics.retried("unavailable")
            log.warning("released: %s", error)
            return Disposition(RELEASE, _AGAIN_S)
        except StoreFullError as error:
            if message.receives < MAX_FULL:
                self._return_attempt(claim, str(error), deadline)
                raise
            return self._give_up(arrival.upload().evidence("", 0), claim, str(error), deadline)
        except (JailError, StorageError) as error:
            self._return_attempt(claim, str(error), deadline)
            raise

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

    def _attempt(self, arrival: Arrival, claim: Claim, claimed: Claimed, deadline: float) -> Disposition:
        upload = arrival.upload()
        if claimed.vanished >= MAX_VANISHED:
            return self._give_up(upload.evidence("", 0), claim, _UNEXPLAINED, deadline)
        with self.metrics.stage("open"):
            own, *members = self.retry_policy.steadily(
                "open", lambda: examine(upload, self.context, deadline=deadline), deadline
            )
        fault = _content_fault(own)
        if fault is not None and claimed.crashed + 1 < MAX_CRASHES:
            self._end_attempt(claim, CRASHED, f"{fault.code}: {fault.detail}", deadline)
            self.metrics.retried("crashed")
            log.warning("opening it failed (%s %s); trying once more", fault.code, fault.detail)
            return Disposition(RELEASE, _AGAIN_S)
        state = UPLOAD_DONE
        if fault is not None:
            own, state = _quarantined(own, claimed.crashed + 1), QUARANTINED
            self.metrics.quarantined()
            log.warning("quarantined: opening it failed %d times (%s)", claimed.crashed + 1, fault.detail)
        elif own.examination is not None and own.examination.measurements.problem("gone"):
            state = GONE
        return Disposition(ACKNOWLEDGE, ended=(self._finish([own, *members], claim, state, deadline),))

    def _give_up(self, evidence: Evidence, claim: Claim, reason: str, deadline: float) -> Disposition:
        problem = Problem("internal", reason)
        untouched = Opened(Measurements(MEASURES_VERSION, "", problems=(problem,)))
        kept = keep(evidence.content_key, 0, untouched, self.context.tool.jail, self.context.objects)
        self._finish([Examined(evidence, kept)], claim, GIVEN_UP, deadline)
        return Disposition(DEAD_LETTER, reason=reason)

    def _finish(self, examined: list[Examined], claim: Claim, state: str, deadline: float) -> EndedUpload:
        """Put the upload's own item (the first) and those found inside it on the record, and compare them."""
        with self.metrics.stage("keep"):
            kept = self._in_transaction(
                "keep", lambda records: _keep(examined, claim, records, self.context), deadline
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


def _reopen(records: Claims, claim: Claim) -> Claimed:
    """An operator redrove the message of an upload that was given up."""
    records.reopen_upload(claim.upload, claim.pipeline_version)
    return records.claim_upload(claim)


def _keep(examined: Sequence[Examined], claim: Claim, records: Record, context: Context) -> list[Item]:
    """Put the items on the record and make them findable. This is committed before anything is searched for.

    The same transaction sets the object's current version: an older one whose worker dies here is then displaced by a
    newer one, and one that comes late is never shown.
    """
    own = examined[0].evidence
    tenant, dispute = own.tenant, known_dispute(own.tenant, own.dispute_id, records)
    record(examined, records)
    found = list(items_of(examined, records))
    records.put_evidence([as_declared(item.evidence, dispute) for item in found])
    displaced = records.set_current(claim, own.id)
    if displaced is not None:
        every = records.every_item_of(tenant, own.dispute_id)
        records.retire_items(tenant, with_members([displaced], every))
    remember(found, records, context)
    return found


def _content_fault(examined: Examined) -> Problem | None:
    if examined.examination is None:
        return None
    return examined.examination.measurements.problem(*CONTENT_FAULTS)


def _quarantined(examined: Examined, attempts: int) -> Examined:
    """The examination with the number of attempts that its crash ended."""
    examination = examined.examination
    if examination is None:
        return examined
    problems = tuple(
        replace(problem, actual=float(attempts), unit="attempts") if problem.code == "crashed" else problem
        for problem in examination.measurements.problems
    )
    measurements = replace(examination.measurements, problems=problems)
    return replace(examined, examination=replace(examination, measurements=measurements))
