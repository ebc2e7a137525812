"""Peak memory of a whole run: the proportional set sizes (PSS) of all its processes, summed, sampled every 20 ms.

./dev bench memory FOLDER [--jobs N]
"""

from __future__ import annotations

import argparse
import subprocess
import time
from pathlib import Path

from harness import camera_files, check_argv, gather, scratch_folder, table


def descendants(root: int) -> list[int]:
    """The process and everything below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += children.get(pid, [])
    return found


def pss(pid: int) -> int:
    """PSS of one process in KiB; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def peak(argv: list[str]) -> int:
    """The highest summed PSS in KiB while the command runs."""
    highest = 0
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            highest = max(highest, sum(pss(pid) for pid in descendants(process.pid)))
            time.sleep(0.02)
    return highest


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as scratch:
        photos = gather(camera_files(options.folder), scratch / "photos")
        highest = peak(check_argv(photos, scratch, options.jobs))
        table([("jobs", "peak of summed PSS, MB"), (str(options.jobs), f"{highest * 1024 / 1e6:.0f}")])


if __name__ == "__main__":
    main()
