"""How long the console takes on the server's side: the first view of a case with 40 items, a queue of 10,000 disputes.

    ./dev bench console [--disputes N] [--items N] [--rounds N]

A case of drawn photos is opened, judged and attached by the product. The queue's lines and file names are put on the
record of an embedded store, five files a dispute. Times are of whole requests to the ASGI application, in this process,
headers, access and templates included; "first" is of a process that has shown no page of that kind yet.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "pipeline" / "console")]

import numpy as np  # noqa: E402
from console_access import HERE, LOCAL  # noqa: E402
from console_store import BLURRED, SHARP, Filling, open_context_in, photo, sha  # noqa: E402
from real_opening import real_opener  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from pipeline.console.app import make_app  # noqa: E402
from pipeline.console.core.console_context import Console  # noqa: E402
from pipeline.setup.context import Context  # noqa: E402
from storage.interfaces.dispute_queue import QueueLine  # noqa: E402
from validators.evidence import Evidence  # noqa: E402

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
FILES_A_DISPUTE = 5


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--disputes", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with TemporaryDirectory() as folder, real_opener() as (opener, _):
        context = open_context_in(Path(folder), opener)
        fill_case(context, given.items)
        fill_queue(context, given.disputes)
        client = TestClient(make_app(Console(context, LOCAL, lambda: NOW)), HERE)
        print(f"{'page':54} {'first':>8} {'median':>8} {'p95':>8}   goal")
        show(f"a case with {given.items} items", "300 ms", timed(client, "/case/C-1", given.rounds))
        show("one of its items", "", timed(client, "/item/item-1", given.rounds))
        queue = f"the queue of {given.disputes:,} disputes"
        show(queue, "200 ms", timed(client, "/", given.rounds))
        show(
            f"{queue}, by what needs you", "200 ms", timed(client, "/?order=needs&waiting=yes", given.rounds)
        )
        show(
            f"{queue}, its last page", "200 ms", timed(client, f"/?page={given.disputes // 50}", given.rounds)
        )
        show("searching it by order", "200 ms", timed(client, "/?q=O-0042", given.rounds))
        show("searching it by file name", "200 ms", timed(client, "/?q=crack-77", given.rounds))
        show("searching it by SHA-256", "200 ms", timed(client, f"/?q={sha('D-00042/3')}", given.rounds))
        context.database.close()


def fill_case(context: Context, items: int) -> None:
    """A case whose items have findings, metadata and pictures."""
    filling = Filling(context)
    filling.dispute("C-1")
    random = np.random.default_rng(1)
    for number in range(items):
        picture = random.integers(0, 255, (768, 1024, 3), np.uint8)
        metadata = {f"Tag {n}": "a value of some length" for n in range(40)}
        measured = photo(clarity=BLURRED if number % 4 == 0 else SHARP, metadata=metadata)
        party = "seller" if number % 3 == 0 else "buyer"
        filling.item(
            f"item-{number}", "C-1", measured, [picture], party=party, file=f"{party}/IMG_{number}.jpg"
        )
    filling.judge("C-1")


def fill_queue(context: Context, disputes: int) -> None:
    """A line and some files for each dispute."""
    for start in range(0, disputes, 1000):
        with context.database.transaction() as records:
            for number in range(start, min(start + 1000, disputes)):
                records.put_queue_line("default", _line(number))
            records.put_evidence(
                _file(number, place)
                for number in range(start, min(start + 1000, disputes))
                for place in range(FILES_A_DISPUTE)
            )


def _line(number: int) -> QueueLine:
    return QueueLine(
        f"D-{number:05}", 1, NOW, "NOT_AS_DESCRIBED", ("damaged", "colour", "defective")[number % 3], "NEGOTIATION",
        f"O-{number:04}", False, FILES_A_DISPUTE, number % 4, number % 3, number % 2, number % 4 // 2, 0,
        NOW + timedelta(minutes=number * 7 % 50_000), "evidence", ("seller_answer",) if number % 5 == 0 else (),
        (("NEEDS_RESUBMISSION", 1), ("USABLE", 4)),
    )  # fmt: skip


def _file(number: int, place: int) -> Evidence:
    dispute = f"D-{number:05}"
    return Evidence(
        f"ev-{number}-{place}",
        dispute,
        f"buyer/crack-{number}-{place}.jpg",
        sha(f"{dispute}/{place}"),
        9,
        NOW,
    )


def timed(client: TestClient, path: str, rounds: int) -> list[float]:
    """Milliseconds of each request, the first one first."""

    def once() -> float:
        began = time.perf_counter()
        answer = client.get(path)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
        return took

    return [once() for _ in range(rounds + 1)]


def show(name: str, goal: str, times: list[float]) -> None:
    """One line of the table."""
    first, rest = times[0], sorted(times[1:])
    p95 = rest[min(len(rest) - 1, round(len(rest) * 0.95))]
    print(f"{name:54} {first:6.0f} ms {statistics.median(rest):5.0f} ms {p95:5.0f} ms   {goal}")


if __name__ == "__main__":
    main()
