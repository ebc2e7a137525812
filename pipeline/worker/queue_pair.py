"""Which queue the next message comes from: uploads first, backfill only while no upload waits."""

from __future__ import annotations

from dataclasses import dataclass

from storage.interfaces.queue import Message, UploadQueue


@dataclass(frozen=True, slots=True)
class QueuePair:
    """The queues of one worker. ``backfill`` is optional."""

    uploads: UploadQueue
    backfill: UploadQueue | None = None

    def receive(self, wait_s: float, visibility_s: float) -> tuple[UploadQueue, Message] | None:
        """The next message with the queue it came from; None where none came within ``wait_s``.

        While there is backfill, uploads are only glanced at: a queue that is served would wait a second for each message.
        An upload that is missed so comes first the next time.
        """
        if self.backfill is None:
            return _with(self.uploads, self.uploads.receive(wait_s, visibility_s))
        return (
            _with(self.uploads, self.uploads.glance(visibility_s))
            or _with(self.backfill, self.backfill.receive(0.0, visibility_s))
            or (_with(self.uploads, self.uploads.receive(wait_s, visibility_s)) if wait_s > 0 else None)
        )

    def is_drained(self) -> bool:
        """Whether no message is left in any state."""
        return all(queue.depth().total == 0 for queue in self.queues())

    def queues(self) -> list[UploadQueue]:
        """Every queue there is."""
        return [self.uploads] if self.backfill is None else [self.uploads, self.backfill]

    def close(self) -> None:
        """Close every queue."""
        for queue in self.queues():
            queue.close()


def _with(queue: UploadQueue, message: Message | None) -> tuple[UploadQueue, Message] | None:
    return None if message is None else (queue, message)
