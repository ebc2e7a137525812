"""Messages a second by number of workers, on both stacks, and what bounds them.

    ./dev bench worker_throughput [FOLDER] [--messages 400] [--stack embedded|servers|both] [--workers 1,2,4]

FOLDER holds photos, one upload each, ten to a dispute; without it small photos are drawn (320 x 240). Workers have one slot
each and are started before the clock: the rate is taken between a tenth and nine tenths of the queue drained. Servers run on
the same machine, and their CPU counts as the machine's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))

from kit import EVIDENCE
from pictures import save, scene
from servers import running_ministack, running_postgres, running_s3
from worker_stacks import Stack, served

from pipeline.intake.worker_settings import read_worker_settings
from pipeline.wiring.worker_assembly import open_queues

POLL_S = 0.1


def main() -> None:
    """Run every combination and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--stack", choices=["embedded", "servers", "both"], default="both")
    parser.add_argument("--workers", default="1,2,4")
    options = parser.parse_args()
    stacks = ["embedded", "servers"] if options.stack == "both" else [options.stack]
    with tempfile.TemporaryDirectory() as scratch:
        cases = Path(scratch) / "cases"
        total = arrange(options.folder, options.messages, cases)
        print(f"{total} uploads, {os.cpu_count()} cores\n")
        print(
            "| stack | workers | uploads a second | CPU of the machine in use | CPU an upload, all processes |"
        )
        print("|---|---|---|---|---|")
        for name in stacks:
            for workers in map(int, options.workers.split(",")):
                print(f"| {name} | {workers} | {rate(name, workers, cases, total)} |", flush=True)


def arrange(folder: Path | None, count: int, cases: Path) -> int:
    """Ten uploads to a dispute; how many there are."""
    if folder is None:
        for number in range(count):
            save(scene(number, 320, 240), cases / f"D-{number // 10}" / "buyer" / f"{number}.jpg")
        return count
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))[:count]
    for number, path in enumerate(files):
        target = cases / f"D-{number // 10}" / "buyer" / f"{number}{path.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return len(files)


def rate(name: str, workers: int, cases: Path, total: int) -> str:
    """The measured columns of one row."""
    with ExitStack() as context:
        folder = Path(context.enter_context(tempfile.TemporaryDirectory()))
        stack = Stack(folder)
        if name == "servers":
            running = [
                context.enter_context(start()) for start in (running_postgres, running_s3, running_ministack)
            ]
            stack = served(folder, *running)
        before = dict(os.environ)
        os.environ.update(stack.settings)
        try:
            fed = stack.run("enqueue", cases)
            assert fed.status in (0, 1), fed.log
            return drained(stack, folder, workers, total)
        finally:
            os.environ.clear()
            os.environ.update(before)


def drained(stack: Stack, folder: Path, workers: int, total: int) -> str:
    """Drain with so many workers; the rate of the middle eight tenths."""
    command = [EVIDENCE, "worker", "--jobs", "1", "--store", str(folder / "store"), "--log-level", "ERROR"]
    processes = [subprocess.Popen(command, env=stack.environment, cwd=folder) for _ in range(workers)]
    intake = open_queues(read_worker_settings(folder / "store"))
    try:
        started = left_below(intake, 0.9 * total)
        ended = left_below(intake, 0.1 * total)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)
        intake.close()
    wall, busy = ended[0] - started[0], ended[1] - started[1]
    done = 0.8 * total
    share = busy / (wall * (os.cpu_count() or 1))
    return f"{done / wall:.1f} | {100 * share:.0f} % | {1000 * busy / done:.0f} ms"


def left_below(intake, count: float) -> tuple[float, float]:
    """Wall time and the machine's busy CPU seconds once fewer messages are left."""
    while sum(queue.depth().total for queue in intake.queues()) > count:
        time.sleep(POLL_S)
    return time.monotonic(), busy_seconds()


def busy_seconds() -> float:
    """CPU seconds of the machine that were not idle, all processes together."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
