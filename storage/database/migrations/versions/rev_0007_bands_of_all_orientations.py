"""Bands that the mirror images of a picture share, under a number for what is searched together: made from the hashes.

The table has a name of its own: a program of an older version would search the old one's without an error, and in vain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.columns import BIG, AnyText
from storage.database.fingerprint_bands import bands_of, scope_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 20_000
_KEY = ("band_key", "scope", "partner", "fingerprint_id")
_PUT_ROWS = f"INSERT INTO hash_bands ({', '.join(_KEY)}) VALUES (?, ?, ?, ?)"  # noqa: S608 - names of columns
_PUT_ARRAYS = sa.text(
    f"INSERT INTO hash_bands ({', '.join(_KEY)})"  # noqa: S608 - names of columns
    " SELECT band_key, CAST(:scope AS bigint), partner, id"
    " FROM unnest(CAST(:keys AS integer[]), CAST(:partners AS integer[]), CAST(:ids AS bigint[]))"
    " AS given (band_key, partner, id)"
)


def upgrade() -> None:
    """Nothing of the old bands is kept."""
    primary = sa.PrimaryKeyConstraint(*_KEY, name="pk_hash_bands")
    op.drop_table("fingerprint_bands")
    op.create_table(
        "hash_bands",
        _key("band_key", sa.Integer()),
        _key("scope", BIG),
        _key("partner", sa.Integer()),
        _key("fingerprint_id", BIG),
        *([] if _on_postgresql() else [primary]),
        sqlite_with_rowid=False,
    )
    _fill()
    if _on_postgresql():
        op.create_primary_key("pk_hash_bands", "hash_bands", list(_KEY))  # built whole, not row by row
        # A search is quick where the index alone answers, and it does for rows that a vacuum has seen: after a
        # fiftieth of new ones, not after the fifth of PostgreSQL's own choice.
        op.execute("ALTER TABLE hash_bands SET (autovacuum_vacuum_insert_scale_factor = 0.02)")


def _key(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, autoincrement=False)


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _fill() -> None:
    scope = [sa.column(name, AnyText) for name in ("tenant", "algorithm", "version")]
    number, raw = sa.column("id", BIG), sa.column("hash", sa.LargeBinary)
    stored = sa.select(*scope, number, raw).select_from(sa.table("fingerprints")).where(raw.is_not(None))
    stored = stored.order_by(*scope, number)
    rows = op.get_bind().execute(stored.execution_options(yield_per=_AT_ONCE))
    for some in rows.partitions():
        for of_scope, group in groupby(some, key=lambda row: tuple(row[:3])):
            _put(scope_of(*of_scope), list(group))


def _put(scope: int, rows: Sequence[Any]) -> None:
    keys, partners = bands_of(b"".join(row.hash for row in rows))
    # As the index is ordered. Two parts may share an id (storage/database/fingerprint_bands.py), and then a band.
    bands = sorted(
        {
            (key, partner, row.id)
            for row, *of_row in zip(rows, keys.tolist(), partners.tolist(), strict=True)
            for key, partner in zip(*of_row, strict=True)
        }
    )
    if _on_postgresql():
        columns = [f"{{{str(list(column))[1:-1]}}}" for column in zip(*bands, strict=True)]
        op.get_bind().execute(
            _PUT_ARRAYS, {"scope": scope} | dict(zip(("keys", "partners", "ids"), columns, strict=True))
        )
    else:  # by hand: SQLAlchemy would spend longer on the rows, and more memory
        rows_of_bands = [(key, scope, partner, number) for key, partner, number in bands]
        op.get_bind().exec_driver_sql(_PUT_ROWS, rows_of_bands)
