"""What was measured of a file's bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from validators.evidence import Measurements


@dataclass(frozen=True, slots=True)
class StoredDerivative:
    """A derivative stored in Objects under ``key``; ``parent`` is the original's sha256."""

    kind: str
    key: str
    width: int
    height: int
    sha256: str
    tool: str
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What the jail measured of one file's bytes, under one version of the measuring code."""

    sha256: str
    bytes: int
    version: str
    jail: str
    measurements: Measurements
    derivatives: tuple[StoredDerivative, ...] = ()


class Examinations(Protocol):
    """Examinations by file and version of the measuring code."""

    def put_examinations(self, tenant: str, many: Iterable[Examination]) -> None:
        """Insert or replace by (tenant, sha256, version), each with its file and derivatives."""

    def examination(self, tenant: str, sha256: str, version: str) -> Examination | None:
        """What was measured of those bytes under ``version``."""

    def is_examined(
        self, tenant: str, sha256: str, version: str, except_problems: Sequence[str] = ()
    ) -> bool:
        """Whether an examination under ``version`` exists whose measurements have none of those problem codes."""

    def examinations(self, tenant: str, sha256s: Iterable[str], version: str) -> dict[str, Examination]:
        """The same for many files, by sha256."""

    def newest_examinations(self, tenant: str, sha256s: Iterable[str]) -> dict[str, Examination]:
        """Each file's examination under its newest version, whichever that is; versions count up from "1"."""
