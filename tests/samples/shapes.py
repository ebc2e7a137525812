"""Meshes in centimetres, z up: revolved profiles, sheets, tubes, solids from distance fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from skimage.measure import marching_cubes

Array = np.ndarray
Field = Callable[[Array, Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Mesh:
    """``points`` (n, 3) in cm, ``uv`` (n, 2), ``faces`` (m, 3)."""

    points: Array
    uv: Array
    faces: Array

    def write(self, path: Path) -> Path:
        """Write a binary PLY with smooth normals."""
        normals = self.normals()
        data = np.hstack([self.points, normals, self.uv]).astype("<f4")
        names = "".join(f"property float {name}\n" for name in ("x", "y", "z", "nx", "ny", "nz", "u", "v"))
        header = (
            f"ply\nformat binary_little_endian 1.0\nelement vertex {len(data)}\n{names}"
            f"element face {len(self.faces)}\nproperty list uchar int vertex_indices\nend_header\n"
        )
        rows = np.empty(len(self.faces), dtype=[("n", "u1"), ("i", "<i4", 3)])
        rows["n"], rows["i"] = 3, self.faces
        path.write_bytes(header.encode() + data.tobytes() + rows.tobytes())
        return path

    def normals(self) -> Array:
        """Area-weighted vertex normals (n, 3)."""
        a, b, c = (self.points[self.faces[:, i]] for i in range(3))
        flat = np.cross(b - a, c - a)
        total = np.zeros_like(self.points)
        for i in range(3):
            np.add.at(total, self.faces[:, i], flat)
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)

    def only(self, keep: Array) -> Mesh:
        """The mesh with those faces alone."""
        return Mesh(self.points, self.uv, self.faces[keep])


def sheet(points: Array) -> Mesh:
    """A grid of points (rows, cols, 3) as a surface, uv 0..1 with v down the rows."""
    rows, cols = points.shape[:2]
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, cols), indexing="ij")
    index = np.arange(rows * cols).reshape(rows, cols)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    faces = np.vstack([np.stack([a, d, b], 1), np.stack([b, d, c], 1)])
    return Mesh(points.reshape(-1, 3), np.stack([u.ravel(), v.ravel()], 1), faces)


def smooth_profile(knots: list[tuple[float, float]], steps: int = 14) -> Array:
    """A Catmull-Rom curve through ``knots`` (radius, height) → (n, 2)."""
    p = np.array([knots[0], *knots, knots[-1]], float)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for i in range(1, len(p) - 2):
        a, b, c, d = p[i - 1], p[i], p[i + 1], p[i + 2]
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*parts, p[-1][None]])


def revolve(profile: Array, steps: int = 160) -> Mesh:
    """Turn a profile (n, 2) of (radius, height) round z; u round, v along the profile."""
    angle = np.linspace(0, 2 * np.pi, steps + 1)
    radius, height = profile[:, :1], profile[:, 1:]
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.repeat(height, steps + 1, 1)], -1)
    return sheet(points)


def tube(path: Array, radii: Array | float, steps: int = 28, flatten: float = 1.0) -> Mesh:
    """Sweep an ellipse along ``path`` (n, 3); ``flatten`` scales it across the path's plane."""
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, [0.0, 1.0, 0.0])
    weak = np.linalg.norm(side, axis=1) < 1e-3
    side[weak] = [1.0, 0.0, 0.0]
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, tangent)
    angle = np.linspace(0, 2 * np.pi, steps + 1)
    radii = np.broadcast_to(radii, len(path))[:, None, None]
    ring = side[:, None] * np.cos(angle)[None, :, None] + flatten * up[:, None] * np.sin(angle)[None, :, None]
    return sheet(path[:, None] + radii * ring)


def solid(field: Field, low: tuple[float, ...], high: tuple[float, ...], step: float) -> Mesh:
    """The zero surface of a signed distance field (negative inside); uv is the plan view over the box."""
    axes = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    grid = np.meshgrid(*axes, indexing="ij")
    points, faces, _, _ = marching_cubes(field(*grid).astype(np.float32), 0.0, spacing=(step,) * 3)
    points = points + np.array(low)
    span = np.array(high[:2]) - np.array(low[:2])
    uv = (points[:, :2] - np.array(low[:2])) / span
    return Mesh(points, uv, faces[:, ::-1])


def rounded_box(x: Array, y: Array, z: Array, half: tuple[float, float, float], radius: float) -> Array:
    """Distance to a box of half-sizes ``half`` with edges rounded by ``radius``."""
    q = [np.abs(value) - (size - radius) for value, size in zip((x, y, z), half, strict=True)]
    outside = np.sqrt(sum(np.maximum(value, 0) ** 2 for value in q))
    return outside + np.minimum(np.maximum(np.maximum(q[0], q[1]), q[2]), 0) - radius


def moved(mesh: Mesh, shift: tuple[float, ...], turn: float = 0.0, tilt: float = 0.0) -> Mesh:
    """Tilted about x, turned about z (degrees), then shifted."""
    a, b = np.radians(turn), np.radians(tilt)
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    return Mesh(mesh.points @ (about_z @ about_x).T + np.array(shift), mesh.uv, mesh.faces)
