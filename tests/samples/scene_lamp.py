"""A desk lamp by the room's light and by its own alone, so that any mix is a moment of its flicker."""

from __future__ import annotations

import numpy as np
import shapes
import studio
import textures
from scene_mug import table, wall
from studio import Array, Scene, Thing

HEAD = (8.2, -1.5, 25.5)


def _scene(samples: int, bulb: Thing | None) -> Scene:
    scene = Scene((9, -47, 27), (0.5, 0, 14.5), (1200, 1600), fov=50, samples=samples, seed=31)
    table(scene, textures.wood(4096, 7, "walnut", 36), 70, back=22)
    wall(scene, (0.74, 0.72, 0.66), 22, 52)
    enamel = studio.glossy((0.12, 0.25, 0.33), 0.12)
    foot = shapes.smooth_profile([(0.1, 2.0), (4.5, 1.9), (6.6, 1.2), (6.9, 0.5), (6.8, 0.0)])
    scene.add(shapes.moved(shapes.revolve(foot), (-6, 2, 0)), enamel)
    knots = np.array(
        [[-6, 2, 1.6], [-7.4, 2, 9], [-7.8, 1.4, 17], [-5.5, 0.4, 25.5], [0.2, -0.8, 30.2], [5.4, -1.4, 29.3]]
    )
    t = np.linspace(0, len(knots) - 1, 90)
    arm = np.stack([np.interp(t, np.arange(len(knots)), knots[:, i]) for i in range(3)], 1)
    for _ in range(40):
        arm[1:-1] = (arm[:-2] + 2 * arm[1:-1] + arm[2:]) / 4
    scene.add(shapes.tube(arm, 0.55), studio.glossy((0.10, 0.10, 0.11), 0.2))
    shade = shapes.smooth_profile(
        [
            (0.9, 5.2),
            (1.4, 5.0),
            (2.4, 3.4),
            (4.6, 0.9),
            (5.6, -0.6),
            (5.5, -0.62),
            (4.4, 0.9),
            (2.2, 3.2),
            (0.1, 4.6),
        ]
    )
    scene.add(_tilted(shapes.revolve(shade)), enamel)
    globe = shapes.smooth_profile([(0.05, 3.6), (1.2, 3.2), (1.9, 1.9), (1.6, 0.7), (0.05, 0.1)])
    scene.add(_tilted(shapes.revolve(globe, 40)), studio.matt((0.93, 0.93, 0.90)), bulb)
    _context(scene)
    return scene


def _tilted(mesh: shapes.Mesh) -> shapes.Mesh:
    angle = np.radians(-24)
    about_y = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    return shapes.Mesh(mesh.points @ about_y.T + np.array(HEAD), mesh.uv, mesh.faces)


def _context(scene: Scene) -> None:
    """Books and a cable, so that the lamp stands somewhere."""
    tones = ((0.48, 0.16, 0.13), (0.22, 0.28, 0.20), (0.73, 0.62, 0.40))
    for index, tone in enumerate(tones):
        half = (7.2 - 0.5 * index, 5.2 - 0.3 * index, 0.9)
        cover = textures.weave(700, tone, 5, 300 + index, 0.05)
        block = shapes.solid(
            lambda x, y, z, h=half: shapes.rounded_box(x, y, z, h, 0.18), (-8, -6, -1.2), (8, 6, 1.2), 0.12
        )
        scene.add(
            shapes.moved(block, (10.5, 7.5, 0.95 + 1.85 * index), (14, 4, 21)[index]), studio.matt(cover)
        )
    t = np.linspace(0, 1, 80)
    cable = np.stack([-12 - 26 * t, 4 + 5 * np.sin(5 * t) + 8 * t, 0.3 + 0 * t], 1)
    scene.add(shapes.tube(cable, 0.28), studio.glossy((0.06, 0.06, 0.06), 0.3))


def ambient(samples: int) -> Array:
    """By evening room light; the lamp is off."""
    scene = _scene(samples, None)
    scene.light(studio.room(strength=0.5, window=7, turn=60, warm=0.9))
    return scene.render()


def lit(samples: int) -> Array:
    """By the lamp alone."""
    scene = _scene(samples * 2, {"type": "area", "radiance": {"type": "rgb", "value": [42.0, 35.0, 25.0]}})
    return scene.render()
