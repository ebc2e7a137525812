"""Over-exposure: white grounds that are called washed out, and light that really is too much.

    python tests/benchmarks/exposures.py CATALOGUE ITEMS

Shots on white are judged as they are; of the home photos one in seven, at four, eight and sixteen times their light, clipped
where a sensor is full.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from blurs import read
from clarity_data import default_policy
from harness import table
from reuse_screens import Pixels

from validators.checks.clarity_faults import ClarityRules
from validators.measures.image.clarity_measures import measure_clarity

GAINS = (1, 4, 8, 16)
EVERY = 7
_GAMMA = 2.2
_LINEAR = ((np.arange(256) / 255.0) ** _GAMMA).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("items", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rows = [("photos", "n", "washed out by light and tones", "told", "beside white ground: median (most)")]
    catalogue = sorted(options.catalogue.rglob("*.jpg"))
    rows.append(_row("on white", [read(path) for path in catalogue]))
    items = sorted(options.items.rglob("*.jpg"))[::EVERY]
    for gain in GAINS:
        rows.append(_row(f"home, light × {gain}", [_lit(read(path), gain) for path in items]))
    table(rows)


def _row(name: str, views: list[Pixels]) -> tuple[str, ...]:
    rules = default_policy().group(ClarityRules)
    found = [measure_clarity(view) for view in views]
    washed = [
        each
        for each in found
        if each.clipped_fraction > rules.clipped_fraction_above.value
        and each.luma_p05 >= rules.overexposed_p05_above
    ]
    told = sum(each.washed_fraction > rules.washed_fraction_above for each in washed)
    beside = [each.washed_fraction for each in found]
    return name, str(len(found)), str(len(washed)), str(told), f"{np.median(beside):.2f} ({max(beside):.2f})"


def _lit(view: Pixels, gain: int) -> Pixels:
    light = np.clip(_LINEAR[view] * gain, 0, 1)
    return np.asarray(cv2.pow(light, 1 / _GAMMA) * 255 + 0.5, dtype=np.uint8)


if __name__ == "__main__":
    main()
