"""Every source of candidates. To add one, implement ``CandidateSource`` and list it here."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.reuse.candidates import CandidateSource
from pipeline.reuse.hash_index import HashIndex
from pipeline.reuse.word_index import WordIndex
from storage.interfaces.examinations import Examination
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database, Record

SOURCES: tuple[CandidateSource, ...] = (HashIndex(), WordIndex())
"""In the order in which they are searched: the cheapest first."""


def remember(tenant: str, examinations: Sequence[Examination], records: Record, objects: Objects) -> None:
    """Make the files findable by every source."""
    for source in SOURCES:
        source.remember(tenant, examinations, records, objects)


def forget(tenant: str, contents: Collection[str], records: Record) -> None:
    """Remove the files from every source."""
    for source in SOURCES:
        source.forget(tenant, contents, records)


def compact(database: Database) -> int:
    """Keep every source quick to search. Returns the number of steps done."""
    return sum(source.compact(database) for source in SOURCES)
