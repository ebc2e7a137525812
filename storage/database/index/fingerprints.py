"""Perceptual hashes by file, and the exact search among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import text

from storage.database.base import Records
from storage.database.columns import escape
from storage.database.fingerprint_bands import (
    MAX_DISTANCE,
    ROOM,
    SLACKENED,
    bands_of,
    identifier,
    nearest,
    parse_hash,
    probes,
    scope_of,
)
from storage.database.index.fingerprint_loading import WORTHWHILE, load
from storage.database.schema import fingerprints, hash_bands
from storage.database.statements import Insert, insert_new, integers
from storage.interfaces.fingerprints import Hit
from validators.evidence import Fingerprint

_SLACKENED = SLACKENED.tobytes()


@cache
def _put(dialect: str) -> Insert:
    return insert_new(dialect, fingerprints)


@cache
def _put_bands(dialect: str) -> Insert:
    return insert_new(dialect, hash_bands)


@cache
def _sqlite_search(count: int) -> str:
    # By hand: hundreds of bound parameters cost SQLAlchemy more than the search costs SQLite, and json_each
    # half as much again. SQLite keeps the statement compiled. The difference is "a xor b", which it lacks.
    marks = ",".join(["(?)"] * count)
    sought = "(probe & 262143)"
    difference = f"(partner | {sought}) - (partner & {sought})"
    near = (
        f"WITH probes(probe) AS (VALUES {marks})"  # noqa: S608 - marks only, as below
        " SELECT fingerprint_id FROM probes CROSS JOIN hash_bands"
        " WHERE hash_bands.band_key = probe >> 18 AND hash_bands.scope = ?"
        f" AND substr(?, 1 + {difference}, 1) <= x'{ROOM:02x}'"
    )
    scope = "tenant = ? AND algorithm = ? AND version = ?"
    return f"SELECT sha256, part, hash FROM fingerprints WHERE {scope} AND id IN ({near})"  # noqa: S608


# Each probe looks into the index by itself: as a join, or by "&&", this has been planned as a scan of every row.
# The same holds for "= any(array(…))". Probes come as text: the driver would spend longer on a list of numbers than
# the search takes.
_POSTGRESQL_SEARCH = text(
    "SELECT sha256, part, hash FROM fingerprints"  # noqa: S608 - a constant
    " WHERE tenant = :tenant AND algorithm = :algorithm AND version = :version AND id = any(array("
    " SELECT fingerprint_id FROM unnest(CAST(:probes AS bigint[])) AS probes (probe) CROSS JOIN LATERAL ("
    "  SELECT fingerprint_id FROM hash_bands"
    " WHERE hash_bands.band_key = CAST(probe >> 18 AS integer) AND hash_bands.scope = CAST(:scope AS bigint)"
    "  AND ((probe >> 16) & 3) + bit_count(CAST(partner # CAST(probe & 65535 AS integer) AS bit(32)))"
    f" <= {ROOM} OFFSET 0) AS near))"
)
_TOGETHER = 128  # probes: statements are kept compiled for multiples of so many
_NOWHERE = -1  # a probe that meets nothing


class FingerprintRecords(Records):
    """Implements ``storage.interfaces.fingerprints.Fingerprints``: exact within 31 of 256 bits, by bands."""

    def add_fingerprints(self, tenant: str, many: Iterable[tuple[str, int, Fingerprint]]) -> None:
        """ValueError for a malformed hash."""
        rows = [_row(tenant, *one) for one in many]
        if not rows:
            return
        rows.sort(key=itemgetter("algorithm", "version", "id", "sha256", "part"))
        if self._dialect == "postgresql" and len(rows) >= WORTHWHILE:
            load(self._connection, rows)
            return
        self._run(_put(self._dialect), rows)
        found = [row for row in rows if row["hash"] is not None]
        if found:
            self._run(_put_bands(self._dialect), _bands(found))

    def search(
        self, tenant: str, fingerprint: Fingerprint, max_distance: int, limit: int = 1000
    ) -> Sequence[Hit]:
        """ValueError for ``max_distance`` outside 0..31 or a malformed hash."""
        if not 0 <= max_distance <= MAX_DISTANCE:
            raise ValueError(f"the search is exact within 0..{MAX_DISTANCE} bits, not {max_distance}")
        raws = [parse_hash(digits) for digits in fingerprint.orientations]
        if not raws or fingerprint.abstained is not None:
            return []
        scope = (tenant, fingerprint.algorithm, fingerprint.version)
        candidates = self._candidates(scope, probes(raws, max_distance))
        if not candidates:
            return []
        distances, orientations = nearest([row[2] for row in candidates], raws)
        near = [
            Hit(candidates[i][0], int(distances[i]), int(orientations[i]) + 1, candidates[i][1])
            for i in (distances <= max_distance).nonzero()[0].tolist()
        ]
        return sorted(near, key=lambda hit: (hit.distance, hit.sha256, hit.part))[:limit]

    def _candidates(self, scope: tuple[str, str, str], probed: list[int]) -> Sequence[Any]:
        """(sha256, part, hash) of every fingerprint that a probe meets, each once."""
        bound = [escape(part) for part in scope]
        number = scope_of(*scope)
        if self._dialect == "postgresql":
            named = dict(zip(("tenant", "algorithm", "version"), bound, strict=True))
            sought = {"scope": number, "probes": integers(self._dialect, probed)}
            return self._rows(_POSTGRESQL_SEARCH, **named, **sought)
        filled = probed + [_NOWHERE] * (-len(probed) % _TOGETHER)
        parameters = (*bound, *filled, number, _SLACKENED)
        return self._connection.exec_driver_sql(_sqlite_search(len(filled)), parameters).all()


def _row(tenant: str, sha256: str, part: int, fingerprint: Fingerprint) -> dict[str, Any]:
    found = fingerprint.orientations and fingerprint.abstained is None
    return {
        "tenant": tenant,
        "algorithm": fingerprint.algorithm,
        "version": fingerprint.version,
        "id": identifier(sha256, part),
        "sha256": sha256,
        "part": part,
        "hash": parse_hash(fingerprint.orientations[0]) if found else None,
        "abstained": fingerprint.abstained,
    }


def _bands(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys, partners = bands_of(b"".join(row["hash"] for row in rows))
    bands = [
        {
            "band_key": key,
            "scope": scope_of(row["tenant"], row["algorithm"], row["version"]),
            "partner": partner,
            "fingerprint_id": row["id"],
        }
        for row, *of_row in zip(rows, keys.tolist(), partners.tolist(), strict=True)
        for key, partner in zip(*of_row, strict=True)
    ]
    # As the index is ordered: many at once then meet in its pages.
    bands.sort(key=itemgetter("band_key", "scope", "partner"))
    return bands
