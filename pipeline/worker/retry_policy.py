"""Waiting out a fault that passes: exponential backoff with full jitter, so that many workers do not return at once.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_S = 0.1
LONGEST_S = 20.0


def pause_s(attempt: int, chance: random.Random) -> float:
    """Seconds to wait after failure number ``attempt`` (from 0): uniform up to a doubling bound."""
    return chance.uniform(0.0, min(LONGEST_S, FIRST_S * 2.0 ** min(attempt, 20)))


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a worker waits: until it is stopped, or until the item's deadline."""

    stopping: threading.Event
    retried: Callable[[str], None]
    chance: random.Random = field(default_factory=random.SystemRandom)

    def steadily(self, what: str, step: Callable[[], T], until: float) -> T:
        """Do ``step``, which may be repeated, until it succeeds. A store that stays away until ``until`` (of
        time.monotonic), or while stopping, raises its StoreUnavailableError."""
        attempt = 0
        while True:
            try:
                return step()
            except StoreUnavailableError as error:
                wait = pause_s(attempt, self.chance)
                if self.stopping.is_set() or time.monotonic() + wait >= until:
                    raise
                log.warning("%s: %s; trying again in %.1f s", what, error, wait)
                self.retried(what)
                attempt += 1
                self.stopping.wait(wait)
