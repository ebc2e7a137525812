"""The record's tables. Every row and every unique key has its tenant, except buckets of words, whose run has it.

Only what is queried has a column; the whole of a record is JSON text in ``body``. Nothing refers to another
table by a foreign key: a dispute's data may arrive before or after its evidence. Tables of short rows are
SQLite's "without rowid": one tree to write to, not two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.database.columns import BIG, AnyText, UtcTime

NEWEST = "0007"
"""The schema revision that this code speaks."""

AT_ONCE = "1970-01-01T00:00:00.000000+00:00"
"""The ``not_before`` of outbox entries from before that column existed."""

metadata = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def _key(name: str, type_: Any = AnyText) -> Column[Any]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def _needed(name: str, type_: Any = AnyText) -> Column[Any]:
    return Column(name, type_, nullable=False)


disputes = Table(
    "disputes",
    metadata,
    _key("tenant"),
    _key("id"),
    Column("origin", AnyText),
    Column("stage", AnyText),
    Column("status", AnyText),
    Column("opened_at", UtcTime),
    _needed("body", Text),
)

evidence = Table(
    "evidence",
    metadata,
    _key("tenant"),
    _key("id"),
    _needed("dispute_id"),
    _needed("file"),
    _needed("sha256"),
    _needed("on_listing", Boolean),
    _needed("current", Boolean),
    Column("submitted_at", UtcTime),
    _needed("received_at", UtcTime),
    _needed("uploaded_at", UtcTime),
    _needed("body", Text),
    Index("ix_evidence_dispute", "tenant", "dispute_id"),
    Index("ix_evidence_bytes", "tenant", "sha256", "uploaded_at", "id"),
    Index("ix_evidence_bytes_dispute", "tenant", "sha256", "dispute_id"),
)

files = Table(
    "files", metadata, _key("tenant"), _key("sha256"), _needed("bytes", BIG), sqlite_with_rowid=False
)

examinations = Table(
    "examinations",
    metadata,
    _key("tenant"),
    _key("sha256"),
    _key("version"),
    _needed("jail"),
    _needed("problems"),
    _needed("measurements", Text),
    _needed("derivatives", Text),
)

# What comparing reads: short values in the row, long records in Objects under ``object_key``.
features = Table(
    "features",
    metadata,
    _key("tenant"),
    _key("sha256"),
    _key("algorithm"),
    _key("version"),
    Column("value", AnyText),
    Column("object_key", AnyText),
    Index("ix_features_value", "tenant", "algorithm", "version", "value"),
    sqlite_with_rowid=False,
)

# ``id`` follows from sha256 and part: storage/database/fingerprint_bands.py. Part 0 is the whole file, 1 and up are its
# regions, pages or frames. An abstained fingerprint has no ``hash``.
fingerprints = Table(
    "fingerprints",
    metadata,
    _key("tenant"),
    _key("algorithm"),
    _key("version"),
    _key("id", BIG),
    _key("sha256"),
    Column("part", Integer, primary_key=True, autoincrement=False, server_default="0"),
    Column("hash", LargeBinary),
    Column("abstained", AnyText),
    sqlite_with_rowid=False,
)

# The band leads the key: of the hundreds of probes of one search most miss, and a miss then takes one comparison of
# integers. All that a search compares is in the key: the index alone answers. ``scope`` stands for tenant, algorithm and
# version: storage/database/fingerprint_bands.py.
hash_bands = Table(
    "hash_bands",
    metadata,
    _key("band_key", Integer),
    _key("scope", BIG),
    _key("partner", Integer),
    _key("fingerprint_id", BIG),
    sqlite_with_rowid=False,
)

# The index of visual words: storage/database/index/word_runs.py. A part is named by its number.
word_parts = Table(
    "word_parts",
    metadata,
    _key("tenant"),
    _key("scheme"),
    _key("number", BIG),
    _needed("sha256"),
    _needed("part", Integer),
    sqlite_with_rowid=False,
)

# Parts that are in no run yet, each with what it was added with.
word_fresh = Table(
    "word_fresh",
    metadata,
    _key("tenant"),
    _key("scheme"),
    _key("number", BIG),
    _needed("entries", LargeBinary),
)

word_runs = Table(
    "word_runs",
    metadata,
    _key("tenant"),
    _key("scheme"),
    _key("slice", Integer),
    _key("run", BIG),
    _needed("bits", Integer),
    _needed("parts", Integer),
    UniqueConstraint("run"),
    sqlite_with_rowid=False,
)

# A bucket is found by one number, its run's and its own, and is its run's tenant's. With rowid: rows are of a KiB or
# so, and SQLite keeps no more than a quarter of a page in the tree of a key.
word_buckets = Table("word_buckets", metadata, _key("place", BIG), _needed("entries", LargeBinary))

matches = Table(
    "matches",
    metadata,
    _key("tenant"),
    _key("first"),
    _key("second"),
    _needed("method"),
    _needed("distance", Integer),
    _needed("orientation", Integer),
    _needed("algorithm"),
    _needed("version"),
    Column("detail", AnyText, nullable=False, server_default=""),
    Column("rank", Integer, nullable=False, server_default="0"),
    Index("ix_matches_second", "tenant", "second"),
    sqlite_with_rowid=False,
)

evidence_reports = Table(
    "evidence_reports",
    metadata,
    _key("tenant"),
    _key("evidence_id"),
    _key("version"),
    _needed("policy_sha256"),
    _needed("state"),
    _needed("body"),
)

dispute_reports = Table(
    "dispute_reports",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _key("revision", Integer),
    _needed("content_sha256"),
    _needed("policy_sha256"),
    _needed("attached_at", UtcTime),
    _needed("body"),
)

# One row for each attempt to open a file, written before it is opened, so that a crash leaves a trace.
attempts = Table(
    "attempts",
    metadata,
    _key("tenant"),
    _key("subject"),
    _key("pipeline_version"),
    _key("number", Integer),
    _needed("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("outcome", AnyText),
    Column("detail", AnyText),
)

# ``holder`` is set while an attempt is under way. ``attempts`` is the number of the last one; ``crashed`` and
# ``vanished`` count those since the upload was last reopened.
uploads = Table(
    "uploads",
    metadata,
    _key("tenant"),
    _key("digest"),
    _key("pipeline_version"),
    _needed("bucket"),
    _needed("object_key"),
    _needed("object_version"),
    _needed("dispute_id"),
    Column("sequencer", AnyText),
    _needed("event_at", UtcTime),
    _needed("first_seen_at", UtcTime),
    _needed("state"),
    _needed("attempts", Integer),
    _needed("crashed", Integer),
    _needed("vanished", Integer),
    Column("holder", AnyText),
    Column("token", AnyText),
    Column("held_until", UtcTime),
    Column("evidence_id", AnyText),
    Column("ended_at", UtcTime),
)

# The current item of each object, whatever its version.
object_versions = Table(
    "object_versions",
    metadata,
    _key("tenant"),
    _key("object_digest"),
    _needed("evidence_id"),
    Column("sequencer", AnyText),
    _needed("event_at", UtcTime),
)

# One row for each mark, under a random number, so that marking a dispute never waits for judging it, and a mark that
# comes meanwhile stays.
due_disputes = Table(
    "due_disputes",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _key("mark", BIG),
    _needed("not_before", UtcTime),
    Index("ix_due_disputes_not_before", "not_before"),
    sqlite_with_rowid=False,
)

# Events for others, committed together with what they report.
outbox = Table(
    "outbox",
    metadata,
    _key("tenant"),
    _key("id"),
    _needed("idempotency_key"),
    _needed("kind"),
    _needed("body"),
    _needed("created_at", UtcTime),
    Column("sent_at", UtcTime),
    _needed("attempts", Integer),
    Column("not_before", UtcTime, nullable=False, server_default=AT_ONCE),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(
        "ix_outbox_unsent",
        "not_before",
        "created_at",
        postgresql_where=text("sent_at IS NULL"),
        sqlite_where=text("sent_at IS NULL"),
    ),
)

audit = Table(
    "audit",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _key("sequence", Integer),
    _needed("at", UtcTime),
    _needed("action"),
    _needed("detail", Text),
    _needed("previous"),
    _needed("hash"),
)

# What links an audit trail to its dispute, and an audit entry to its item: random, and removed when either is erased.
audit_nonces = Table(
    "audit_nonces",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _needed("nonce"),
    sqlite_with_rowid=False,
)

audit_names = Table(
    "audit_names",
    metadata,
    _key("tenant"),
    _key("evidence_id"),
    _needed("name"),
    sqlite_with_rowid=False,
)

# What mediators decided. Rows are only added.
decisions = Table(
    "decisions",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _key("number", Integer),
    Column("evidence_id", AnyText),
    Column("finding", AnyText),
    Column("slot", AnyText),
    _needed("act"),
    _needed("by"),
    _needed("at", UtcTime),
    _needed("note"),
    _needed("revision", Integer),
    _needed("salt"),
)

# Each dispute by its newest report. What the queue is sorted and filtered by has a column.
queue_lines = Table(
    "queue_lines",
    metadata,
    _key("tenant"),
    _key("dispute_id"),
    _needed("revision", Integer),
    _needed("reason"),
    _needed("order_id"),
    _needed("closed", Boolean),
    _needed("needs", Integer),
    _needed("undecided", Integer),
    _needed("past_due", Integer),
    Column("next_due", UtcTime),
    _needed("body", Text),
    Index("ix_queue_lines_due", "tenant", "closed", "next_due", "dispute_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _key("tenant"),
    _key("id"),
    _needed("sha256"),
    _needed("body", Text),
    Index("ix_api_tokens_sha256", "sha256"),
)
