"""The record inside one transaction: the interface Disputes, put together from its parts."""

from __future__ import annotations

from storage.records_content_erasure import ContentErasureRecords
from storage.records_decisions import DecisionRecords
from storage.records_disputes import DisputeRecords
from storage.records_erasure import ErasureRecords
from storage.records_evidence import EvidenceRecords
from storage.records_examinations import ExaminationRecords
from storage.records_fingerprints import FingerprintRecords
from storage.records_matches import MatchRecords
from storage.records_outbox import OutboxRecords
from storage.records_queue import QueueRecords
from storage.records_tokens import TokenRecords
from storage.records_versions import VersionRecords
from storage.records_words import WordRecords
from storage.records_work import WorkRecords


class SqlDisputes(
    ContentErasureRecords,
    ErasureRecords,
    EvidenceRecords,
    ExaminationRecords,
    FingerprintRecords,
    MatchRecords,
    OutboxRecords,
    VersionRecords,
    WordRecords,
    WorkRecords,
    QueueRecords,
    TokenRecords,
    DecisionRecords,
    DisputeRecords,
):
    """Implements ``storage.interfaces.Disputes`` on one connection; serves until its transaction ends."""
