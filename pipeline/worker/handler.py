"""A message from its body to its disposition: parsed, each upload in it worked on, its faults reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.intake.arrival import Arrival, arrival_of
from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.messages.notice import DELETED, UploadNotice
from pipeline.intake.messages.parsing import parse_message
from pipeline.intake.origin import ForeignUploadError, Origin
from pipeline.observability.logs import upload_context
from pipeline.worker.disposition import DEAD_LETTER, DONE, Disposition, worst_of
from pipeline.worker.upload_work import UploadWork
from storage.interfaces.queue import Message

log = logging.getLogger(__name__)

OBJECT_REMOVED = "object_removed"


@dataclass(frozen=True, slots=True)
class Handler:
    """Turns messages into dispositions. Serves any number of threads."""

    work: UploadWork
    origin: Origin

    def handle(self, message: Message, deadline: float) -> Disposition:
        """Work on every upload the message names, until ``deadline`` (of time.monotonic).

        A message that is faulty in part has its good uploads worked on, and is then dead-lettered with the reasons.
        Raises StorageError and JailError where a store or the jail stayed unavailable too long.
        """
        parsed = parse_message(message.body)
        dispositions = [self._malformed(fault) for fault in parsed.faults]
        for notice in parsed.notices:
            dispositions.append(self._one(notice, message, deadline))
        return worst_of(dispositions)

    def _one(self, notice: UploadNotice, message: Message, deadline: float) -> Disposition:
        if notice.is_folder_marker:
            return DONE
        try:
            arrival = arrival_of(notice, message, self.origin)
        except (LayoutError, ForeignUploadError) as error:
            return self._malformed(str(error))
        if arrival is None:
            self.work.metrics.ended("ignored")
            return DONE
        arrival = self.work.located(arrival, deadline)
        with upload_context(
            upload=arrival.id.digest,
            tenant=arrival.place.tenant,
            dispute=arrival.place.dispute_id,
            key=arrival.key,
        ):
            if notice.kind == DELETED:
                self._note_removed(arrival, deadline)
                return DONE
            return self.work.work_on(arrival, message, deadline)

    def _malformed(self, reason: str) -> Disposition:
        self.work.metrics.ended("malformed")
        return Disposition(DEAD_LETTER, reason=reason)

    def _note_removed(self, arrival: Arrival, deadline: float) -> None:
        """Record that the object is gone. Its report stays, since a mediator may have read it."""
        detail = {
            "key": arrival.id.key,
            "version": arrival.notice.version_id or "",
            "at": arrival.event_at.isoformat(),
        }
        self.work.write_trail(arrival, OBJECT_REMOVED, detail, datetime.now(UTC), deadline)
        log.info("the object was removed from the bucket; its report stays")
