"""Photographed pages: are they known for text, and are those reported whose letters are too small to read?

    python tests/benchmarks/page_legibility.py [FOLDER...] [--fonts FOLDER]

Pages are drawn in the typefaces of the libraries at hand, and of those of --fonts, and photographed by simulation. Values
were chosen on the faces of the libraries. Of FOLDERs every photo that counts as mostly text is named.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from clarity_data import default_policy
from harness import table
from judged_stills import Judge
from page_faces import Face, bundled, of_folder
from page_photos import LAYOUTS, Scene, as_jpeg, photographed_page

from validators.before_judging import ContentThresholds
from validators.policy import Policy

HEIGHTS = (3, 3.5, 4, 4.5, 6, 7, 8, 10, 14, 20)
WIDTHS = (600, 800, 1100, 1500, 2000)
LARGE_WIDTHS = (1100, 1500, 2000, 2600)  # of pages with letters of 10 px and more
SHARES = (0.6, 0.75, 0.9, 1.1)
QUALITIES = (70, 80, 85, 92)


@dataclass(frozen=True, slots=True)
class Page:
    """A photographed page as a JPEG file, and the height of its letters in px."""

    name: str
    letter: float
    data: bytes


class Bench:
    """Opens, measures and judges files by the policy that ships, without a role."""

    def __init__(self, policy: Policy) -> None:
        self.judge, self.least = Judge(policy), policy.group(ContentThresholds).mostly_text

    def told(self, data: bytes, mime: str = "image/jpeg") -> tuple[bool, bool, float]:
        """Whether it is mostly text, whether its letters are reported, and their height in px, 0 where it was not told."""
        judged = self.judge(data, mime)
        if judged is None or judged.measured.content is None:
            return False, False, 0.0
        text = judged.measured.legibility
        height = text.text_height or 0.0 if text is not None and text.lines else 0.0
        is_text = judged.measured.content.printed_fraction >= self.least
        return is_text, not {"CLR_TEXT_ILLEGIBLE", "CLR_BLUR"}.isdisjoint(judged.codes), height


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--fonts", type=Path, help="a folder of TrueType or OpenType files")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    bench = Bench(default_policy())
    rows = [("faces", "letters", "pages", "mostly text", "measured, median", "reported")]
    for name, faces in (
        ("bundled", bundled()),
        ("of the folder", of_folder(options.fonts) if options.fonts else []),
    ):
        found = [(page.letter, *bench.told(page.data)) for page in pages(faces)]
        for height in sorted({letter for letter, *_ in found}):
            is_text, reported, heights = zip(
                *(told for letter, *told in found if letter == height), strict=True
            )
            measured = [each for each in heights if each > 0]
            median = f"{np.median(measured):.1f} of {len(measured)}" if measured else "–"
            shares = f"{np.mean(is_text):.0%}", median, f"{np.mean(reported):.0%}"
            rows.append((name, f"{height:g} px", str(len(is_text)), *shares))
    table(rows)
    for folder in options.folders:
        photos(bench, folder)


def pages(faces: list[Face]) -> Iterator[Page]:
    """Each face in every height of letters, the rest dealt by chance but the same every time."""
    for number, face in enumerate(faces):
        rng = np.random.default_rng(number)
        for turn, letter in enumerate(HEIGHTS):
            widths = WIDTHS if letter < 10 else LARGE_WIDTHS
            scene = Scene(
                LAYOUTS[(number + turn) % len(LAYOUTS)],
                letter,
                int(rng.choice(widths)),
                float(rng.choice(SHARES)),
                1000 * number + turn,
            )
            data = as_jpeg(photographed_page(face, scene), int(rng.choice(QUALITIES)))
            yield Page(f"{face.name} {scene.layout} {scene.wide} px", letter, data)


def photos(bench: Bench, folder: Path) -> None:
    """How many of a folder's photos count as mostly text, each by name."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    told = [(path.name, *bench.told(path.read_bytes())) for path in files]
    pages = [(name, height, reported) for name, is_text, reported, height in told if is_text]
    print(f"\n{folder.name}: {len(pages)} of {len(files)} are mostly text")
    for name, height, reported in pages:
        print(f"  {name}: lines of {height:.1f} px{', reported' if reported else ''}")


if __name__ == "__main__":
    main()
