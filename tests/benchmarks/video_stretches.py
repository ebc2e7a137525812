"""What the measures of movement say of clips whose movement is known: hands of several calmness, stands, frozen pictures.

    ./dev bench video_stretches [--seeds 3]

Each clip films a drawn place for six seconds at 640 x 360 and 30 frames a second, encoded at x264's quality 23 and 33. A hand's
tremor is a sum of waves of 1 to 9 Hz whose size is given in shares of the view's long side (RMS).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests/benchmarks")]

import numpy as np  # noqa: E402
from harness import table  # noqa: E402
from real_opening import real_opener  # noqa: E402
from video_clips import PLACE, WIDE, encode, filmed, place  # noqa: E402

from validators.evidence import VideoMeasures  # noqa: E402

FPS, FRAMES = 30, 180
TREMORS = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05)
QUALITIES = (23, 33)


def held(random: np.random.Generator, size: float) -> np.ndarray:
    """A path that trembles by ``size`` of the long side, RMS, about one spot."""
    at = np.arange(FRAMES)[:, None] / FPS
    waves = sum(np.sin(6.28 * hz * at + random.uniform(0, 6.28, 2)) for hz in (2.3, 4.1, 6.7, 8.9))
    path = np.zeros((FRAMES, 4))
    path[:, :2] = (PLACE[1] / 2, PLACE[0] / 2) + waves / np.sqrt(
        np.square(waves).sum(axis=1).mean()
    ) * size * WIDE
    path[:, 2] = 1.0
    return path


def told(values: tuple[float, ...]) -> str:
    """Median (highest) of the cells after the first, which has a beginning in it."""
    inner = values[1:]
    return f"{np.median(inner):.4f} ({max(inner):.4f})"


def row(name: str, quality: int, decoded: VideoMeasures) -> tuple[str, ...]:
    """One clip's measures."""
    return name, str(quality), told(decoded.shaken), told(decoded.moved), told(decoded.change)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    rows = [("clip", "quality", "shaken: median (highest)", "moved in 0.25 s", "change, luma levels")]
    with real_opener() as (opener, scratch):
        for seed in range(options.seeds):
            random = np.random.default_rng(seed)
            picture = place(random)
            takes = {f"held, {size:.1%}" if size else "on a stand": held(random, size) for size in TREMORS}
            clips = {name: filmed(picture, path, random, FPS, [], still=True) for name, path in takes.items()}
            clips["one frame again and again"] = clips["on a stand"][:1] * FRAMES
            for name, frames in clips.items():
                for quality in QUALITIES:
                    path = scratch / "clip.mp4"
                    encode(frames, FPS, path, quality, 30)
                    decoded = opener.open(path).measurements.decoded
                    rows.append(row(f"{name}, place {seed}", quality, decoded))
    table(rows)


if __name__ == "__main__":
    main()
