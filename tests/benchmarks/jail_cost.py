"""What the jail costs: CPU of opening in it against the same work in one process, side by side.

    python tests/benchmarks/jail_cost.py FOLDER... [--files 60] [--videos FOLDER]

Photos: the jail's child does what the process does, so the difference is the fork, the confinement and the copying of
planes. Videos: the very commands of ffprobe and ffmpeg, in the jail and bare. Rounds take turns, so that a busy machine
burdens both alike; the least of three counts. CPU is that of this process and of all that it started.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
from harness import table
from reuse_engine import opened_in_process

from pipeline.opening import child
from pipeline.opening.jail import Jail, Outcome
from pipeline.opening.limits import Limits, limits_of
from pipeline.opening.opener import Opener
from pipeline.opening.probe import UPLOAD
from pipeline.opening.tools import find_tools
from pipeline.policies import load_policy
from pipeline.settings import content_thresholds

POLICY = load_policy()
LIMITS = limits_of(POLICY)
ROUNDS = 3


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--videos", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    child.warm_up()
    with Jail() as jail:
        print(f"\nJail of level {jail.level}; CPU, ms a file, least of {ROUNDS} rounds")
        opener = Opener(jail, find_tools(), LIMITS, content_thresholds(POLICY))
        if options.folders:
            photos = _photos(options.folders, options.files)
            inside, outside = _rounds(
                jail,
                lambda: [opener.open(path) for path in photos],
                lambda: [_plain(path) for path in photos],
            )
            _print(f"{len(photos)} photos", len(photos), inside, outside)
        if options.videos is not None:
            commands = list(_commands(jail, opener, options.videos))
            inside, outside = _rounds(
                jail,
                lambda: [jail.run_tool(upload, argv, LIMITS) for upload, argv in commands],
                lambda: [_bare(upload, argv) for upload, argv in commands],
            )
            _print(f"{len(commands)} runs of ffprobe and ffmpeg", len(commands), inside, outside)


def _photos(folders: list[Path], count: int) -> list[Path]:
    every = [path for folder in folders for path in sorted(folder.iterdir())]
    jpegs = [path for path in every if path.suffix.lower() in (".jpg", ".jpeg")]
    return jpegs[:: max(1, len(jpegs) // count)][:count]


def _plain(path: Path) -> None:
    opened_in_process(path.read_bytes())


def _commands(jail: Jail, opener: Opener, folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Every command that opening the clips runs, with the clip."""
    seen: list[list[str]] = []
    run_tool = jail.run_tool

    def noting(upload: int, argv: list[str], limits: Limits) -> Outcome:
        seen.append(argv)
        return run_tool(upload, argv, limits)

    measure_output = jail.measure_output

    def noting_film(upload: int, argv: list[str], *more: Any) -> tuple[Outcome, Outcome]:
        seen.append(argv)
        return measure_output(upload, argv, *more)

    for path in sorted(folder.iterdir()):
        seen.clear()
        jail.run_tool, jail.measure_output = noting, noting_film  # type: ignore[method-assign]
        opener.open(path)
        jail.run_tool, jail.measure_output = run_tool, measure_output  # type: ignore[method-assign]
        upload = os.open(path, os.O_RDONLY)
        for argv in seen:
            yield upload, argv


def _bare(upload: int, argv: list[str]) -> None:
    here = [part.replace(UPLOAD, f"/proc/self/fd/{upload}") for part in argv]
    subprocess.run(here, pass_fds=(upload,), capture_output=True, check=False)


def _rounds(jail: Jail, inside: Callable[[], object], outside: Callable[[], object]) -> tuple[float, float]:
    assert jail._process is not None
    zygote = jail._process.pid
    pairs = [(_spent(zygote, inside), _spent(zygote, outside)) for _ in range(ROUNDS)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def _spent(zygote: int, work: Callable[[], object]) -> float:
    """CPU in ms of this process, of what it ran, and of the zygote with the children it has reaped."""
    before = _own() + _of_process(zygote)
    work()
    return _own() + _of_process(zygote) - before


def _own() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(one.ru_utime + one.ru_stime for one in used)


def _of_process(pid: int) -> float:
    """From /proc, in clock ticks of 10 ms: fine enough for a whole round."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _print(what: str, count: int, inside: float, outside: float) -> None:
    table(
        [
            (what, "CPU"),
            ("in the jail", f"{inside / count:.1f}"),
            ("without", f"{outside / count:.1f}"),
            ("more", f"{(inside - outside) / count:.1f} ({inside / outside - 1:.1%})"),
        ]
    )


if __name__ == "__main__":
    main()
