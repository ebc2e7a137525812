"""The interface of an upload queue, and the plain records it exchanges.

A message is delivered at least once. Received, it is invisible to others for a while (its *visibility*), then
comes again unless it was acknowledged. Order is not guaranteed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery. ``receipt`` names this delivery, ``id`` the message; ``receives`` counts deliveries, this one
    included. ``sent_at`` is aware UTC."""

    id: str
    receipt: str
    body: str
    receives: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Depth:
    """How a queue stands: messages to be received now, received but not acknowledged, and waiting for a delay.

    ``oldest_s`` is the age in seconds of the oldest message not acknowledged, None where the queue does not know.
    """

    waiting: int
    in_flight: int
    delayed: int
    oldest_s: float | None

    @property
    def total(self) -> int:
        """Every message not acknowledged."""
        return self.waiting + self.in_flight + self.delayed


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was dead-lettered, with the reason in one sentence."""

    id: str
    body: str
    reason: str
    dead_lettered_at: datetime


class UploadQueue(Protocol):
    """A queue of upload messages with its dead letters. Every call returns or fails within a time limit.

    A body is text of at most ``MAX_BODY`` bytes in UTF-8; ValueError otherwise. A receipt that no longer holds
    (the visibility ran out and the message went to another) makes ``renew`` return False, and acknowledging or
    releasing with it changes nothing.
    """

    def send(self, bodies: Iterable[str], delay_s: float = 0.0) -> None:
        """Add messages; each becomes visible after ``delay_s`` (0..900)."""

    def receive(self, wait_s: float, visibility_s: float) -> Message | None:
        """The next message, invisible to others for ``visibility_s``; None where none came within ``wait_s`` (0..20)."""

    def glance(self, visibility_s: float) -> Message | None:
        """A message that is at hand, without any wait. A served queue may miss one; ``receive`` does not."""

    def renew(self, message: Message, visibility_s: float) -> bool:
        """Make the message invisible for ``visibility_s`` from now; False where the receipt no longer holds."""

    def acknowledge(self, message: Message) -> None:
        """The message is done: it never comes again."""

    def release(self, message: Message, delay_s: float = 0.0) -> None:
        """The message may be received again after ``delay_s``."""

    def dead_letter(self, message: Message, reason: str) -> None:
        """Move the message to the dead letters. A crash half-way may leave it in both, never in neither."""

    def depth(self) -> Depth:
        """How the queue stands. A served queue's figures are approximate."""

    def dead_count(self) -> int:
        """How many dead letters there are; approximate for a served queue."""

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """At most ``limit`` dead letters, left where they are; a served queue may hide them for a few seconds."""

    def redrive(self, limit: int) -> int:
        """Send at most ``limit`` dead letters back as new messages; how many were sent."""

    def erase(self, keys: Sequence[str]) -> bool:
        """Remove messages and dead letters that name one of the objects' keys, in whatever state; False where the queue
        cannot be searched, and nothing was removed."""

    def close(self) -> None:
        """Release connections; calls under way in other threads may fail."""


MAX_BODY = 256 * 1024
"""What every queue takes; SQS's own limit is 1 MiB since 2025."""
