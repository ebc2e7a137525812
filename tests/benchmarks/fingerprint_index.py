"""What an exact search and storing cost as fingerprints grow.

    python tests/benchmarks/fingerprint_index.py [--sizes 100000 1000000] [--photos FOLDER...] [--postgresql]

With ``--photos`` the fingerprints come from real ones: those of the folders' photos and of 8 crops of each, and, as
many as are asked for, mixtures of two of them. Half of the mixtures take 40 to 70 bits from the other hash, in one
neighbourhood of coefficients; half take all coefficients beyond a line. So what neighbours have in common, by which
an index's keys come crowded, is that of real pictures, and there are families of hashes at 40 bits and more.
Without it all bits are random.

Each search is of 8 orientations at distance 31, in a reading transaction of its own, of a stored fingerprint or of
one like it. CPU is this process's; for PostgreSQL the server works elsewhere, so wall time is shown too. PostgreSQL
is measured after a VACUUM, which its autovacuum does by itself within minutes, and with --unvacuumed before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import text

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from servers import running_postgres  # noqa: E402

from storage.database.database import SqlDatabase, open_database  # noqa: E402
from validators.evidence import Fingerprint  # noqa: E402
from validators.measures.reuse.fingerprint import fingerprint  # noqa: E402

TENANT = "default"
BATCH = 20_000
QUERIES = 200
CROPS = 8
SIDE = 16
BITS = SIDE * SIDE
RANDOM = np.random.default_rng(20260309)
TABLES = ("fingerprints", "hash_bands")
HEAD = (
    "store          stored  added/s  bytes    CPU, ms              wall, ms             found\n"
    "                                 each    p50    p95    max    p50    p95    max    a search"
)


def hashes_of(path: Path) -> list[np.ndarray]:
    """The 8 hashes of a photo and of crops of it, each of shape (8, 32)."""
    random = np.random.default_rng(len(path.name))
    with Image.open(path) as image:
        image.draft("RGB", (512, 512))
        image.thumbnail((512, 512))
        view = np.asarray(image.convert("RGB"))
    height, width = view.shape[:2]
    made = [fingerprint(view)]
    for _ in range(CROPS):
        share = random.uniform(0.4, 0.85)
        tall, wide = int(height * share), int(width * share)
        top, left = random.integers(0, height - tall + 1), random.integers(0, width - wide + 1)
        made.append(fingerprint(np.ascontiguousarray(view[top : top + tall, left : left + wide])))
    return [
        np.frombuffer(bytes.fromhex("".join(one.orientations)), dtype=np.uint8).reshape(8, 32)
        for one in made
        if one.orientations
    ]


def real_bits(folders: list[Path]) -> np.ndarray:
    """The bits of all photos and crops, shape (n, 8, 256)."""
    paths = sorted(path for folder in folders for path in folder.iterdir() if path.suffix.lower() == ".jpg")
    with ProcessPoolExecutor(2) as pool:
        found = [one for many in pool.map(hashes_of, paths, chunksize=16) for one in many]
    return np.unpackbits(np.stack(found), axis=2)


class Source:
    """Fingerprints to store and to look for; bits of shape (n, orientations, 256)."""

    def __init__(self, real: np.ndarray | None) -> None:
        self.real = real

    def some(self, count: int, orientations: int) -> np.ndarray:
        """Mixtures of real ones, or random bits."""
        if self.real is None:
            return RANDOM.integers(0, 2, (count, orientations, BITS), dtype=np.uint8)
        one, other = (self.real[RANDOM.integers(0, len(self.real), count), :orientations] for _ in range(2))
        half = count // 2
        taken = np.concatenate(
            [self._near_a_place(one[:half] != other[:half]), self._beyond_a_line(one[half:])]
        )
        return np.where(taken, other, one)

    @staticmethod
    def _near_a_place(differ: np.ndarray) -> np.ndarray:
        """Of the differing bits the 40 to 70 nearest to some coefficient."""
        place = RANDOM.uniform(0, SIDE, (len(differ), 1, 2))
        at = np.stack(np.divmod(np.arange(BITS), SIDE), axis=1)
        far = ((at[None] - place) ** 2).sum(axis=2)[:, None, :] + np.where(differ, 0.0, 1e6)
        wanted = RANDOM.integers(40, 71, (len(differ), 1, 1))
        ranks = far.argsort(axis=2).argsort(axis=2)
        return differ & (ranks < wanted)

    @staticmethod
    def _beyond_a_line(like: np.ndarray) -> np.ndarray:
        axis = RANDOM.integers(0, 2, (len(like), 1, 1)).astype(bool)
        row, column = np.divmod(np.arange(BITS), SIDE)
        return np.where(axis, row, column) >= RANDOM.integers(4, 13, (len(like), like.shape[1], 1))

    def stored(self, first: int, last: int) -> Iterator[np.ndarray]:
        """Bits (n, 1, 256) of those numbered ``first`` to ``last``: the real ones first, then mixtures."""
        for start in range(first, last, BATCH):
            count = min(last, start + BATCH) - start
            there = (
                self.real[start : start + count, :1]
                if self.real is not None
                else np.empty((0, 1, BITS), np.uint8)
            )
            yield np.concatenate([there, self.some(count - len(there), 1)])

    def queries(self, count: int) -> np.ndarray:
        """Half of them stored themselves, half not."""
        made = self.some(count, 8)
        if self.real is not None:
            made[::2] = self.real[RANDOM.integers(0, len(self.real), len(made[::2]))]
        return made


def told(bits: np.ndarray) -> Fingerprint:
    """Bits of shape (orientations, 256) as a fingerprint."""
    return Fingerprint("phash256", "1", tuple(row.tobytes().hex() for row in np.packbits(bits, axis=1)))


def fill(database: SqlDatabase, source: Source, first: int, last: int) -> float:
    """Store fingerprints numbered ``first`` to ``last``; wall seconds, making them not counted."""
    wall, number = 0.0, first
    for bits in source.stored(first, last):
        many = [(f"{number + n:064x}", 0, told(one)) for n, one in enumerate(bits)]
        number += len(many)
        began = time.perf_counter()
        with database.transaction() as records:
            records.add_fingerprints(TENANT, many)
        wall += time.perf_counter() - began
    return wall


def search(database: SqlDatabase, source: Source) -> tuple[np.ndarray, float]:
    """CPU and wall of each search in ms, shape (QUERIES, 2), and how many each found."""
    costs, found = [], 0
    for bits in source.queries(QUERIES):
        query = told(bits)
        cpu, wall = time.process_time(), time.perf_counter()
        with database.reading() as records:
            found += len(records.search(TENANT, query, 31))
        costs.append(((time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3))
    return np.array(costs), found / QUERIES


def size_of(database: SqlDatabase) -> int:
    """Bytes of the tables and their indexes."""
    with database.reading() as records:
        run = records._connection.execute
        if records._dialect == "postgresql":
            return sum(run(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one() for name in TABLES)
        return run(text("PRAGMA page_count")).scalar_one() * run(text("PRAGMA page_size")).scalar_one()


def vacuum(database: SqlDatabase) -> None:
    """What autovacuum does sooner or later."""
    with database._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM (ANALYZE) fingerprints, hash_bands"))


def measure(name: str, url: str | Path, sizes: list[int], source: Source, *, unvacuumed: bool) -> None:
    """Print a row for each size."""
    database = open_database(url)
    database.migrate()
    stored = 0
    for size in sizes:
        wall = fill(database, source, stored, size)
        for vacuumed in (False, True) if unvacuumed else (True,):
            if vacuumed:
                vacuum(database)
            costs, found = search(database, source)
            shown = "  ".join(
                "".join(f"{cost:7.1f}" for cost in row)
                for row in np.percentile(costs, [50, 95, 100], axis=0).T
            )
            print(
                f"{name:<11}{size:>10,}{(size - stored) / wall:>9,.0f}{size_of(database) / size:>7,.0f}"
                f"{shown}{found:>9.2f}{'' if vacuumed else '  unvacuumed'}",
                flush=True,
            )
        stored = size
    database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--photos", type=Path, nargs="+", default=[])
    parser.add_argument(
        "--postgresql", action="store_true", help="on PostgreSQL too (requirements/servers.in)"
    )
    parser.add_argument("--unvacuumed", action="store_true", help="PostgreSQL before its vacuum as well")
    parser.add_argument("--no-sqlite", action="store_true")
    given = parser.parse_args()
    sizes = sorted(given.sizes)
    source = Source(real_bits(given.photos) if given.photos else None)
    print(f"{0 if source.real is None else len(source.real):,} real fingerprints\n{HEAD}", flush=True)
    if not given.no_sqlite:
        with tempfile.TemporaryDirectory() as folder:
            measure("SQLite", Path(folder) / "index.sqlite", sizes, source, unvacuumed=False)
    with running_postgres(shared_buffers="128MB") if given.postgresql else nullcontext() as server:
        if server is not None:
            measure("PostgreSQL", server.create_database(), sizes, source, unvacuumed=given.unvacuumed)


if __name__ == "__main__":
    main()
