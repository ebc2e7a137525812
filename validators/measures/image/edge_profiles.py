"""Profiles of single edges: how much of its rise an edge makes within one pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels

_STEP = 0.5  # px between the points of a profile
_REACH = 2  # px to either side within which the rise is taken: more would take in the next edge
_SEEK = 1  # px to either side of the edge's place within which its steepest pixel is sought
_NOISE_STEP = 2.0  # sigmas by which grain raises the steepest of a few steps, of the grainiest few edges
_MOST_NOISE = 2.0  # luma levels: above it fabric and carpet would pass for grain
_FLAT = 1.0  # luma levels: the least rise, so that nothing is divided by zero

_OFFSETS = np.arange(-_REACH, _REACH + _STEP, _STEP, dtype=np.float32)
_PER_PIXEL = round(1 / _STEP)


def rises(
    plane: Pixels, at: NDArray[np.intp], right: NDArray[np.int16], down: NDArray[np.int16], noise: float
) -> Floats:
    """The share 0..1 of the rise within 4 px of each edge that one pixel of its profile makes; 1 is a crisp edge.

    ``at`` are flat indices into the HxW uint8 plane, ``right`` and ``down`` the slopes there: profiles run along them.
    ``noise`` is sigma in luma levels: what grain may add to the step is subtracted.
    """
    y, x = np.divmod(at, plane.shape[1])
    length = np.maximum(np.hypot(right.astype(np.float32), down.astype(np.float32)), 1.0)
    columns = x[:, None] + (right / length)[:, None] * _OFFSETS
    lines = y[:, None] + (down / length)[:, None] * _OFFSETS
    profiles = np.asarray(
        cv2.remap(
            plane,
            columns.astype(np.float32),
            lines.astype(np.float32),
            cv2.INTER_LANCZOS4,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    ).reshape(at.size, _OFFSETS.size)
    steps = np.abs(profiles[:, _PER_PIXEL:] - profiles[:, :-_PER_PIXEL])
    middle, seek = steps.shape[1] // 2, round(_SEEK / _STEP)
    steepest = steps[:, middle - seek : middle + seek + 1].max(axis=1, initial=0.0)
    clean = np.maximum(steepest - _NOISE_STEP * min(noise, _MOST_NOISE), 0.0)
    reach = profiles.max(axis=1, initial=0.0) - profiles.min(axis=1, initial=255.0)
    return np.asarray(clean / np.maximum(reach, _FLAT), dtype=np.float32)
