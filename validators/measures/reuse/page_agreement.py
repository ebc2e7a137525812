"""Decides whether two captures of a screen or page have the same text or only the same template, glyph by glyph.

Pages of one app share layout, icons and labels, and differ in a few glyphs, so nothing global tells them apart.
Every window, a glyph or two wide, is explained by the same window of the other picture. Re-saving and scaling change gain,
sharpness and position by part of a pixel. What they leave unexplained is a changed glyph.
Source of the method: Lucas and Kanade's linearised registration (1981) with gain, in closed form for every window.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels
from validators.measures.reuse.alignment import Matrix
from validators.measures.reuse.page_alignment import ScaleShift, align_pages, refined, resampled

__all__ = ["EXPLAINED", "PageAgreement", "PageFrame", "compare_pages", "placed_correlations", "registered"]

SIDE = 1280
"""Largest long side of the frame in px: a phone's screen has then about half its size, which is enough."""
_WINDOW = 1 / 60  # of the shared area's short side: a glyph or two of usual text
_SMALLEST, _LARGEST = (
    9,
    19,
)  # px across of a window: smaller ones have too little detail, larger ones too many glyphs
_TEXT = 12.0  # luma levels, deviation within a window: below it there is no legible text
_NOISE = 4.0  # luma levels of difference in a window that JPEG may cause; chosen, not measured
_NOISY, _MOST_NOISE = 75, 12.0
"""Percentile of the windows, by what is left unexplained of them, that is noise too: about 9 levels at quality 40. No more than
12 levels: on another page of the template everything is left."""
_ABOVE_NOISE = 2.2  # times the noise, the deviation below which a window says nothing
_FREEDOM = (
    0.5  # px: the shift (and likewise the change of sharpness) that a window is expected to keep within
)
EXPLAINED = 0.82
"""Correlation below which a window has changed. Tuning: re-savings of one page stayed above 0.86; pages with one
digit changed for the one most like it (3 and 8, at half size, quality 50) had a window below 0.79."""
_LEVELS = (3, 1, 1)  # of the tracker's pyramid, try by try: the first guess may be 10 px off
_SETTLED = 0.15  # px: well within the shift that every window is allowed
_EDGE = 2  # px at the frame's border that resampling spoils
_LEAST_SHARED = 0.05  # of the query's area
_LEAST_SIDE = 64  # px of the frame
_LEAST_WINDOWS = 20
_BATCH = 2048  # windows at a time, to bound memory


@dataclass(frozen=True, slots=True)
class PageAgreement:
    """What was measured over the shared area.

    ``matrix`` (3, 3) float64: query to other, points in units of each picture's long side. ``shared``: share 0..1 of
    the query's area that the other covers. ``compared``: windows with text in either. ``changed``: those whose
    content differs by more than re-saving and scaling explain. ``worst``: the lowest correlation of any, 0..1.
    """

    matrix: Matrix
    shared: float
    compared: int
    changed: int
    worst: float


def compare_pages(query: Pixels, other: Pixels, matrix: Matrix | None = None) -> PageAgreement | None:
    """Compare HxW uint8 grey pages at full resolution; ``matrix`` (query to other) is a first guess, found here if None.

    None if scale and shift cannot align the pages, or if they barely overlap or have no text there.
    """
    if matrix is None:
        matrix = align_pages(query, other)
    lying = None if matrix is None else ScaleShift.of(matrix, query.shape, other.shape)
    frame = None if lying is None else registered(query, other, lying)
    if frame is None:
        return None
    correlations = window_correlations(*frame.planes)
    if len(correlations) < _LEAST_WINDOWS:
        return None
    return PageAgreement(
        matrix=frame.lying.matrix(query.shape, other.shape),
        shared=frame.shared,
        compared=len(correlations),
        changed=int((correlations < EXPLAINED).sum()),
        worst=float(correlations.min()),
    )


def registered(query: Pixels, other: Pixels, lying: ScaleShift) -> PageFrame | None:
    """The shared area with both pictures aligned as well as possible."""
    frame = PageFrame.of(query, other, lying)
    for levels in _LEVELS:
        finer = None if frame is None else refined(*frame.planes, levels)
        if frame is None or finer is None:
            return None
        if finer.moves(frame.planes[0].shape) < _SETTLED:
            return frame
        frame = PageFrame.of(query, other, frame.corrected(finer))
    return frame


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The shared area at the coarser picture's resolution: point p of it is ``scale`` x p + ``shift`` of the query."""

    scale: NDArray[np.float64]
    shift: NDArray[np.float64]
    lying: ScaleShift
    planes: tuple[Pixels, Pixels]
    shared: float

    @staticmethod
    def of(query: Pixels, other: Pixels, lying: ScaleShift) -> PageFrame | None:
        mine, theirs = np.array(query.shape[::-1], np.float64), np.array(other.shape[::-1], np.float64)
        low = np.maximum(0.0, -lying.shift / lying.scale)
        high = np.minimum(mine, (theirs - lying.shift) / lying.scale)
        shared = float(np.prod(np.maximum(high - low, 0.0)) / np.prod(mine))
        if shared < _LEAST_SHARED:
            return None
        native = np.maximum(1.0, 1.0 / lying.scale)
        scale = native * max(1.0, float(((high - low) / native).max()) / SIDE)
        width, height = np.floor((high - low) / scale).astype(int).tolist()
        if min(width, height) < _LEAST_SIDE:
            return None
        # Begin on a whole px of the coarser one, so that its pixels stay as they are.
        if lying.scale.mean() >= 1:
            low = np.ceil(low - 1e-6)
        else:
            low = (np.ceil(lying.scale * low + lying.shift - 1e-6) - lying.shift) / lying.scale
        size = width - 1, height - 1
        planes = (
            resampled(query, scale, low, size),
            resampled(other, scale * lying.scale, lying.scale * low + lying.shift, size),
        )
        return PageFrame(scale, low, lying, planes, shared)

    def corrected(self, finer: ScaleShift) -> ScaleShift:
        """The alignment, corrected by ``finer``, which was measured in px of the frame."""
        # resampled() and the tracker count px from the middle of the first: the half goes out and in again.
        half = 0.5
        there_scale = self.scale * self.lying.scale
        there_shift = self.lying.scale * self.shift + self.lying.shift
        shift = finer.shift + half - finer.scale * half
        whole = there_scale * finer.scale / self.scale
        return ScaleShift(whole, there_scale * shift + there_shift - whole * self.shift)


def window_correlations(here: Pixels, there: Pixels) -> Floats:
    """(n,) correlations 0..1 of the windows with text in either of two aligned HxW planes."""
    return placed_correlations(here, there)[1]


def placed_correlations(here: Pixels, there: Pixels) -> tuple[NDArray[np.intp], Floats]:
    """The same with the (n,) first rows of the windows."""
    side = int(np.clip(round(_WINDOW * min(here.shape)), _SMALLEST, _LARGEST))
    first, second = here.astype(np.float32), there.astype(np.float32)
    # The plane with more in a window is explained by the other. The other way round, an empty window is explained by
    # anything, and a field filled in on one page only would pass.
    found, rows = [], []
    for (plane, other), places in zip(
        ((first, second), (second, first)), _written(first, second, side), strict=True
    ):
        parts = _parts(other)
        found += [
            _unexplained(plane, parts, places[i : i + _BATCH], side) for i in range(0, len(places), _BATCH)
        ]
        rows.append(places[:, 0])
    correlations, told = _correlations(np.concatenate(found)) if found else (np.zeros(0, np.float32), None)
    return np.concatenate(rows)[told] if told is not None else np.zeros(0, np.intp), correlations


def _correlations(found: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """From each window's (energy, energy left): its correlation, but for windows that noise alone may have made, and which
    windows have one."""
    energy, left = found.T
    noise = _NOISE
    if len(left):
        noise = float(np.clip(np.sqrt(np.percentile(left, _NOISY)), _NOISE, _MOST_NOISE))
    above = np.maximum(0.0, left - noise**2)
    correlations = np.sqrt(np.maximum(0.0, 1.0 - above / np.maximum(energy, 1e-3)))
    told = energy >= (_ABOVE_NOISE * noise) ** 2
    return np.asarray(correlations[told], np.float32), np.asarray(told, bool)


def _written(first: Floats, second: Floats, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(n, 2) first rows and columns of the windows with text, where the first plane has more and where the second
    has; they overlap by half."""
    half, step = side // 2, max(2, side // 2)
    inner = tuple(slice(half + _EDGE, length - half - _EDGE, step) for length in first.shape)
    one, two = _deviation(first, side)[inner], _deviation(second, side)[inner]
    mine = np.argwhere((one >= _TEXT) & (one >= two)) * step + _EDGE
    theirs = np.argwhere((two >= _TEXT) & (two > one)) * step + _EDGE
    return mine, theirs


def _deviation(plane: Floats, side: int) -> Floats:
    mean = cv2.blur(plane, (side, side))
    return np.asarray(
        np.sqrt(np.maximum(cv2.blur(plane * plane, (side, side)) - mean * mean, 0.0)), np.float32
    )


def _parts(plane: Floats) -> Floats:
    """(4, H, W): the plane, its slopes along x and y, and its Laplacian, by which a small shift or blur changes it."""
    slopes = (cv2.Sobel(plane, -1, 1, 0, ksize=1, scale=0.5), cv2.Sobel(plane, -1, 0, 1, ksize=1, scale=0.5))
    return np.stack([plane, *slopes, cv2.Laplacian(plane, -1)]).astype(np.float32)


def _unexplained(first: Floats, parts: Floats, places: NDArray[np.intp], side: int) -> Floats:
    """(n, 2): the energy of each window of ``first``, and what is left of it after its best fit by the parts of the other."""
    rows, columns = places[:, 0], places[:, 1]
    windows = np.lib.stride_tricks.sliding_window_view
    target = windows(first, (side, side))[rows, columns].reshape(len(places), -1)
    given = windows(parts, (side, side), axis=(1, 2))[:, rows, columns]
    given = given.transpose(1, 0, 2, 3).reshape(len(places), len(parts), -1)
    target = target - target.mean(axis=1, keepdims=True)
    given = given - given.mean(axis=2, keepdims=True)
    squares = given @ given.transpose(0, 2, 1)
    products = (given @ target[:, :, None])[:, :, 0]
    # The most likely shift under noise of _NOISE levels and shifts of _FREEDOM px: a slope is never used without need.
    held = np.array([1e-3, *[(_NOISE / _FREEDOM) ** 2] * (len(parts) - 1)], np.float32) * target.shape[1]
    factors = np.linalg.solve(squares + np.diag(held), products[:, :, None])[:, :, 0]
    made = (factors[:, None] @ given)[:, 0]
    energy = (target**2).mean(axis=1)
    left = ((target - made) ** 2).mean(axis=1)
    return np.stack([energy, left], axis=1).astype(np.float32)
