"""Whether the worker is alive (every thread makes progress) and ready (everything it needs answers)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

QUEUE = "queue"
DATABASE = "database"
OBJECTS = "objects"
JAIL = "jail"
PARTS = (QUEUE, DATABASE, OBJECTS, JAIL)


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """``ok``, and otherwise why: a sentence for each thread or part in trouble."""

    ok: bool
    troubles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answer:
    at: float
    trouble: str | None


class Health:
    """What the worker's threads say of themselves. Every method may be called from any thread.

    A thread is silent ``silent_s`` seconds after its last beat or, where it said how long it would be busy, after that
    moment. A part's answer counts for ``fresh_s`` seconds. ``clock`` is monotonic, and
    ``busy_until`` is one of its times.
    """

    def __init__(
        self,
        parts: Iterable[str] = PARTS,
        *,
        silent_s: float = 60.0,
        fresh_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._silent_s = silent_s
        self._fresh_s = fresh_s
        self._clock = clock
        self._lock = Lock()
        self._due: dict[str, float] = {}
        self._answers: dict[str, _Answer | None] = dict.fromkeys(parts)
        self._stopping = False
        self.gave_up: Exception | None = None
        """A fault that no retry mends. The worker ends with it."""

    def beat(self, thread: str, busy_until: float | None = None) -> None:
        """The thread makes progress. It beats again soon, or after ``busy_until`` if it now does something long."""
        now = self._clock()
        with self._lock:
            self._due[thread] = (now if busy_until is None else max(now, busy_until)) + self._silent_s

    def rest(self, thread: str) -> None:
        """The thread has ended on purpose and beats no more."""
        with self._lock:
            self._due.pop(thread, None)

    def able(self, part: str) -> None:
        """The part has just answered."""
        self._answered(part, None)

    def unable(self, part: str, why: str) -> None:
        """The part has just failed. ``why`` is public: a sentence without credentials."""
        self._answered(part, why)

    def stopping(self) -> None:
        """No new work is taken from now on."""
        with self._lock:
            self._stopping = True

    def give_up(self, fault: Exception) -> None:
        """The worker cannot go on."""
        self.gave_up = fault

    def alive(self) -> HealthStatus:
        """Whether every thread has beaten in time. A worker without a thread yet is alive."""
        now = self._clock()
        with self._lock:
            late = {thread: now - due for thread, due in self._due.items() if now > due}
        troubles = {
            thread: f"silent for {over:.0f} s beyond its bound" for thread, over in sorted(late.items())
        }
        return HealthStatus(not troubles, troubles)

    def ready(self) -> HealthStatus:
        """Whether new work is taken and every part has answered lately."""
        now = self._clock()
        with self._lock:
            answers = dict(self._answers)
            troubles = {"worker": "stopping"} if self._stopping else {}
        for part, answer in answers.items():
            trouble = self._trouble(answer, now)
            if trouble is not None:
                troubles[part] = trouble
        return HealthStatus(not troubles, troubles)

    def _trouble(self, answer: _Answer | None, now: float) -> str | None:
        if answer is None:
            return "has not answered yet"
        if answer.trouble is not None:
            return answer.trouble
        age = now - answer.at
        return f"last answered {age:.0f} s ago" if age > self._fresh_s else None

    def _answered(self, part: str, trouble: str | None) -> None:
        now = self._clock()
        with self._lock:
            if part not in self._answers:
                raise ValueError(f"{part!r} is none of the parts {', '.join(self._answers)}")
            self._answers[part] = _Answer(now, trouble)
