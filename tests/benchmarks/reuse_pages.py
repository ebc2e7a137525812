"""Photographs of printed pages: are different ones of one page, or of like pages, taken for one, and are copies still found?

    ./dev bench reuse_pages [--pages 24] [--shots 3] [--seed 1]

Each page is drawn (page_photos.py) and photographed several times, in other light and from elsewhere. Every photograph is asked
for among all others: a match with another one as the same photo is wrong. Then the first of each page is asked for again as
a copy: saved at quality 40, at half size, cropped, and in other tones.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from page_faces import bundled  # noqa: E402
from page_photos import LAYOUTS, Scene, as_jpeg, photographed_page  # noqa: E402
from reuse_edits import EDITS, Pixels  # noqa: E402
from reuse_engine import Engine  # noqa: E402
from reuse_statistics import wilson  # noqa: E402

from validators.checks.match_class import SAME_FILE, SAME_PHOTO  # noqa: E402

COPIES = ("jpeg_q30", "resize_25", "crop_10", "colour_filter", "brightness_contrast", "rotate_3")


def photographs(pages: int, shots: int, seed: int) -> dict[tuple[int, int], Pixels]:
    """Every photograph, by page and number."""
    faces, random = bundled(), np.random.default_rng(seed)
    made = {}
    for page in range(pages):
        face, letter = faces[page % len(faces)], float(random.uniform(6, 14))
        share = float(random.uniform(0.8, 1.1))
        for shot in range(shots):
            scene = Scene(LAYOUTS[page % len(LAYOUTS)], letter, 1400, share, 1000 * seed + page, shot + 1)
            made[page, shot] = photographed_page(face, scene)
    return made


def main() -> None:
    """Print the wrong matches, and the copies found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--shots", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made = photographs(options.pages, options.shots, options.seed)
    engine, files = Engine(), {key: as_jpeg(rgb, 88) for key, rgb in made.items()}
    for (page, shot), data in files.items():
        engine.add(f"{page} {shot}", data)
    wrong: Counter[str] = Counter()
    for (page, shot), data in files.items():
        for name, link in engine.look(f"asked {page} {shot}", data):
            if link.class_ in (SAME_FILE, SAME_PHOTO) and name != f"{page} {shot}":
                wrong["of one page" if name.split()[0] == str(page) else "of other pages"] += 1
                print(f"- {page} {shot} · {name} · {link.match_side.method} {link.match_side.distance}")
    pairs = {
        "of one page": options.pages * options.shots * (options.shots - 1),
        "of other pages": len(files) * (len(files) - options.shots),
    }
    for group, of in pairs.items():
        print(f"Photographs {group} called the same photo: {wrong[group]} of {of:,} ordered pairs.")
    random, found, of = np.random.default_rng(options.seed), 0, 0
    for page in range(options.pages):
        for copy in COPIES:
            data = EDITS[copy](made[page, 0], random, []).data
            links = engine.look(f"{copy} {page}", data)
            hit = any(name == f"{page} 0" and link.class_ == SAME_PHOTO for name, link in links)
            found, of = found + hit, of + 1
            if not hit:
                print(f"- missed: {copy} of {page}")
    print(f"Copies found: {wilson(found, of)}, {found} of {of}.")


if __name__ == "__main__":
    main()
