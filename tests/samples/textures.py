"""Surfaces for the rendered photographs: numpy in, float32 RGB arrays in 0..1 (sRGB-coded) out.

Everything is seeded. Only ``gravel`` and ``grass`` derive from pictures (CC0, shipped with scikit-image).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import skimage

Array = np.ndarray
SKIMAGE_DATA = Path(skimage.__file__).parent / "data"


def fbm(shape: tuple[int, int], cell: tuple[float, float], octaves: int, seed: int) -> Array:
    """Fractal noise (height, width), about -1..1; ``cell`` is the first octave's size in pixels."""
    rng = np.random.default_rng(seed)
    total = np.zeros(shape, np.float32)
    weight = 0.0
    for octave in range(octaves):
        rows = max(2, round(shape[0] / (cell[0] / 2**octave)) + 3)
        cols = max(2, round(shape[1] / (cell[1] / 2**octave)) + 3)
        rows, cols = min(rows, shape[0]), min(cols, shape[1])
        coarse = rng.standard_normal((rows, cols)).astype(np.float32)
        total += cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC) * 0.55**octave
        weight += 0.55**octave
    return total / weight


def mix(low: tuple[float, ...], high: tuple[float, ...], t: Array) -> Array:
    """Blend two colours by ``t`` (height, width) in 0..1 → (height, width, 3)."""
    t = np.clip(t, 0, 1)[..., None]
    return (np.float32(low) * (1 - t) + np.float32(high) * t).astype(np.float32)


def wood(size: int = 4096, planks: int = 6, tone: str = "oak", seed: int = 1) -> Array:
    """A boarded table top: growth rings, fibres, pores and seams, grain along x."""
    tones = {
        "oak": ((0.42, 0.27, 0.15), (0.72, 0.53, 0.34)),
        "walnut": ((0.19, 0.115, 0.07), (0.43, 0.28, 0.18)),
        "beech": ((0.63, 0.46, 0.31), (0.83, 0.68, 0.51)),
    }
    low, high = tones[tone]
    rng = np.random.default_rng(seed)
    out = np.zeros((size, size, 3), np.float32)
    step = size // planks
    for index in range(planks):
        top = index * step
        rows = size - top if index == planks - 1 else step
        out[top : top + rows] = _plank(rows, size, low, high, int(rng.integers(1 << 30)))
    return np.clip(out, 0, 1)


def _plank(rows: int, cols: int, low: tuple[float, ...], high: tuple[float, ...], seed: int) -> Array:
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    warp = fbm((rows, cols), (rows * 0.8, cols * 0.45), 3, seed + 1)
    centre = rng.uniform(-0.4, 1.4)
    rings = np.abs(y - centre) * rng.uniform(9, 15) + warp * rng.uniform(0.8, 1.7)
    saw = rings - np.floor(rings)
    growth = np.where(saw < 0.75, saw / 0.75, (1 - saw) / 0.25)
    fibre = fbm((rows, cols), (3, 260), 2, seed + 2)
    fine = fbm((rows, cols), (2, 40), 1, seed + 3)
    pores = (fbm((rows, cols), (2.5, 70), 1, seed + 4) > 1.75).astype(np.float32)
    tone = 0.62 - 0.34 * growth + 0.17 * fibre + 0.06 * fine + rng.uniform(-0.12, 0.12)
    colour = mix(low, high, tone) * (1 - 0.45 * cv2.GaussianBlur(pores, (0, 0), 0.8)[..., None])
    edge = np.minimum(np.arange(rows), np.arange(rows)[::-1])[:, None]
    return colour * (1 - 0.8 * np.exp(-((edge / 4.0) ** 2)))[..., None].astype(np.float32)


def card(shape: tuple[int, int], seed: int = 2, tone: tuple[float, ...] = (0.66, 0.49, 0.33)) -> Array:
    """Corrugated board: fibres, faint flutes, stains."""
    base = np.ones((*shape, 3), np.float32) * np.float32(tone)
    fibres = fbm(shape, (3, 9), 2, seed) * 0.045 + fbm(shape, (9, 2), 2, seed + 1) * 0.03
    stains = fbm(shape, (shape[0] / 3, shape[1] / 3), 4, seed + 2) * 0.035
    flutes = 0.012 * np.sin(np.arange(shape[1], dtype=np.float32) * 2 * np.pi / 26)[None, :]
    specks = (fbm(shape, (3, 3), 1, seed + 3) > 2.3).astype(np.float32) * -0.16
    return np.clip(base * (1 + fibres + stains + flutes + specks)[..., None], 0, 1)


def weave(
    size: int, tone: tuple[float, ...], pitch: float = 10.0, seed: int = 3, heather: float = 0.1
) -> Array:
    """Plain-woven or knitted cloth with uneven yarn; ``pitch`` is pixels per thread."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    x += 1.4 * fbm((size, size), (90, 90), 3, seed)
    y += 1.4 * fbm((size, size), (90, 90), 3, seed + 1)
    warp = np.abs(np.sin(x * np.pi / pitch))
    weft = np.abs(np.sin(y * np.pi / pitch))
    over = (np.floor(x / pitch) + np.floor(y / pitch)) % 2
    height = np.where(over > 0, warp * (0.55 + 0.45 * weft), weft * (0.55 + 0.45 * warp))
    yarn = fbm((size, size), (pitch * 0.8, 150), 2, seed + 2) * over
    yarn += fbm((size, size), (150, pitch * 0.8), 2, seed + 3) * (1 - over)
    fuzz = fbm((size, size), (2.5, 2.5), 2, seed + 4)
    shade = 0.66 + 0.4 * height + heather * yarn + 0.05 * fuzz
    return np.clip(np.float32(tone) * shade[..., None], 0, 1)


def plaster(size: int, tone: tuple[float, ...], seed: int = 4, grain: float = 0.05) -> Array:
    """A painted or rough surface: broad unevenness and fine grain."""
    shape = (size, size)
    noise = fbm(shape, (size / 4, size / 4), 5, seed) * 0.05 + fbm(shape, (4, 4), 2, seed + 1) * grain
    return np.clip(np.float32(tone) * (1 + noise)[..., None], 0, 1)


def glaze(shape: tuple[int, int], tone: tuple[float, ...], seed: int, speckle: float = 1.0) -> Array:
    """Stoneware glaze with iron specks."""
    broad = fbm(shape, (shape[0] / 5, shape[1] / 8), 4, seed) * 0.04
    specks = np.zeros(shape, np.float32)
    for index, (cell, limit) in enumerate(((5, 2.15), (9, 2.3), (14, 2.45))):
        specks = np.maximum(
            specks, (fbm(shape, (cell, cell), 1, seed + 10 + index) > limit).astype(np.float32)
        )
    specks = cv2.GaussianBlur(specks, (0, 0), 1.0) * 0.75 * speckle
    base = np.float32(tone) * (1 + broad)[..., None]
    return np.clip(base * (1 - specks[..., None]) + np.float32((0.2, 0.13, 0.08)) * specks[..., None], 0, 1)


def bricks(size: int = 2048, rows: int = 18, seed: int = 5) -> tuple[Array, Array]:
    """A brick wall in running bond: colour (size, size, 3) and height (size, size) in 0..1."""
    rng = np.random.default_rng(seed)
    colour = mix((0.55, 0.52, 0.47), (0.72, 0.69, 0.64), 0.5 + 0.35 * fbm((size, size), (6, 6), 3, seed))
    height = 0.12 + 0.1 * fbm((size, size), (8, 8), 3, seed + 1)
    tall = size / rows
    wide = tall * 3.1
    mortar = tall * 0.13
    grain = fbm((size, size), (5, 5), 3, seed + 2)
    pits = fbm((size, size), (14, 18), 3, seed + 3)
    for row in range(rows):
        shift = (row % 2) * wide / 2 + rng.uniform(-3, 3)
        for col in range(-1, int(size / wide) + 2):
            box = np.array(
                [col * wide + shift, row * tall, (col + 1) * wide + shift - mortar, (row + 1) * tall - mortar]
            )
            x0, y0, x1, y1 = np.clip(np.round(box + rng.uniform(-2, 2, 4)), 0, size).astype(int)
            if x1 <= x0 or y1 <= y0:
                continue
            tone = np.float32((0.45, 0.27, 0.205)) * rng.uniform(0.72, 1.2) + np.float32(
                rng.uniform(-0.012, 0.012, 3)
            )
            local = 1 + 0.10 * grain[y0:y1, x0:x1] + 0.12 * pits[y0:y1, x0:x1]
            colour[y0:y1, x0:x1] = tone * local[..., None]
            height[y0:y1, x0:x1] = 0.8 + 0.06 * grain[y0:y1, x0:x1] + 0.06 * pits[y0:y1, x0:x1]
    colour *= (1 + 0.13 * fbm((size, size), (size / 3, size / 4), 5, seed + 4))[..., None]
    return np.clip(colour, 0, 1), np.clip(cv2.GaussianBlur(height, (0, 0), 1.6), 0, 1)


def from_library(name: str, tone: tuple[float, ...], size: int = 2048, seed: int = 6) -> Array:
    """scikit-image's CC0 ``gravel`` or ``grass`` texture, mirrored to tile, tinted."""
    grey = cv2.imread(str(SKIMAGE_DATA / f"{name}.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    tile = np.block([[grey, grey[:, ::-1]], [grey[::-1], grey[::-1, ::-1]]])
    tile = cv2.resize(tile, (size, size), interpolation=cv2.INTER_CUBIC)
    parallax_residual = 1 + 0.12 * fbm((size, size), (size / 4, size / 4), 4, seed)
    return np.clip(tile[..., None] * np.float32(tone) * 1.9 * parallax_residual[..., None], 0, 1)


def paste(base: Array, patch: Array, centre: tuple[float, float], width: float, turn: float = 0.0) -> None:
    """Lay ``patch`` (RGB or RGBA) on ``base`` in place; centre and width are shares of base's size."""
    rows, cols = base.shape[:2]
    scale = width * cols / patch.shape[1]
    matrix = cv2.getRotationMatrix2D((patch.shape[1] / 2, patch.shape[0] / 2), turn, scale)
    matrix[:, 2] += np.array([centre[0] * cols - patch.shape[1] / 2, centre[1] * rows - patch.shape[0] / 2])
    alpha = patch[..., 3] if patch.shape[2] == 4 else np.ones(patch.shape[:2], np.float32)
    shrunk = patch[..., :3]
    if scale < 0.8:
        blur = 0.4 / scale
        shrunk = cv2.GaussianBlur(shrunk, (0, 0), blur)
    laid = cv2.warpAffine(np.ascontiguousarray(shrunk), matrix, (cols, rows), flags=cv2.INTER_CUBIC)
    cover = cv2.warpAffine(np.ascontiguousarray(alpha), matrix, (cols, rows), flags=cv2.INTER_LINEAR)[
        ..., None
    ]
    base[:] = np.clip(base * (1 - cover) + laid * cover, 0, 1)
