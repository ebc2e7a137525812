"""What the index of visual words costs: adding parts with the compaction they cause, and reading postings.

    python tests/benchmarks/word_index.py [--sizes 10000 100000] [--postgresql]

Random words of 2**18, evenly spread, 200 entries a part: a part shares no more than chance with any other. Parts are
added 8 in a transaction, as an upload with its regions is; whoever adds compacts as soon as that is worth it.
Postings are of 500 words. CPU is this process's; for PostgreSQL the server works elsewhere, so wall time is shown too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from sqlalchemy import text

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from servers import running_postgres  # noqa: E402

from storage.database.database import SqlDatabase, open_database  # noqa: E402

TENANT, SCHEME = "default", "words"
WORDS = 2**18
ENTRIES = 200
TOGETHER = 8
COMPACT_EVERY = 512
SOUGHT = 500
MOST = 5_000
QUERIES = 60
RANDOM = np.random.default_rng(20260309)
HEAD = (
    "store         parts  added/s  longest  CPU, µs    postings: CPU, ms        wall, ms          runs  bytes\n"
    "                              step, s   a part      p50   p95   max    p50   p95   max             a part"
)


def some_entries() -> np.ndarray:
    """What one part is added with."""
    words = RANDOM.choice(WORDS, ENTRIES, replace=False).astype(np.uint64)
    return words << np.uint64(32) | RANDOM.integers(0, 2**32, ENTRIES, dtype=np.uint64)


def compact(database: SqlDatabase) -> float:
    """Compact as a housekeeping thread does; the longest step in seconds."""
    longest = 0.0
    worked = True
    while worked:
        start = time.perf_counter()
        with database.transaction() as records:
            worked = records.compact_words(TENANT, SCHEME)
        longest = max(longest, time.perf_counter() - start)
    return longest


def add(database: SqlDatabase, first: int, last: int) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, longest step) of adding parts and compacting; making them is not counted."""
    wall = cpu = longest = 0.0
    for start in range(first, last, COMPACT_EVERY):
        parts = [(f"{n:064x}", 0, some_entries()) for n in range(start, min(last, start + COMPACT_EVERY))]
        began, cpu_began = time.perf_counter(), time.process_time()
        for at in range(0, len(parts), TOGETHER):
            with database.transaction() as records:
                records.add_words(TENANT, SCHEME, parts[at : at + TOGETHER])
        longest = max(longest, compact(database))
        wall += time.perf_counter() - began
        cpu += time.process_time() - cpu_began
    return wall, cpu, longest


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall time of ``work`` in ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def read(database: SqlDatabase) -> np.ndarray:
    """CPU and wall of each query in ms, shape (QUERIES, 2)."""
    costs = []
    for _ in range(QUERIES):
        words = RANDOM.choice(WORDS, SOUGHT, replace=False).astype(np.uint32)
        with database.reading() as records:
            costs.append(
                timed(lambda words=words, records=records: records.postings(TENANT, SCHEME, words, MOST))
            )
    return np.array(costs)


def size_of(database: SqlDatabase) -> tuple[int, int]:
    """How many runs there are and how many bytes the tables of words take."""
    tables = ("word_parts", "word_fresh", "word_runs", "word_buckets")
    with database.reading() as records:
        run = records._connection.execute
        runs = run(text("SELECT count(*) FROM word_runs")).scalar_one()
        if records._dialect == "postgresql":
            sizes = [run(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one() for name in tables]
            return runs, sum(sizes)
        pages = [run(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "freelist_count")]
        return runs, (pages[0] - pages[1]) * run(text("PRAGMA page_size")).scalar_one()


def measure(name: str, url: str | Path, sizes: list[int]) -> None:
    """Print a row for each size."""
    database = open_database(url)
    database.migrate()
    stored = 0
    for size in sizes:
        wall, cpu, longest = add(database, stored, size)
        costs = np.percentile(read(database), [50, 95, 100], axis=0).T
        runs, taken = size_of(database)
        shown = "  ".join("".join(f"{cost:6.1f}" for cost in row) for row in costs)
        added = size - stored
        print(
            f"{name:<11}{size:>8,}{added / wall:>9,.0f}{longest:>9.2f}{cpu / added * 1e6:>9,.0f}   {shown}"
            f"{runs:>10}{taken / size:>8,.0f}",
            flush=True,
        )
        stored = size
    database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument(
        "--postgresql", action="store_true", help="on PostgreSQL too (requirements/servers.in)"
    )
    arguments = parser.parse_args()
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder) / "words.sqlite", sorted(arguments.sizes))
    with running_postgres(shared_buffers="128MB") if arguments.postgresql else nullcontext() as server:
        if server is not None:
            measure("PostgreSQL", server.create_database(), sorted(arguments.sizes))


if __name__ == "__main__":
    main()
