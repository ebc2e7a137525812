"""One upload as its message describes it: which object, which dispute, whose, and what the dispute declares of it."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.intake.member import handed_on
from pipeline.intake.messages.key_layout import DEFAULT_TENANT, KeyLayout, LayoutError, Place
from pipeline.intake.messages.notice import UploadNotice
from pipeline.intake.origin import Origin
from pipeline.intake.tree import DISPUTE_FILE, SKIPPED_NAMES
from pipeline.intake.upload import Upload
from storage.interfaces.claims import UploadId
from storage.interfaces.queue import Message
from storage.objects.keys import checked_key
from validators.declared import NOTHING_DECLARED, Declared
from validators.dispute import LISTING, DeclaredEvidence, Dispute
from validators.evidence import INSIDE, Evidence

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Arrival:
    """A notice whose place is known. ``key`` is the one inside the uploads' objects; ``event_at`` is aware UTC."""

    id: UploadId
    notice: UploadNotice
    key: str
    place: Place
    event_at: datetime

    def upload(self) -> Upload:
        """What to examine, and whose it is, as far as the message and its key say."""
        notice = self.notice
        guessed, _ = mimetypes.guess_type(self.place.file.rsplit("/", 1)[-1])
        declared = replace(
            notice.declared,
            party=self.place.party,
            on_listing=self.place.on_listing,
            submitted_at=notice.submitted_at or self.event_at,
            received_at=self.event_at,
            declared_type=notice.declared_type or guessed,
        )
        stated = notice.declared.said | {"received_at"}
        return Upload(
            file=self.place.file,
            path=None,
            dispute_id=self.place.dispute_id,
            received_at=self.event_at,
            tenant=self.place.tenant,
            declared=declared,
            key=self.key,
            version=notice.version_id,
            guessed=tuple(sorted(declared.said - stated)),
        )

    def known_as(self, item: Evidence) -> Arrival:
        """The same, at the place where the record has the object's item, unless the message states another."""
        notice = self.notice
        if notice.dispute_id is not None:
            return self
        on_listing = item.declared.on_listing or notice.on_listing
        place = replace(
            self.place,
            dispute_id=item.dispute_id,
            file=notice.file or item.file,
            party=None if on_listing else self.place.party,
            on_listing=on_listing,
        )
        return replace(self, place=place)


def arrival_of(notice: UploadNotice, message: Message, origin: Origin) -> Arrival | None:
    """Where the upload belongs; None for what is not evidence: our own report, a dispute file, a system file.

    What the message declares outranks what its key says. Raises ForeignUploadError and LayoutError.
    """
    key = origin.relative(notice)
    if origin.layout.is_report(key):
        return None
    place = _place(notice, key, origin.layout)
    if not is_evidence(place.file):
        return None
    _check_readable(key)
    origin.layout.report_key(
        place.tenant, place.dispute_id
    )  # LayoutError where its report would have no place
    version = notice.version_id or f"{notice.etag or ''}:{'' if notice.size is None else notice.size}"
    upload_id = UploadId(place.tenant, origin.bucket, origin.prefix + key, version)
    return Arrival(upload_id, notice, key, place, notice.event_at or message.sent_at)


def _place(notice: UploadNotice, key: str, layout: KeyLayout) -> Place:
    """What the message declares, and for the rest what the key says."""
    if notice.dispute_id is None:
        by_key = layout.place(key)
    else:
        by_key = Place(DEFAULT_TENANT, notice.dispute_id, None, on_listing=False, file=key)
    on_listing = notice.on_listing or notice.party == LISTING or (by_key.on_listing and notice.party is None)
    return Place(
        tenant=notice.tenant or by_key.tenant,
        dispute_id=by_key.dispute_id,
        party=None if on_listing else notice.party or by_key.party,
        on_listing=on_listing,
        file=notice.file or by_key.file,
    )


def _check_readable(key: str) -> None:
    """Refuse a key that S3 takes and our stores do not: with an empty segment, one leading upwards, or control characters."""
    try:
        checked_key(key)
    except ValueError as error:
        shown = key if len(key) <= _SHOWN else f"{key[:_SHOWN]}…"
        raise LayoutError(
            f"The key {shown!r} cannot be read: each of its segments must be a plain, printable name."
        ) from error


def is_evidence(file: str) -> bool:
    """Whether a file is evidence by the rules of ``evidence check``: no dispute file, dot-file or system file."""
    names = file.split("/")
    return (
        not any(name.startswith(".") or name.lower() in SKIPPED_NAMES for name in names)
        and names[-1] != DISPUTE_FILE
    )


def as_declared(item: Evidence, dispute: Dispute) -> Evidence:
    """The item with what the dispute says of it, which outranks what came with the upload."""
    said = _said_of(item.file, dispute.declared_evidence)
    declared = said.over(item.declared)
    declared = replace(declared, listing_id=dispute.listing_id or item.declared.listing_id)
    return replace(
        item, declared=declared, guessed=tuple(name for name in item.guessed if name not in said.said)
    )


def _said_of(file: str, entries: Sequence[DeclaredEvidence]) -> Declared:
    """What the dispute says of a file, and of the files that it lies in as far as that holds for it too."""
    names = (file, file.replace(INSIDE, "/"))
    own = next((entry for entry in entries if _plain(entry.file) in names), None)
    said = replace(own.declared, received_at=None) if own is not None else NOTHING_DECLARED
    outer, inside, _ = file.rpartition(INSIDE)
    return said.over(handed_on(_said_of(outer, entries))) if inside else said


def _plain(file: str) -> str:
    return file.replace("\\", "/").removeprefix("./")
