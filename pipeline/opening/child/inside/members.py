"""What a format that holds other files gives: each of them by name, its bytes in chunks."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.opening.limits import Limits
from validators.evidence import Problem


class MemberError(Exception):
    """One file inside the upload cannot be read: it is left out, and the problem is told. The others follow."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A file inside the upload. ``path`` is as found there; reading ``chunks`` may raise MemberError."""

    path: str
    chunks: Iterable[bytes]


MemberReader = Callable[[mmap.mmap, Limits], Iterator[FoundMember | Problem]]
"""Finds the files inside an upload, one after the other, and what is wrong with the upload itself.

Names, counts and sizes are bounded by member_stream.py: a reader need not know the limits to keep to them.
"""
