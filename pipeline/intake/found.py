"""What reading a folder finds: disputes and their files, nothing opened yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from validators.declared import NOTHING_DECLARED, Declared
from validators.dispute import Dispute


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file given. ``file`` is its name as shown, relative to the dispute's folder; ``path`` where it lies.

    ``problem`` is a code of validators.evidence.PROBLEMS where it must not be opened, with its ``detail``.
    """

    file: str
    path: Path | None
    declared: Declared = NOTHING_DECLARED
    problem: str | None = None
    detail: str = ""


@dataclass(slots=True)
class FoundDispute:
    """One dispute given, with its files. ``origin`` is the folder an inferred dispute was read from.

    A reference is not ``judged``: it holds what items are compared with.
    """

    dispute: Dispute
    origin: str
    files: list[FoundFile] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    judged: bool = True


@dataclass(slots=True)
class Reading:
    """How the given paths were read. ``incomplete`` is True if something could not be read at all."""

    disputes: list[FoundDispute] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    incomplete: bool = False


def visible(name: str) -> str:
    """A file-system name with bytes that are not UTF-8 written as \\xNN, so that every store can keep it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
