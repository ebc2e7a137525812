"""Candidates: stored parts that may show what an item shows. verification.py then decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.interfaces.examinations import Examination
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database, Record
from validators.policy import Policy

PIXELS = "pixels"
"""Algorithm of the fingerprint that only equal decoded pixels share."""
PAGE = "phash256-page"
"""Algorithm of whole screens and pages: their hashes never meet a photo's."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of the item and a stored part like it. If their hashes are near, ``distance`` is in bits of 256 and
    ``orientation`` (EXIF's) turns the item's part into the other. If local features agree, ``votes`` counts them."""

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
        """Do what keeps the search quick, outside any transaction. Returns the number of steps, 0 if none was due."""
