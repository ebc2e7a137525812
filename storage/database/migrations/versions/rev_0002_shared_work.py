"""What workers share: uploads and who is at work on them, current versions, due disputes, an outbox that retries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.columns import BIG, AnyText, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_ONCE = "1970-01-01T00:00:00.000000+00:00"


def upgrade() -> None:
    """Add the tables; rows of earlier ones stay as they are, and what is in the outbox is to be told at once."""
    _make_uploads()
    _make_versions()
    _make_due()
    op.add_column("attempts", sa.Column("detail", AnyText))
    op.add_column("outbox", sa.Column("not_before", UtcTime, nullable=False, server_default=_AT_ONCE))
    op.drop_index("ix_outbox_unsent", "outbox")
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["not_before", "created_at"],
        postgresql_where=unsent,
        sqlite_where=unsent,
    )


def _key(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _needed(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _make_uploads() -> None:
    op.create_table(
        "uploads",
        _key("tenant"),
        _key("digest"),
        _key("pipeline_version"),
        _needed("bucket"),
        _needed("object_key"),
        _needed("object_version"),
        _needed("dispute_id"),
        sa.Column("sequencer", AnyText),
        _needed("event_at", UtcTime),
        _needed("first_seen_at", UtcTime),
        _needed("state"),
        _needed("attempts", sa.Integer),
        _needed("crashed", sa.Integer),
        _needed("vanished", sa.Integer),
        sa.Column("holder", AnyText),
        sa.Column("token", AnyText),
        sa.Column("held_until", UtcTime),
        sa.Column("evidence_id", AnyText),
        sa.Column("ended_at", UtcTime),
        _primary("uploads", "tenant", "digest", "pipeline_version"),
    )


def _make_versions() -> None:
    op.create_table(
        "object_versions",
        _key("tenant"),
        _key("object_digest"),
        _needed("evidence_id"),
        sa.Column("sequencer", AnyText),
        _needed("event_at", UtcTime),
        _primary("object_versions", "tenant", "object_digest"),
    )


def _make_due() -> None:
    op.create_table(
        "due_disputes",
        _key("tenant"),
        _key("dispute_id"),
        _key("mark", BIG),
        _needed("not_before", UtcTime),
        _primary("due_disputes", "tenant", "dispute_id", "mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_due_disputes_not_before", "due_disputes", ["not_before"])
