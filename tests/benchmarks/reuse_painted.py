"""Painted defects: is a crack or stain painted over another dispute's photo found, said and outlined?

    python tests/benchmarks/reuse_painted.py ITEMS PRODUCTS [--half report] [--photos 40] [--gallery 300]

The gallery holds one half's photos. Some of them get a crack, and apart from that a stain, and are saved again as JPEGs
of quality 70 to 92, every second one smaller or cropped too. It counts as said where the match is the same photo with a
place that differs, and as outlined where that place covers the middle of what was painted and overlaps it by 0.2.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse import gallery_of  # noqa: E402
from reuse_data import pixels, split  # noqa: E402
from reuse_statistics import wilson  # noqa: E402

from validators.checks.match_class import SAME_PHOTO  # noqa: E402

SEED = 20260309
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in 0..1."""


def crack(rgb: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A jagged dark line with branches, and where it is."""
    mask, long = np.zeros(rgb.shape[:2], np.uint8), max(rgb.shape[:2])
    angle, length = random.uniform(0, 2 * np.pi), random.uniform(0.18, 0.4) * long
    start = _inside(rgb, random) - np.array([np.cos(angle), np.sin(angle)]) * length / 2
    _walk(mask, start, angle, length, random.uniform(0.002, 0.005) * long, random)
    share = cv2.GaussianBlur(mask, (0, 0), max(0.6, 0.0005 * long)).astype(np.float32) / 255
    share = share[..., None] * random.uniform(0.7, 0.95)
    return (rgb * (1 - share) + np.array([25, 20, 18], np.float32) * share).astype(np.uint8), mask > 0


def _walk(
    mask: np.ndarray, at: np.ndarray, angle: float, length: float, wide: float, random: np.random.Generator
) -> None:
    steps = max(4, int(length / (0.02 * max(mask.shape))))
    for _ in range(steps):
        aside = angle + random.normal(0, 0.5)
        there = at + np.array([np.cos(aside), np.sin(aside)]) * length / steps
        ends = [tuple(int(v) for v in point) for point in (at, there)]
        cv2.line(mask, *ends, (255,), max(1, round(wide)), cv2.LINE_AA)
        at = there
        if random.random() < 0.15 and wide > 1.2:
            _walk(
                mask,
                at,
                angle + random.choice((-1, 1)) * random.uniform(0.5, 1.1),
                0.3 * length,
                0.6 * wide,
                random,
            )


def stain(rgb: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A blotch that lets some of the picture through, and where it is."""
    mask, long = np.zeros(rgb.shape[:2], np.uint8), max(rgb.shape[:2])
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    lobes = 1 + 0.25 * np.sin(turn * random.integers(2, 5) + random.uniform(0, 6))
    radius = random.uniform(0.05, 0.13) * long * lobes
    across = np.cos(turn) * radius, np.sin(turn) * radius * random.uniform(0.6, 1)
    cv2.fillPoly(
        mask, [(_inside(rgb, random) + np.stack(across, axis=1)).astype(np.int32)], (255,), cv2.LINE_AA
    )
    share = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.001, 0.008) * long).astype(np.float32) / 255
    share = share[..., None] * random.uniform(0.45, 0.85)
    colour = np.array(
        [(90, 55, 25), (60, 60, 55), (120, 30, 25), (40, 35, 30)][random.integers(4)], np.float32
    )
    if random.random() < 0.5:
        return (rgb * (1 - share) + colour * share).astype(np.uint8), mask > 0
    return (rgb * (1 - share * (1 - colour / 255))).astype(np.uint8), mask > 0


def _inside(rgb: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.uniform(0.3, 0.7, 2) * (rgb.shape[1], rgb.shape[0])


Paint = Callable[[np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray]]


def sent(
    painted: np.ndarray, mask: np.ndarray, random: np.random.Generator, *, edited: bool
) -> tuple[bytes, Box]:
    """The upload, and the box of what was painted."""
    high, wide = mask.shape
    if edited and random.random() < 0.5:
        x, y = (int(side * random.uniform(0.02, 0.08)) for side in (wide, high))
        painted, mask = painted[y : high - y, x : wide - x], mask[y : high - y, x : wide - x]
    elif edited:
        size = max(1, round(0.6 * wide)), max(1, round(0.6 * high))
        painted = cv2.resize(painted, size, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(mask)
    high, wide = mask.shape
    box = columns.min() / wide, rows.min() / high, (columns.max() + 1) / wide, (rows.max() + 1) / high
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(painted)).save(buffer, "JPEG", quality=int(random.integers(70, 93)))
    return buffer.getvalue(), box


def overlap(box: Box, other: Box) -> float:
    """Intersection over union."""
    wide, high = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
    both = max(wide, 0.0) * max(high, 0.0)
    return both / (sum((one[2] - one[0]) * (one[3] - one[1]) for one in (box, other)) - both)


def main() -> None:
    """Print how many were found, said and outlined."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--gallery", type=int, default=300)
    options = parser.parse_args()
    develop, report = split(options.folders)
    photos = report if options.half == "report" else develop
    random = np.random.default_rng(SEED)
    chosen = [photos[i] for i in random.choice(len(photos), min(options.gallery, len(photos)), replace=False)]
    engine = gallery_of(chosen)
    paints: dict[str, Paint] = {"crack": crack, "stain": stain}
    print("| painted | found | said | outlined |\n|---|---|---|---|")
    for name, paint in paints.items():
        found = said = outlined = 0
        for number, photo in enumerate(chosen[: options.photos]):
            data, box = sent(*paint(pixels(photo.path), random), random, edited=bool(number % 2))
            for other, link in engine.look(f"{name} {photo.path.name}", data):
                if other != photo.path.name or link.class_ != SAME_PHOTO:
                    continue
                seen = link.match_side.comparison
                region = seen.this_difference if seen else None
                found += 1
                said += region is not None
                if region is not None:
                    told = (region.x, region.y, region.x + region.w, region.y + region.h)
                    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
                    covers = told[0] <= middle[0] <= told[2] and told[1] <= middle[1] <= told[3]
                    outlined += covers and overlap(told, box) >= 0.2
        of = min(options.photos, len(chosen))
        print(
            f"| {name} | "
            + " | ".join(f"{n} of {of}: {wilson(n, of)}" for n in (found, said, outlined))
            + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
