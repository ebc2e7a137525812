"""Two jobs in one run against two independent one-job runs at the same time, on the same photos.

    ./dev bench jobs FOLDER [--rounds N] [--repeat K]

The figure is throughput over throughput; start-up is in both.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from pathlib import Path

from harness import camera_files, check, check_argv, gather, scratch_folder, spread, table


def both(first: list[str], second: list[str]) -> float:
    """Wall seconds until two commands, started together, have both ended."""
    start = time.perf_counter()
    running = [subprocess.Popen(argv, stdout=subprocess.DEVNULL) for argv in (first, second)]
    if any(process.wait() not in (0, 1) for process in running):
        raise SystemExit("a run failed")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=3, help="each photo this many times, changed by a byte")
    options = parser.parse_args()
    with scratch_folder() as scratch:
        files = camera_files(options.folder)
        halves = [gather(files[i::2] * options.repeat, scratch / f"half{i}") for i in (0, 1)]
        whole = gather(files * options.repeat, scratch / "whole")
        for folder in (*halves, whole):
            for number, path in enumerate(sorted(folder.iterdir())):
                with path.open("ab") as stream:
                    stream.write(b"%d" % number)  # other bytes, same picture: nothing is skipped as known
        ratios = []
        for _ in range(options.rounds):
            apart = both(*(check_argv(folder, scratch) for folder in halves))
            together = check(whole, scratch, jobs=2).wall
            ratios.append(apart / together)
        rows = [("photos", "throughput of --jobs 2 over that of two runs: median (range)")]
        table([*rows, (str(len(files) * options.repeat), spread(ratios))])


if __name__ == "__main__":
    main()
