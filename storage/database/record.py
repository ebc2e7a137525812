"""The record inside one transaction: the interface Record, put together from its parts."""

from __future__ import annotations

from storage.database.decisions import DecisionRecords
from storage.database.disputes import DisputeRecords
from storage.database.erasure import ErasureRecords
from storage.database.evidence import EvidenceRecords
from storage.database.examinations import ExaminationRecords
from storage.database.index.content_erasure import ContentErasureRecords
from storage.database.index.fingerprints import FingerprintRecords
from storage.database.index.words import WordRecords
from storage.database.matches import MatchRecords
from storage.database.outbox import OutboxRecords
from storage.database.queue import QueueRecords
from storage.database.remeasurement import RemeasurementRecords
from storage.database.tokens import TokenRecords
from storage.database.versions import VersionRecords
from storage.database.work import WorkRecords


class SqlRecord(
    ContentErasureRecords,
    ErasureRecords,
    EvidenceRecords,
    ExaminationRecords,
    FingerprintRecords,
    MatchRecords,
    OutboxRecords,
    RemeasurementRecords,
    VersionRecords,
    WordRecords,
    WorkRecords,
    QueueRecords,
    TokenRecords,
    DecisionRecords,
    DisputeRecords,
):
    """Implements ``storage.interfaces.record.Record`` on one connection; serves until its transaction ends."""
