"""Synthetic blur in linear light, with grain and JPEG: what lenses and hands do to a sharp photo.

``across`` is how wide a point becomes, in pixels of a picture of 1,024 px on the long side: a disk's diameter, the
length of a movement, a Gaussian's width at half its height.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageOps

_FINE = 8


def read(path: str | object, side: int = 1024) -> np.ndarray:
    """Upright RGB of at most ``side`` px, HxWx3 uint8. Raises OSError where Pillow cannot read the file."""
    with Image.open(path) as image:  # type: ignore[arg-type]
        image.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return np.asarray(upright)


def recompressed(view: np.ndarray, quality: int) -> np.ndarray:
    """The view after one JPEG compression."""
    buffer = io.BytesIO()
    Image.fromarray(view).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def blurred(light: np.ndarray, kind: str, width: float, rng: np.random.Generator) -> np.ndarray:
    """``light`` (linear, float32) with points spread over ``width`` px."""
    if kind == "defocus":
        return cv2.filter2D(light, -1, out_of_focus(width))
    if kind == "motion":
        return cv2.filter2D(light, -1, line(width, rng.uniform(0, np.pi)))
    if kind == "gauss":
        return cv2.GaussianBlur(light, (0, 0), width / 2.355)
    if kind == "shake":
        return cv2.filter2D(light, -1, wander(width, rng))
    return light


def out_of_focus(width: float) -> np.ndarray:
    y, x = _fine_grid(width)
    return _reduced((x**2 + y**2 <= (width / 2) ** 2).astype(np.float32))


def line(width: float, angle: float) -> np.ndarray:
    """A stroke one pixel thick."""
    y, x = _fine_grid(width)
    along, aside = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return _reduced(((abs(along) <= width / 2) & (abs(aside) <= 0.5)).astype(np.float32))


def wander(width: float, rng: np.random.Generator, *, path: bool = False) -> np.ndarray:
    """The path of an unsteady hand: it turns as it goes, and is ``width`` px long between its farthest points.

    With ``path`` it is as long as that along its way, and reaches less far.
    """
    steps = 200
    angle = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.09, steps))
    way = np.cumsum(np.stack([np.cos(angle), np.sin(angle)], axis=1), axis=0)
    long = float(steps) if path else max(float(np.linalg.norm(way - point, axis=1).max()) for point in way)
    way = (way - (way.max(axis=0) + way.min(axis=0)) / 2) * (width / long)
    side = _fine_grid(width)[0].shape[0]
    fine = np.zeros((side, side), np.float32)
    places = np.clip(np.rint(way * _FINE + side / 2), 0, side - 1).astype(int)
    np.add.at(fine, (places[:, 1], places[:, 0]), 1.0)
    return _reduced(cv2.GaussianBlur(fine, (0, 0), _FINE / 3.5))  # a stroke about one pixel thick


def _fine_grid(width: float) -> tuple[np.ndarray, np.ndarray]:
    side = int(np.ceil(width)) + 2
    side += 1 - side % 2
    places = (np.arange(side * _FINE) - (side * _FINE - 1) / 2) / _FINE
    return np.meshgrid(places, places, indexing="ij")  # type: ignore[return-value]


def _reduced(fine: np.ndarray) -> np.ndarray:
    side = fine.shape[0] // _FINE
    kernel = fine.reshape(side, _FINE, side, _FINE).mean(axis=(1, 3))
    return (kernel / kernel.sum()).astype(np.float32)
