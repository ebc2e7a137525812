"""Reflected light: real photos that are told of it, by name, and simulated spots that are found.

    ./dev bench glare FOLDER... [--part tuning|report]

FOLDERs hold photos; one half of their senders, classes or cameras is to develop on. A spot of light is added in linear
light to every third photo: an ellipse whose light falls as a Gaussian with a wide halo, cut off where the sensor is
full, anywhere but at the rim. A plain white disk of the same size with a crisp edge must not be told.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from clarity_data import Opener, default_policy, jpeg
from harness import table
from numpy.typing import NDArray
from reuse_data import Photo, halves, photos, pixels

from validators.checks.clarity_faults import fault_of
from validators.evidence import PHOTO
from validators.measures.image.clarity_measures import measure_clarity

Pixels = NDArray[np.uint8]

_SEED, _EVERY = 20261126, 3
_SIDE = 1024
_AREAS = ((0.02, 0.03), (0.03, 0.05), (0.05, 0.1))  # of the picture, washed out


class Bench:
    """Judges pictures by the policy that ships."""

    def __init__(self) -> None:
        self.policy = default_policy()
        self.open = Opener(self.policy)

    def code(self, rgb: Pixels) -> str:
        measures = measure_clarity(self.open(jpeg(rgb, 90)).views[0].plane)
        fault = fault_of(measures, PHOTO, self.policy)
        return fault.code if fault else ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--part", choices=("tuning", "report"), default="report")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    chosen = halves(photos(options.folders))[options.part == "report"]
    bench = Bench()
    told = [photo.path.name for photo in chosen if bench.code(reduced(photo)) == "CLR_GLARE"]
    print(f"Photos as they are: {len(told)} of {len(chosen)} told")
    for name in told:
        print(f"  {name}")
    rows: list[tuple[str, ...]] = [("washed out", "spots told", "otherwise faulty", "white disks told")]
    for area in _AREAS:
        rows.append(simulated(bench, chosen[::_EVERY], area))
    table(rows)


def simulated(bench: Bench, chosen: Iterable[Photo], area: tuple[float, float]) -> tuple[str, ...]:
    spots: list[str] = []
    disks: list[str] = []
    for photo in chosen:
        rng = np.random.default_rng([_SEED, *photo.path.name.encode()])
        rgb, share = reduced(photo), float(rng.uniform(*area))
        light = spot(rgb.shape[:2], share, rng)
        spots.append(bench.code(lit(rgb, light)))
        disks.append(bench.code(np.where(light[..., None] >= 1.0, np.uint8(255), rgb)))
    found = spots.count("CLR_GLARE")
    others = sum(code not in ("", "CLR_GLARE") for code in spots)
    return (
        f"{area[0]:.0%} to {area[1]:.0%}",
        f"{found} of {len(spots)} ({found / len(spots):.0%})",
        str(others),
        f"{disks.count('CLR_GLARE')} of {len(disks)}",
    )


def reduced(photo: Photo) -> Pixels:
    rgb = pixels(photo.path)
    scale = _SIDE / max(rgb.shape[:2])
    return (
        rgb
        if scale >= 1
        else np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    )


def spot(shape: tuple[int, int], share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Light HxW, 1 where it fills the sensor by itself: over ``share`` of the picture."""
    high, wide = shape
    narrow, turn, peak = rng.uniform(0.5, 1.0), rng.uniform(0, np.pi), rng.uniform(2, 6)
    radius = np.sqrt(share * high * wide / np.pi)
    y, x = np.mgrid[:high, :wide]
    x, y = x - wide * rng.uniform(0.3, 0.7), y - high * rng.uniform(0.3, 0.7)
    along, aside = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    away = (along * np.sqrt(narrow)) ** 2 + (aside / np.sqrt(narrow)) ** 2
    light: NDArray[np.float64] = peak ** (1 - away / radius**2)
    return light


def lit(rgb: Pixels, light: NDArray[np.float64]) -> Pixels:
    """The photo with the light and a quarter as much again of wide halo."""
    halo = 0.25 / (1 + np.maximum(1 - np.log(np.maximum(light, 1e-9)), 0)) ** 1.5
    total = (rgb / 255.0) ** 2.2 + (light + halo)[..., None]
    return (np.clip(total, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


if __name__ == "__main__":
    main()
