"""What opening a file returns, and what an opener offers: plain values that every package may import."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from validators.evidence import Measurements

MEASURES_VERSION = "20"
"""Raise it when a measure, a decoder option or a derivative changes: stored examinations are then made again."""

NOT_MEASURED_AGAIN = "not_measured_again"
"""The problem of a stored examination that stays, since the original cannot be had any more; its detail is the reason."""

MEMBERS_LEFT = "members_left"
"""Files inside this one were not taken out, so it is opened again when it comes again."""


@dataclass(frozen=True, slots=True)
class Derivative:
    """A picture we encoded from raw planes: JPEG without metadata. Of kind "clip": a small MP4 from the jail."""

    kind: str
    data: bytes
    width: int
    height: int
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file found inside another: ``path`` is its name there, unique and never trusted; its bytes are those of ``file``."""

    path: str
    file: Path
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything that opening returns. ``features``: records of local features, by part.

    ``members`` are the files found inside this one, their bytes in the private folder ``spool``. The caller that
    wants members discards the result.
    """

    measurements: Measurements
    derivatives: tuple[Derivative, ...] = ()
    features: tuple[tuple[int, bytes], ...] = ()
    members: tuple[Member, ...] = ()
    spool: Path | None = None

    def discard(self) -> None:
        """Remove the members' bytes."""
        if self.spool is not None:
            shutil.rmtree(self.spool)


class OutOfTimeError(Exception):
    """Other work used up the time that opening the file needed. Nothing is known about the file."""


class FileOpener(Protocol):
    """Opens received files. ``readers``: what looks for numbers; ``previews``: whether videos get a clip to play."""

    @property
    def readers(self) -> tuple[str, ...]: ...

    @property
    def previews(self) -> bool: ...

    @property
    def largest_bytes(self) -> int:
        """The size of the largest file that is opened."""

    def open(self, path: Path, deadline: float = math.inf, *, members: int = 0) -> Opened:
        """Open and measure one file until ``deadline`` (of time.monotonic); raises OutOfTimeError.

        At most ``members`` files inside it are taken out; a problem says so where there are more.
        """

    def is_running(self) -> bool:
        """Whether files can be opened now."""

    def close(self) -> None:
        """End what is being opened, and open nothing more."""
