"""Loads many fingerprints into PostgreSQL at once: whole columns as arrays, one statement for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.database.columns import escape
from storage.database.fingerprint_bands import BANDS, bands_of, scope_of

WORTHWHILE = 300
"""From so many on this is faster than row by row."""
CHUNK = 20_000
"""Fingerprints in one statement: enough for sorted keys to share index pages, and far from the time limit."""

_SCOPE = ("tenant", "algorithm", "version")
_PUT = text(
    "INSERT INTO fingerprints (tenant, algorithm, version, id, sha256, part, hash, abstained)"
    " SELECT :tenant, :algorithm, :version, id, sha256, part, decode(hash, 'hex'), abstained"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:sha256s AS text[]), CAST(:parts AS integer[]),"
    " CAST(:hashes AS text[]), CAST(:abstained AS text[])) AS given (id, sha256, part, hash, abstained)"
    " ON CONFLICT DO NOTHING RETURNING id, sha256, part"
)
_INSERT_BANDS = (
    "INSERT INTO hash_bands (band_key, scope, partner, fingerprint_id)"
    " SELECT band_key, CAST(:scope AS bigint), partner, id"
    " FROM unnest(CAST(:keys AS integer[]), CAST(:partners AS integer[]), CAST(:ids AS bigint[]))"
    " AS given (band_key, partner, id)"
)
_PUT_BANDS = text(_INSERT_BANDS)
_PUT_NEW_BANDS = text(f"{_INSERT_BANDS} ON CONFLICT DO NOTHING")


def load(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the table ``fingerprints``, sorted by its primary key, with their bands.

    Those that are there already change nothing.
    """
    for scope, group in groupby(rows, key=itemgetter(*_SCOPE)):
        of_scope = list(group)
        for start in range(0, len(of_scope), CHUNK):
            _load(connection, scope, of_scope[start : start + CHUNK])


def _load(connection: Connection, scope: tuple[str, str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    columns = {
        **{name: escape(value) for name, value in zip(_SCOPE, scope, strict=True)},
        "ids": _array([row["id"] for row in rows]),
        "sha256s": [escape(row["sha256"]) for row in rows],
        "parts": _array([row["part"] for row in rows]),
        "hashes": [None if row["hash"] is None else row["hash"].hex() for row in rows],
        "abstained": [None if row["abstained"] is None else escape(row["abstained"]) for row in rows],
    }
    new = {tuple(row) for row in connection.execute(_PUT, columns)}
    found = [
        row
        for row in rows
        if row["hash"] is not None and (row["id"], escape(row["sha256"]), row["part"]) in new
    ]
    if found:
        _load_bands(connection, {"scope": scope_of(*scope)} | _bands(found))


def _load_bands(connection: Connection, columns: dict[str, Any]) -> None:
    # Bands of new fingerprints are new too, and looking for conflicts costs a third more. But two parts may
    # share an id (see fingerprint_bands.identifier), and then a band; and so may two bands of a hash that is its own
    # mirror image.
    try:
        with connection.begin_nested():
            connection.execute(_PUT_BANDS, columns)
    except IntegrityError:
        connection.execute(_PUT_NEW_BANDS, columns)


def _bands(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Sorted as the index is."""
    keys, partners = (column.ravel() for column in bands_of(b"".join(row["hash"] for row in rows)))
    ids = np.repeat(np.array([row["id"] for row in rows], dtype=np.int64), BANDS)
    order = np.lexsort((ids, partners, keys))
    columns = {"keys": keys, "partners": partners, "ids": ids}
    return {name: _array(column[order].tolist()) for name, column in columns.items()}


def _array(numbers: list[int]) -> str:
    """As text: the driver would spend longer on a list of numbers than the server on this."""
    return f"{{{str(numbers)[1:-1]}}}"
