"""Which children are at work, and since when: seen from outside, through /proc."""

from __future__ import annotations

import time
from collections.abc import Iterable

from chaos.processes import children_of, has_ended


class Watch:
    """Children of the zygotes of workers, each with when it was first seen and when it was gone (since 1970)."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._gone: dict[int, float] = {}

    def look(self, workers: Iterable[int]) -> None:
        """Look at every child of every zygote now."""
        for worker in workers:
            for child in children_at_work(worker):
                self._seen.setdefault(child, time.time())
        for pid in self._seen.keys() - self._gone.keys():
            if has_ended(pid):
                self._gone[pid] = time.time()

    def at_work(self) -> list[float]:
        """When those that have not gone were first seen."""
        return [seen for pid, seen in self._seen.items() if pid not in self._gone]

    def age(self, pid: int) -> float:
        """For how long this child has been seen; 0 where it is new."""
        return time.time() - self._seen.get(pid, time.time())

    def lifetimes(self) -> list[tuple[float, float]]:
        """(first seen, gone) of each child that has gone."""
        return sorted((self._seen[pid], gone) for pid, gone in self._gone.items())


def children_at_work(worker: int) -> list[int]:
    """The processes in which this worker's zygote has files open."""
    return [child for zygote in children_of(worker) for child in children_of(zygote)]
