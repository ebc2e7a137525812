"""What the jail costs: CPU of opening in it against the same work without it, side by side.

    ./dev bench jail_cost FOLDER... [--files 60] [--videos FOLDER] [--minute] [--rounds 3]

Photos: the jail's child does what the process does, so the difference is the fork, the confinement and the copying of
planes. Whole clips: the same commands and the same measuring of their frames, in the jail and bare; --minute adds a made clip
of 60 s. Runs: the commands of ffprobe and ffmpeg alone, which is stricter. Rounds take turns, so that a busy machine burdens
both alike; the least counts. CPU is that of this process and of all that it started.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
from bare_opening import BareOpener, NoJail, started
from harness import scratch_folder, table
from reuse_engine import opened_in_process
from video_cost import SECONDS, repeated, ten_seconds

from pipeline.opening.child import child
from pipeline.opening.host.jail import Jail, Outcome
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import Limits, limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

POLICY = load_policy()
LIMITS = limits_of(POLICY)
MINUTE = 60

Row = tuple[str, str, str, str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--videos", type=Path)
    parser.add_argument("--minute", action="store_true", help="a made clip of 60 s too")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    child.warm_up()
    with Jail(namespaces=False) as jail:
        print(f"\nJail of level {jail.level}; CPU, ms, least of {options.rounds} rounds\n")
        table([("what", "in the jail", "without", "more"), *_rows(jail, options)])


def _rows(jail: Jail, options: argparse.Namespace) -> Iterator[Row]:
    opener = Opener(jail, find_tools(), LIMITS, content_thresholds(POLICY))
    if options.folders:
        yield _photos_row(jail, opener, _photos(options.folders, options.files), options.rounds)
    if options.videos is not None:
        clips = sorted(options.videos.iterdir())
        yield _clips_row(f"{len(clips)} clips, a clip", jail, opener, clips, options.rounds)
        yield _runs_row(jail, opener, clips, options.rounds)
    if options.minute:
        with scratch_folder() as scratch:
            ten_seconds(scratch / "ten.mp4")
            clip = repeated(scratch / "ten.mp4", MINUTE // SECONDS, scratch / "minute.mp4")
            yield _clips_row(f"a clip of 1080p H.264, {MINUTE} s", jail, opener, [clip], options.rounds)


def _photos_row(jail: Jail, opener: Opener, photos: list[Path], rounds: int) -> Row:
    return _row(
        f"{len(photos)} photos, a photo", len(photos), jail, rounds,
        lambda: [opener.open(path) for path in photos],
        lambda: [_plain(path) for path in photos],
    )  # fmt: skip


def _clips_row(what: str, jail: Jail, opener: Opener, clips: list[Path], rounds: int) -> Row:
    """Whole examinations. Raises AssertionError where the two do not give the very same."""
    none: Any = NoJail()
    bare = BareOpener(none, opener.tools, opener.limits, opener.content)
    for clip in clips:
        assert opener.open(clip) == bare.open(clip), clip
    return _row(
        what, len(clips), jail, rounds,
        lambda: [opener.open(clip) for clip in clips],
        lambda: [bare.open(clip) for clip in clips],
    )  # fmt: skip


def _runs_row(jail: Jail, opener: Opener, clips: list[Path], rounds: int) -> Row:
    commands = list(_commands(jail, opener, clips))
    return _row(
        f"{len(commands)} runs of ffprobe and ffmpeg, a run", len(commands), jail, rounds,
        lambda: [jail.run_tool(upload, argv, LIMITS) for upload, argv in commands],
        lambda: [_bare(upload, argv) for upload, argv in commands],
    )  # fmt: skip


def _photos(folders: list[Path], count: int) -> list[Path]:
    every = [path for folder in folders for path in sorted(folder.iterdir())]
    jpegs = [path for path in every if path.suffix.lower() in (".jpg", ".jpeg")]
    return jpegs[:: max(1, len(jpegs) // count)][:count]


def _plain(path: Path) -> None:
    opened_in_process(path.read_bytes())


def _commands(jail: Jail, opener: Opener, clips: list[Path]) -> Iterator[tuple[int, list[str]]]:
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

    for path in clips:
        seen.clear()
        jail.run_tool, jail.measure_output = noting, noting_film  # type: ignore[method-assign]
        opener.open(path)
        jail.run_tool, jail.measure_output = run_tool, measure_output  # type: ignore[method-assign]
        upload = os.open(path, os.O_RDONLY)
        for argv in seen:
            yield upload, argv


def _bare(upload: int, argv: list[str]) -> None:
    with started(upload, argv) as tool:
        tool.communicate()


def _row(
    what: str,
    count: int,
    jail: Jail,
    rounds: int,
    inside: Callable[[], object],
    outside: Callable[[], object],
) -> Row:
    """CPU in ms a file, of the round in which it was least."""
    assert jail._process is not None
    zygote = jail._process.pid
    pairs = [(_spent(zygote, inside), _spent(zygote, outside)) for _ in range(rounds)]
    jailed, bare = (min(pair[side] for pair in pairs) / count for side in (0, 1))
    return what, f"{jailed:.1f}", f"{bare:.1f}", f"{jailed - bare:.1f} ({jailed / bare - 1:.1%})"


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


if __name__ == "__main__":
    main()
