"""The index of perceptual hashes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from validators.evidence import Fingerprint


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored fingerprint near a query. ``orientation`` is the EXIF orientation (1..8) of the query's
    ``orientations`` that came nearest; ``distance`` counts differing bits of 256. ``part`` 0 is the whole file,
    1 and up are its regions, pages or frames."""

    sha256: str
    distance: int
    orientation: int
    part: int = 0


class Fingerprints(Protocol):
    """Perceptual hashes by file and part, exact within 31 of 256 bits."""

    def add_fingerprints(self, tenant: str, many: Iterable[tuple[str, int, Fingerprint]]) -> None:
        """Make parts of files findable, each given as (sha256, part, fingerprint). Adding again changes nothing; an
        abstained fingerprint is stored but never found."""

    def search(
        self, tenant: str, fingerprint: Fingerprint, max_distance: int, limit: int = 1000
    ) -> Sequence[Hit]:
        """Every stored part (the query's own included) within ``max_distance`` (0..31) of any orientation of the
        query: each (file, part) once, at its nearest orientation, ordered by distance, sha256, part; the first
        ``limit``."""

    def forget_fingerprints(self, tenant: str, contents: Collection[str]) -> None:
        """Remove every fingerprint of the files with these sha256s."""
