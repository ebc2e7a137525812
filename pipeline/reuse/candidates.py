"""What proposes stored parts that may show what an item shows. Verification (verification.py) then decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.interfaces.examinations import Examination
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database, Record
from validators.policy import Policy

PIXELS = "pixels"
"""Algorithm of the fingerprint that only the very same decoded pixels share."""
PAGE = "phash256-page"
"""Algorithm of whole screens and pages: their hashes never meet a photo's."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of mine and a stored part like it. ``distance`` in bits of 256 and ``orientation`` (EXIF's, turning mine
    into the other) where the hashes are near; ``votes`` where local features agree."""

    part: int
    sha256: str
    other_part: int
    algorithm: str
    distance: int | None = None
    orientation: int = 1
    votes: int = 0


class CandidateSource(Protocol):
    """One way to find candidates: an index of its own, or a service. Registered in sources.py.

    A source only proposes. Without ``distance``, a candidate counts once local features align the two parts.
    """

    def remember(
        self, tenant: str, examinations: Sequence[Examination], records: Record, objects: Objects
    ) -> None:
        """Make the files findable. Remembering one again changes nothing."""

    def candidates(
        self, tenant: str, examination: Examination, records: Record, objects: Objects, policy: Policy
    ) -> Iterable[Candidate]:
        """Stored parts of other files of the tenant, the likeliest first, as many as the policy allows."""

    def forget(self, tenant: str, contents: Collection[str], records: Record) -> None:
        """Remove everything known of the files with these content keys. Unknown ones are no error."""

    def compact(self, database: Database) -> int:
        """Do what keeps searching quick, outside of any transaction; how many steps it took, 0 where none was due."""
