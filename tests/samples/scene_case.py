"""Phone cases: the green one that came, the blue one of the listing, and the bag's card beside it."""

from __future__ import annotations

import numpy as np
import prints
import shapes
import studio
import textures
from scene_mug import table
from studio import Array, Scene

GREEN = (0.36, 0.47, 0.36)
BLUE = (0.10, 0.17, 0.36)
HALF = (3.7, 7.6, 0.55)


def _case(x: Array, y: Array, z: Array) -> Array:
    body = np.maximum(shapes.rounded_box(x, y, z, HALF, 0.5), np.hypot(*_corner(x, y)) - 1.25)
    hollow = np.maximum(shapes.rounded_box(x, y, z + 0.25, (3.55, 7.45, 0.62), 0.4), z - 0.38)
    island = shapes.rounded_box(x + 1.75, y - 5.6, z - 0.5, (1.65, 1.65, 0.32), 0.28)
    hole = shapes.rounded_box(x + 1.75, y - 5.6, z - 0.4, (1.42, 1.42, 1.2), 0.55)
    buttons = np.minimum(
        shapes.rounded_box(x - 3.72, y - 3.4, z, (0.12, 0.75, 0.2), 0.1),
        shapes.rounded_box(x - 3.72, y - 1.2, z, (0.12, 0.5, 0.2), 0.1),
    )
    shell = np.maximum(np.minimum(np.minimum(body, island), buttons), -hollow)
    return np.maximum(shell, -hole)


def _corner(x: Array, y: Array) -> tuple[Array, Array]:
    return np.maximum(np.abs(x) - (HALF[0] - 1.25), 0), np.maximum(np.abs(y) - (HALF[1] - 1.25), 0)


def add_case(
    scene: Scene, tone: tuple[float, ...], at: tuple[float, float, float], turn: float, seed: int
) -> None:
    """A case lying on its face."""
    mesh = shapes.solid(_case, (-4.1, -8, -0.9), (4.1, 8, 1.1), 0.05)
    silk = textures.plaster(1400, tone, seed, 0.035)
    dust = textures.fbm((1400, 1400), (3, 3), 1, seed + 3) > 2.9
    silk[dust] = silk[dust] * 0.6 + 0.3
    scene.add(shapes.moved(mesh, at, turn), studio.glossy(silk, 0.34))


def _bed(scene: Scene, seed: int, tone: tuple[float, ...] = (0.62, 0.58, 0.60)) -> None:
    x, y = np.meshgrid(np.linspace(-50, 50, 400), np.linspace(50, -50, 400))
    folds = 0.5 * textures.fbm((400, 400), (90, 50), 3, seed) + 0.9 * np.exp(
        -(((y - 0.3 * x - 11) / 2.5) ** 2)
    )
    calm = np.clip((np.hypot(x, y * 0.7) - 5) / 9, 0.06, 1)
    cloth = textures.weave(5120, tone, 11, seed + 1)
    scene.add(shapes.sheet(np.stack([x, y, folds * calm - 0.1], -1)), studio.matt(cloth))


def received(samples: int) -> Array:
    """The green case on a bedspread."""
    scene = Scene((3.5, -12, 18), (0, -0.4, 0.4), (2016, 1512), fov=52, samples=samples, seed=41)
    _bed(scene, 91)
    add_case(scene, GREEN, (-0.5, 0, 0.75), -62, 92)
    scene.light(studio.room(window=30, turn=20, warm=0.25))
    return scene.render()


def listing(samples: int) -> Array:
    """The seller's picture: the blue case on pale board."""
    scene = Scene((0, -9, 25), (0, 0, 0.3), (1000, 1000), fov=44, samples=samples, seed=42)
    table(scene, textures.plaster(1024, (0.86, 0.85, 0.82), 93, 0.02), 80, 0.5)
    add_case(scene, BLUE, (-4.3, 0.4, 0.6), 9, 94)
    add_case(scene, BLUE, (4.4, -0.4, 0.6), 9, 95)
    scene.light(studio.room(window=24, turn=75))
    return scene.render()


def package(samples: int) -> Array:
    """The case beside the card of its bag, which names the colour ordered."""
    scene = Scene((1, -15, 22), (0, -0.3, 0), (1600, 1200), fov=46, samples=samples, seed=43)
    table(scene, textures.wood(4096, 8, "oak", 37), 45, 0.3)
    add_case(scene, GREEN, (-5.4, 0.2, 0.6), 9, 92)
    card = prints.insert_card("Arden 12 Lite", "Midnight blue")
    x, y = np.meshgrid(np.linspace(-4, 4, 40), np.linspace(5.5, -5.5, 40))
    sheet = shapes.sheet(np.stack([x, y, 0.12 + 0.018 * (x + 1) ** 2], -1))
    scene.add(shapes.moved(sheet, (5.2, 0, 0), -7), studio.glossy(card[..., :3], 0.3))
    scene.light(studio.room(window=26, turn=-30, warm=0.5))
    return scene.render()


def window(samples: int) -> Array:
    """The green case again, later: on edge against books, by a window."""
    scene = Scene((-7, -21, 13), (0, 0, 3.2), (1280, 960), fov=44, samples=samples, seed=44)
    table(scene, textures.plaster(2048, (0.55, 0.50, 0.46), 96, 0.10), 70, 0.3)
    for index, tone in enumerate(((0.30, 0.12, 0.10), (0.68, 0.60, 0.47))):
        half = (9.0, 6.5, 1.2)
        block = shapes.solid(
            lambda x, y, z, h=half: shapes.rounded_box(x, y, z, h, 0.15),
            (-9.6, -7, -1.6),
            (9.6, 7, 1.6),
            0.14,
        )
        cover = textures.weave(900, tone, 5, 97 + index, 0.05)
        scene.add(shapes.moved(block, (1.5, 8.0, 1.2 + 2.4 * index), 4 - 7 * index), studio.matt(cover))
    mesh = shapes.solid(_case, (-4.1, -8, -0.9), (4.1, 8, 1.1), 0.05)
    silk = textures.plaster(1400, GREEN, 99, 0.035)
    upright = shapes.moved(shapes.moved(mesh, (0, 0, 0), 90), (-0.5, -1.1, 3.9), 6, 62)
    scene.add(upright, studio.glossy(silk, 0.34))
    scene.light(studio.room(window=34, turn=-70))
    return scene.render()
