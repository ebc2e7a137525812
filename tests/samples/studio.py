"""Path-traced pictures: scenes in centimetres, lit by a room, denoised by feature-guided wavelets.

The renderer is Mitsuba 3 in its scalar variant. Denoising divides the albedo out first, so that textures
stay as sharp as they were sampled: the spatial part of Schied et al., "Spatiotemporal Variance-Guided
Filtering", 2017.
"""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import mitsuba as mi
import numpy as np
from shapes import Mesh

mi.set_variant("scalar_rgb")
mi.set_log_level(mi.LogLevel.Error)

Array = np.ndarray
Thing = dict[str, Any]


@dataclass(slots=True)
class Scene:
    """A set, a camera and light. ``size`` is (width, height); ``aperture`` the lens radius in cm."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    size: tuple[int, int]
    fov: float = 52.0
    up: tuple[float, float, float] = (0, 0, 1)
    aperture: float = 0.12
    focus: tuple[float, float, float] | None = None
    samples: int = 20
    seed: int = 0
    things: list[Thing] = field(default_factory=list)
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def add(self, mesh: Mesh, surface: Thing, emitter: Thing | None = None) -> None:
        """Put a mesh with a surface on the set."""
        path = mesh.write(Path(self.folder.name) / f"{len(self.things)}.ply")
        thing: Thing = {"type": "ply", "filename": str(path), "bsdf": surface}
        if emitter:
            thing["emitter"] = emitter
        self.things.append(thing)

    def light(self, emitter: Thing) -> None:
        """Add a light."""
        self.things.append(emitter)

    def render(self) -> Array:
        """Linear light (height, width, 3), float32: textures at full size, lighting at half size."""
        half = (self.size[0] // 2, self.size[1] // 2)
        buffers = "alb:albedo,pos:position,nn:sh_normal"
        fine = self._pass({"type": "aov", "aovs": buffers}, self.size, 8)
        path = {"type": "path", "max_depth": 5}
        coarse = self._pass({"type": "aov", "aovs": buffers, "img": path}, half, self.samples)
        light = denoise(coarse[..., :3], *_buffers(coarse[..., 3:]))
        return _spread(light, _buffers(coarse[..., 3:]), _buffers(fine[..., -9:]))

    def _pass(self, integrator: Thing, size: tuple[int, int], samples: int) -> Array:
        focus = self.focus or self.target
        scene: Thing = {
            "type": "scene",
            "integrator": integrator,
            "sensor": {
                "type": "thinlens",
                "fov": self.fov,
                "fov_axis": "larger",
                "aperture_radius": self.aperture,
                "focus_distance": float(np.linalg.norm(np.subtract(self.eye, focus))),
                "to_world": mi.ScalarTransform4f().look_at(self.eye, self.target, self.up),
                "film": {
                    "type": "hdrfilm",
                    "width": size[0],
                    "height": size[1],
                    "rfilter": {"type": "box"},
                    "pixel_format": "rgb",
                },
                "sampler": {"type": "independent", "sample_count": samples},
            },
        }
        scene |= {f"thing{index}": thing for index, thing in enumerate(self.things)}
        return np.array(mi.render(mi.load_dict(scene), spp=samples, seed=self.seed), dtype=np.float32)


def bitmap(texture: Array, raw: bool = False) -> Thing:
    """A texture from sRGB-coded 0..1 values (or raw data)."""
    pixels = (np.clip(texture, 0, 1) * 255 + 0.5).astype(np.uint8)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    picture = mi.Bitmap(np.ascontiguousarray(pixels))
    picture.set_srgb_gamma(not raw)
    return {"type": "bitmap", "bitmap": picture, "raw": raw, "wrap_mode": "mirror"}


def colour(tone: tuple[float, float, float] | Array) -> Thing:
    """A texture, or one sRGB-coded colour."""
    if isinstance(tone, np.ndarray):
        return bitmap(tone)
    linear = [((c + 0.055) / 1.055) ** 2.4 if c > 0.04 else c / 12.92 for c in tone]
    return {"type": "rgb", "value": linear}


def matt(tone: tuple[float, float, float] | Array, relief: Array | None = None, depth: float = 1.0) -> Thing:
    """Paper, cloth, brick; ``relief`` is a height map."""
    return _relief({"type": "diffuse", "reflectance": colour(tone)}, relief, depth)


def glossy(
    tone: tuple[float, float, float] | Array,
    rough: float = 0.15,
    relief: Array | None = None,
    depth: float = 1.0,
) -> Thing:
    """Glaze, plastic, varnish."""
    body = {"type": "roughplastic", "diffuse_reflectance": colour(tone), "alpha": rough, "nonlinear": True}
    return _relief(body, relief, depth)


def metal(rough: float = 0.2, tone: tuple[float, float, float] = (0.9, 0.9, 0.9)) -> Thing:
    """Brushed metal."""
    body = {"type": "roughconductor", "material": "Al", "alpha": rough, "specular_reflectance": colour(tone)}
    return {"type": "twosided", "bsdf": body}


def _relief(body: Thing, relief: Array | None, depth: float) -> Thing:
    if relief is None:
        return {"type": "twosided", "bsdf": body}
    bump = {"type": "bumpmap", "arbitrary": bitmap(relief, raw=True), "scale": depth, "bsdf": body}
    return {"type": "twosided", "bsdf": bump}


def room(
    strength: float = 1.0, window: float = 14.0, warm: float = 0.0, turn: float = 0.0, seed: int = 9
) -> Thing:
    """Light of a room with one window and a ceiling, as an environment map; ``turn`` in degrees about z."""
    rng = np.random.default_rng(seed)
    rows, cols = 128, 256
    wall = np.linspace(0.62, 0.16, rows, dtype=np.float32)[:, None] * np.ones((rows, cols), np.float32)
    for _ in range(14):
        x, y = int(rng.integers(cols)), int(rng.integers(rows // 2, rows - 10))
        wall[y : y + int(rng.integers(6, 30)), x : x + int(rng.integers(8, 40))] *= rng.uniform(0.35, 1.3)
    light = cv2.GaussianBlur(wall, (0, 0), 2.0)[..., None] * np.float32((1.0, 0.95, 0.87))
    top, left, tall, wide = 30, 40, 34, 44
    light[top : top + tall, left : left + wide] = np.float32((0.92, 0.98, 1.06)) * window
    light[top + tall // 2 : top + tall // 2 + 2, left : left + wide] = 0.4
    light[top : top + tall, left + wide // 2 - 1 : left + wide // 2 + 1] = 0.4
    light[4:16, 150:190] += 3.0
    light *= np.float32((1 + 0.35 * warm, 1.0, 1 - 0.4 * warm)) * strength
    upright = mi.ScalarTransform4f().rotate([0, 0, 1], turn).rotate([1, 0, 0], 90)
    return {"type": "envmap", "bitmap": mi.Bitmap(light.astype(np.float32)), "to_world": upright}


def _buffers(planes: Array) -> tuple[Array, Array, Array]:
    albedo, point, normal = planes[..., :3], planes[..., 3:6], planes[..., 6:9]
    unit = normal / np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-6)
    return np.clip(albedo, 0, 1) + 0.03, point, unit


def denoise(light: Array, albedo: Array, point: Array, unit: Array, levels: int = 4) -> Array:
    """Irradiance (light over albedo) through edge-avoiding wavelets guided by planes, normals, brightness."""
    value = _despiked(light / albedo)
    reach = _reach(point)
    kernel = {-1: 0.25, 0: 0.5, 1: 0.25}
    for level in range(levels):
        step = 2**level
        luma = cv2.GaussianBlur(value.mean(axis=2), (0, 0), 1.2)
        total = np.zeros_like(value)
        weights = np.zeros(luma.shape, np.float32)
        for dy, dx in itertools.product(kernel, kernel):
            shift = (-dy * step, -dx * step)
            other = [_rolled(plane, shift) for plane in (unit, point, luma)]
            facing = np.clip((unit * other[0]).sum(2), 0, 1) ** 64
            off_plane = np.abs((unit * (point - other[1])).sum(2)) / (reach * 3 * step)
            tonal = np.abs(luma - other[2]) / (0.10 * (luma + 0.02))
            weight = np.float32(kernel[dy] * kernel[dx]) * facing * np.exp(-off_plane - tonal**2)
            total += _rolled(value, shift) * weight[..., None]
            weights += weight
        value = np.where(weights[..., None] > 1e-4, total / np.maximum(weights, 1e-4)[..., None], value)
    return value.astype(np.float32)


def _despiked(value: Array) -> Array:
    """Single bright samples, brought down to twice the median of their neighbours."""
    calm = np.dstack(
        [cv2.medianBlur(np.ascontiguousarray(value[..., i], dtype=np.float32), 5) for i in range(3)]
    )
    return np.minimum(value, 2.0 * calm + 0.02)


def _spread(light: Array, coarse: tuple[Array, Array, Array], fine: tuple[Array, Array, Array]) -> Array:
    """Bring half-size irradiance to full size, each pixel from those neighbours that share its surface."""
    albedo, point, unit = fine
    size = albedo.shape[1::-1]
    reach = _reach(coarse[1])
    total = np.zeros_like(albedo)
    weights = np.full(albedo.shape[:2], 1e-6, np.float32)
    plain = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
    for dy, dx in itertools.product((-1, 0, 1), repeat=2):
        near = [_upscaled(_rolled(plane, (-dy, -dx)), size) for plane in (light, coarse[1], coarse[2])]
        facing = np.clip((unit * near[2]).sum(2), 0, 1) ** 16
        distance = np.abs((unit * (point - near[1])).sum(2)) / reach + np.linalg.norm(
            point - near[1], axis=2
        ) / (4 * reach)
        weight = (0.5 ** (abs(dy) + abs(dx)) * facing * np.exp(-distance)).astype(np.float32)
        total += near[0] * weight[..., None]
        weights += weight
    joined = total / weights[..., None]
    return (np.where(weights[..., None] > 1e-3, joined, plain) * albedo).astype(np.float32)


def _reach(point: Array) -> float:
    """The typical distance between neighbouring pixels on the set, in cm."""
    return float(np.median(np.linalg.norm(np.diff(point, axis=1), axis=2)) + 1e-4)


def _upscaled(plane: Array, size: tuple[int, int]) -> Array:
    return cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)


def _rolled(plane: Array, shift: tuple[int, int]) -> Array:
    return np.roll(plane, shift, axis=(0, 1))
