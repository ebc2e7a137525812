"""Local features: SIFT keypoints spread over the whole picture, by which parts of it are found again.

Source of the method: D. Lowe, "Distinctive image features from scale-invariant keypoints" (2004), as OpenCV computes
it; square roots of the descriptors are compared (Arandjelović and Zisserman, "Three things everyone should know to
improve object retrieval", 2012). A mirrored picture's descriptor is a permutation of the original's, so mirror images
are compared without describing anything twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels, grey
from validators.measures.reuse.feature_names import ALGORITHM, VERSION

__all__ = [
    "ALGORITHM",
    "PAGE",
    "REGION",
    "ROW_BYTES",
    "VERSION",
    "WHOLE",
    "LocalFeatures",
    "Sampling",
    "decode",
    "encode",
    "extract",
    "mirrored",
    "rooted",
]

_Number = TypeVar("_Number", bound=np.generic)

_CONTRAST = 0.02  # half of SIFT's own: plain walls and cloth keep some features
_GRID = 6  # cells a side: every cell gives its strongest features first, so that a textured corner does not take them all
_LENGTH = 128
_FARTHEST = 361.0  # degrees, the largest of the numbers kept
_ROW = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("scale", "<f4"), ("angle", "<f4"), ("descriptor", "u1", (_LENGTH,))]
)
ROW_BYTES = _ROW.itemsize
"""Bytes of one feature in a record."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How features are found: at a long side of ``side`` px. ``most`` are kept of ``spare`` times as many described, so that
    every cell has a choice."""

    side: int
    most: int
    spare: float = 2.0


WHOLE = Sampling(340, 300, 1.3)
"""Time grows with the square of the side. Parts a third as long still have enough features."""
REGION = Sampling(480, 300)
"""Embedded pictures are small and may have text beside them."""
PAGE = Sampling(800, 600)
"""The detail of screens and pages is their letters."""


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """n features in the order chosen, the most distinctive first.

    ``points`` (n, 2) float32: x and y divided by the long side of the view, so that the unit is the same both ways.
    ``scales`` (n,) float32: diameter over the long side. ``angles`` (n,) float32: degrees 0..360, clockwise from
    the x axis. ``descriptors`` (n, 128) uint8. ``aspect``: (width, height) of the view over its long side.
    """

    points: Floats
    scales: Floats
    angles: Floats
    descriptors: Pixels
    aspect: tuple[float, float]

    def __len__(self) -> int:
        return len(self.points)


def extract(view: Pixels, sampling: Sampling = WHOLE) -> LocalFeatures:
    """Features of an upright HxWx3 uint8 RGB (or HxW grey) view, found at a long side of at most the sampling's."""
    plane = _reduced(grey(view), sampling.side)
    height, width = plane.shape
    long = max(height, width)
    keypoints, descriptors = _detector(sampling).detectAndCompute(plane, None)
    aspect = width / long, height / long
    if not keypoints:
        return _empty(aspect)
    found = np.array([(*k.pt, k.size, k.angle, k.response) for k in keypoints], np.float32)
    chosen = _spread(found, (width, height), sampling.most)
    return LocalFeatures(
        points=np.ascontiguousarray(found[chosen, :2] / long),
        scales=found[chosen, 2] / long,
        angles=found[chosen, 3] % 360.0,
        descriptors=descriptors[chosen].astype(np.uint8),
        aspect=aspect,
    )


def _detector(sampling: Sampling) -> Any:
    return cv2.SIFT.create(nfeatures=round(sampling.spare * sampling.most), contrastThreshold=_CONTRAST)


def _empty(aspect: tuple[float, float]) -> LocalFeatures:
    none = np.zeros(0, np.float32)
    return LocalFeatures(np.zeros((0, 2), np.float32), none, none, np.zeros((0, _LENGTH), np.uint8), aspect)


def _reduced(plane: Pixels, side: int) -> Pixels:
    height, width = plane.shape
    long = max(height, width)
    if long <= side:
        return plane
    size = max(1, round(width * side / long)), max(1, round(height * side / long))
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)


def _spread(found: Floats, size: tuple[int, int], most: int) -> NDArray[np.intp]:
    """Indices of at most ``most`` features: the strongest of every cell, then the second of every cell, and so on."""
    column = np.minimum(found[:, 0] * _GRID / size[0], _GRID - 1).astype(np.int64)
    row = np.minimum(found[:, 1] * _GRID / size[1], _GRID - 1).astype(np.int64)
    cell = row * _GRID + column
    by_cell = np.lexsort((-found[:, 4], cell))
    starts = np.searchsorted(cell[by_cell], np.arange(_GRID * _GRID))
    rank = np.empty(len(found), np.int64)
    rank[by_cell] = np.arange(len(found)) - starts[cell[by_cell]]
    return np.lexsort((-found[:, 4], rank))[:most]


def rooted(descriptors: Pixels) -> Floats:
    """(n, 128) float32 of length 1: the square roots of the L1-normalised descriptors."""
    floats = descriptors.astype(np.float32)
    total = np.maximum(floats.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(np.sqrt(floats / total), np.float32)


_CELLS = np.arange(_LENGTH).reshape(4, 4, 8)
_MIRROR = _CELLS[::-1][:, :, (8 - np.arange(8)) % 8].ravel()
"""In a mirror image, the rows across a keypoint's direction swap places and gradients reverse."""


def mirrored(descriptors: NDArray[_Number]) -> NDArray[_Number]:
    """(n, 128) descriptors of the mirror image of the same keypoints."""
    return descriptors[:, _MIRROR]


def encode(features: LocalFeatures) -> bytes:
    """The record of the features: rows of 144 bytes."""
    rows = np.zeros(len(features), _ROW)
    rows["x"], rows["y"] = features.points[:, 0], features.points[:, 1]
    rows["scale"], rows["angle"] = features.scales, features.angles
    rows["descriptor"] = features.descriptors
    return rows.tobytes()


def decode(record: bytes, aspect: tuple[float, float]) -> LocalFeatures:
    """The features that ``encode`` was given, with ``aspect`` as in LocalFeatures. Raises ValueError for anything else."""
    if len(record) % _ROW.itemsize:
        raise ValueError("not a record of local features")
    rows = np.frombuffer(record, _ROW)
    places = np.stack([rows[name] for name in ("x", "y", "scale", "angle")])
    if not np.isfinite(places).all() or (places < -1e-3).any() or (places > _FARTHEST).any():
        raise ValueError("a record of local features holds a number out of bounds")
    return LocalFeatures(
        points=np.stack([rows["x"], rows["y"]], axis=1).astype(np.float32),
        scales=rows["scale"].astype(np.float32),
        angles=rows["angle"].astype(np.float32),
        descriptors=rows["descriptor"].copy(),
        aspect=aspect,
    )
