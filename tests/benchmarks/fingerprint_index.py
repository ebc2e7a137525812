"""What an exact search costs as fingerprints grow, and what storing one photo costs.

    python tests/benchmarks/fingerprint_index.py [--sizes 1000 10000 100000] [--postgresql]

Random 256-bit hashes, the hardest case for the bands' spread; queries in 8 random orientations at distance
31. CPU is this process's; for PostgreSQL the server works elsewhere, so wall time is shown too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from servers import running_postgres  # noqa: E402

from storage.database import SqlDatabase, open_database  # noqa: E402
from storage.interfaces import Examination, StoredDerivative  # noqa: E402
from validators.evidence import (  # noqa: E402
    ClarityMeasures,
    ContentMeasures,
    Evidence,
    Fingerprint,
    ImageFacts,
    Measurements,
    TimeCandidate,
)

TENANT = "default"
NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)
BATCH = 1000
QUERIES = 50
PHOTOS = 100
ROUNDS = 5
RANDOM = np.random.default_rng(20260309)


def random_fingerprint() -> Fingerprint:
    """8 unrelated random hashes: no two probes coincide."""
    return Fingerprint("phash256", "1", tuple(RANDOM.bytes(32).hex() for _ in range(8)))


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """CPU and wall time of ``work`` in ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def fill(database: SqlDatabase, first: int, last: int) -> None:
    """Add random fingerprints numbered ``first`` to ``last``."""
    for start in range(first, last, BATCH):
        with database.transaction() as records:
            records.add_fingerprints(
                TENANT, [(f"{n:064x}", random_fingerprint()) for n in range(start, min(last, start + BATCH))]
            )


def search_cost(database: SqlDatabase) -> tuple[float, float]:
    """CPU and wall time of one search, in ms: the fastest of some rounds."""
    queries = [random_fingerprint() for _ in range(QUERIES)]

    def work() -> None:
        with database.reading() as records:
            for query in queries:
                records.search(TENANT, query, 31)

    best = min(timed(work) for _ in range(ROUNDS))
    return best[0] / QUERIES, best[1] / QUERIES


def photo(number: int) -> tuple[Evidence, Examination, Fingerprint]:
    """The records of one healthy camera photo."""
    sha256 = RANDOM.bytes(32).hex()
    fingerprint = random_fingerprint()
    measurements = Measurements(
        version="1",
        detected_type="image/jpeg",
        kind="photo",
        image=ImageFacts(4000, 3000, "JPEG"),
        clarity=ClarityMeasures(0.6, 900, 1.5, 120.0, 20.0, 220.0, 50.0, 0.02, 0.01, 0.1),
        content=ContentMeasures(0.1, 0.1, 0.0, 0.1),
        fingerprint=fingerprint,
        pixels_sha256=sha256,
        times=tuple(
            TimeCandidate("exif:DateTimeOriginal", "2026:03:01 10:00:00", NOW, NOW, False) for _ in range(4)
        ),
        metadata={f"Exif.Photo.Tag{n}": f"value {n}" for n in range(40)},
    )
    kinds = ("preview", "thumbnail", "comparison")
    derivatives = tuple(
        StoredDerivative(kind, f"{sha256}/{kind}", 800, 600, sha256, "pillow 13") for kind in kinds
    )
    evidence = Evidence(
        f"E-{number}", f"D-{number // 20}", f"photo{number}.jpg", sha256, 3_000_000, NOW, party="buyer"
    )
    return evidence, Examination(sha256, 3_000_000, "1", "full", measurements, derivatives), fingerprint


def photo_cost(database: SqlDatabase) -> tuple[float, float]:
    """CPU and wall time of storing one photo and looking for others like it, in ms, two transactions each."""
    report = (
        '{"findings":[' + ",".join('{"code":"TIM_NO_CAPTURE_TIME","message":"…"}' for _ in range(30)) + "]}"
    )
    numbers = iter(range(10**9))

    def work(photos: list[tuple[Evidence, Examination, Fingerprint]]) -> None:
        for evidence, examination, fingerprint in photos:
            with database.transaction() as records:
                records.put_evidence([evidence])
                records.put_examinations(TENANT, [examination])
                records.add_fingerprints(TENANT, [(evidence.sha256, fingerprint)])
            with database.transaction() as records:
                records.search(TENANT, fingerprint, 31)
                records.put_evidence_reports(TENANT, "1", "policy", [(evidence.id, "USABLE", report)])

    best = (float("inf"), 0.0)
    for _ in range(ROUNDS):
        photos = [photo(next(numbers)) for _ in range(PHOTOS)]
        best = min(best, timed(lambda photos=photos: work(photos)))
    return best[0] / PHOTOS, best[1] / PHOTOS


def measure(name: str, url: str | Path, sizes: list[int]) -> None:
    """Print one row for each size."""
    database = open_database(url)
    database.migrate()
    stored = 0
    for size in sizes:
        fill(database, stored, size)
        stored = size
        search, whole = search_cost(database), photo_cost(database)
        print(
            f"{name:<11}{size:>10,}{search[0]:>12.2f}{search[1]:>8.2f}{whole[0]:>12.2f}{whole[1]:>8.2f}",
            flush=True,
        )
    database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--postgresql", action="store_true", help="on PostgreSQL too (requirements/servers.in)"
    )
    arguments = parser.parse_args()
    print("             random       one search, ms    one whole photo, ms")
    print("store        hashes         CPU    wall         CPU    wall")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder) / "index.sqlite", sorted(arguments.sizes))
    with running_postgres() if arguments.postgresql else nullcontext() as server:
        if server is not None:
            measure("PostgreSQL", server.create_database(), sorted(arguments.sizes))


if __name__ == "__main__":
    main()
