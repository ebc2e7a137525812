"""Pictures for looking at the sample's pages, drawn on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from rendering_samples import sample_report

from validators.report import DerivativeRecord


def draw_media(folder: Path) -> None:
    """The pictures the sample's derivatives name, drawn for looking at."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    for one in sample_report().evidence:
        for made in one.derivatives:
            _draw(made, rng).save(folder / made.path, quality=80)


def _draw(made: DerivativeRecord, rng: np.random.Generator) -> Image.Image:
    width, height = made.width, made.height
    stem = Path(made.path).stem
    if stem.startswith(("page", "order")):
        image = Image.new("RGB", (width, height), "white")
        pen = ImageDraw.Draw(image)
        for row in range(30, height - 30, 22):
            pen.rectangle((25, row, 25 + rng.integers(width // 3, width - 50), row + 8), fill=(70, 74, 80))
        return image
    ramp = np.linspace(70, 200, width)[None, :, None] * np.array([1.0, 0.92, 0.8])
    noise = rng.normal(0, 6, (height, width, 3))
    image = Image.fromarray(np.clip(ramp + noise, 0, 255).astype(np.uint8).copy())
    pen = ImageDraw.Draw(image)
    if stem == "sheet":
        for left in range(10, width - 120, 148):
            pen.rectangle(
                (left, 10, left + 136, height - 10), fill=tuple(int(v) for v in rng.integers(40, 220, 3))
            )
        return image
    pen.rounded_rectangle(
        (width * 0.2, height * 0.25, width * 0.8, height * 0.8), 20, fill=(94, 60, 42), width=3
    )
    pen.line((width * 0.3, height * 0.3, width * 0.55, height * 0.5, width * 0.6, height * 0.75), "black", 4)
    return image.filter(ImageFilter.GaussianBlur(7)) if stem == "box" else image
