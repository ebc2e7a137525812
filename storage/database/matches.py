"""Matches: pairs of items that look alike, each stored once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Update, bindparam, or_, select, union, update
from sqlalchemy.sql.dml import ReturningInsert

from storage.database.base import Records
from storage.database.schema import matches
from storage.database.statements import among, insert, insert_new
from storage.interfaces.matches import Pair

_COLUMNS = [column for column in matches.columns if column.name != "tenant"]
_MEASURED = [column.name for column in matches.columns if not column.primary_key]


@cache
def _put(dialect: str) -> ReturningInsert[Any]:
    return insert_new(dialect, matches).returning(matches.c.first, matches.c.second)


@cache
def _outrank(dialect: str) -> ReturningInsert[Any]:
    statement = insert(dialect, matches)
    return statement.on_conflict_do_update(
        index_elements=list(matches.primary_key.columns),
        set_={name: statement.excluded[name] for name in _MEASURED},
        where=matches.c.rank < statement.excluded["rank"],
    ).returning(matches.c.first, matches.c.second)


@cache
def _improve() -> Update:
    return (
        update(matches)
        .where(
            matches.c.tenant == bindparam("tenant_"),
            matches.c.first == bindparam("first_"),
            matches.c.second == bindparam("second_"),
            matches.c.rank == bindparam("rank_"),
            or_(matches.c.distance > bindparam("distance_"), matches.c.version != bindparam("version_")),
        )
        .values({name: bindparam(f"{name}_") for name in _MEASURED})
    )


@cache
def _of(dialect: str) -> CompoundSelect[Any]:
    # A union, because "or" over the two sides would read the whole tenant.
    sides = [
        select(*_COLUMNS).where(matches.c.tenant == bindparam("tenant_"), among(dialect, side, "ids"))
        for side in (matches.c.first, matches.c.second)
    ]
    return union(*sides).order_by("first", "second")


class MatchRecords(Records):
    """Implements ``Matches``."""

    def put_pairs(self, tenant: str, pairs: Iterable[Pair]) -> Sequence[Pair]:
        """They come ordered by (first, second); ValueError unless first < second."""
        best = _best(pairs)
        if not best:
            return []
        rows = {key: {"tenant": tenant} | asdict(pair) for key, pair in sorted(best.items())}
        reported = self._keys(_put(self._dialect), list(rows.values()))
        ranked = [row for key, row in rows.items() if key not in reported and row["rank"] > 0]
        if ranked:
            reported |= self._keys(_outrank(self._dialect), ranked)
        stored = [row for key, row in rows.items() if key not in reported]
        if stored:
            self._run(_improve(), [{f"{name}_": value for name, value in row.items()} for row in stored])
        return [best[key] for key in rows if key in reported]

    def pairs_of(self, tenant: str, evidence_ids: Iterable[str]) -> Sequence[Pair]:
        rows = self._rows(_of(self._dialect), tenant_=tenant, ids=self._texts(evidence_ids))
        return [Pair(**row._mapping) for row in rows]

    def _keys(self, statement: ReturningInsert[Any], rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
        return {(row.first, row.second) for row in self._run(statement, rows)}


def _best(pairs: Iterable[Pair]) -> dict[tuple[str, str], Pair]:
    """For every two items the pair that counts: the highest rank, then the smallest distance, then the first."""
    best: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        if pair.first >= pair.second:
            raise ValueError(f"a pair names its items in order: {pair.first!r}, {pair.second!r}")
        known = best.get((pair.first, pair.second))
        if known is None or (-pair.rank, pair.distance) < (-known.rank, known.distance):
            best[pair.first, pair.second] = pair
    return best
