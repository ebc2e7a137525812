"""How well a clip is found in another dispute, edited in eight ways: trimmed, encoded again, filmed off a screen and others.

    python tests/benchmarks/reuse_films.py ITEMS PRODUCTS [--half report] [--clips 20] [--seconds 12] [--edits NAME...]

Source clips pass over photos of one half as reuse_clips.py has it, three seconds each. Every edit of every clip is opened in
the product's own jail and asks a gallery of all source clips; the one it was made of is to be found, no other, and the
stretch that the match names is to lie within 1.5 s of the true one at both ends. Filming off a screen is simulated:
perspective, a dark surround, softness, noise, another rate of frames.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from real_opening import real_opener  # noqa: E402
from reuse_clips import FPS, HIGH, REUSED, SECONDS, SEED, WIDE, passed_over  # noqa: E402
from reuse_data import pixels, split  # noqa: E402
from reuse_engine import Engine  # noqa: E402

from validators.evidence import AlignedSegment  # noqa: E402

OFF_S = 1.5
Frames = list[np.ndarray]


@dataclass(frozen=True)
class Edited:
    """Frames of an edit, at how many a second and which quality; the part of the source it holds, and its speed."""

    frames: Frames
    rate: float = FPS
    crf: int = 28
    start_s: float = 0.0
    speed: float = 1.0


def _from_somewhere(frames: Frames, random: np.random.Generator, seconds: int) -> Edited:
    first = int(random.integers(0, len(frames) - seconds * FPS + 1))
    return Edited(frames[first : first + seconds * FPS], start_s=first / FPS)


def trimmed(frames: Frames, random: np.random.Generator) -> Edited:
    """Six seconds from somewhere."""
    return _from_somewhere(frames, random, 6)


def trimmed_to_5_s(frames: Frames, random: np.random.Generator) -> Edited:
    """Five seconds from somewhere; only where asked for by ``--edits``."""
    return _from_somewhere(frames, random, 5)


def encoded_again(frames: Frames, _: np.random.Generator) -> Edited:
    """At half the size, x264's quality 36."""
    return Edited(
        [cv2.resize(f, (WIDE // 2, HIGH // 2), interpolation=cv2.INTER_AREA) for f in frames], crf=36
    )


def grey(frames: Frames, _: np.random.Generator) -> Edited:
    """Without colour."""
    return Edited([cv2.cvtColor(cv2.cvtColor(f, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB) for f in frames])


def mirrored(frames: Frames, _: np.random.Generator) -> Edited:
    """Left to right."""
    return Edited([np.ascontiguousarray(f[:, ::-1]) for f in frames])


def letterboxed(frames: Frames, _: np.random.Generator) -> Edited:
    """Bars above and below, a quarter of the height together."""
    return Edited([cv2.copyMakeBorder(f, 80, 80, 0, 0, cv2.BORDER_CONSTANT) for f in frames])


def with_logo(frames: Frames, random: np.random.Generator) -> Edited:
    """A plate with letters over a corner."""
    x, y = int(random.integers(10, WIDE - 190)), int(random.integers(10, HIGH - 80))
    made = [f.copy() for f in frames]
    for frame in made:
        cv2.rectangle(frame, (x, y), (x + 180, y + 70), (240, 240, 240), -1)
        cv2.putText(frame, "SHOP 24", (x + 12, y + 46), cv2.FONT_HERSHEY_DUPLEX, 1.1, (20, 40, 160), 2)
    return Edited(made)


def sped_up(frames: Frames, _: np.random.Generator) -> Edited:
    """A quarter faster."""
    return Edited(frames, rate=FPS * 1.25, speed=1.25)


def off_a_screen(frames: Frames, random: np.random.Generator) -> Edited:
    """Perspective, a dark surround, soft, noisy, at 12 frames a second."""
    corners = np.array([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]], np.float32)
    inset = corners * 0.84 + np.array([WIDE, HIGH], np.float32) * 0.08
    matrix = cv2.getPerspectiveTransform(
        corners, (inset + random.uniform(-14, 14, (4, 2))).astype(np.float32)
    )
    made = []
    for at in np.arange(0, len(frames) - 1e-6, FPS / 12):
        shown = cv2.warpPerspective(frames[int(at)], matrix, (WIDE, HIGH), borderValue=(18, 18, 20))
        soft = cv2.GaussianBlur(shown, (0, 0), 0.8).astype(np.float32) * 0.9 + 8
        made.append(np.clip(soft + random.normal(0, 5, soft.shape), 0, 255).astype(np.uint8))
    return Edited(made, rate=12)


EDITS: dict[str, Callable[[Frames, np.random.Generator], Edited]] = {
    edit.__name__: edit
    for edit in (trimmed, encoded_again, grey, mirrored, letterboxed, with_logo, sped_up, off_a_screen)
}
MORE = {"trimmed_to_5_s": trimmed_to_5_s}


def write(edited: Edited, path: Path) -> None:
    """As MP4, by x264."""
    high, wide = edited.frames[0].shape[:2]
    argv = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}"]
    argv += [
        "-r",
        f"{edited.rate}",
        "-i",
        "-",
        "-c:v",
        "libx264",
        "-crf",
        f"{edited.crf}",
        "-pix_fmt",
        "yuv420p",
    ]
    data = b"".join(np.ascontiguousarray(frame).tobytes() for frame in edited.frames)
    subprocess.run([*argv, "-threads", "1", str(path)], input=data, check=True)


def lies_right(stretches: tuple[AlignedSegment, ...], edited: Edited) -> bool:
    """Whether the first stretch runs at the true place: its ends, taken to the source, are where they were cut from."""
    if not stretches:
        return False
    one = stretches[0]
    ends = ((one.this_start_s, one.other_start_s), (one.this_end_s, one.other_end_s))
    return all(abs(edited.start_s + edited.speed * this - other) <= OFF_S for this, other in ends)


def measure(folders: list[Path], half: str, clips: int, seconds: int, edits: list[str]) -> None:
    """Print the table."""
    request = {name: (EDITS | MORE)[name] for name in edits}
    chosen = split(folders)[half == "report"]
    random = np.random.default_rng(SEED)
    order = random.permutation(len(chosen))
    each = seconds // SECONDS
    sources = [
        [f for i in order[n * each : (n + 1) * each] for f in passed_over(pixels(chosen[i].path), random)]
        for n in range(clips)
    ]
    gallery = Engine()
    told = {name: [0, 0] for name in request}
    false = 0
    with real_opener() as (opener, scratch):
        for number, frames in enumerate(sources):
            path = scratch / f"{number}.mp4"
            write(Edited(frames), path)
            gallery.add_opened(f"clip {number}", path.read_bytes(), opener.open(path))
        for number, frames in enumerate(sources):
            for name, edit in request.items():
                edited = edit(frames, random)
                path = scratch / f"{number}-{name}.mp4"
                write(edited, path)
                links = gallery.look_opened(f"{name} {number}", path.read_bytes(), opener.open(path))
                reused = {other: link for other, link in links if link.class_ in REUSED}
                mine = reused.pop(f"clip {number}", None)
                false += len(reused)
                seen = mine.match_side.comparison if mine else None
                told[name][0] += mine is not None
                told[name][1] += seen is not None and lies_right(seen.stretches, edited)
            print(f"clip {number}: {told}", file=sys.stderr, flush=True)
    print(
        f"### Edited clips of {seconds} s against {clips}\n\n| edit | found | stretch right | of |\n|---|---|---|---|"
    )
    for name, (found, right) in told.items():
        print(f"| {name} | {found} | {right} | {clips} |")
    every = clips * len(request)
    total = [sum(counts[i] for counts in told.values()) for i in (0, 1)]
    print(
        f"| **all** | {total[0]} ({total[0] / every:.1%}) | {total[1]} ({total[1] / every:.1%}) | {every} |"
    )
    print(f"\nMatches with another clip: {false} of {every * (clips - 1)} pairs.")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--edits", nargs="+", choices=[*EDITS, *MORE], default=list(EDITS))
    options = parser.parse_args()
    measure(options.folders, options.half, options.clips, options.seconds, options.edits)


if __name__ == "__main__":
    main()
