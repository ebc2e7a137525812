"""Erases what was measured of bytes: examinations, perceptual hashes, and the entries of their visual words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import Delete, Select, Table, bindparam, delete, select, text

from storage.database.base import Records
from storage.database.fingerprint_bands import bands_of, scope_of
from storage.database.index.word_runs import without
from storage.database.index.words import bounds, of_run, word_lock
from storage.database.schema import (
    examinations,
    features,
    files,
    fingerprints,
    hash_bands,
    word_buckets,
    word_fresh,
    word_parts,
    word_runs,
)
from storage.database.statements import among


@cache
def _of_contents(dialect: str, table: Table) -> Delete:
    return delete(table).where(
        table.c.tenant == bindparam("tenant_"), among(dialect, table.c.sha256, "sha256s")
    )


@cache
def _hashes(dialect: str) -> Select[tuple[Any, ...]]:
    columns = fingerprints.c
    return select(columns.algorithm, columns.version, columns.id, columns.hash).where(
        columns.tenant == bindparam("tenant_"),
        among(dialect, columns.sha256, "sha256s"),
        columns.hash.is_not(None),
    )


@cache
def _band() -> Delete:
    columns = hash_bands.c
    names = [column.name for column in hash_bands.primary_key.columns]
    return delete(hash_bands).where(*(columns[name] == bindparam(f"{name}_") for name in names))


@cache
def _numbers(dialect: str) -> Select[tuple[Any, ...]]:
    columns = word_parts.c
    return select(columns.scheme, columns.number).where(
        columns.tenant == bindparam("tenant_"), among(dialect, columns.sha256, "sha256s")
    )


class ContentErasureRecords(Records):
    """Removes what was measured of bytes, and what finds them."""

    def erase_contents(self, tenant: str, contents: Collection[str]) -> None:
        self._erase_rows(tenant, contents, (features, examinations, files))

    def forget_fingerprints(self, tenant: str, contents: Collection[str]) -> None:
        sought = {"tenant_": tenant, "sha256s": self._texts(contents)}
        self._erase_bands(tenant, self._rows(_hashes(self._dialect), **sought))
        self._erase_rows(tenant, contents, (fingerprints,))

    def forget_words(self, tenant: str, contents: Collection[str]) -> None:
        """Reads the tenant's whole index of visual words, once."""
        sought = {"tenant_": tenant, "sha256s": self._texts(contents)}
        numbered: dict[str, list[int]] = {}
        for row in self._rows(_numbers(self._dialect), **sought):
            numbered.setdefault(row.scheme, []).append(row.number)
        for scheme, numbers in sorted(numbered.items()):
            self._erase_words(tenant, scheme, numbers)
        self._erase_rows(tenant, contents, (word_parts,))

    def _erase_rows(self, tenant: str, contents: Collection[str], tables: Iterable[Table]) -> None:
        sought = {"tenant_": tenant, "sha256s": self._texts(contents)}
        for table in tables:
            self._run(_of_contents(self._dialect, table), sought)

    def _erase_bands(self, tenant: str, hashes: Sequence[Any]) -> None:
        if not hashes:
            return
        keys, partners = bands_of(b"".join(row.hash for row in hashes))
        rows = [
            {
                "band_key_": key,
                "scope_": scope_of(tenant, row.algorithm, row.version),
                "partner_": partner,
                "fingerprint_id_": row.id,
            }
            for row, *of_row in zip(hashes, keys.tolist(), partners.tolist(), strict=True)
            for key, partner in zip(*of_row, strict=True)
        ]
        self._run(_band(), rows)

    def _erase_words(self, tenant: str, scheme: str, numbers: Sequence[int]) -> None:
        scope = {"tenant_": tenant, "scheme_": scheme}
        if self._dialect == "postgresql":
            # Keeps others from sorting entries into another run meanwhile.
            self._run(text("SELECT pg_advisory_xact_lock(:key)"), {"key": word_lock(tenant, scheme)})
        fresh = delete(word_fresh).where(*_in(word_fresh), word_fresh.c.number == bindparam("number_"))
        self._run(fresh, [scope | {"number_": number} for number in numbers])
        gone = np.array(numbers, dtype=np.int64)
        for run in self._rows(select(word_runs.c.run).where(*_in(word_runs)), **scope):
            self._erase_from_run(run.run, gone)

    def _erase_from_run(self, run: int, gone: Any) -> None:
        buckets = self._rows(select(word_buckets).where(of_run()), **bounds(run))
        kept = [(row.place, without(row.entries, gone)) for row in buckets]
        one = word_buckets.c.place == bindparam("place_")
        emptied = [{"place_": place} for place, entries in kept if entries == b""]
        cut = [{"place_": place, "entries_": entries} for place, entries in kept if entries]
        if emptied:
            self._run(delete(word_buckets).where(one), emptied)
        if cut:
            self._run(word_buckets.update().where(one).values(entries=bindparam("entries_")), cut)


def _in(table: Any) -> tuple[Any, Any]:
    return table.c.tenant == bindparam("tenant_"), table.c.scheme == bindparam("scheme_")
