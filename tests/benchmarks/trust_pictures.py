"""Faults planted in pictures for the table of trust: focus, light, size, and letters too small to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import reuse_screens
from blurs import blurred
from glare import lit, spot
from label_photos import written_height
from rendered_screens import page
from trust_cases import saved

Pixels = np.ndarray
Spoil = Callable[[Pixels, np.random.Generator, int], Pixels]

SIDE = 1024
_SENSOR = 2.2  # the exponent that takes a picture's levels to light


def _light(rgb: Pixels) -> Pixels:
    return ((rgb / 255.0) ** _SENSOR).astype(np.float32)


def _levels(light: Pixels, random: np.random.Generator, grain: float = 1.5) -> Pixels:
    levels = 255 * np.clip(light, 0, 1) ** (1 / _SENSOR)
    return np.clip(np.rint(levels + random.normal(0, grain, levels.shape)), 0, 255).astype(np.uint8)


def out_of_focus(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """Defocus, movement or shake of 14 to 40 px."""
    kind = ("defocus", "motion", "shake")[number % 3]
    return _levels(blurred(_light(rgb), kind, random.uniform(14, 40), random), random)


def dark(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """A fortieth to a hundredth of the light."""
    return _levels(_light(rgb) / random.uniform(40, 100), random)


def overexposed(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """8 to 20 times the light, and some of it scattered over everything."""
    return _levels(_light(rgb) * random.uniform(8, 20) + 0.5, random)


def reflecting(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """A lamp's reflection over 2 to 8 % of the picture."""
    return np.asarray(lit(rgb, spot(rgb.shape[:2], random.uniform(0.02, 0.08), random)))


def pale(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """All tones within 15 to 30 levels: fog on the lens."""
    flat = random.uniform(90, 160) + (rgb.astype(np.float32) / 255 - 0.5) * random.uniform(15, 30)
    return np.clip(np.rint(flat), 0, 255).astype(np.uint8)


def low_resolution(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """100 to 390 px on the long side."""
    scale = random.uniform(100, 390) / max(rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def blank(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """One tone with a little grain: a finger on the lens, or a wall."""
    tone = np.full(rgb.shape, random.integers(0, 256, 3), np.float32)
    return np.clip(np.rint(tone + random.normal(0, 1.0, rgb.shape)), 0, 255).astype(np.uint8)


def plain_areas(rgb: Pixels, random: np.random.Generator, number: int) -> Pixels:
    """Two plain areas: nothing to tell one picture from another by."""
    made = np.full(rgb.shape, random.integers(60, 200, 3), np.uint8)
    made[: int(len(made) * random.uniform(0.3, 0.7))] = random.integers(60, 200, 3)
    return made


SPOILED: dict[str, Spoil] = {
    "CLR_BLUR": out_of_focus,
    "CLR_DARK": dark,
    "CLR_OVEREXPOSED": overexposed,
    "CLR_GLARE": reflecting,
    "CLR_LOW_CONTRAST": pale,
    "CLR_LOW_RES": low_resolution,
    "CLR_BLANK": blank,
    "DUP_CANNOT_COMPARE": plain_areas,
}
"""By code."""


def spoiled(photos: Iterator[Pixels], random: np.random.Generator, each: int) -> Iterator[tuple[str, bytes]]:
    """(code, JPEG) of every fault, from photos of at most 1,024 px."""
    for code, spoil in SPOILED.items():
        for number in range(each):
            yield code, saved(spoil(next(photos), random, number), quality=85)


def blurred_pages(random: np.random.Generator, each: int, seed: int) -> Iterator[bytes]:
    """Pages out of focus by 14 to 40 px."""
    for number in range(each):
        rgb = np.asarray(page(seed + number, scanned=bool(number % 2)).convert("RGB"))
        scale = SIDE / max(rgb.shape[:2])
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        yield saved(out_of_focus(small, random, number), quality=85)


def unreadable_pages(random: np.random.Generator, each: int) -> Iterator[bytes]:
    """Screens and printed pages, light and dark, with small letters of 3 to 4.5 px."""
    templates = reuse_screens.REPORTING
    for number in range(each):
        template, content = templates[number % len(templates)], number // len(templates)
        canvas = reuse_screens.drawn(template, content, dark=bool(content % 2))
        scale = random.uniform(3, 4.5) / written_height(canvas)
        small = cv2.resize(canvas.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        yield saved(small, quality=85)
