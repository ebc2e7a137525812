"""Stoneware mugs with a lid, whole and broken; and a plain cup."""

from __future__ import annotations

import numpy as np
import shapes
import studio
import textures
from scipy.spatial import ConvexHull
from shapes import Mesh
from studio import Array, Scene

SAND = (0.80, 0.75, 0.66)
TEAL = (0.13, 0.34, 0.36)
CLAY = (0.80, 0.70, 0.58)
OUTER = [(0.1, 0.15), (2.9, 0.15), (3.35, 0.5), (3.9, 2.6), (4.15, 6.0), (4.12, 9.4)]
INNER = [(4.02, 9.62), (3.86, 9.4), (3.84, 6.0), (3.5, 2.2), (2.4, 0.9), (0.1, 0.8)]


def body_texture(seed: int, low: tuple[float, ...] = TEAL, high: tuple[float, ...] = SAND) -> Array:
    """Two glazes meeting in an uneven line; rows run from the foot up, over the rim and down inside."""
    shape = (1400, 2048)
    upper = textures.glaze(shape, high, seed)
    lower = textures.glaze(shape, low, seed + 40, speckle=0.35)
    edge = 0.36 + 0.02 * textures.fbm((2, 2048), (2, 260), 4, seed + 1)[:1]
    rows = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    cover = np.clip((edge - rows) * 220, 0, 1)[..., None]
    run = np.exp(-(((rows - edge) * 90) ** 2))[..., None] * 0.25
    return np.clip((upper * (1 - cover) + lower * cover) * (1 - run), 0, 1)


def add_mug(
    scene: Scene, at: tuple[float, float], turn: float, seed: int, **tones: tuple[float, ...]
) -> None:
    """A mug with its handle."""
    texture = body_texture(seed, **tones)
    profile = shapes.smooth_profile([*OUTER, *INNER])
    surface = studio.glossy(texture, 0.07)
    place = (at[0], at[1], 0.0)
    scene.add(shapes.moved(shapes.revolve(profile), place, turn), surface)
    t = np.linspace(0, np.pi, 48)
    path = np.stack([3.98 + 2.8 * np.sin(t).clip(0) ** 0.85, 0 * t, 5.0 + 2.7 * np.cos(t)], 1)
    handle = shapes.tube(path, np.linspace(0.62, 0.48, 48), flatten=1.35)
    grain = textures.glaze((512, 256), tones.get("high", SAND), seed + 5)
    scene.add(shapes.moved(handle, place, turn), studio.glossy(grain, 0.07))


def _lid(x: Array, y: Array, z: Array) -> Array:
    radius = np.hypot(x, y)
    dome = z - 0.55 * (1 - (radius / 4.6) ** 2)
    plate = np.hypot(np.maximum(radius - 4.35, 0), np.maximum(np.abs(dome) - 0.12, 0)) - 0.2
    knob = np.sqrt((x / 1.05) ** 2 + (y / 1.05) ** 2 + ((z - 1.65) / 0.72) ** 2) * 0.8 - 0.8
    neck = np.hypot(np.maximum(radius - 0.45, 0), np.maximum(np.abs(z - 1.0) - 0.5, 0)) - 0.1
    top = np.minimum(knob, neck)
    blend = np.clip(0.5 + 0.5 * (plate - top) / 0.35, 0, 1)
    return plate * (1 - blend) + top * blend - 0.35 * blend * (1 - blend)


def _fracture(x: Array, y: Array, z: Array, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    knots = np.linspace(-5.2, 5.2, 15)
    jag = np.interp(y, knots, rng.uniform(-0.42, 0.42, 15))
    fine = np.interp(y, np.linspace(-5.2, 5.2, 90), rng.uniform(-0.09, 0.09, 90))
    grain = 0.05 * np.sin(z * 17 + y * 5) + 0.035 * np.sin(z * 31 - y * 11)
    return x - 1.75 - 0.05 * y**2 + jag + fine + grain


def lid_pieces(seed: int, step: float = 0.055) -> list[tuple[Mesh, Mesh]]:
    """The two pieces of a broken lid, each as (glazed skin, raw fracture)."""
    pieces = []
    for side in (1.0, -1.0):

        def field(x: Array, y: Array, z: Array, side: float = side) -> Array:
            return np.maximum(_lid(x, y, z), side * _fracture(x, y, z, seed))

        mesh = shapes.solid(field, (-4.9, -4.9, -0.5), (4.9, 4.9, 2.6), step)
        middle = mesh.points[mesh.faces].mean(axis=1).T
        raw = (np.abs(_fracture(*middle, seed)) < step * 0.7) & (_lid(*middle) < -step * 0.5)
        pieces.append((mesh.only(~raw), mesh.only(raw)))
    return pieces


def lid_texture(seed: int, crack: bool) -> Array:
    """The lid from above; a broken one has a hairline running on."""
    texture = textures.glaze((1400, 1400), SAND, seed)
    if crack:
        rng = np.random.default_rng(seed)
        point = np.array([880.0, 980.0])
        heading = 2.5
        for _ in range(300):
            heading += rng.normal(0, 0.16)
            point += 2.6 * np.array([np.cos(heading), np.sin(heading)])
            x, y = np.clip(point, 3, 1395).astype(int)
            texture[y - 1 : y + 2, x - 1 : x + 2] *= 0.42
    return texture


def add_broken_lid(scene: Scene, at: tuple[float, float], turn: float, seed: int) -> None:
    """Two pieces lying apart, with crumbs."""
    glaze = lid_texture(seed, crack=True)
    places = [((at[0], at[1], 0.35), turn, 0.0), ((at[0] + 1.9, at[1] - 1.1, 0.25), turn - 13, 3.0)]
    for (skin, raw), (shift, angle, tilt) in zip(lid_pieces(seed), places, strict=True):
        scene.add(shapes.moved(skin, shift, angle, tilt), studio.glossy(glaze, 0.08))
        scene.add(shapes.moved(raw, shift, angle, tilt), studio.matt(CLAY))
    rng = np.random.default_rng(seed + 1)
    for _ in range(16):
        size = rng.uniform(0.08, 0.34)
        knots = rng.normal(size=(12, 3)) * size * np.array([1, 0.8, 0.4])
        crumb = _hull(knots)
        spot = (at[0] + 1.9 + rng.normal(0, 1.9), at[1] - 1.0 + rng.normal(0, 2.6), size * 0.45)
        scene.add(
            shapes.moved(crumb, spot, rng.uniform(0, 360)), studio.matt(CLAY if rng.random() < 0.5 else SAND)
        )


def _hull(points: Array) -> Mesh:
    hull = ConvexHull(points)
    flat = points[hull.simplices].reshape(-1, 3)
    return Mesh(flat, flat[:, :2], np.arange(len(flat)).reshape(-1, 3))


def add_lid(scene: Scene, at: tuple[float, float, float], seed: int, turn: float = 0.0) -> None:
    """A whole lid."""
    mesh = shapes.solid(_lid, (-4.9, -4.9, -0.5), (4.9, 4.9, 2.6), 0.06)
    scene.add(shapes.moved(mesh, at, turn), studio.glossy(lid_texture(seed, crack=False), 0.08))


def table(
    scene: Scene, texture: Array, half: float = 60.0, gloss: float = 0.28, back: float | None = None
) -> None:
    """A table top from -half to half, or to ``back``."""
    far = half if back is None else back
    top = np.array([[[x * half, y, 0] for x in (-1, 1)] for y in (far, -half)], float)
    scene.add(shapes.sheet(top), studio.glossy(texture, gloss))


def wall(scene: Scene, tone: tuple[float, ...], distance: float, seed: int) -> None:
    """A painted wall behind the table."""
    corners = np.array([[[x, distance, z] for x in (-150, 150)] for z in (120, -60)], float)
    scene.add(shapes.sheet(corners), studio.matt(textures.plaster(1024, tone, seed)))


def broken(samples: int) -> Array:
    """The buyer's photograph: mug, broken lid and crumbs on an oak table."""
    scene = Scene((2.6, -21.5, 20), (-0.6, 0.6, 3.2), (2048, 1536), fov=52, samples=samples, seed=11)
    table(scene, textures.wood(4096, 9, "oak", 31), 45)
    add_mug(scene, (-4.2, 4.6), 150, 61)
    add_broken_lid(scene, (2.8, -3.0), 24, 77)
    scene.light(studio.room(window=34, turn=35, warm=0.15))
    return scene.render()


def crack(samples: int) -> Array:
    """Close to the break, from the other side."""
    scene = Scene(
        (9.5, -13, 11), (3.2, -3.0, 0.6), (1600, 1200), fov=52, aperture=0.1, samples=samples, seed=12
    )
    table(scene, textures.wood(4096, 9, "oak", 31), 45)
    add_mug(scene, (-4.2, 4.6), 150, 61)
    add_broken_lid(scene, (2.8, -3.0), 24, 77)
    scene.light(studio.room(window=34, turn=35, warm=0.15))
    return scene.render()


def listing_white(samples: int) -> Array:
    """The seller's product picture on a white sweep."""
    scene = Scene((4, -34, 17), (0, 0, 5.2), (1000, 1000), fov=30, samples=samples, seed=13)
    y = np.concatenate([np.linspace(-60, 22, 40), 22 + 14 * np.sin(np.linspace(0, np.pi / 2, 30)), [36] * 10])
    z = np.concatenate(
        [np.zeros(40), 14 - 14 * np.cos(np.linspace(0, np.pi / 2, 30)), np.linspace(16, 90, 10)]
    )
    points = np.stack([np.stack([np.full_like(y, x), y, z], 1) for x in (-90, 90)], 1)
    scene.add(shapes.sheet(points), studio.matt((0.93, 0.93, 0.93)))
    add_mug(scene, (0, 0), -28, 62)
    add_lid(scene, (0, 0, 9.75), 78)
    scene.light(studio.room(window=22, turn=70))
    return scene.render()


def listing_scene(samples: int) -> Array:
    """A second, styled listing picture: mug and lid apart, on walnut before a green wall."""
    scene = Scene((-7, -33, 15), (0, 0, 4.2), (1000, 1000), fov=36, samples=samples, seed=14)
    table(scene, textures.wood(2048, 5, "walnut", 32), 60, back=26)
    wall(scene, (0.42, 0.48, 0.40), 30, 15)
    add_mug(scene, (-2.6, 0), 25, 63)
    add_lid(scene, (6.2, -4.6, 0.35), 79)
    scene.light(studio.room(window=26, turn=-40, warm=0.5))
    return scene.render()


def earlier(samples: int) -> Array:
    """Another owner's mug, photographed long before: grey-blue glaze on a linen cloth."""
    scene = Scene((-10, -19, 18), (0.8, -0.4, 3.2), (2048, 1536), fov=50, samples=samples, seed=16)
    cloth = textures.weave(5120, (0.74, 0.70, 0.63), 10, 41)
    x, y = np.meshgrid(np.linspace(-80, 80, 300), np.linspace(80, -80, 300))
    folds = 0.28 * textures.fbm((300, 300), (50, 24), 3, 42)
    folds *= np.clip((np.hypot(x, y) - 4) / 8, 0, 1)
    scene.add(shapes.sheet(np.stack([x, y, folds - 0.05], -1)), studio.matt(cloth))
    add_mug(scene, (-2.2, 1.2), 205, 64, low=(0.24, 0.30, 0.42), high=(0.72, 0.72, 0.70))
    add_lid(scene, (6.6, -3.6, 0.45), 80, 40)
    scene.light(studio.room(window=30, turn=110, warm=0.3))
    return scene.render()


def plain_cup(samples: int) -> Array:
    """A thin grey cup on its saucer: what came instead of the cup in the listing."""
    scene = Scene((6, -19, 17), (-0.8, 0.5, 2.0), (2048, 1536), fov=50, samples=samples, seed=17)
    table(scene, textures.wood(4096, 8, "beech", 33), 60)
    grey = textures.glaze((900, 1200), (0.60, 0.60, 0.58), 65, speckle=0.3)
    dish = shapes.smooth_profile(
        [
            (0.1, 0.3),
            (3.0, 0.3),
            (4.2, 0.55),
            (6.6, 1.45),
            (6.75, 1.62),
            (6.5, 1.6),
            (4.2, 0.8),
            (3.1, 0.6),
            (0.1, 0.6),
        ]
    )
    scene.add(shapes.revolve(dish), studio.glossy(grey, 0.12))
    cup = shapes.smooth_profile(
        [
            (0.1, 0.75),
            (2.0, 0.75),
            (2.3, 0.95),
            (3.3, 2.6),
            (3.75, 5.6),
            (3.68, 5.7),
            (3.6, 5.6),
            (3.1, 2.7),
            (2.0, 1.1),
            (0.1, 1.0),
        ]
    )
    scene.add(shapes.revolve(cup), studio.glossy(grey, 0.12))
    t = np.linspace(0, np.pi, 40)
    path = np.stack([3.3 + 1.7 * np.sin(t), 0 * t, 3.7 + 1.35 * np.cos(t)], 1)
    scene.add(shapes.moved(shapes.tube(path, 0.3), (0, 0, 0), -35), studio.glossy(grey, 0.12))
    cloth = textures.weave(2048, (0.50, 0.20, 0.16), 14, 43)
    x, y = np.meshgrid(np.linspace(-9, 9, 90), np.linspace(7, -7, 70))
    rise = 0.45 + 0.14 * textures.fbm((70, 90), (30, 30), 3, 44)
    napkin = shapes.sheet(np.stack([x, y, rise], -1))
    scene.add(shapes.moved(napkin, (-12.5, 4.5, 0), 18), studio.matt(cloth))
    scene.light(studio.room(window=30, turn=-20, warm=0.2))
    return scene.render()
