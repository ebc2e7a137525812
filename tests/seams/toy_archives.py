"""Archives made in the test, and the jail that opens them."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.opening.host import jail

ROOT = Path(__file__).resolve().parents[2]
TOY_ZYGOTE = (
    sys.executable,
    "-I",
    str(Path(__file__).with_name("toy_zygote.py")),
    os.pathsep.join([str(ROOT), *sys.path[:3]]),
)


def with_toy_format(monkeypatch) -> None:
    """Every jail started from now on opens ZIP archives."""
    monkeypatch.setattr(jail, "ZYGOTE", TOY_ZYGOTE)


def archive(files: list[tuple[str, bytes]], comment: str = "") -> bytes:
    """A ZIP with these files in this order; names may repeat."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in files:
            file.writestr(zipfile.ZipInfo(name), data)
        file.comment = comment.encode()
    return made.getvalue()


def picture(seed: int, quality: int = 85) -> bytes:
    """A JPEG of waves and grain, each seed its own: no two are alike, and none is taken for a screen."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:480, :640] / 40.0
    waves = sum(
        np.sin(x * random.uniform(-2, 2) + y * random.uniform(-2, 2) + random.uniform(0, 6))
        for _ in range(12)
    )
    light = 127 + 22 * waves[..., None] * random.uniform(0.5, 1.0, 3) + random.normal(0, 6, (480, 640, 3))
    data = io.BytesIO()
    Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).save(data, "JPEG", quality=quality)
    return data.getvalue()
