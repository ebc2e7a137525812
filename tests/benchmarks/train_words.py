"""Makes the codebook of visual words anew from photos.

    python tests/benchmarks/train_words.py ITEMS [--out validators/measures/visual_words.npz]

The photos' develop half (reuse_data.halves) and the middle of each. Seeds are fixed; the file holds centres of
clusters of descriptors and projections: statistics, from which no picture can be made again. The one in the project is
from the clothing-dataset (CC0).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse_data import halves, photos  # noqa: E402

from validators.measures.reuse.local_features import extract, mirrored, rooted  # noqa: E402

Floats = NDArray[np.float32]
AXES = 32
CENTRES = 1024
SAMPLE = 100_000
ROUNDS = 12
RANDOM = np.random.default_rng(20260309)


def descriptors(paths: list[Path]) -> Floats:
    """Rooted descriptors of every photo and of its middle, (n, 128)."""
    found = []
    for path in paths:
        view = np.asarray(Image.open(path).convert("RGB"))
        height, width = view.shape[:2]
        middle = view[height // 5 : height * 4 // 5, width // 5 : width * 4 // 5]
        found += [extract(view).descriptors, extract(np.ascontiguousarray(middle)).descriptors]
    return rooted(np.concatenate(found))


def clustered(points: Floats) -> Floats:
    """k-means with as many rounds as it needs to settle, about."""
    centres = points[RANDOM.choice(len(points), CENTRES, replace=False)].copy()
    for _ in range(ROUNDS):
        nearest = np.concatenate(
            [((centres**2).sum(1) - 2 * part @ centres.T).argmin(1) for part in np.array_split(points, 40)]
        )
        size = np.bincount(nearest, minlength=CENTRES)
        for axis in range(points.shape[1]):
            total = np.bincount(nearest, points[:, axis], CENTRES)
            centres[:, axis] = np.where(size > 0, total / np.maximum(size, 1), centres[:, axis])
    return centres


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "validators/measures/visual_words.npz")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found = descriptors([photo.path for photo in halves(photos([options.folder]))[0]])
    uneven = (found - mirrored(found)) / 2
    lean = np.linalg.eigh(uneven.T @ uneven)[1][:, -1]
    coded = np.where((uneven @ lean > 0)[:, None], found, mirrored(found))
    mean = coded.mean(axis=0)
    axes = np.linalg.eigh(np.cov((coded - mean).T))[1][:, ::-1][:, :AXES]
    order = [axis for first in range(0, AXES, 4) for axis in (first, first + 1, first + 3, first + 2)]
    axes = axes[:, order]  # even and odd columns then hold about the same variance
    sample = ((coded - mean) @ axes)[RANDOM.choice(len(coded), min(SAMPLE, len(coded)), replace=False)]
    even, odd = clustered(sample[:, 0::2].astype(np.float32)), clustered(sample[:, 1::2].astype(np.float32))
    parts = {"lean": lean, "mean": mean, "axes": axes, "even": even, "odd": odd}
    np.savez_compressed(options.out, **{name: part.astype(np.float16) for name, part in parts.items()})
    print(f"{len(found):,} descriptors; {options.out.stat().st_size:,} bytes in {options.out}")


if __name__ == "__main__":
    main()
