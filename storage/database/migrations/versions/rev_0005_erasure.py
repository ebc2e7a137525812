"""Random ids that the audit trail keeps once an item or a dispute was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.columns import AnyText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Trails begun before have no nonce: their start still follows from the dispute's id alone."""
    for table, key, value in (
        ("audit_nonces", "dispute_id", "nonce"),
        ("audit_names", "evidence_id", "name"),
    ):
        op.create_table(
            table,
            sa.Column("tenant", AnyText, nullable=False, autoincrement=False),
            sa.Column(key, AnyText, nullable=False, autoincrement=False),
            sa.Column(value, AnyText, nullable=False),
            sa.PrimaryKeyConstraint("tenant", key, name=f"pk_{table}"),
            sqlite_with_rowid=False,
        )
