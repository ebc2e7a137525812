"""Parcels: a crushed one with its label, the label close up, the seller's open box, and one in plain view."""

from __future__ import annotations

import numpy as np
import prints
import shapes
import studio
import textures
from scene_mug import add_lid, add_mug, table
from studio import Array, Scene

Half = tuple[float, float, float]


def crush(points: Array, corner: Array, depth: float, width: float, seed: int) -> Array:
    """Push a corner in and buckle the board about it."""
    away = points - corner
    distance = np.linalg.norm(away, axis=-1, keepdims=True)
    pull = np.exp(-((distance / width) ** 2))
    rng = np.random.default_rng(seed)
    turn = rng.normal(size=(3, 3))
    waves = sum(np.abs(np.sin(points @ turn[i] * (0.42 + 0.3 * i) + i)) / (1 + i) for i in range(3))[
        ..., None
    ]
    inward = -corner / np.linalg.norm(corner)
    return points + pull * (inward * depth - 0.75 * (waves - 0.9) * np.sign(corner))


def box_faces(half: Half, steps: int = 110) -> dict[str, Array]:
    """The six faces as grids of points about the centre, seen from outside, rows running down."""
    a, b, c = half
    u, v = np.meshgrid(np.linspace(-1, 1, steps), np.linspace(1, -1, steps))
    one = np.ones_like(u)
    return {
        "top": np.stack([u * a, v * b, one * c], -1),
        "front": np.stack([u * a, -one * b, v * c], -1),
        "back": np.stack([-u * a, one * b, v * c], -1),
        "right": np.stack([one * a, u * b, v * c], -1),
        "left": np.stack([-one * a, -u * b, v * c], -1),
    }


def board(size: tuple[float, float], seed: int, scale: int = 72) -> Array:
    """A face of corrugated board of ``size`` cm."""
    return textures.card((round(size[1] * scale), round(size[0] * scale)), seed)


def tape(face: Array, seed: int, share: float = 0.17) -> None:
    """A strip of brown packing tape along the middle of a face, in place."""
    rows, cols = face.shape[:2]
    tall = int(rows * share)
    top = (rows - tall) // 2
    strip = face[top : top + tall]
    streaks = (
        1
        + 0.05 * textures.fbm((tall, cols), (3, 400), 2, seed)
        + 0.05 * textures.fbm((tall, cols), (60, 90), 4, seed + 1)
    )
    strip[:] = np.clip((strip * 0.35 + np.float32((0.50, 0.32, 0.16)) * 0.65) * streaks[..., None], 0, 1)
    strip[:2] *= 0.7
    strip[-2:] *= 0.7
    seam = rows // 2
    face[seam - 2 : seam + 2] *= 0.72


def add_parcel(
    scene: Scene, half: Half, label: Array, at: tuple[float, float], turn: float, seed: int, dent: float = 0.0
) -> None:
    """A closed parcel with tape and a label on top; ``dent`` cm crushes the front right corner."""
    a, b, c = half
    corner = np.array([a, -b, c])
    sizes = {
        "top": (2 * a, 2 * b),
        "front": (2 * a, 2 * c),
        "back": (2 * a, 2 * c),
        "right": (2 * b, 2 * c),
        "left": (2 * b, 2 * c),
    }
    for index, (name, flat) in enumerate(box_faces(half).items()):
        face = board(sizes[name], seed + index)
        if name == "top":
            tape(face, seed + 20)
            textures.paste(face, label, (0.36, 0.48), 10 / (2 * a), 1.6)
        elif name in {"front", "right"}:
            textures.paste(face, prints.box_marks(), (0.4, 0.52), 0.52, 0.4)
        points = crush(flat, corner, dent, 4.6, seed + 30) if dent else flat
        mesh = shapes.moved(shapes.sheet(points), (at[0], at[1], c), turn)
        scene.add(mesh, studio.matt(face))


LABEL_1001 = prints.shipping_label(
    "LP00483127765QX", ["Ines Kolar", "Vrtna ulica 14, flat 6", "2104 Maribrod", "SLOVARIA"], "8100-2231-4417"
)
LABEL_1006 = prints.shipping_label(
    "LP00519904412QX", ["Tomas Brekke", "Fjordgata 3", "5010 Nordby", "NORDAVIA"], "8100-2407-9950", seed=31
)


def floor(scene: Scene, tone: str, seed: int) -> None:
    """A laminate floor."""
    points = np.array([[[x, y, 0] for x in (-90, 90)] for y in (90, -90)], float)
    scene.add(shapes.sheet(points), studio.glossy(textures.wood(5120, 11, tone, seed), 0.22))


def crushed(samples: int) -> Array:
    """The buyer's parcel with its crushed corner, upright format."""
    scene = Scene((15, -34, 42), (1.5, -1.5, 4), (1536, 2048), fov=44, samples=samples, seed=21)
    floor(scene, "beech", 34)
    add_parcel(scene, (14, 10, 6.5), LABEL_1001, (0, 0), 24, 201, dent=4.2)
    scene.light(studio.room(window=30, turn=10, warm=0.2))
    return scene.render()


def label(samples: int) -> Array:
    """The shipping label, close and slightly askew."""
    scene = Scene(
        (-3.4, -8.5, 26), (-3.8, 0.6, 13), (1600, 1200), fov=50, up=(0.05, 1, 0), samples=samples, seed=22
    )
    floor(scene, "beech", 34)
    add_parcel(scene, (14, 10, 6.5), LABEL_1001, (0, 0), 4, 201, dent=4.2)
    scene.light(studio.room(window=30, turn=10, warm=0.2))
    return scene.render()


def second(samples: int) -> Array:
    """Another buyer's parcel on a dark floor."""
    scene = Scene((-16, -30, 30), (0, 0, 4), (1600, 1200), fov=46, samples=samples, seed=23)
    floor(scene, "walnut", 35)
    add_parcel(scene, (13, 10, 7), LABEL_1006, (0, 0), -18, 231)
    scene.light(studio.room(window=30, turn=80, warm=0.6))
    return scene.render()


def crumpled(size: float, seed: int, height: float = 1.0) -> shapes.Mesh:
    """Crumpled paper, ``size`` cm square, with hollows for a mug and its lid."""
    steps = 260
    x, y = np.meshgrid(np.linspace(-size / 2, size / 2, steps), np.linspace(size / 2, -size / 2, steps))
    creases = sum(
        np.abs(textures.fbm((steps, steps), (60 / 2**k, 60 / 2**k), 1, seed + k)) * 0.55**k for k in range(4)
    )
    room = np.minimum(np.hypot(x + 4.0, y - 0.2) / 5.4, np.hypot(x - 6.4, y - 0.8) / 5.6)
    return shapes.sheet(
        np.stack([x, y, np.minimum(height * creases, 3.2) * np.clip(room * 2.2 - 1.4, 0, 1)], -1)
    )


def packing(samples: int) -> Array:
    """The seller's packing bench: an open box, kraft paper, mug and lid inside."""
    scene = Scene((3, -15, 44), (0, 0.5, 3), (2048, 1536), fov=56, up=(0, 1, 0.2), samples=samples, seed=24)
    table(scene, textures.plaster(2048, (0.42, 0.46, 0.47), 51, 0.06), 70, 0.3)
    half = (14.0, 10.0, 6.5)
    a, b, c = half
    for index, (name, points) in enumerate(box_faces(half, 30).items()):
        if name == "top":
            continue
        size = (2 * a, 2 * c) if name in {"front", "back"} else (2 * b, 2 * c)
        scene.add(shapes.moved(shapes.sheet(points), (0, 0, c), 3), studio.matt(board(size, 260 + index, 50)))
    _flaps(scene, half)
    kraft = textures.card((1600, 1600), 271, (0.62, 0.46, 0.30))
    scene.add(shapes.moved(crumpled(27, 272, 2.1), (0, 0, 0.5), 3), studio.matt(kraft))
    add_mug(scene, (-4.0, 0.2), -35, 62)
    add_lid(scene, (6.4, 0.8, 2.0), 78, 10)
    scene.light(studio.room(window=20, turn=150))
    return scene.render()


def _flaps(scene: Scene, half: Half) -> None:
    a, b, c = half
    lean = 2.6
    edges = [
        (np.array([-a, -b]), np.array([a, -b]), np.array([0, -1.0])),
        (np.array([a, b]), np.array([-a, b]), np.array([0, 1.0])),
        (np.array([a, -b]), np.array([a, b]), np.array([1.0, 0])),
        (np.array([-a, b]), np.array([-a, -b]), np.array([-1.0, 0])),
    ]
    for index, (start, end, out) in enumerate(edges):
        long = 9.3
        drop = (-lean, -0.8, -3.6, -1.4)[index]
        near = np.stack([[*start, 2 * c], [*end, 2 * c]])
        far = near + np.array([*(out * long), drop])
        grid = np.linspace(near, far, 12)
        points = np.stack([np.linspace(row[0], row[1], 12) for row in grid])
        size = (float(np.linalg.norm(end - start)), long)
        scene.add(shapes.moved(shapes.sheet(points), (0, 0, 0), 3), studio.matt(board(size, 280 + index, 50)))
