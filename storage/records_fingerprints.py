"""Perceptual hashes by file, and the exact search among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Integer, Select, Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql

from storage.columns import escape
from storage.fingerprint_bands import (
    MAX_DISTANCE,
    band_keys,
    identifier,
    nearest,
    parse_hash,
    probe_keys,
    probes_for,
)
from storage.fingerprint_loading import WORTHWHILE, load
from storage.interfaces import Hit
from storage.records_base import Records
from storage.schema import fingerprint_bands, fingerprints
from storage.statements import Insert, insert_new
from validators.evidence import Fingerprint


@cache
def _put(dialect: str) -> Insert:
    return insert_new(dialect, fingerprints)


@cache
def _put_bands(dialect: str) -> Insert:
    return insert_new(dialect, fingerprint_bands)


@cache
def _sqlite_search(probes: int) -> str:
    # By hand: thousands of bound parameters cost SQLAlchemy more than the search costs SQLite, and json_each
    # half as much again. SQLite keeps the statement compiled.
    scope = "tenant = ? AND algorithm = ? AND version = ?"
    marks = ",".join("?" * probes)
    inner = f"SELECT fingerprint_id FROM fingerprint_bands WHERE {scope} AND band_key IN ({marks})"  # noqa: S608
    return f"SELECT sha256, hash FROM fingerprints WHERE {scope} AND id IN ({inner})"  # noqa: S608 - marks only


@cache
def _postgresql_search() -> Select[tuple[Any, ...]]:
    def scope(columns: Any) -> list[Any]:
        return [columns[name] == bindparam(f"{name}_") for name in ("tenant", "algorithm", "version")]

    bands = fingerprint_bands.c
    # As text: the driver would spend longer on a list of numbers than the search takes.
    probed = bands.band_key == any_(cast(bindparam("probes", type_=Text), postgresql.ARRAY(Integer)))
    found = select(bands.fingerprint_id).where(*scope(bands), probed)
    # "= any(array(…))" and no join: a join may be planned as a scan of every fingerprint.
    near = fingerprints.c.id == any_(func.array(found.scalar_subquery()))
    return select(fingerprints.c.sha256, fingerprints.c.hash).where(*scope(fingerprints.c), near)


class FingerprintRecords(Records):
    """Implements ``storage.interfaces.Fingerprints``: exact within 31 of 256 bits, by bands."""

    def add_fingerprints(self, tenant: str, many: Iterable[tuple[str, Fingerprint]]) -> None:
        """See the interface; ValueError for a malformed hash."""
        rows = [_row(tenant, sha256, fingerprint) for sha256, fingerprint in many]
        if not rows:
            return
        rows.sort(key=lambda row: (row["algorithm"], row["version"], row["id"], row["sha256"]))
        if self._dialect == "postgresql" and len(rows) >= WORTHWHILE:
            load(self._connection, rows)
            return
        self._run(_put(self._dialect), rows)
        bands = list(chain.from_iterable(_bands(row) for row in rows if row["hash"] is not None))
        if bands:
            self._run(_put_bands(self._dialect), bands)

    def search(
        self, tenant: str, fingerprint: Fingerprint, max_distance: int, limit: int = 1000
    ) -> Sequence[Hit]:
        """See the interface; ValueError for ``max_distance`` outside 0..31 or a malformed hash."""
        if not 0 <= max_distance <= MAX_DISTANCE:
            raise ValueError(f"the search is exact within 0..{MAX_DISTANCE} bits, not {max_distance}")
        raws = [parse_hash(digits) for digits in fingerprint.orientations]
        if not raws or fingerprint.abstained is not None:
            return []
        scope = (tenant, fingerprint.algorithm, fingerprint.version)
        probes = probe_keys(raws, max_distance)
        candidates = self._candidates(scope, probes, probes_for(max_distance, len(raws)))
        if not candidates:
            return []
        distances, orientations = nearest([row[1] for row in candidates], raws)
        near = [
            Hit(candidates[i][0], int(distances[i]), int(orientations[i]) + 1)
            for i in (distances <= max_distance).nonzero()[0].tolist()
        ]
        return sorted(near, key=lambda hit: (hit.distance, hit.sha256))[:limit]

    def _candidates(self, scope: tuple[str, str, str], probes: list[int], count: int) -> Sequence[Any]:
        """(sha256, hash) of every fingerprint under one of the keys, each once."""
        if self._dialect == "postgresql":
            named = dict(zip(("tenant_", "algorithm_", "version_"), scope, strict=True))
            return self._rows(_postgresql_search(), **named, probes=f"{{{str(probes)[1:-1]}}}")
        bound = [escape(part) for part in scope]
        return self._connection.exec_driver_sql(_sqlite_search(count), (*bound, *bound, *probes)).all()


def _row(tenant: str, sha256: str, fingerprint: Fingerprint) -> dict[str, Any]:
    found = fingerprint.orientations and fingerprint.abstained is None
    return {
        "tenant": tenant,
        "algorithm": fingerprint.algorithm,
        "version": fingerprint.version,
        "id": identifier(sha256),
        "sha256": sha256,
        "hash": parse_hash(fingerprint.orientations[0]) if found else None,
        "abstained": fingerprint.abstained,
    }


def _bands(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "tenant": row["tenant"],
            "algorithm": row["algorithm"],
            "version": row["version"],
            "band_key": key,
            "fingerprint_id": row["id"],
        }
        for key in band_keys(row["hash"])
    ]
