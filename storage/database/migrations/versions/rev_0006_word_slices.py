"""Runs of visual words are of one slice of the words each, and a bucket is found by one number."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import sqlalchemy as sa
from alembic import op

from storage.database.columns import BIG, AnyText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SLICE_BITS, _BUCKET_BITS, _WORD_BITS = 6, 20, 32
_ENTRY = np.dtype([("scattered", "<u4"), ("geometry", "<u4"), ("number", "<i8")])
_AT_ONCE = 2_000


def upgrade() -> None:
    """Buckets are as they were, but for those of few bits, which are of several slices and are cut."""
    for table in ("word_runs", "word_buckets"):
        op.rename_table(table, f"{table}_before")
    if _on_postgresql():  # its index has kept the name
        for table in ("word_runs", "word_buckets"):
            op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{table}_before")
    _make_tables()
    bind = op.get_bind()
    for run in bind.execute(sa.text("SELECT tenant, scheme, run, bits, parts FROM word_runs_before")).all():
        _move(bind, run)
    for table in ("word_runs", "word_buckets"):
        op.drop_table(f"{table}_before")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _make_tables() -> None:
    op.create_table(
        "word_runs",
        _needed("tenant"),
        _needed("scheme"),
        _needed("slice", sa.Integer),
        _needed("run", BIG),
        _needed("bits", sa.Integer),
        _needed("parts", sa.Integer),
        sa.PrimaryKeyConstraint("tenant", "scheme", "slice", "run", name="pk_word_runs"),
        sa.UniqueConstraint("run", name="uq_word_runs_run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "word_buckets",
        _needed("place", BIG),
        _needed("entries", sa.LargeBinary),
        sa.PrimaryKeyConstraint("place", name="pk_word_buckets"),
    )
    if _on_postgresql():
        # They look like noise: trying to compress them is in vain.
        op.execute("ALTER TABLE word_buckets ALTER COLUMN entries SET STORAGE EXTERNAL")


def _needed(name: str, type_: Any = AnyText) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _move(bind: sa.Connection, run: Any) -> None:
    scope = {"tenant": run.tenant, "scheme": run.scheme}
    bits = max(run.bits, _SLICE_BITS)
    numbers: dict[int, int] = defaultdict(lambda: secrets.randbits(63 - _BUCKET_BITS))
    put = sa.text("INSERT INTO word_buckets (place, entries) VALUES (:place, :entries)")
    rows = bind.execute(
        sa.text(
            "SELECT bucket, entries FROM word_buckets_before"
            " WHERE tenant = :tenant AND scheme = :scheme AND run = :run ORDER BY bucket"
        ),
        scope | {"run": run.run},
        execution_options={"stream_results": True, "max_row_buffer": _AT_ONCE},
    )
    for some in rows.partitions(_AT_ONCE):
        moved = [
            {"place": numbers[bucket >> bits - _SLICE_BITS] << _BUCKET_BITS | bucket, "entries": entries}
            for row in some
            for bucket, entries in _cut(row.bucket, row.entries, run.bits)
        ]
        bind.execute(put, moved)
    named = sa.text(
        "INSERT INTO word_runs (tenant, scheme, slice, run, bits, parts)"
        " VALUES (:tenant, :scheme, :slice, :run, :bits, :parts)"
    )
    for slice_, number in sorted(numbers.items()):
        bind.execute(named, scope | {"slice": slice_, "run": number, "bits": bits, "parts": run.parts})


def _cut(bucket: int, entries: bytes, bits: int) -> Iterator[tuple[int, bytes]]:
    if bits >= _SLICE_BITS:
        yield bucket, entries
        return
    held = np.frombuffer(entries, _ENTRY)
    slices = held["scattered"] >> (_WORD_BITS - _SLICE_BITS)
    for number in np.unique(slices).tolist():
        yield number, held[slices == number].tobytes()
