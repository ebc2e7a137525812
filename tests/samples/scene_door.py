"""A front door: nothing there for the buyer, a parcel there for the courier."""

from __future__ import annotations

import numpy as np
import prints
import shapes
import studio
import textures
from scene_parcel import add_parcel
from studio import Array, Scene

LABEL = prints.shipping_label(
    "LP00500712093QX", ["Mara Ohlen", "27 Gravel Lane", "4402 Estwick", "NORDAVIA"], "8100-2319-0048", seed=41
)


def _sky(sun: float, turn: float) -> studio.Thing:
    rows, cols = 64, 128
    up = np.linspace(1, -1, rows, dtype=np.float32)[:, None, None]
    light = np.where(
        up > 0, np.float32((0.75, 0.88, 1.05)) * (0.9 + 0.5 * up), np.float32((0.20, 0.19, 0.17))
    )
    light = np.broadcast_to(light, (rows, cols, 3)).copy()
    column = int(cols * ((turn % 360) / 360))
    light[14:19, column : column + 5] += np.float32((1.0, 0.93, 0.8)) * sun
    upright = studio.mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    return {"type": "envmap", "bitmap": studio.mi.Bitmap(light.astype(np.float32)), "to_world": upright}


def _quad(scene: Scene, low: tuple[float, ...], high: tuple[float, ...], surface: studio.Thing) -> None:
    """An upright rectangle facing the viewer, at y = low[1]."""
    points = np.array([[[x, low[1], z] for x in (low[0], high[0])] for z in (high[2], low[2])], float)
    scene.add(shapes.sheet(points), surface)


def _block(
    scene: Scene,
    half: tuple[float, float, float],
    at: tuple[float, ...],
    surface: studio.Thing,
    edge: float = 1.0,
) -> None:
    size = max(half) / 60
    pad = 3 * size
    low, high = tuple(-v - pad for v in half), tuple(v + pad for v in half)
    mesh = shapes.solid(
        lambda x, y, z: shapes.rounded_box(x, y, z, half, min(edge, min(half) * 0.9)),
        low,
        high,
        max(size, min(half) / 3),
    )
    scene.add(shapes.moved(mesh, at), surface)


def _porch(scene: Scene, seed: int, tone: tuple[float, ...]) -> None:
    colour, relief = textures.bricks(4096, 34, seed)
    _quad(scene, (-175, 0, 0), (-52, 0, 250), studio.matt(colour[:, :2000], relief[:, :2000], 3.0))
    _quad(scene, (52, 0, 0), (175, 0, 250), studio.matt(colour[:, 2000:4000], relief[:, 2000:4000], 3.0))
    _quad(
        scene, (-52, 0, 213), (52, 0, 250), studio.matt(colour[:600, 500:2200], relief[:600, 500:2200], 3.0)
    )
    frame = studio.glossy(textures.plaster(512, (0.88, 0.87, 0.83), seed + 1, 0.03), 0.25)
    for x in (-48.5, 48.5):
        _block(scene, (4, 7, 106), (x, 2, 106), frame)
    _block(scene, (52, 7, 4), (0, 2, 210), frame)
    _door(scene, seed, tone)
    concrete = textures.plaster(2048, (0.56, 0.55, 0.52), seed + 3, 0.14)
    ground = _gravel(seed)
    step = np.array([[[x, y, 0] for x in (-75, 75)] for y in (6, -62)], float)
    scene.add(shapes.sheet(step), studio.matt(concrete))
    riser = np.array([[[x, -62, z] for x in (-75, 75)] for z in (0, -14)], float)
    scene.add(shapes.sheet(riser), studio.matt(concrete[:400]))
    path = np.array([[[x, y, -14] for x in (-190, 190)] for y in (1, -379)], float)
    scene.add(shapes.sheet(path), studio.matt(ground))
    _mat(scene, seed)


def _gravel(seed: int) -> Array:
    tile = textures.from_library("gravel", (0.44, 0.40, 0.35), 1300, seed)
    row = np.concatenate([tile, tile[:, ::-1], tile], axis=1)
    parallax_residual = 1 + 0.15 * textures.fbm((3900, 3900), (900, 900), 4, seed)
    return np.clip(np.concatenate([row, row[::-1], row]) * parallax_residual[..., None], 0, 1)


def _door(scene: Scene, seed: int, tone: tuple[float, ...]) -> None:
    """Panels pressed into a painted leaf, a letter slot, a knob, the number."""
    x, z = np.meshgrid(np.linspace(-44.5, 44.5, 360), np.linspace(206, 1, 820))
    depth = np.zeros_like(x)
    for cx in (-21, 21):
        for cz, tall in ((158, 34), (62, 40)):
            inside = np.maximum(np.abs(x - cx) - 15, np.abs(z - cz) - tall)
            depth += 1.6 * np.clip(-inside / 1.6, 0, 1) - 1.3 * np.clip((-inside - 3.5) / 3, 0, 1)
    paint = textures.plaster(2048, tone, seed + 2, 0.05)
    paint *= (1 + 0.05 * textures.fbm((2048, 2048), (500, 3), 2, seed + 9))[..., None]
    scene.add(shapes.sheet(np.stack([x, 5 + depth, z], -1)), studio.glossy(paint, 0.18))
    brass = studio.metal(0.2, (0.86, 0.70, 0.36))
    _block(scene, (13, 0.6, 3.2), (0, 4.2, 108), brass, 0.5)
    knob = shapes.revolve(
        shapes.smooth_profile([(0.1, 6.0), (2.2, 5.6), (3.0, 4.2), (1.6, 2.6), (1.2, 0.2), (2.6, 0.0)]), 48
    )
    scene.add(shapes.moved(knob, (38, 5, 100), 0, 90), brass)
    plate = np.ones((300, 420, 3), np.float32) * np.float32((0.10, 0.11, 0.12))
    picture = prints.Image.fromarray((plate * 255).astype(np.uint8))
    prints.ImageDraw.Draw(picture).text(
        (210, 150), "27", font=prints.font(210, bold=True), fill=(235, 232, 220), anchor="mm"
    )
    _quad(scene, (66, -1.2, 150), (84, -1.2, 163), studio.glossy(prints.as_array(picture)[..., :3], 0.2))


def _mat(scene: Scene, seed: int) -> None:
    coir = textures.weave(2048, (0.42, 0.31, 0.19), 7, seed + 5, 0.3)
    coir[60:90, 60:-60] *= 0.35
    coir[-90:-60, 60:-60] *= 0.35
    coir[60:-60, 60:90] *= 0.35
    coir[60:-60, -90:-60] *= 0.35
    x, y = np.meshgrid(np.linspace(-34, 34, 300), np.linspace(-8, -50, 200))
    rough = 1.6 + 0.25 * textures.fbm((200, 300), (3, 3), 2, seed + 6)
    scene.add(shapes.sheet(np.stack([x, y, rough], -1)), studio.matt(coir))


def empty(samples: int) -> Array:
    """The buyer's photograph of the bare doorstep."""
    scene = Scene((-28, -265, 128), (2, -10, 82), (1536, 2048), fov=58, samples=samples, seed=51)
    _porch(scene, 111, (0.12, 0.24, 0.21))
    scene.light(_sky(30, 300))
    return scene.render()


def delivered(samples: int) -> Array:
    """The courier's photograph: closer, lower sun, a parcel on the mat of another door."""
    scene = Scene((46, -190, 135), (0, -25, 42), (1200, 1600), fov=58, samples=samples, seed=52)
    _porch(scene, 131, (0.40, 0.13, 0.10))
    add_parcel(scene, (15, 11, 8), LABEL, (-8, -30), 12, 331)
    scene.things[-5:] = [_raised(scene, index) for index in range(5)]
    scene.light(_sky(140, 250))
    return scene.render()


def _raised(scene: Scene, index: int) -> studio.Thing:
    """The parcel stands on the mat, not in it."""
    thing = scene.things[len(scene.things) - 5 + index]
    return thing | {"to_world": studio.mi.ScalarTransform4f().translate([0, 0, 1.9])}
