"""What a message says about an object in the bucket, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from validators.declared import Declared

CREATED = "created"
DELETED = "deleted"


class MessageError(ValueError):
    """The message's fault, in one plain sentence."""


@dataclass(frozen=True, slots=True)
class UploadNotice:
    """One object that was uploaded or deleted: ``kind`` is CREATED or DELETED.

    ``bucket`` is None where the configured root of uploads is meant. ``key`` is decoded: 1..1,024 bytes of UTF-8
    without NUL. ``version_id`` is None where the bucket keeps no versions; ``etag`` has no quotes; ``size`` is in
    bytes; ``sequencer`` is hexadecimal and compares by storage.database.sequencers; times are aware UTC.

    From ``tenant`` on, what the sender of our own message declares; events of a bucket carry none of it.
    """

    kind: str
    bucket: str | None
    key: str
    version_id: str | None = None
    etag: str | None = None
    size: int | None = None
    sequencer: str | None = None
    event_at: datetime | None = None
    tenant: str | None = None
    dispute_id: str | None = None
    file: str | None = None
    party: str | None = None
    evidence_type: str | None = None
    roles: tuple[str, ...] = ()
    description: str | None = None
    submitted_at: datetime | None = None
    replaces: str | None = None
    declared_type: str | None = None
    on_listing: bool = False

    @property
    def declared(self) -> Declared:
        """What the sender declares of the file."""
        return Declared(
            party=self.party,
            evidence_type=self.evidence_type,
            roles=self.roles,
            description=self.description,
            submitted_at=self.submitted_at,
            declared_type=self.declared_type,
            replaces=self.replaces,
            on_listing=self.on_listing,
        )

    @property
    def is_folder_marker(self) -> bool:
        """Whether it is the empty object by which S3's console shows a folder: no upload."""
        return self.key.endswith("/") and self.size in (None, 0)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a message holds: its notices, and one plain sentence for each part that was not understood.

    Both are empty for what is no upload: a test event, another service's record, another kind of event.
    """

    notices: tuple[UploadNotice, ...] = ()
    faults: tuple[str, ...] = ()
