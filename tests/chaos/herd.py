"""The workers under test: started, watched, killed together with their zygotes and children, started again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chaos.processes import children_of, has_ended, kill, start, wait_until
from chaos.watch import Watch, children_at_work

WORKER_MAIN = Path(__file__).with_name("worker_main.py")
ENDED_BY_FAULT = 3
"""The status by which a worker says that a fault of ours ended it, and that it may be started again."""
WORKER, ZYGOTE, CHILD = "worker", "zygote", "child"
READY = "ready: "
_CATCH_CHILD_S = 0.25
_SLOW_S = 0.5
_SPARED = 0.9


@dataclass(slots=True)
class Herd:
    """``size`` workers with the same arguments and environment. Use as a context manager, from the main thread.

    ``exits`` notes workers that ended by themselves: (status, how the log ended). One whose zygote was killed may:
    a worker that is just starting cannot do without.
    """

    size: int
    arguments: list[str]
    environment: Mapping[str, str]
    logs: Path
    kills: Counter[str] = field(default_factory=Counter)
    exits: list[tuple[int, str]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _bereft: set[int] = field(default_factory=set)
    _request: set[int] = field(default_factory=set)
    _watch: Watch = field(default_factory=Watch)

    def __enter__(self) -> Herd:
        self.logs.mkdir(parents=True, exist_ok=True)
        self.workers = [self._start(number) for number in range(self.size)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(WORKER_MAIN), *self.arguments]
        return start(command, self.environment, self.log(number))

    def log(self, number: int) -> Path:
        """The log of the workers at place ``number``, one after another."""
        return self.logs / f"worker-{number}.log"

    def tend(self) -> None:
        """Start again whoever ended; note who ended without being killed by us."""
        for number, worker in enumerate(self.workers):
            status = worker.poll()
            if status is None:
                continue
            excused = (status == ENDED_BY_FAULT and worker.pid in self._bereft) or (
                status == 0 and worker.pid in self._request
            )
            if status != -signal.SIGKILL and not excused:
                self.exits.append((status, self.log(number).read_text(errors="replace")[-2000:]))
            self.workers[number] = self._start(number)

    def ask_one(self, chance: random.Random) -> bool:
        """SIGTERM to a worker that is ready, as a rolling update does; False where the one chosen is not."""
        number = chance.randrange(self.size)
        worker = self.workers[number]
        if worker.poll() is not None or worker.pid in self._request or not self._is_ready(number):
            return False
        self._request.add(worker.pid)
        worker.send_signal(signal.SIGTERM)
        return True

    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [worker.pid for worker in self.workers]

    def kill_one(self, chance: random.Random) -> str | None:
        """SIGKILL a worker, a zygote or a child opening a file; which, or None where there was none to kill.

        Whoever has a slow file open is mostly spared: by design a file is given up after five deaths that nobody can
        explain, and a file that hangs would meet them all.
        """
        worker = chance.choice(self.workers).pid
        kind = chance.choices((WORKER, ZYGOTE, CHILD), (0.35, 0.2, 0.45))[0]
        self._watch.look(self.pids())
        if kind == CHILD:
            victim = self._caught_child(chance)
        elif self._is_spared(children_at_work(worker), chance):
            return None
        else:
            victim = worker if kind == WORKER else next(iter(children_of(worker)), None)
        if victim is None or has_ended(victim) or not kill(victim):
            return None
        if kind == ZYGOTE:
            self._bereft.add(worker)
        self.kills[kind] += 1
        return kind

    def _is_spared(self, children: list[int], chance: random.Random) -> bool:
        return any(self._watch.age(child) > _SLOW_S for child in children) and chance.random() < _SPARED

    def _caught_child(self, chance: random.Random) -> int | None:
        """A child at work right now: they live for milliseconds."""
        until = time.monotonic() + _CATCH_CHILD_S
        while time.monotonic() < until:
            self._watch.look(self.pids())
            for worker in self.pids():
                for child in children_at_work(worker):
                    if not self._is_spared([child], chance):
                        return child
        return None

    def wait_ready(self, limit_s: float = 60.0) -> None:
        """Wait until every worker has said in its log that it is ready; TimeoutError."""
        wait_until(lambda: all(map(self._is_ready, range(self.size))), "workers getting ready", limit_s)

    def _is_ready(self, number: int) -> bool:
        mine = f"-{self.workers[number].pid}"
        lines = self.log(number).read_text(errors="replace").splitlines()
        return any(READY in line and mine in line for line in lines)

    def end(self, limit_s: float) -> list[int]:
        """SIGTERM to all once they are ready; their exit statuses. TimeoutError where one does not end in time."""
        self.wait_ready()
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        wait_until(
            lambda: all(worker.poll() is not None for worker in self.workers), "the workers' end", limit_s
        )
        return [worker.returncode for worker in self.workers]
