"""Feeds the queue with the files of a folder, or with objects that are in the uploads' bucket already."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.intake.dispute_data import take_dispute
from pipeline.intake.folders import read_paths
from pipeline.intake.found import FoundDispute
from pipeline.intake.messages.key_layout import KeyLayout, LayoutError, Place
from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.messages.own import own_message
from pipeline.intake.origin import Origin
from pipeline.intake.receive import ReceiveError, receive
from storage.errors import StoreMisconfiguredError
from storage.interfaces.queue import UploadQueue
from storage.interfaces.record import Database
from storage.objects.keys import checked_key
from validators.dispute import BUYER, LISTING, SELLER, Dispute

_AT_ONCE = 10

Progress = Callable[[int, str], None]
"""Called with how many messages were sent so far, and the key of the last."""


@dataclass(slots=True)
class Fed:
    """What was sent, and what was skipped, with the reason."""

    sent: int = 0
    disputes: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Feeder:
    """Sends upload messages to one queue. Feeding again is safe, since the worker recognises what was sent before.

    Each file of at most ``most`` bytes is copied into ``incoming`` first, so that the bytes that are sent are those that
    were hashed.
    """

    origin: Origin
    queue: UploadQueue
    database: Database
    progress: Progress
    incoming: Path
    most: int

    def feed_folder(
        self, folder: Path, excluded: frozenset[Path], now: datetime, submitted_at: datetime | None
    ) -> Fed:
        """Read ``folder`` as ``evidence check`` does, put its declared disputes on the record, copy every file to the
        uploads, and send a message for each. ``submitted_at`` is for files whose dispute gives no time."""
        fed = Fed()
        reading = read_paths([folder], excluded)
        fed.skipped += [(notice, "") for notice in reading.notices]
        for found in reading.disputes:
            try:
                self.origin.layout.report_key(found.dispute.tenant, found.dispute.id)
            except LayoutError as error:
                fed.skipped.append((found.dispute.id, str(error)))
                continue
            if found.dispute.declared:
                with self.database.transaction() as records:
                    take_dispute(found.dispute, records, now)
                fed.disputes += 1
            self._send(self._copied(found, fed, now, submitted_at), fed)
        return fed

    def feed_objects(self, url: str, submitted_at: datetime | None) -> Fed:
        """Send a message for every object below ``url``, which lies in the uploads' bucket and prefix."""
        fed = Fed()
        self._send(self._resting(self._inside(url), fed, submitted_at), fed)
        return fed

    def _send(self, notices: Iterable[UploadNotice], fed: Fed) -> None:
        for part in _batches(notices, _AT_ONCE):
            self.queue.send([own_message(notice) for notice in part])
            fed.sent += len(part)
            self.progress(fed.sent, part[-1].key)

    def _copied(
        self, found: FoundDispute, fed: Fed, now: datetime, submitted_at: datetime | None
    ) -> Iterator[UploadNotice]:
        for file in found.files:
            if file.path is None or file.problem is not None:
                fed.skipped.append((f"{found.dispute.id}/{file.file}", file.detail or "not there"))
                continue
            key = _key_for(found.dispute, file.file, self.origin.layout)
            if self.origin.layout.is_report(key):
                continue
            try:
                received = receive(file.path, self.incoming, self.most)
            except ReceiveError as error:
                why = (
                    f"{error.bytes} bytes, more than is opened" if error.code == "too_large" else error.detail
                )
                fed.skipped.append((f"{found.dispute.id}/{file.file}", why))
                continue
            try:
                self.origin.objects.put_file(key, received.path)
            finally:
                received.path.unlink()
            yield UploadNotice(
                kind=CREATED,
                bucket=None,
                key=key,
                etag=received.sha256,
                size=received.bytes,
                event_at=now,
                tenant=found.dispute.tenant,
                dispute_id=found.dispute.id,
                file=file.file,
                party=file.declared.party,
                on_listing=file.declared.on_listing,
                submitted_at=submitted_at,
            )

    def _resting(self, prefix: str, fed: Fed, submitted_at: datetime | None) -> Iterator[UploadNotice]:
        for entry in self.origin.objects.entries(prefix):
            if self.origin.layout.is_report(entry.key) or entry.key.endswith("/"):
                continue
            try:
                self.origin.layout.place(entry.key)
            except LayoutError as error:
                fed.skipped.append((entry.key, str(error)))
                continue
            yield UploadNotice(
                kind=CREATED,
                bucket=None,
                key=entry.key,
                etag=entry.etag,
                size=entry.size,
                event_at=entry.modified_at,
                submitted_at=submitted_at,
            )

    def _inside(self, url: str) -> str:
        """The prefix inside the uploads' objects; StoreMisconfiguredError where ``url`` lies elsewhere."""
        parts = urlsplit(url)
        prefix = parts.path.lstrip("/")
        if parts.netloc != self.origin.bucket or not f"{prefix.rstrip('/')}/".startswith(self.origin.prefix):
            raise StoreMisconfiguredError(
                f"{url} is not where uploads are kept (s3://{self.origin.bucket}/{self.origin.prefix}): set "
                "EVIDENCE_UPLOADS_URL to its bucket and prefix"
            )
        return prefix[len(self.origin.prefix) :]


def _key_for(dispute: Dispute, file: str, layout: KeyLayout) -> str:
    """The key that names dispute and file. Where no key can hold the file's name, it holds the name's digest.

    The message carries the name in either case.
    """
    first = file.split("/", 1)[0].lower() if "/" in file else ""
    party = first if first in (BUYER, SELLER) else None
    below = "/".join((*layout.below, file))
    try:
        return checked_key(layout.key(Place(dispute.tenant, dispute.id, party, first == LISTING, below)))
    except ValueError:  # a LayoutError, or a name that no store takes
        digest = hashlib.sha256(file.encode("utf-8", "surrogatepass")).hexdigest()
        plain = "/".join((*layout.below, digest))
        return layout.key(Place(dispute.tenant, dispute.id, None, on_listing=False, file=plain))


def _batches(notices: Iterable[UploadNotice], size: int) -> Iterator[list[UploadNotice]]:
    part: list[UploadNotice] = []
    for notice in notices:
        part.append(notice)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
