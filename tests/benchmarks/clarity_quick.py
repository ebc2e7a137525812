"""Kind on real photos and rendered screens, and what measuring costs. Focus and retakes have clarity.py.

    python tests/benchmarks/clarity_quick.py FOLDER

FOLDER holds items/ (with senders.csv), products/ and photos/. The policy's thresholds were
designed on all of them, so a set apart is needed to judge them.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from blurs import read, recompressed
from harness import table
from PIL import Image
from rendered_screens import TEMPLATES, page, screen

from validators.measures.image.clarity_measures import measure_clarity
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.exposure import exposure
from validators.measures.image.noise import noise_sigma, softened
from validators.measures.image.sharpness import sharpness
from validators.measures.image.tiles import grey, working_plane
from validators.measures.reuse.fingerprint import fingerprint


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    cv2.setNumThreads(1)
    _kinds(folder)
    _cpu(read(_camera_photo(folder / "photos")))


def _camera_photo(folder: Path) -> Path:
    """The first JPEG of 1,024 px and more."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".jpg", ".jpeg"):
            with Image.open(path) as image:
                if max(image.size) >= 1024:
                    return path
    raise SystemExit("no photo of 1,024 px and more")


def _kinds(folder: Path) -> None:
    """Confusion of kinds without any metadata: real photos, cut-outs of them, rendered screens and pages."""
    found: dict[str, Counter[str]] = {}

    def add(row: str, view: np.ndarray, size: tuple[int, int]) -> None:
        kind = classify_still(measure_content(view), False, "image/jpeg", size)
        found.setdefault(row, Counter())[kind] += 1

    for name in ("items", "products"):
        for number, path in enumerate(sorted((folder / name).glob("*.jpg"))):
            view = read(path)
            add(name, view, (view.shape[1], view.shape[0]))
            if number % 10 == 0:
                add(f"{name}, cut out onto white", _cut_out(view, number), (view.shape[1], view.shape[0]))
    for seed in range(100, 106):
        pictures = [("screens", screen(name, seed, dark)) for name in TEMPLATES for dark in (False, True)]
        pictures += [("rendered pages", page(seed * 2 + n, False)) for n in (0, 1)]
        pictures += [("scanned pages", page(seed * 2 + n, True)) for n in (0, 1)]
        for row, picture in pictures:
            whole = np.asarray(picture)
            add(f"{row}, PNG", _reduced(whole), picture.size)
            add(f"{row}, JPEG 75", _reduced(recompressed(whole, 75)), picture.size)
    print("\nKinds (screens and pages are rendered)")
    kinds = ("photo", "screenshot", "document")
    table([("of", *kinds)] + [(row, *(str(count[kind]) for kind in kinds)) for row, count in found.items()])


def _reduced(view: np.ndarray) -> np.ndarray:
    image = Image.fromarray(view)
    image.thumbnail((1024, 1024), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(image)


def _cut_out(view: np.ndarray, seed: int) -> np.ndarray:
    """The middle of the picture within an uneven outline, on pure white."""
    rng, (high, wide) = np.random.default_rng(seed), view.shape[:2]
    turns, reach = np.linspace(0, 2 * np.pi, 14)[:-1], rng.uniform(0.3, 0.45)
    x = wide / 2 + reach * wide * np.cos(turns) * rng.uniform(0.7, 1.15, turns.size)
    y = high / 2 + reach * high * np.sin(turns) * rng.uniform(0.7, 1.15, turns.size)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(mask, [np.stack([x, y], axis=1).astype(np.int32)], 255)
    share = cv2.GaussianBlur(mask, (3, 3), 0)[..., None] / 255
    return recompressed((view * share + 255 * (1 - share)).astype(np.uint8), 85)


def _cpu(view: np.ndarray) -> None:
    luma = grey(view)
    plane = working_plane(luma)
    noise = noise_sigma(plane, softened(plane))
    parts: dict[str, Callable[[], object]] = {
        "grey": lambda: grey(view),
        "working size": lambda: working_plane(luma),
        "noise": lambda: noise_sigma(plane, softened(plane)),
        "sharpness": lambda: sharpness(luma, noise),
        "exposure": lambda: exposure(plane),
        "content": lambda: measure_content(view),
        "fingerprint, 8 orientations": lambda: fingerprint(view),
        "all": lambda: (measure_clarity(view), measure_content(view), fingerprint(view)),
    }
    print(f"\nCPU of one {view.shape[1]} x {view.shape[0]} view on one thread, ms: least and median of 100")
    table([("part", "least", "median")] + [(name, *_milliseconds(part)) for name, part in parts.items()])


def _milliseconds(part: Callable[[], object]) -> tuple[str, str]:
    taken = []
    for _ in range(100):
        start = time.thread_time()
        part()
        taken.append((time.thread_time() - start) * 1000)
    return f"{min(taken):.2f}", f"{float(np.median(taken)):.2f}"


if __name__ == "__main__":
    main()
