"""Variants of one design: are two products of a catalogue taken for one photo, and are tinted copies still found?

    python tests/benchmarks/reuse_variants.py CATALOGUE

Every picture is asked for among all others, as it is and tinted; any match with another as the same photo is wrong, since
each shows another product.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse_data import pixels  # noqa: E402
from reuse_engine import Engine  # noqa: E402

from validators.checks.match_class import LISTING_COPY, SAME_FILE, SAME_PHOTO  # noqa: E402

REUSED = (SAME_FILE, SAME_PHOTO, LISTING_COPY)
TINTS = {
    "grey": ((0.299, 0.587, 0.114),) * 3,
    "sepia": ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)),
    "cool": ((0.82, 0.05, 0), (0, 0.95, 0.03), (0, 0.08, 1.12)),
    "warm": ((1.12, 0.08, 0), (0, 0.97, 0), (0, 0.05, 0.78)),
    "faded": ((0.72, 0.2, 0.08), (0.12, 0.8, 0.08), (0.12, 0.2, 0.68)),
    "darker": ((0.75, 0, 0), (0, 0.75, 0), (0, 0, 0.75)),
}


def tinted(rgb: np.ndarray, how: str) -> bytes:
    """A copy as JPEG."""
    made = np.clip(np.rint(rgb.astype(np.float32) @ np.array(TINTS[how], np.float32).T), 0, 255).astype(
        np.uint8
    )
    buffer = io.BytesIO()
    Image.fromarray(made).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def main() -> None:
    """Print the wrong matches, and the share of the copies found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path)
    options = parser.parse_args()
    files = sorted(
        path for path in options.catalogue.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png")
    )
    engine = Engine()
    for path in files:
        engine.add(path.name, path.read_bytes())
    wrong = []
    found = dict.fromkeys(TINTS, 0)
    for path in files:
        asked = {"": path.read_bytes()} | {how: tinted(pixels(path), how) for how in TINTS}
        for how, data in asked.items():
            names = {name for name, link in engine.look(f"{how} {path.name}", data) if link.class_ in REUSED}
            wrong += [(how or "as it is", path.name, name) for name in names - {path.name}]
            if how:
                found[how] += path.name in names
    pairs = len(files) * (len(files) - 1)
    kept = [row for row in wrong if row[0] == "as it is"]
    print(f"{len(kept)} of {pairs:,} ordered pairs of different products called the same photo.")
    print(f"{len(wrong) - len(kept)} of {len(TINTS) * pairs:,} with one of the two tinted.")
    for row in wrong:
        print("- " + " · ".join(row))
    print("\n| tint | found |\n|---|---|")
    for how, count in found.items():
        print(f"| {how} | {count} of {len(files)} |")


if __name__ == "__main__":
    main()
