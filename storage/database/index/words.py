"""Visual words: what was added lately, searched whole, and runs, of which only the wanted buckets are read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Delete,
    LargeBinary,
    Select,
    TextClause,
    bindparam,
    delete,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.sql.dml import ReturningInsert

from storage.database.base import Records
from storage.database.columns import escape
from storage.database.fingerprint_bands import identifier
from storage.database.index.word_runs import (
    BUCKET_BITS,
    ENTRY,
    RUN_BITS,
    SLICE_BITS,
    Entries,
    Wanted,
    cut,
    entries_of,
    largest_run,
    places_of,
    slices,
    smallest_run,
    sort,
    to_merge,
)
from storage.database.schema import word_buckets, word_fresh, word_parts, word_runs
from storage.database.statements import Insert, among_integers, insert, insert_new, integers
from storage.interfaces.words import Postings

_AT_ONCE = 4_096
"""Parts that become one run at once, and rows written by one statement."""
_NUMBERS = 2**63


def _scoped(table: Any) -> list[Any]:
    return [table.c.tenant == bindparam("tenant_"), table.c.scheme == bindparam("scheme_")]


@cache
def _put_parts(dialect: str) -> ReturningInsert[Any]:
    return insert_new(dialect, word_parts).returning(word_parts.c.number)


@cache
def _put(dialect: str, table: Any) -> Insert:
    return insert_new(dialect, table)


@cache
def _numbered(dialect: str) -> Select[tuple[Any, ...]]:
    columns = (word_parts.c.number, word_parts.c.sha256, word_parts.c.part)
    return select(*columns).where(
        *_scoped(word_parts), among_integers(dialect, word_parts.c.number, "numbers")
    )


@cache
def _fresh() -> Select[tuple[Any, ...]]:
    return select(word_fresh.c.number, word_fresh.c.entries).where(*_scoped(word_fresh))


@cache
def _runs() -> Select[tuple[Any, ...]]:
    return select(word_runs.c.slice, word_runs.c.run, word_runs.c.parts).where(*_scoped(word_runs))


def of_run() -> ColumnElement[bool]:
    """The buckets of the run that ``bounds`` binds."""
    return word_buckets.c.place.between(bindparam("first_"), bindparam("last_"))


@cache
def _whole(dialect: str) -> Select[tuple[Any, ...]]:
    ordered = select(word_buckets.c.entries).where(of_run()).order_by(word_buckets.c.place)
    if dialect != "postgresql":
        return ordered
    rows = ordered.subquery()
    return select(func.string_agg(rows.c.entries, literal(b"", LargeBinary)))


@cache
def _remove_buckets() -> Delete:
    return delete(word_buckets).where(of_run())


@cache
def _remove(dialect: str, table: Any, column: str) -> Delete:
    return delete(table).where(*_scoped(table), among_integers(dialect, table.c[column], "numbers"))


@cache
def _buckets(dialect: str) -> TextClause:
    # Runs and buckets in one statement: between two a merge may remove both. Each bucket is looked up by itself:
    # a join may be planned as a scan of them all.
    words, word = (
        ("unnest(CAST(:words AS bigint[])) AS words (word)", "words.word")
        if dialect == "postgresql"
        else ("json_each(:words) AS words", "words.value")
    )
    place = f"(run << {BUCKET_BITS}) | ({word} >> (32 - bits))"
    wanted = (
        f"SELECT DISTINCT {place} AS place FROM {words} CROSS JOIN word_runs"  # noqa: S608 - no values
        f" WHERE tenant = :tenant AND scheme = :scheme AND slice = {word} >> {32 - SLICE_BITS}"
    )
    if dialect == "postgresql":
        found = "SELECT b.entries FROM word_buckets AS b WHERE b.place = w.place OFFSET 0"
        # As one value: the driver would spend longer on the rows than the server on finding them.
        joined = "string_agg(f.entries, CAST('' AS bytea))"
        return text(f"SELECT {joined} FROM ({wanted}) AS w CROSS JOIN LATERAL ({found}) AS f")  # noqa: S608
    return text(
        f"SELECT b.entries FROM ({wanted}) AS w CROSS JOIN word_buckets AS b WHERE b.place = w.place"  # noqa: S608
    )


_PUT_BUCKETS = text(
    "INSERT INTO word_buckets (place, entries) SELECT place, substr(joined, start, size)"
    " FROM unnest(CAST(:places AS bigint[]), CAST(:starts AS integer[]), CAST(:sizes AS integer[]))"
    " AS given (place, start, size), (SELECT CAST(:joined AS bytea) AS joined OFFSET 0) AS data"
)


class WordRecords(Records):
    """Implements ``storage.interfaces.words.VisualWords``."""

    def add_words(
        self, tenant: str, scheme: str, many: Iterable[tuple[str, int, NDArray[np.uint64]]]
    ) -> None:
        given = {(sha256, part): entries for sha256, part, entries in reversed(list(many))}
        new = self._numbers_of_new(tenant, scheme, list(given))
        rows = [
            {
                "tenant": tenant,
                "scheme": scheme,
                "number": number,
                "entries": np.unique(given[key].astype("<u8")).tobytes(),
            }
            for number, key in sorted(new.items())
            if len(given[key])
        ]
        if rows:
            self._run(_put(self._dialect, word_fresh), rows)

    def postings(self, tenant: str, scheme: str, words: NDArray[np.uint32], most: int) -> Postings:
        """``words`` of shape (n,), distinct."""
        wanted = Wanted(words)
        if not len(words):
            return Postings(*wanted.as_postings([], most))
        # Fresh entries first: what is compacted in between is then seen twice rather than never.
        fresh = self._rows(_fresh(), tenant_=tenant, scheme_=scheme)
        sought = {"words": integers(self._dialect, np.sort(wanted.scattered).tolist())}
        rows = self._rows(_buckets(self._dialect), **self._scope(tenant, scheme), **sought)
        found = [wanted.among(_joined(rows))]
        if fresh:
            numbers = [row.number for row in fresh]
            lately = wanted.among_added(numbers, [row.entries for row in fresh])
            found = [found[0].besides(np.array(numbers)), lately]
        return Postings(*wanted.as_postings(found, most))

    def parts_numbered(self, tenant: str, scheme: str, numbers: Iterable[int]) -> dict[int, tuple[str, int]]:
        return {row.number: (row.sha256, row.part) for row in self._parts(tenant, scheme, numbers)}

    def compact_words(self, tenant: str, scheme: str) -> bool:
        if not self._alone(tenant, scheme):
            return False
        scope = {"tenant_": tenant, "scheme_": scheme}
        if self._merge_some(tenant, scheme, self._rows(_runs(), **scope)):
            return True
        fresh = self._rows(_fresh().order_by("number").limit(_AT_ONCE), **scope)
        if len(fresh) < smallest_run():
            return False
        taken = [row.number for row in fresh]
        entries = sort(entries_of(taken, [row.entries for row in fresh]))
        for number, of_slice in slices(entries):
            self._put_run(tenant, scheme, number, of_slice, len(fresh))
        self._discard(word_fresh, "number", tenant, scheme, taken)
        return True

    def word_scopes(self) -> Sequence[tuple[str, str]]:
        scope = (word_fresh.c.tenant, word_fresh.c.scheme)
        enough = func.count() >= smallest_run()
        rows = self._rows(select(*scope).group_by(*scope).having(enough).order_by(*scope))
        return [(row.tenant, row.scheme) for row in rows]

    def _numbers_of_new(
        self, tenant: str, scheme: str, keys: list[tuple[str, int]]
    ) -> dict[int, tuple[str, int]]:
        """Put parts on the record; the number of each that was not there. A number follows from the part, and is
        the next free one in the rare case that another part has it."""
        new: dict[int, tuple[str, int]] = {}
        trying = [(identifier(*key), key) for key in keys]
        while trying:
            rows = [
                {"tenant": tenant, "scheme": scheme, "number": number, "sha256": sha256, "part": part}
                for number, (sha256, part) in sorted(trying)
            ]
            put = {row.number for row in self._run(_put_parts(self._dialect), rows)}
            wanted = [number for number, _ in trying]
            stored = self.parts_numbered(tenant, scheme, wanted) if len(put) < len(trying) else dict(trying)
            new |= {number: key for number, key in trying if number in put and stored[number] == key}
            trying = [
                ((number + 1) % _NUMBERS, key) for number, key in trying if stored.get(number, key) != key
            ]
        return new

    def _parts(self, tenant: str, scheme: str, wanted: Iterable[int]) -> Sequence[Any]:
        bound = integers(self._dialect, wanted)
        return self._rows(_numbered(self._dialect), tenant_=tenant, scheme_=scheme, numbers=bound)

    def _alone(self, tenant: str, scheme: str) -> bool:
        """Whether nobody else compacts this; kept until the transaction ends. SQLite's write lock does that."""
        if self._dialect != "postgresql":
            return True
        key = {"key": word_lock(tenant, scheme)}
        return bool(self._run(text("SELECT pg_try_advisory_xact_lock(:key)"), key).scalar_one())

    def _merge_some(self, tenant: str, scheme: str, runs: Sequence[Any]) -> bool:
        """Merge what is to be in as many slices as take no longer than one slice of the largest runs."""
        by_slice: dict[int, dict[int, int]] = {}
        for row in runs:
            by_slice.setdefault(row.slice, {})[row.run] = row.parts
        work = 0
        for number, parts in sorted(by_slice.items()):
            chosen = to_merge(list(parts.items()))
            together = sum(parts[run] for run in chosen)
            if not chosen or (work and work + together > largest_run()):
                continue
            self._merge(tenant, scheme, number, chosen, together)
            work += together
        return work > 0

    def _merge(self, tenant: str, scheme: str, number: int, runs: list[int], parts: int) -> None:
        """Runs of the slice ``number`` become one of so many parts."""
        held = [self._rows(_whole(self._dialect), **bounds(run)) for run in runs]
        entries = _joined([row for rows in held for row in rows])
        for run in runs:
            self._run(_remove_buckets(), bounds(run))
        self._discard(word_runs, "run", tenant, scheme, runs)
        if len(entries):  # all may have been erased
            self._put_run(tenant, scheme, number, sort(entries), parts)

    def _discard(self, table: Any, column: str, tenant: str, scheme: str, values: list[int]) -> None:
        bound = integers(self._dialect, values)
        self._run(
            _remove(self._dialect, table, column), {"tenant_": tenant, "scheme_": scheme, "numbers": bound}
        )

    def _put_run(self, tenant: str, scheme: str, number: int, entries: Entries, parts: int) -> None:
        """A new run of the slice ``number``, of one entry at least. At odds of one in 10**8 a run has its name already; the
        database then refuses the step as a whole."""
        bits, buckets = cut(entries)
        run = secrets.randbits(RUN_BITS)
        row = {"tenant": tenant, "scheme": scheme, "slice": number, "run": run, "bits": bits, "parts": parts}
        self._run(insert(self._dialect, word_runs), row)
        first, _ = places_of(run)
        placed = [(first | bucket, blob) for bucket, blob in buckets]
        if self._dialect == "postgresql":
            for start in range(0, len(placed), _AT_ONCE):
                self._run(_PUT_BUCKETS, _columns(placed[start : start + _AT_ONCE]))
            return
        # By hand: SQLAlchemy would spend as long on the rows as SQLite does.
        self._connection.exec_driver_sql("INSERT INTO word_buckets (place, entries) VALUES (?, ?)", placed)

    @staticmethod
    def _scope(tenant: str, scheme: str) -> dict[str, Any]:
        return {"tenant": escape(tenant), "scheme": escape(scheme)}


def word_lock(tenant: str, scheme: str) -> int:
    """PostgreSQL's advisory lock under which runs are replaced."""
    return identifier(f"words {len(tenant)} {escape(tenant)} {escape(scheme)}")


def _joined(rows: Sequence[Any]) -> Entries:
    """Rows of one blob each, or None, as entries."""
    return np.frombuffer(b"".join([row[0] for row in rows if row[0]]), dtype=ENTRY)


def bounds(run: int) -> dict[str, int]:
    """The parameters of ``of_run``."""
    first, last = places_of(run)
    return {"first_": first, "last_": last}


def _columns(placed: Sequence[tuple[int, bytes]]) -> dict[str, Any]:
    """Buckets as the parameters of ``_PUT_BUCKETS``: one long value, which the server cuts."""
    sizes = [len(blob) for _, blob in placed]
    columns = {
        "places": [place for place, _ in placed],
        "starts": [1 + end - size for end, size in zip(accumulate(sizes), sizes, strict=True)],
        "sizes": sizes,
    }
    bound = {name: integers("postgresql", column) for name, column in columns.items()}
    return bound | {"joined": b"".join([blob for _, blob in placed])}
