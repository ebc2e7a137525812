"""The record as a whole: all its parts in one transaction, and the database that opens transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from storage.interfaces.audit import Audit
from storage.interfaces.claims import Claims
from storage.interfaces.decisions import Decisions
from storage.interfaces.dispute_queue import DisputeQueue
from storage.interfaces.disputes import Disputes
from storage.interfaces.due_disputes import DueDisputes
from storage.interfaces.erasure import Erasure
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.examinations import Examinations
from storage.interfaces.fingerprints import Fingerprints
from storage.interfaces.matches import Matches
from storage.interfaces.outbox import Outbox
from storage.interfaces.remeasurement import Remeasurement
from storage.interfaces.reports import Reports
from storage.interfaces.tokens import Tokens
from storage.interfaces.versions import Versions
from storage.interfaces.words import VisualWords


class Record(
    Disputes,
    EvidenceItems,
    Examinations,
    Fingerprints,
    VisualWords,
    Matches,
    Reports,
    Audit,
    Decisions,
    DisputeQueue,
    Tokens,
    Claims,
    Versions,
    DueDisputes,
    Outbox,
    Erasure,
    Remeasurement,
    Protocol,
):
    """All parts of the record in the transaction that ``Database.transaction`` opened.

    Code that connects parts takes the whole record. Everything else takes the parts that it uses.
    """


class Database(Protocol):
    """The record's database. It opens transactions."""

    def transaction(self) -> AbstractContextManager[Record]:
        """A writing transaction: commits at the end of the block, rolls back on any exception."""

    def reading(self) -> AbstractContextManager[Record]:
        """A reading transaction: one consistent view, never blocks a writer, writes nothing."""

    def migrate(self) -> None:
        """Bring the schema to the newest revision; safe to repeat."""

    def check_schema(self) -> None:
        """Raises StoreMisconfiguredError where the schema is not the one that this program speaks. Writes nothing."""

    def reclaim(self) -> None:
        """Overwrite what was deleted, outside of any transaction: SQLite's file is rewritten and its journal emptied,
        PostgreSQL's rows are freed. Waits for other transactions."""

    def close(self) -> None:
        """Release every connection."""
