"""How much a command says."""

from __future__ import annotations

from enum import IntEnum


class Detail(IntEnum):
    """From what went wrong alone to every item."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


QUIET, NORMAL, VERBOSE = Detail
