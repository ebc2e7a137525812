"""The first tables: disputes and evidence, what was measured, fingerprints, reports, the worker."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.columns import BIG, AnyText, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables in an empty database."""
    _make_cases()
    _make_measured()
    _make_fingerprints()
    _make_reports()
    _make_worker()


def _key(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _needed(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _make_cases() -> None:
    op.create_table(
        "disputes",
        _key("tenant"),
        _key("id"),
        sa.Column("origin", AnyText),
        sa.Column("stage", AnyText),
        sa.Column("status", AnyText),
        sa.Column("opened_at", UtcTime),
        _needed("body", sa.Text),
        _primary("disputes", "tenant", "id"),
    )
    op.create_table(
        "evidence",
        _key("tenant"),
        _key("id"),
        _needed("dispute_id"),
        _needed("file"),
        _needed("sha256"),
        _needed("on_listing", sa.Boolean),
        _needed("current", sa.Boolean),
        sa.Column("submitted_at", UtcTime),
        _needed("received_at", UtcTime),
        _needed("uploaded_at", UtcTime),
        _needed("body", sa.Text),
        _primary("evidence", "tenant", "id"),
    )
    op.create_index("ix_evidence_dispute", "evidence", ["tenant", "dispute_id"])
    op.create_index("ix_evidence_bytes", "evidence", ["tenant", "sha256", "uploaded_at", "id"])
    op.create_table(
        "matches",
        _key("tenant"),
        _key("first"),
        _key("second"),
        _needed("method"),
        _needed("distance", sa.Integer),
        _needed("orientation", sa.Integer),
        _needed("algorithm"),
        _needed("version"),
        _primary("matches", "tenant", "first", "second"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_matches_second", "matches", ["tenant", "second"])


def _make_measured() -> None:
    op.create_table(
        "files",
        _key("tenant"),
        _key("sha256"),
        _needed("bytes", BIG),
        _primary("files", "tenant", "sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "examinations",
        _key("tenant"),
        _key("sha256"),
        _key("version"),
        _needed("jail"),
        _needed("problems"),
        _needed("measurements", sa.Text),
        _needed("derivatives", sa.Text),
        _primary("examinations", "tenant", "sha256", "version"),
    )
    op.create_table(
        "features",
        _key("tenant"),
        _key("sha256"),
        _key("algorithm"),
        _key("version"),
        sa.Column("value", AnyText),
        sa.Column("object_key", AnyText),
        _primary("features", "tenant", "sha256", "algorithm", "version"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_features_value", "features", ["tenant", "algorithm", "version", "value"])


def _make_fingerprints() -> None:
    op.create_table(
        "fingerprints",
        _key("tenant"),
        _key("algorithm"),
        _key("version"),
        _key("id", BIG),
        _key("sha256"),
        sa.Column("hash", sa.LargeBinary),
        sa.Column("abstained", AnyText),
        _primary("fingerprints", "tenant", "algorithm", "version", "id", "sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fingerprint_bands",
        _key("band_key", sa.Integer),
        _key("tenant"),
        _key("algorithm"),
        _key("version"),
        _key("fingerprint_id", BIG),
        _primary("fingerprint_bands", "band_key", "tenant", "algorithm", "version", "fingerprint_id"),
        sqlite_with_rowid=False,
    )


def _make_reports() -> None:
    op.create_table(
        "evidence_reports",
        _key("tenant"),
        _key("evidence_id"),
        _key("version"),
        _needed("policy_sha256"),
        _needed("state"),
        _needed("body"),
        _primary("evidence_reports", "tenant", "evidence_id", "version"),
    )
    op.create_table(
        "dispute_reports",
        _key("tenant"),
        _key("dispute_id"),
        _key("revision", sa.Integer),
        _needed("content_sha256"),
        _needed("policy_sha256"),
        _needed("attached_at", UtcTime),
        _needed("body"),
        _primary("dispute_reports", "tenant", "dispute_id", "revision"),
    )
    op.create_table(
        "audit",
        _key("tenant"),
        _key("dispute_id"),
        _key("sequence", sa.Integer),
        _needed("at", UtcTime),
        _needed("action"),
        _needed("detail", sa.Text),
        _needed("previous"),
        _needed("hash"),
        _primary("audit", "tenant", "dispute_id", "sequence"),
    )


def _make_worker() -> None:
    op.create_table(
        "attempts",
        _key("tenant"),
        _key("subject"),
        _key("pipeline_version"),
        _key("number", sa.Integer),
        _needed("started_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.Column("outcome", AnyText),
        _primary("attempts", "tenant", "subject", "pipeline_version", "number"),
    )
    op.create_table(
        "outbox",
        _key("tenant"),
        _key("id"),
        _needed("idempotency_key"),
        _needed("kind"),
        _needed("body"),
        _needed("created_at", UtcTime),
        sa.Column("sent_at", UtcTime),
        _needed("attempts", sa.Integer),
        _primary("outbox", "tenant", "id"),
        sa.UniqueConstraint("tenant", "idempotency_key", name="uq_outbox_tenant_idempotency_key"),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_outbox_unsent", "outbox", ["created_at"], postgresql_where=unsent, sqlite_where=unsent
    )
