"""How many fingerprints a second are added to a table that already holds many.

    python tests/benchmarks/fingerprint_load.py [--stored 200000] [--added 50000] [--chunk 20000] [--sqlite-only]

Random 256-bit hashes, the hardest case for the index; PostgreSQL waits for its disk, as users have it. A
transaction for each chunk, from one process on one connection.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from servers import running_postgres  # noqa: E402

from storage.database.database import SqlDatabase, open_database  # noqa: E402
from validators.evidence import Fingerprint  # noqa: E402

TENANT = "default"
AS_USERS_HAVE_IT = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
ROUNDS = 3
RANDOM = np.random.default_rng(20260309)


def chunks(first: int, last: int, size: int) -> Iterator[list[tuple[str, int, Fingerprint]]]:
    """Random fingerprints numbered ``first`` to ``last``, in chunks."""
    for start in range(first, last, size):
        yield [
            (f"{number:064x}", 0, Fingerprint("phash256", "1", (RANDOM.bytes(32).hex(),)))
            for number in range(start, min(last, start + size))
        ]


def add(database: SqlDatabase, first: int, last: int, size: int) -> tuple[float, float]:
    """Wall and own CPU seconds of adding them; making them is not counted."""
    made = list(chunks(first, last, size))
    wall, cpu = time.perf_counter(), time.process_time()
    for chunk in made:
        with database.transaction() as records:
            records.add_fingerprints(TENANT, chunk)
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(name: str, url: str | Path, stored: int, added: int, size: int) -> None:
    """Print a row for each round."""
    database = open_database(url)
    database.migrate()
    add(database, 0, stored, size)
    for number in range(ROUNDS):
        first = stored + number * added
        wall, cpu = add(database, first, first + added, size)
        print(f"{name:<11}{first:>10,}{added / wall:>12,.0f}{cpu / added * 1e6:>14.0f}", flush=True)
    database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, default=200_000)
    parser.add_argument("--added", type=int, default=50_000)
    parser.add_argument("--chunk", type=int, default=20_000)
    parser.add_argument(
        "--sqlite-only", action="store_true", help="without PostgreSQL (requirements/servers.in)"
    )
    given = parser.parse_args()
    print("store         stored  a second   own CPU, µs each")
    if not given.sqlite_only:
        with running_postgres(**AS_USERS_HAVE_IT) as server:
            measure("PostgreSQL", server.create_database(), given.stored, given.added, given.chunk)
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder) / "load.sqlite", given.stored, given.added, given.chunk)


if __name__ == "__main__":
    main()
