"""Telling the queue what becomes of a message."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from pipeline.observability.metrics import Metrics
from pipeline.worker.disposition import ACKNOWLEDGE, BURY, HAND_BACK, Verdict
from pipeline.worker.renewal import Renewer
from pipeline.worker.retry_policy import Patience
from storage.errors import StorageError
from storage.interfaces.queue import Message, Uploads

log = logging.getLogger(__name__)

_ENDING_S = 20.0


@dataclass(frozen=True, slots=True)
class Applier:
    """Serves any number of threads."""

    patience: Patience
    renewer: Renewer
    metrics: Metrics

    def apply(self, verdict: Verdict, queue: Uploads, message: Message) -> None:
        """Acknowledge, hand back or bury. Where the queue stays away the message comes again, finds its upload ended,
        and is acknowledged then."""
        steps = {
            ACKNOWLEDGE: lambda: queue.acknowledge(message),
            HAND_BACK: lambda: queue.hand_back(message, verdict.delay_s),
            BURY: lambda: queue.bury(message, verdict.reason),
        }
        self.renewer.release(message)
        try:
            with self.metrics.stage("acknowledge"):
                self.patience.steadily(verdict.action, steps[verdict.action], time.monotonic() + _ENDING_S)
        except StorageError as error:
            log.warning("%s failed, so the message will come again: %s", verdict.action, error)
            return
        if verdict.action == BURY:
            self.metrics.buried()
            log.warning("set aside as a dead letter: %s", verdict.reason)
