"""The worker's part of the record: who works on which upload, what happened before, what is still to be told.

Every call runs inside the transaction that ``Database.transaction`` opened, like the rest of the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

OPEN = "open"
DONE = "done"
QUARANTINED = "quarantined"
GONE = "gone"
SUPERSEDED = "superseded"
GIVEN_UP = "given_up"
UPLOAD_STATES = (OPEN, DONE, QUARANTINED, GONE, SUPERSEDED, GIVEN_UP)
"""All but OPEN are final; a redriven message opens a given-up upload again."""

CRASHED = "crashed"
VANISHED = "vanished"
RETURNED = "returned"
FINISHED = "finished"
ATTEMPT_OUTCOMES = (CRASHED, VANISHED, RETURNED, FINISHED)
"""How an attempt ended: by the content's fault; unknown (the worker died, an outside kill); handed back on
purpose, which counts for nothing; with a report."""


@dataclass(frozen=True, slots=True)
class UploadId:
    """What makes an upload the same one: ``version`` is the object's version id, else its ETag and size."""

    tenant: str
    bucket: str
    key: str
    version: str

    @property
    def digest(self) -> str:
        """A name for records and logs: "up-" and 32 hex digits."""
        return f"up-{_digest(self.tenant, self.bucket, self.key, self.version)}"

    @property
    def object_digest(self) -> str:
        """A name for the object whatever its version: "ob-" and 32 hex digits."""
        return f"ob-{_digest(self.tenant, self.bucket, self.key)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Claim:
    """Asking to work on an upload. ``holder`` is the id of the message that brought it, ``token`` this delivery's
    own; both are opaque. ``sequencer`` is S3's, None where the event has none; ``event_at`` when it was uploaded."""

    upload: UploadId
    pipeline_version: str
    dispute_id: str
    holder: str
    token: str
    at: datetime
    until: datetime
    event_at: datetime
    sequencer: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """The answer: ``granted``, or why not.

    ``state`` is the upload's: a final one where an earlier delivery ended it, SUPERSEDED where a newer version of
    the object is known. ``busy_until`` is set where another message's delivery is at work on it. ``crashed`` and
    ``vanished`` count earlier attempts since it was last given up.
    """

    granted: bool
    state: str = OPEN
    busy_until: datetime | None = None
    crashed: int = 0
    vanished: int = 0


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """Something to be told to others at least once. ``attempts`` counts this one."""

    tenant: str
    id: str
    idempotency_key: str
    kind: str
    body: str
    created_at: datetime
    attempts: int


class Work(Protocol):
    """What workers share. Times are passed in, so that tests choose them."""

    def claim_upload(self, claim: Claim) -> Claimed:
        """Claim the upload and, where granted, write down the attempt that now begins.

        Granted unless the upload has ended, a newer version of the object is current (the upload then ends as
        SUPERSEDED), or another ``holder`` has it until later than ``claim.at``. The same holder takes over at
        once: its earlier delivery has lapsed, and an attempt of it left without an end is now ended as VANISHED.
        """

    def extend_claim(self, upload: UploadId, pipeline_version: str, token: str, until: datetime) -> bool:
        """Hold the claim until ``until``; False where ``token`` no longer holds it."""

    def end_attempt(
        self, upload: UploadId, pipeline_version: str, token: str, outcome: str, detail: str, at: datetime
    ) -> bool:
        """End this delivery's attempt and let the claim go; False (and nothing written) where it was lost."""

    def end_upload(
        self,
        upload: UploadId,
        pipeline_version: str,
        token: str,
        state: str,
        evidence_id: str | None,
        at: datetime,
    ) -> bool:
        """Put the upload in a final state, its attempt ended as FINISHED (as it is where ended before) and its
        claim let go; False (and nothing written) where ``token`` no longer holds it."""

    def settle_version(self, claim: Claim, evidence_id: str) -> str | None:
        """Make ``evidence_id`` the current item of the claim's object.

        Returns the evidence id that it displaced, to be retired (None where there was none or it is the same).
        Where a version with a newer sequencer (else a later ``event_at``) is current, nothing changes and
        ``evidence_id`` itself is returned.
        """

    def reopen_upload(self, upload: UploadId, pipeline_version: str) -> None:
        """A redriven message: where the upload was given up, it is OPEN again and earlier attempts count no more."""

    def retire_items(self, tenant: str, ids: Iterable[str]) -> None:
        """These items are no longer current: known for comparing, not reported."""

    def mark_due(self, tenant: str, dispute_ids: Iterable[str], not_before: datetime) -> None:
        """These disputes are to be judged (again) from ``not_before`` on; the earliest mark of a dispute counts."""

    def due_disputes(self, at: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, id) of disputes due at ``at``, the longest due first."""

    def take_due(self, tenant: str, dispute_id: str, at: datetime) -> bool:
        """Remove the dispute's mark where it is due at ``at``: it is judged in this transaction. False: none."""

    def post(self, tenant: str, kind: str, idempotency_key: str, body: str, at: datetime) -> bool:
        """Put something in the outbox; False where the key is there already, and nothing is changed."""

    def take_unsent(self, at: datetime, lease_until: datetime, limit: int) -> Sequence[OutboxEntry]:
        """The oldest entries to be told at ``at``, hidden from others until ``lease_until``."""

    def mark_sent(self, entries: Iterable[OutboxEntry], at: datetime) -> None:
        """These were told."""

    def retry_unsent(self, entries: Iterable[OutboxEntry], not_before: datetime) -> None:
        """Telling these failed: again from ``not_before``."""

    def unsent_count(self) -> int:
        """How many entries wait in the outbox."""
