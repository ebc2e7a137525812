"""Pictures whose relation is known, for looking at how they are laid beside each other."""

from __future__ import annotations

import cv2
import numpy as np


def scene(width: int = 640, height: int = 480, seed: int = 3) -> np.ndarray:
    """Detail everywhere, in colour."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 226, (height // 8, width // 8, 3), dtype=np.uint8)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(fine + rng.normal(0, 4, fine.shape), 0, 255).astype(np.uint8)


def in_units(pixels: np.ndarray, this: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A matrix between px as one between units of the long sides."""
    mine, theirs = max(this.shape), max(other.shape)
    return np.diag([1 / theirs, 1 / theirs, 1.0]) @ pixels @ np.diag([mine, mine, 1.0])


def mirrored_crop(
    picture: np.ndarray, x: int, y: int, width: int, height: int
) -> tuple[np.ndarray, np.ndarray]:
    """A part turned over, and the matrix that takes it to the whole."""
    part = np.ascontiguousarray(picture[y : y + height, x : x + width][:, ::-1])
    return part, in_units(np.array([[-1, 0, x + width - 1], [0, 1, y], [0, 0, 1.0]]), part, picture)


def on_a_screen(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture at a third of its size on a tall screen, and the matrix that takes the screen to it."""
    small = cv2.resize(picture, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA)
    screen = np.full((900, 420, 3), 245, np.uint8)
    screen[300 : 300 + small.shape[0], 90 : 90 + small.shape[1]] = small
    return screen, in_units(np.array([[3.0, 0, -270], [0, 3.0, -900], [0, 0, 1.0]]), screen, picture)
