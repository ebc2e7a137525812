"""How well a photo is found in another dispute's video, and a video by a photo it shows.

    python tests/benchmarks/reuse_clips.py ITEMS PRODUCTS [--half report] [--clips 20]

Clips of 9 seconds are made of three photos of one half: each is panned and zoomed over for 3 seconds, as a hand-held
phone passes over it, with noise, at 640 px and x264's quality 28. Clips are opened in the product's own jail with
ffmpeg. One photo of each clip is never uploaded by itself, and one other photo of the same half is in no clip: both are
asked for, so that false matches show.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from real_opening import real_opener  # noqa: E402
from reuse_data import Photo, pixels, split  # noqa: E402
from reuse_engine import Engine  # noqa: E402

from validators.checks.match_class import LISTING_COPY, SAME_FILE, SAME_PHOTO  # noqa: E402

REUSED = (SAME_FILE, SAME_PHOTO, LISTING_COPY)
SEED = 20260309
FPS = 15
SECONDS = 3
PHOTOS = 3
WIDE, HIGH = 640, 480


def passed_over(rgb: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """Frames of a camera that moves over a photo: it shows 75 to 95 % of the height, wavering a little."""
    high, wide = rgb.shape[:2]
    scale = max(WIDE / wide, HIGH / high) / random.uniform(0.75, 0.95)
    start, end = random.uniform(0.2, 0.8, 2), random.uniform(0.2, 0.8, 2)
    frames = []
    for step in np.linspace(0, 1, FPS * SECONDS):
        zoom = scale * (1 + 0.05 * step)
        spare = np.array([wide * zoom - WIDE, high * zoom - HIGH])
        at = spare * (start + (end - start) * step) + random.normal(0, 1.0, 2)
        matrix = np.array([[zoom, 0, -at[0]], [0, zoom, -at[1]]])
        frame = cv2.warpAffine(
            rgb, matrix, (WIDE, HIGH), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        frames.append(np.clip(frame + random.normal(0, 3, frame.shape), 0, 255).astype(np.uint8))
    return frames


def clip(chosen: list[Photo], path: Path, random: np.random.Generator) -> None:
    """Write the clip."""
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDE}x{HIGH}"]
    command += [
        "-r",
        str(FPS),
        "-i",
        "-",
        "-c:v",
        "libx264",
        "-crf",
        "28",
        "-pix_fmt",
        "yuv420p",
        "-threads",
        "1",
    ]
    data = b"".join(f.tobytes() for photo in chosen for f in passed_over(pixels(photo.path), random))
    subprocess.run([*command, str(path)], input=data, check=True)


def measure(chosen: list[Photo], clips: int) -> None:
    """Print the figures."""
    random = np.random.default_rng(SEED)
    order = random.permutation(len(chosen))
    shown = [[chosen[i] for i in order[n * PHOTOS : (n + 1) * PHOTOS]] for n in range(clips)]
    apart = [chosen[i] for i in order[clips * PHOTOS : clips * PHOTOS + clips]]
    by_photo, by_clip = Engine(), Engine()
    for photo in [one for group in shown for one in group[:2]] + apart:
        by_photo.add(photo.path.name, photo.path.read_bytes())
    found = [0, 0, 0]
    false = 0
    with real_opener() as (opener, scratch):
        for number, group in enumerate(shown):
            path = scratch / f"{number}.mp4"
            clip(group, path, random)
            opened = opener.open(path)
            names = {p.path.name for p in group[:2]}
            links = by_photo.look_opened(f"clip {number}", path.read_bytes(), opened)
            reused = {name for name, link in links if link.class_ in REUSED}
            found[0] += len(reused & names)
            false += len(reused - names)
            by_clip.add_opened(f"clip {number}", path.read_bytes(), opened)
            print(f"clip {number}: {len(reused & names)} of 2 photos", file=sys.stderr, flush=True)
    for number, group in enumerate(shown):
        for photo in group:
            links = by_clip.look(photo.path.name, photo.path.read_bytes())
            reused = {name for name, link in links if link.class_ in REUSED}
            found[1] += f"clip {number}" in reused
            false += len(reused - {f"clip {number}"})
    for photo in apart:
        links = by_clip.look(photo.path.name, photo.path.read_bytes())
        found[2] += any(link.class_ in REUSED for _, link in links)
    print(
        f"### Photos and generated clips ({clips} clips of {PHOTOS} photos)\n\n| what | found | of |\n|---|---|---|"
    )
    print(f"| stored photos found by a clip that shows them | {found[0]} | {2 * clips} |")
    print(f"| stored clips found by a photo they show | {found[1]} | {PHOTOS * clips} |")
    print(f"| photos of no clip that match one | {found[2]} | {clips} |")
    print(f"| other false matches | {false} | |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--clips", type=int, default=20)
    options = parser.parse_args()
    measure(split(options.folders)[options.half == "report"], options.clips)


if __name__ == "__main__":
    main()
