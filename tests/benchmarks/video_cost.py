"""What a video costs, side by side with ffmpeg's own work on the same clip, and how it grows with length.

    ./dev bench video_cost [--rounds N] [--clip FILE] [--long]

The clip is ten seconds of a hand-held 1080p view with grain and sound, repeated without encoding it again: 10, 60 and 300
seconds, and half an hour with --long. The job's figures are those of evidence check, all processes together, less a run on one
tiny file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests/benchmarks")]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from harness import Run, check_argv, gather, run, scratch_folder, spread, table, tiny_folder  # noqa: E402
from memory import peak  # noqa: E402
from video_clips import place  # noqa: E402

SEED = 20260309
SECONDS = 10
ALONE = """
[rules.limits.video_measured_s]
value = 0
source = "tests/benchmarks/video_cost.py"
why = "A poster and a contact sheet alone."
"""


def ten_seconds(path: Path) -> None:
    """A view of 1080p that wavers as in a hand, with grain, at a phone's bit rate and one key frame a second."""
    picture = path.with_suffix(".png")
    cv2.imwrite(str(picture), place(np.random.default_rng(SEED)))
    waver = "x='130+90*sin(t*0.9)+4*sin(t*9)':y='200+120*cos(t*0.7)+3*sin(t*11)'"
    command = ["ffmpeg", "-v", "error", "-y", "-loop", "1", "-framerate", "30", "-i", str(picture)]
    command += [
        "-f",
        "lavfi",
        "-i",
        "anoisesrc=color=pink:amplitude=0.2:sample_rate=44100",
        "-t",
        str(SECONDS),
    ]
    command += ["-vf", f"crop=1920:1080:{waver},noise=alls=5:allf=t,format=yuv420p", "-c:v", "libx264"]
    command += ["-preset", "veryfast", "-b:v", "12M", "-g", "30", "-c:a", "aac", "-shortest", str(path)]
    subprocess.run(command, check=True)


def repeated(clip: Path, times: int, path: Path) -> Path:
    """The clip so many times after itself."""
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-stream_loop",
        str(times - 1),
        "-i",
        str(clip),
        "-c",
        "copy",
        str(path),
    ]
    subprocess.run(command, check=True)
    return path


def decode(clip: Path) -> Run:
    """One full decode by ffmpeg."""
    return run(["ffmpeg", "-v", "error", "-i", str(clip), "-f", "null", "-"])


def bare_sheet(clip: Path, seconds: float, scratch: Path) -> Run:
    """ffmpeg's own sheet of 12 key frames."""
    sheet = ["-vf", f"fps=12/{seconds:g},scale=320:-2,tile=4x3", "-frames:v", "1", str(scratch / "sheet.jpg")]
    return run(["ffmpeg", "-v", "error", "-y", "-skip_frame", "nokey", "-i", str(clip), "-an", *sheet])


def checked(folder: Path, scratch: Path, *options: str) -> Run:
    """The whole job on a folder."""
    done = run([*check_argv(folder, scratch), *options])
    if done.status not in (0, 1):
        raise SystemExit(f"evidence check ended with status {done.status}")
    return done


def side_by_side(clip: Path, seconds: float, rounds: int, scratch: Path) -> None:
    """Print the two ratios."""
    folder, tiny = gather([clip], scratch / "clip"), tiny_folder(scratch)
    policy = scratch / "alone.toml"
    policy.write_text(ALONE)
    all_of_it, alone, units, bare = [], [], [], []
    for _ in range(rounds):
        start = checked(tiny, scratch).cpu
        unit, sheet = decode(clip).cpu, bare_sheet(clip, seconds, scratch).cpu
        units.append(unit)
        bare.append(sheet)
        all_of_it.append((checked(folder, scratch).cpu - start) / unit)
        alone.append((checked(folder, scratch, "--policy", str(policy)).cpu - start) / sheet)
    print(f"### {seconds:g} s, {rounds} rounds, one job; CPU: median (range)\n")
    table(
        [
            ("what", "in units of", "ratio (goal 2)"),
            ("everything but the preview", f"a full decode, {spread(units)} s", spread(all_of_it)),
            (
                "poster and contact sheet alone",
                f"ffmpeg's sheet of 12 key frames, {spread(bare)} s",
                spread(alone),
            ),
        ]
    )
    with_preview = checked(folder, scratch, "--previews").cpu - checked(folder, scratch).cpu
    print(f"\nThe preview, when asked for: {with_preview / units[-1]:.2f} full decodes more.")


def growth(clips: dict[int, Path], scratch: Path) -> None:
    """Print CPU a second of the clip and the peak of memory, by length."""
    start = checked(tiny_folder(scratch), scratch).cpu
    rows = [("length, s", "CPU, s", "CPU a second of the clip, ms", "peak of summed PSS, MB (goal 250)")]
    for seconds, clip in clips.items():
        folder = gather([clip], scratch / f"long-{seconds}")
        cpu = checked(folder, scratch).cpu - start
        highest = peak(check_argv(folder, scratch)) * 1024 / 1e6
        rows.append((str(seconds), f"{cpu:.1f}", f"{cpu / seconds * 1000:.0f}", f"{highest:.0f}"))
    print("\n### Growth\n")
    table(rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clip", type=Path, help="a clip of 60 s to take instead of the generated one")
    parser.add_argument("--long", action="store_true", help="half an hour too")
    options = parser.parse_args()
    with scratch_folder() as scratch:
        ten = scratch / "ten.mp4"
        ten_seconds(ten)
        lengths = (10, 60, 300, 1800) if options.long else (10, 60, 300)
        clips = {s: repeated(ten, s // SECONDS, scratch / f"{s}.mp4") for s in lengths}
        (scratch / "a").mkdir()
        (scratch / "b").mkdir()
        side_by_side(options.clip or clips[60], 60, options.rounds, scratch / "a")
        growth(clips, scratch / "b")


if __name__ == "__main__":
    main()
