"""Pictures for the pixel measures, drawn from fixed seeds."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WORDS = "parcel order refund label tracking seller message damaged return address delivered".split()


def scene(seed: int = 1, high: int = 600, wide: int = 800) -> np.ndarray:
    """A photo-like RGB picture: shaded ground, many overlapping shapes with crisp outlines, a little grain."""
    rng = np.random.default_rng(seed)
    ground = cv2.resize(
        rng.uniform(60, 200, (4, 4, 3)).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC
    )
    picture = np.clip(ground, 0, 255).astype(np.uint8)
    for _ in range(60):
        at = (int(rng.integers(0, wide)), int(rng.integers(0, high)))
        axes = tuple(int(v) for v in rng.integers(12, 90, 2))
        colour = tuple(int(v) for v in rng.integers(20, 236, 3))
        cv2.ellipse(picture, at, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return grained(picture, 1.0, seed)


def grained(picture: np.ndarray, sigma: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(picture + rng.normal(0, sigma, picture.shape) + 0.5, 0, 255).astype(np.uint8)


def defocused(picture: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def moved(picture: np.ndarray, length: int) -> np.ndarray:
    """Moved sideways while the shutter was open."""
    return cv2.blur(picture, (length, 1))


def text_page(dark: bool = False, size: tuple[int, int] = (620, 877), lines: int = 30) -> np.ndarray:
    """Rows of words on one tone."""
    rng = np.random.default_rng(lines)
    image = Image.new("RGB", size, (20, 20, 22) if dark else "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    for line in range(lines):
        words = " ".join(rng.choice(WORDS, 7))
        draw.text((50, 50 + 26 * line), words, font=font, fill=(235, 235, 235) if dark else "black")
    return np.asarray(image)


def phone_screen(dark: bool) -> np.ndarray:
    """A chat as a phone shows it: a bar, bubbles, rows of words."""
    image = Image.fromarray(text_page(dark, (472, 1024), 2).copy())
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(17)
    draw.rectangle((0, 0, 472, 70), fill=(40, 90, 200))
    for row in range(9):
        left = 90 if row % 2 else 14
        draw.rounded_rectangle((left, 100 + 96 * row, left + 360, 180 + 96 * row), 12, fill=(60, 120, 80))
        for line in range(2):
            words = " ".join(WORDS[(row + line + i) % len(WORDS)] for i in range(4))
            draw.text((left + 14, 112 + 96 * row + 30 * line), words, font=font, fill="white")
    return np.asarray(image)
