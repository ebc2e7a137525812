"""Carries out what was decided on a message: acknowledge, release or dead-letter it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from pipeline.observability.metrics import Metrics
from pipeline.worker.disposition import ACKNOWLEDGE, DEAD_LETTER, RELEASE, Disposition
from pipeline.worker.renewal import Renewer
from pipeline.worker.retry_policy import RetryPolicy
from storage.errors import StorageError
from storage.interfaces.queue import Message, UploadQueue

log = logging.getLogger(__name__)

_ENDING_S = 20.0


@dataclass(frozen=True, slots=True)
class Applier:
    """Acts on the queue. Serves any number of threads."""

    retry_policy: RetryPolicy
    renewer: Renewer
    metrics: Metrics

    def apply(self, disposition: Disposition, queue: UploadQueue, message: Message) -> None:
        """Acknowledge, release or dead-letter the message.

        Where the queue stays unavailable, the message comes again, finds its upload ended, and is acknowledged then.
        """
        steps = {
            ACKNOWLEDGE: lambda: queue.acknowledge(message),
            RELEASE: lambda: queue.release(message, disposition.delay_s),
            DEAD_LETTER: lambda: queue.dead_letter(message, disposition.reason),
        }
        self.renewer.release(message)
        try:
            with self.metrics.stage("acknowledge"):
                self.retry_policy.steadily(
                    disposition.action, steps[disposition.action], time.monotonic() + _ENDING_S
                )
        except StorageError as error:
            log.warning("%s failed, so the message will come again: %s", disposition.action, error)
            return
        if disposition.action == DEAD_LETTER:
            self.metrics.dead_lettered()
            log.warning("dead-lettered: %s", disposition.reason)
