"""What many uploads to one dispute cost: CPU of each, rows and bytes written, revisions of the report.

    ./dev bench one_dispute [--uploads 240] [--burst]

Photos of 320 × 240 that nobody has seen before go to one dispute, through a worker in this process with an embedded store.
They come one by one, each when the one before has its report; with --burst all at once. CPU is that of this process and its
children. Rows are those that INSERT and UPDATE statements changed in the record.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))

from pictures import save, scene
from sqlalchemy import Engine, event

from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.messages.own import own_message
from pipeline.setup.policies import load_policy
from pipeline.wiring.worker_assembly import open_worker

ROWS: Counter[str] = Counter()
REPORTS = ("evidence_reports", "dispute_reports", "queue_lines")


@event.listens_for(Engine, "after_cursor_execute")
def count_rows(_connection, cursor, statement, *_):
    """Add what the statement changed to its table's count."""
    verb, *words = statement.split(maxsplit=4)
    if verb in ("INSERT", "UPDATE"):
        ROWS[words[1] if verb == "INSERT" else words[0]] += max(cursor.rowcount, 0)


def cpu_s() -> float:
    """CPU of this process and of the children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> None:
    """Feed, wait, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--uploads", type=int, default=240)
    parser.add_argument("--burst", action="store_true")
    options = parser.parse_args()
    os.environ["EVIDENCE_BUBBLEWRAP"] = "0"
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        with open_worker(store, load_policy(None), 2 if options.burst else 1, once=False) as worker:
            feed = Feed(worker, options.uploads)
            ROWS.clear()
            burst(feed, options.uploads) if options.burst else one_by_one(feed, options.uploads)
        print_written(store / "evidence.sqlite", options.uploads)


class Feed:
    """Photos under keys of one dispute, made before anything is measured."""

    def __init__(self, worker, uploads: int) -> None:
        self.worker = worker
        for number in range(uploads):
            path = worker.context.incoming / f"{number}.jpg"
            save(scene(number, 320, 240), path)
            worker.context.uploads.put_file(f"D-1/buyer/{number}.jpg", path)
            path.unlink()

    def send(self, number: int) -> None:
        """Tell the worker of one photo."""
        key = f"D-1/buyer/{number}.jpg"
        notice = UploadNotice(kind=CREATED, bucket=None, key=key, etag=str(number), size=1)
        self.worker.parts.intake.uploads.send([own_message(notice)])

    def wait_for(self, items: int) -> None:
        """Until the report has so many items and the queue is empty."""
        queue = self.worker.parts.intake.uploads
        while queue.depth().total or self.items() < items:
            time.sleep(0.02)

    def items(self) -> int:
        """How many items the newest report has."""
        with self.worker.context.database.reading() as records:
            return len(records.evidence_of("default", "D-1")) if records.report("default", "D-1") else 0


def running(worker) -> threading.Thread:
    """The worker in a thread."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    return thread


def one_by_one(feed: Feed, uploads: int) -> None:
    """Print the CPU of the 10th and of the last, each as the median of eleven around it."""
    thread = running(feed.worker)
    costs = []
    for number in range(uploads):
        before = cpu_s()
        feed.send(number)
        feed.wait_for(number + 1)
        costs.append(cpu_s() - before)
    feed.worker.asked_to_stop = True
    thread.join()
    tenth, last = statistics.median(costs[4:15]), statistics.median(costs[-11:])
    print(f"CPU of the 10th upload: {1000 * tenth:.0f} ms; of upload {uploads}: {1000 * last:.0f} ms")
    print(f"ratio: {last / tenth:.2f} (goal 1.5)")


def burst(feed: Feed, uploads: int) -> None:
    """Print how long a burst takes, and its CPU."""
    for number in range(uploads):
        feed.send(number)
    before, started = cpu_s(), time.monotonic()
    thread = running(feed.worker)
    feed.wait_for(uploads)
    elapsed = time.monotonic() - started
    feed.worker.asked_to_stop = True
    thread.join()
    print(
        f"{uploads} uploads in {elapsed:.1f} s, {1000 * (cpu_s() - before) / uploads:.0f} ms of CPU an upload"
    )


def print_written(path: Path, uploads: int) -> None:
    """Rows an upload, those of reports that were there before, and what the revisions take."""
    with sqlite3.connect(path) as connection:
        (revisions, size) = connection.execute(
            "SELECT count(*), sum(length(body)) FROM dispute_reports"
        ).fetchone()
        there = sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in REPORTS)
    written = sum(ROWS[table] for table in REPORTS)
    print(f"rows of reports written: {written / uploads:.1f} an upload")
    print(f"of which written again: {(written - there) / uploads:.1f} (goal 3)")
    print(f"all rows written: {ROWS.total() / uploads:.1f} an upload")
    print(f"{revisions} revisions, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
