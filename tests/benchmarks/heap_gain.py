"""What laying out the zygote's heap saves of a photo's CPU in the jail, by the same zygote with and without it.

    ./dev bench heap_gain FOLDER [--rounds N] [--photos N]

Both are alternated in one run. The figure is the zygote's and its children's CPU, less that of loading.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
from pathlib import Path

from harness import camera_files, table

from pipeline.opening.host import jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

WITHOUT = """
import runpy, sys
sys.path[:0] = sys.argv.pop(1).split(":")
import pipeline.opening.heap
pipeline.opening.heap.prepare_heap = lambda: None
sys.argv[0] = "zygote"
runpy.run_module("pipeline.opening.child.zygote", run_name="__main__", alter_sys=True)
"""
ROOT = str(Path(__file__).resolve().parents[2])
ZYGOTES = {
    "with": jail.ZYGOTE,
    "without": (sys.executable, "-I", "-c", WITHOUT, ROOT),
}


def measured(command: tuple[str, ...], photos: list[Path]) -> tuple[float, float]:
    """CPU in ms and page faults a photo; of no photo: of loading, in all."""
    jail.ZYGOTE = command
    policy = load_policy()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with jail.Jail(namespaces=False) as running:
        opener = Opener(running, find_tools(), limits_of(policy), content_thresholds(policy))
        for path in photos:
            opener.open(path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * cpu, float(after.ru_minflt - before.ru_minflt)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photos", type=int, default=40)
    options = parser.parse_args()
    photos = camera_files(options.folder)[: options.photos]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ZYGOTES}
    for _ in range(options.rounds):
        for name, command in ZYGOTES.items():
            whole, start = measured(command, photos), measured(command, photos[:1])
            found[name].append(tuple((a - b) / (len(photos) - 1) for a, b in zip(whole, start, strict=True)))
    rows = [
        (name, f"{statistics.median(ms for ms, _ in of):.1f}", f"{statistics.median(n for _, n in of):.0f}")
        for name, of in found.items()
    ]
    gains = [1 - a / b for (a, _), (b, _) in zip(found["with"], found["without"], strict=True)]
    print(f"{len(photos)} photos, {options.rounds} rounds, {os.cpu_count()} cores")
    table([("heap", "ms of CPU a photo", "page faults a photo"), *rows])
    print(f"saved: {statistics.median(gains):.1%} ({min(gains):.1%} to {max(gains):.1%})")


if __name__ == "__main__":
    main()
