"""The console: decisions of mediators, the queue's lines, tokens of the API."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.columns import AnyText, UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables alone. The queue's lines follow from reports: the console makes those that are missing."""
    _make_decisions()
    _make_queue()
    _make_tokens()


def _needed(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        _needed("tenant"),
        _needed("dispute_id"),
        _needed("number", sa.Integer),
        sa.Column("evidence_id", AnyText),
        sa.Column("finding", AnyText),
        sa.Column("slot", AnyText),
        _needed("act"),
        _needed("by"),
        _needed("at", UtcTime),
        _needed("note"),
        _needed("revision", sa.Integer),
        _needed("salt"),
        _primary("decisions", "tenant", "dispute_id", "number"),
    )


def _make_queue() -> None:
    op.create_table(
        "queue_lines",
        _needed("tenant"),
        _needed("dispute_id"),
        _needed("revision", sa.Integer),
        _needed("reason"),
        _needed("order_id"),
        _needed("closed", sa.Boolean),
        _needed("needs", sa.Integer),
        _needed("undecided", sa.Integer),
        _needed("past_due", sa.Integer),
        sa.Column("next_due", UtcTime),
        _needed("body", sa.Text),
        _primary("queue_lines", "tenant", "dispute_id"),
    )
    op.create_index("ix_queue_lines_due", "queue_lines", ["tenant", "closed", "next_due", "dispute_id"])


def _make_tokens() -> None:
    op.create_table(
        "api_tokens",
        _needed("tenant"),
        _needed("id"),
        _needed("sha256"),
        _needed("body", sa.Text),
        _primary("api_tokens", "tenant", "id"),
    )
    op.create_index("ix_api_tokens_sha256", "api_tokens", ["sha256"])
