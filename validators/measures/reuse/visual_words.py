"""Visual words: local features as numbers that the same spot gives again, for an inverted index.

Source of the method: J. Sivic and A. Zisserman, "Video Google" (2003); the codebook is an inverted multi-index
(A. Babenko and V. Lempitsky, 2012): two halves of the projected descriptor, each with its nearest of 1,024 centres,
give 2^20 words. A descriptor and its mirror image get one word: of the two, the one that leans to a fixed side is
coded, and the entry says which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats
from validators.measures.reuse.local_features import LocalFeatures, mirrored, rooted

__all__ = ["VERSION", "Codebook", "Spots", "entries", "spots_of", "words_of"]

VERSION = "1"
"""Raised with the codebook and with the layout of an entry."""

INDEXED = 240
"""The number of features of a picture that are indexed and searched for, the most distinctive first."""

Entries = NDArray[np.uint64]
"""word << 32 | x << 24 | y << 16 | angle << 9 | scale << 1 | mirrored: what the index keeps of one feature."""

_TOGETHER = 24  # rows of distances at a time, so that they stay in the processor's cache
_PLACES = 255.0
_ANGLES = 128
_SCALE_STEPS = 24.0  # an octave
_SCALE_FLOOR = 2.0**-9


@dataclass(frozen=True, slots=True)
class Codebook:
    """``lean`` (128,): on which side a descriptor leans. ``mean`` (128,) and ``axes`` (128, d): the projection.

    ``halves``: two arrays (k, d / 2) of centres, for the even and the odd columns of the projection. All float32.
    """

    lean: Floats
    mean: Floats
    axes: Floats
    halves: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Spots:
    """The places of features, as entries keep them: ``x``, ``y`` and ``scale`` over the long side, ``angle`` in radians,
    ``flipped`` whether the mirror image was coded. All (n,)."""

    x: Floats
    y: Floats
    scale: Floats
    angle: Floats
    flipped: NDArray[np.bool_]


def entries(features: LocalFeatures, book: Codebook) -> Entries:
    """The entries of the first INDEXED features, (n,) uint64, without equal ones."""
    words, flipped = words_of(features, book)
    n = len(words)
    octave = np.log2(np.maximum(features.scales[:n], _SCALE_FLOOR) / _SCALE_FLOOR)
    packed = words.astype(np.uint64) << np.uint64(32)
    for values, top, shift in (
        (features.points[:n, 0] * _PLACES, 255, 24),
        (features.points[:n, 1] * _PLACES, 255, 16),
        (features.angles[:n] * (_ANGLES / 360.0) % _ANGLES, _ANGLES - 1, 9),
        (octave * _SCALE_STEPS, 255, 1),
        (flipped, 1, 0),
    ):
        packed |= np.clip(values, 0, top).astype(np.uint64) << np.uint64(shift)
    return np.unique(packed)


def words_of(features: LocalFeatures, book: Codebook) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """The words of the first INDEXED features, and whether the mirror image of each was coded."""
    roots = rooted(features.descriptors[:INDEXED])
    flipped = (roots @ book.lean) < (mirrored(roots) @ book.lean)
    roots[flipped] = mirrored(roots[flipped])
    projected = np.asarray((roots - book.mean) @ book.axes, np.float32)
    first, second = (_nearest(projected[:, half::2], centres) for half, centres in enumerate(book.halves))
    return (first * len(book.halves[1]) + second).astype(np.uint32), flipped


def _nearest(points: Floats, centres: Floats) -> NDArray[np.intp]:
    sizes, turned = (centres**2).sum(axis=1), -2.0 * centres.T
    found = np.empty(len(points), np.intp)
    for start in range(0, len(points), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        found[some] = (points[some] @ turned + sizes).argmin(axis=1)
    return found


def spots_of(geometry: NDArray[np.uint32]) -> Spots:
    """The places in the low halves of entries."""
    angle = (geometry >> 9) & (_ANGLES - 1)
    octave = ((geometry >> 1) & 255).astype(np.float32) / np.float32(_SCALE_STEPS)
    return Spots(
        x=((geometry >> 24) & 255).astype(np.float32) / np.float32(_PLACES),
        y=((geometry >> 16) & 255).astype(np.float32) / np.float32(_PLACES),
        scale=np.asarray(np.exp2(octave) * _SCALE_FLOOR, np.float32),
        angle=(angle.astype(np.float32) + 0.5) * np.float32(2.0 * np.pi / _ANGLES),
        flipped=(geometry & 1).astype(bool),
    )
