"""Who works on which upload, and what happened to it before."""

from __future__ import annotations

import hashlib
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
"""How an attempt ended: by the content's fault; unknown (the worker died, an outside kill); released on
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
    """A request to work on an upload. ``holder`` is the id of the message that brought it, ``token`` this delivery's
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


class Claims(Protocol):
    """Claims of uploads by workers. Times are passed in, so that tests choose them."""

    def claim_upload(self, claim: Claim) -> Claimed:
        """Claim the upload and, if granted, record the attempt that now starts.

        Granted unless the upload has ended, a newer version of the object is current (the upload then ends as
        SUPERSEDED), or another ``holder`` has it until later than ``claim.at``. The same holder takes over at
        once: its earlier delivery has lapsed, and an attempt of it left without an end is now ended as VANISHED.
        """

    def extend_claim(self, upload: UploadId, pipeline_version: str, token: str, until: datetime) -> bool:
        """Hold the claim until ``until``; False where ``token`` no longer holds it."""

    def end_attempt(
        self, upload: UploadId, pipeline_version: str, token: str, outcome: str, detail: str, at: datetime
    ) -> bool:
        """End this delivery's attempt and release the claim; False (and nothing written) where it was lost."""

    def end_upload(
        self,
        upload: UploadId,
        pipeline_version: str,
        token: str,
        state: str,
        evidence_id: str | None,
        at: datetime,
    ) -> bool:
        """Put the upload in a final state, end its attempt as FINISHED unless it has ended, and release its claim.

        False (and nothing written) where ``token`` no longer holds it.
        """

    def first_event_at(self, upload: UploadId) -> datetime | None:
        """When the upload happened, as its first message had it."""

    def item_of_upload(self, upload: UploadId) -> str | None:
        """The id of the item that came of the upload under any version of the measuring code, where it was opened."""

    def reopen_upload(self, upload: UploadId, pipeline_version: str) -> None:
        """For a redriven message: an upload that was given up is OPEN again, and its earlier attempts no longer count."""
