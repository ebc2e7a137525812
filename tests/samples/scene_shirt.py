"""A T-shirt on a table with a tailor's tape, and its sewn label."""

from __future__ import annotations

import cv2
import numpy as np
import prints
import shapes
import studio
import textures
from scene_mug import table
from studio import Array, Scene

PLUM = (0.42, 0.20, 0.24)
OUTLINE = [
    *((-9, 33), (-17, 31.2), (-23, 28.6), (-31, 21.8), (-38.6, 14.9), (-39, 14.4), (-38.7, 13.9)),
    *((-33.3, 7.7), (-32.8, 7.4), (-32.2, 7.7), (-25, 14.6), (-24.1, 14.2), (-23.7, 5), (-23.8, -10)),
    *(
        (-24.1, -30),
        (-24.2, -33.6),
        (-24.2, -34.6),
        (-24, -35.2),
        (-23.2, -35.5),
        (-21, -35.6),
        (-12, -36),
        (0, -36.2),
        (12, -36),
        (21, -35.6),
        (23.2, -35.5),
    ),
    *(
        (24, -35.2),
        (24.2, -34.6),
        (24.2, -33.6),
        (24.1, -30),
        (23.8, -10),
        (23.7, 5),
        (24.1, 14.2),
        (25, 14.6),
        (32.2, 7.7),
    ),
    *((32.8, 7.4), (33.3, 7.7), (38.7, 13.9), (39, 14.4), (38.6, 14.9), (31, 21.8), (23, 28.6)),
    *(
        (17, 31.2),
        (9, 33),
        (8.3, 32.4),
        (6, 29.2),
        (3.2, 27.4),
        (0, 26.9),
        (-3.2, 27.4),
        (-6, 29.2),
        (-8.3, 32.4),
    ),
]
SPAN = 42.0


def _cloth_height(steps: int, seed: int) -> Array:
    """Wrinkles: soft folds fanning from the arms, fine creases everywhere, in cm."""
    x, y = np.meshgrid(np.linspace(-SPAN, SPAN, steps), np.linspace(SPAN, -SPAN, steps))
    broad = 0.3 * textures.fbm((steps, steps), (steps / 3, steps / 5), 4, seed)
    creases = np.abs(textures.fbm((steps, steps), (steps / 7, steps / 19), 3, seed + 1)) * 0.24
    fans = sum(
        0.42
        * np.exp(-((((x - sx) * dy - (y - 12) * dx) / 1.3) ** 2))
        * np.clip(1 - np.hypot(x - sx, y - 12) / reach, 0, 1)
        for sx, dx, dy, reach in (
            (-22, 0.5, -0.86, 24),
            (22, -0.6, -0.8, 22),
            (-22, 0.8, -0.5, 15),
            (22, -0.3, -0.95, 28),
        )
    )
    return 0.55 + broad.clip(-0.35, 1) + creases + fans


def _inside(steps: int) -> Array:
    ring = (np.array(OUTLINE) * [1, -1] / SPAN / 2 + 0.5) * steps
    curve = shapes.smooth_profile([tuple(p) for p in np.vstack([ring, ring[:1]])], 10)
    mask = np.zeros((steps, steps), np.uint8)
    cv2.fillPoly(mask, [np.round(curve * 16).astype(np.int32)], 255, shift=4)
    return mask > 127


def add_shirt(scene: Scene, tone: tuple[float, ...], seed: int, steps: int = 800) -> Array:
    """The shirt lying flat; returns its height map for laying things on it."""
    x, y = np.meshgrid(np.linspace(-SPAN, SPAN, steps), np.linspace(SPAN, -SPAN, steps))
    height = _cloth_height(steps, seed)
    inside = _inside(steps)
    rim = np.clip(
        cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 5) * (2 * SPAN / steps) / 1.1, 0, 1
    )
    height = 0.12 + (height - 0.12) * np.sqrt(rim)
    mesh = shapes.sheet(np.stack([x, y, height], -1))
    keep = inside.ravel()[mesh.faces].all(axis=1)
    knit = textures.weave(6144, tone, 7.0, seed + 2, 0.22)
    scene.add(mesh.only(keep), studio.matt(knit))
    hem = textures.weave(512, tone, 7.0, seed + 3)
    ring = shapes.smooth_profile([*OUTLINE, OUTLINE[0]], 14)
    path = np.column_stack([ring, np.full(len(ring), 0.2)])
    scene.add(shapes.tube(path, 0.2), studio.matt(hem))
    _neckline(scene, tone)
    for offset in (2.0, 2.25):
        _stitches(scene, offset, height, tone)
    return height


def _stitches(scene: Scene, offset: float, height: Array, tone: tuple[float, ...]) -> None:
    """A seam above the hem."""
    x = np.linspace(-23.6, 23.6, 400)
    y = np.full_like(x, -36 + offset) + 0.9 * (x / 24) ** 2
    path = np.stack([x, y, _at(height, x, y) + 0.02], 1)
    light = tuple(min(1.0, c * 1.5) for c in tone)
    scene.add(shapes.tube(path, 0.045, 6), studio.matt(light))


def _at(height: Array, x: Array, y: Array) -> Array:
    """How high a thing lies that bridges the folds: the tops about it, smoothed."""
    steps = len(height)
    col = np.clip((x / SPAN / 2 + 0.5) * (steps - 1), 0, steps - 1).astype(int)
    row = np.clip((0.5 - y / SPAN / 2) * (steps - 1), 0, steps - 1).astype(int)
    tops = cv2.dilate(height.astype(np.float32), np.ones((25, 25), np.uint8))
    return cv2.GaussianBlur(tops, (0, 0), 7)[row, col]


def _neckline(scene: Scene, tone: tuple[float, ...]) -> None:
    """A ribbed band along the collar, as one lies on the front and one on the back."""
    knit = textures.weave(512, tone, 5.0, 148, 0.3)
    for drop, rise in ((0.0, 0.62), (-2.3, 0.5)):
        t = np.linspace(-1, 1, 120)
        path = np.stack([8.6 * t, 27.0 + drop + (5.6 - drop) * np.abs(t) ** 2.4, np.full_like(t, rise)], 1)
        scene.add(shapes.tube(path, 0.42, 14, flatten=0.5), studio.matt(knit))


def add_tape(scene: Scene, height: Array, level: float, start: float = -23.8) -> None:
    """A tailor's tape across the chest, its zero at ``start``."""
    long = 56
    t = np.linspace(0, long, 500)
    x = start + t
    bow = level + 0.35 * np.sin(t / 9) + 0.02 * np.clip(t - 47, 0, 9) ** 2
    rows = []
    for side in (1.0, -1.0):
        z = _at(height, x, bow + side)
        rows.append(np.stack([x, bow + side, np.maximum(z, 0.2) + 0.22], 1))
    ribbon = shapes.sheet(np.stack(rows))
    print_ = prints.tape_measure(60)[:, : long * 40, :3]
    scene.add(ribbon, studio.glossy(print_, 0.3))


def whole(samples: int) -> Array:
    """The shirt on the table, tape across the chest."""
    scene = Scene((2, -20, 88), (0, -2.5, 0), (2048, 1536), fov=58, up=(0, 1, 0), samples=samples, seed=61)
    table(scene, textures.wood(5120, 12, "beech", 38), 85, 0.3)
    height = add_shirt(scene, PLUM, 141)
    add_tape(scene, height, 4.0)
    scene.light(studio.room(window=36, turn=30, warm=0.15))
    return scene.render()


def measure(samples: int) -> Array:
    """The end of the tape at the side seam."""
    scene = Scene(
        (19, -9, 27), (19.0, 3.5, 0.5), (1600, 1200), fov=54, up=(0, 1, 0.2), samples=samples, seed=62
    )
    table(scene, textures.wood(5120, 12, "beech", 38), 85, 0.3)
    height = add_shirt(scene, PLUM, 141)
    add_tape(scene, height, 4.0)
    scene.light(studio.room(window=36, turn=30, warm=0.15))
    return scene.render()


def label(samples: int) -> Array:
    """The sewn label at the neck."""
    scene = Scene(
        (0.5, 18.5, 12),
        (0, 24.2, 0.6),
        (1600, 1200),
        fov=50,
        up=(0, 1, 0.3),
        aperture=0.08,
        samples=samples,
        seed=63,
    )
    table(scene, textures.wood(5120, 12, "beech", 38), 85, 0.3)
    height = add_shirt(scene, PLUM, 141)
    x, y = np.meshgrid(np.linspace(-1.7, 1.7, 40), np.linspace(26.2, 21.1, 50))
    base = float(_at(height, np.zeros(1), np.array([24.0]))[0])
    rise = base + 0.35 + 0.05 * (x / 1.7) ** 2 + 0.18 * np.sin((y - 21.1) / 5.1 * np.pi)
    scene.add(shapes.sheet(np.stack([x, y, rise], -1)), studio.matt(prints.sewn_label()[..., :3]))
    scene.light(studio.room(window=36, turn=30, warm=0.15))
    return scene.render()
