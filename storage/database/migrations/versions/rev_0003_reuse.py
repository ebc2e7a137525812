"""Fingerprints of parts of files, found by pairs of bands; an index of visual words; pairs with detail and rank."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.columns import BIG, AnyText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every stored fingerprint is its file's part 0; its bands are made again from the hash by rev_0007."""
    op.add_column("matches", sa.Column("detail", AnyText, nullable=False, server_default=""))
    op.add_column("matches", sa.Column("rank", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_evidence_bytes_dispute", "evidence", ["tenant", "sha256", "dispute_id"])
    _add_parts()
    _make_bands()
    _make_words()


def _key(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _needed(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _add_parts() -> None:
    part = sa.Column("part", sa.Integer, nullable=False, autoincrement=False, server_default="0")
    key = ("tenant", "algorithm", "version", "id", "sha256", "part")
    if _on_postgresql():
        op.add_column("fingerprints", part)
        op.drop_constraint("pk_fingerprints", "fingerprints")
        op.create_primary_key("pk_fingerprints", "fingerprints", list(key))
        return
    # SQLite cannot change a key.
    op.rename_table("fingerprints", "fingerprints_0002")
    op.create_table(
        "fingerprints",
        _key("tenant"),
        _key("algorithm"),
        _key("version"),
        _key("id", BIG),
        _key("sha256"),
        part,
        sa.Column("hash", sa.LargeBinary),
        sa.Column("abstained", AnyText),
        _primary("fingerprints", *key),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO fingerprints (tenant, algorithm, version, id, sha256, hash, abstained)"
        " SELECT tenant, algorithm, version, id, sha256, hash, abstained FROM fingerprints_0002"
    )
    op.drop_table("fingerprints_0002")


def _make_bands() -> None:
    key = ("band_key", "tenant", "algorithm", "version", "partner", "fingerprint_id")
    primary = _primary("fingerprint_bands", *key)
    op.drop_table("fingerprint_bands")
    op.create_table(
        "fingerprint_bands",
        _key("band_key", sa.Integer),
        _key("tenant"),
        _key("algorithm"),
        _key("version"),
        _key("partner", sa.Integer),
        _key("fingerprint_id", BIG),
        *([] if _on_postgresql() else [primary]),
        sqlite_with_rowid=False,
    )
    if _on_postgresql():
        op.create_primary_key(
            "pk_fingerprint_bands", "fingerprint_bands", list(key)
        )  # built whole, not row by row
        # A search is quick where the index alone answers, and it does for rows that a vacuum has seen: after a
        # fiftieth of new ones, not after the fifth of PostgreSQL's own choice.
        op.execute("ALTER TABLE fingerprint_bands SET (autovacuum_vacuum_insert_scale_factor = 0.02)")


def _make_words() -> None:
    op.create_table(
        "word_parts",
        *_word_key("number"),
        _needed("sha256"),
        _needed("part", sa.Integer),
        _primary("word_parts", "tenant", "scheme", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_fresh",
        *_word_key("number"),
        _needed("entries", sa.LargeBinary),
        _primary("word_fresh", "tenant", "scheme", "number"),
    )
    op.create_table(
        "word_runs",
        *_word_key("run"),
        _needed("bits", sa.Integer),
        _needed("parts", sa.Integer),
        _primary("word_runs", "tenant", "scheme", "run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_buckets",
        *_word_key("run"),
        _key("bucket", BIG),
        _needed("entries", sa.LargeBinary),
        _primary("word_buckets", "tenant", "scheme", "run", "bucket"),
    )
    if _on_postgresql():
        # They look like noise: trying to compress them is in vain.
        for table in ("word_fresh", "word_buckets"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN entries SET STORAGE EXTERNAL")


def _word_key(last: str) -> list[sa.Column[Any]]:
    return [_key("tenant"), _key("scheme"), _key(last, BIG)]
