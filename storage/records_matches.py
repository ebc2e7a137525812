"""Matches: pairs of items that look alike, each stored once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Update, bindparam, select, union, update
from sqlalchemy.sql.dml import ReturningInsert

from storage.interfaces import Pair
from storage.records_base import Records
from storage.schema import matches
from storage.statements import among, insert_new

_COLUMNS = [column for column in matches.columns if column.name != "tenant"]


@cache
def _put(dialect: str) -> ReturningInsert[Any]:
    return insert_new(dialect, matches).returning(matches.c.first, matches.c.second)


@cache
def _improve() -> Update:
    return (
        update(matches)
        .where(
            matches.c.tenant == bindparam("tenant_"),
            matches.c.first == bindparam("first_"),
            matches.c.second == bindparam("second_"),
            matches.c.distance > bindparam("distance_"),
        )
        .values(
            {
                name: bindparam(f"{name}_")
                for name in ("method", "distance", "orientation", "algorithm", "version")
            }
        )
    )


@cache
def _of(dialect: str) -> CompoundSelect[Any]:
    # A union, since "or" over the two sides would read the whole tenant.
    sides = [
        select(*_COLUMNS).where(matches.c.tenant == bindparam("tenant_"), among(dialect, side, "ids"))
        for side in (matches.c.first, matches.c.second)
    ]
    return union(*sides).order_by("first", "second")


class MatchRecords(Records):
    """The part of ``Disputes`` about pairs."""

    def put_pairs(self, tenant: str, pairs: Iterable[Pair]) -> Sequence[Pair]:
        """See the interface. New ones come ordered by (first, second); ValueError unless first < second."""
        best: dict[tuple[str, str], Pair] = {}
        for pair in pairs:
            if pair.first >= pair.second:
                raise ValueError(f"a pair names its items in order: {pair.first!r}, {pair.second!r}")
            known = best.get((pair.first, pair.second))
            if known is None or pair.distance < known.distance:
                best[pair.first, pair.second] = pair
        if not best:
            return []
        ordered = sorted(best.items())
        rows = [{"tenant": tenant} | asdict(pair) for _, pair in ordered]
        new = {(row.first, row.second) for row in self._run(_put(self._dialect), rows)}
        stored = [row for row in rows if (row["first"], row["second"]) not in new]
        if stored:
            self._run(_improve(), [{f"{name}_": value for name, value in row.items()} for row in stored])
        return [pair for key, pair in ordered if key in new]

    def pairs_of(self, tenant: str, evidence_ids: Iterable[str]) -> Sequence[Pair]:
        """See the interface."""
        rows = self._rows(_of(self._dialect), tenant_=tenant, ids=self._texts(evidence_ids))
        return [Pair(**row._mapping) for row in rows]
