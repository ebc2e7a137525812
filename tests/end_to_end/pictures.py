"""Synthetic pictures of known answer."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image


def scene(seed: int, width: int = 800, height: int = 600) -> Image.Image:
    """A textured scene of soft and hard shapes, different for every seed: sharp, well lit, with camera noise."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = np.full((height, width, 3), 120, np.float32)
    for _ in range(60):
        cx, cy = chance.uniform(0, width), chance.uniform(0, height)
        rx, ry = chance.uniform(20, 160, 2)
        angle = chance.uniform(0, np.pi)
        u = (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
        v = (y - cy) * np.cos(angle) - (x - cx) * np.sin(angle)
        inside = (u / rx) ** 2 + (v / ry) ** 2 < 1 if chance.random() < 0.5 else (abs(u) < rx) & (abs(v) < ry)
        shade = chance.uniform(30, 225, 3).astype(np.float32)
        ripple = 14 * np.sin(u[inside] / chance.uniform(1.5, 6))
        picture[inside] = 0.25 * picture[inside] + 0.75 * (shade[None, :] + ripple[:, None])
    picture += chance.normal(0, 3, picture.shape)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def save(image: Image.Image, path: Path, **options: object) -> Path:
    """Save by extension, making folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """JPEG bytes."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def scenes(count: int, width: int = 800, height: int = 600) -> Iterator[Image.Image]:
    """So many different scenes, quickly: drawn at half size, each pixel then doubled."""
    for number in range(count):
        small = scene(100 + number, width // 2, height // 2)
        yield small.resize((width, height), Image.Resampling.NEAREST)
