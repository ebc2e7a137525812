"""Where events go: an address on the web, or a queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from storage.interfaces.outbox import OutboxEntry
from storage.interfaces.queue import UploadQueue

WEBHOOK_S = 10.0


class EventError(Exception):
    """The receiver did not accept an event. It is sent again later."""


class ReceiverAwayError(EventError):
    """The receiver does not answer at all: no other event will fare better just now."""


class Events(Protocol):
    """Where events go."""

    def send(self, entry: OutboxEntry) -> None:
        """Send the event; returns once it was accepted. Raises EventError or StorageError."""


@dataclass(frozen=True, slots=True)
class QueueEvents:
    """Events as messages on a queue."""

    queue: UploadQueue

    def send(self, entry: OutboxEntry) -> None:
        """See Events."""
        self.queue.send([entry.body])


class WebhookEvents:
    """Events posted to an address, with an ``Idempotency-Key`` header; a status below 300 accepts them."""

    def __init__(self, url: str, token: str | None) -> None:
        import urllib3  # noqa: PLC0415 - only where events are posted

        self._url = url
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(total=WEBHOOK_S), retries=False)
        self._failure = urllib3.exceptions.HTTPError

    def send(self, entry: OutboxEntry) -> None:
        """See Events."""
        headers = {**self._headers, "Idempotency-Key": entry.idempotency_key}
        try:
            answer = self._pool.request(
                "POST",
                self._url,
                body=entry.body.encode(),
                headers=headers,
                redirect=False,
                preload_content=False,
            )
        except self._failure as error:
            raise ReceiverAwayError(f"the address for events cannot be reached: {error}") from error
        answer.close()  # its body is not needed, and might never end
        if answer.status >= 300:
            raise EventError(f"the address for events answered {answer.status}")


def open_events(
    url: str | None, token: str | None, open_queue: Callable[[str], UploadQueue]
) -> Events | None:
    """The receiver at a web address, or at a queue's address after ``sqs:``; None without an address."""
    if url is None:
        return None
    if url.startswith("sqs:"):
        return QueueEvents(open_queue(url.removeprefix("sqs:")))
    return WebhookEvents(url, token)
