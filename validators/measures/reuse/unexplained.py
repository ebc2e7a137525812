"""What of a picture's detail the other picture does not explain, place by place.

A window of one is explained by the same window of the other: gain, a shift of part of a pixel and a change of sharpness are
what saving, scaling and turning do. What is left over is noise, or something that was drawn there.
Source of the method: Lucas and Kanade's linearised registration (1981) with gain, in closed form for every window, by box
filters over the whole plane at once.
"""

from __future__ import annotations

import cv2
import numpy as np

from validators.measures.image.tiles import Floats

__all__ = ["unexplained"]

_NOISE = 4.0  # levels of difference that saving is granted
_HIGH = 75  # percentile
_BLURRIER = 1.4  # times as much is left of the sharper picture
_FREEDOM = 0.7  # px of shift, and likewise of sharpness, that a window is expected to keep within


def unexplained(first: Floats, second: Floats, side: int, step: int) -> tuple[Floats, Floats]:
    """Of windows of ``side`` px, every ``step`` px: the levels (RMS) that the one HxW plane leaves unexplained of the other,
    and what share 0..1 that is of the window's own detail.

    Either way the more. But where one picture is much the blurrier, only it is explained by the other: what blur took away
    nothing brings back.
    """
    one, other = _left(first, second, side, step), _left(second, first, side, step)
    high = [float(np.percentile(way[0], _HIGH)) for way in (one, other)]
    if max(high) > _BLURRIER * min(high):
        return one if high[0] < high[1] else other
    more = one[0] >= other[0]
    return np.where(more, one[0], other[0]), np.where(more, one[1], other[1])


def _left(target: Floats, other: Floats, side: int, step: int) -> tuple[Floats, Floats]:
    def mean(plane: Floats) -> Floats:
        return np.asarray(cv2.blur(plane, (side, side))[::step, ::step], np.float32)

    slopes = (cv2.Sobel(other, -1, 1, 0, ksize=1, scale=0.5), cv2.Sobel(other, -1, 0, 1, ksize=1, scale=0.5))
    parts = [
        other,
        *(np.asarray(slope, np.float32) for slope in slopes),
        np.asarray(cv2.Laplacian(other, -1), np.float32),
    ]
    means = [mean(part) for part in parts]
    mine = mean(target)
    products = np.stack(
        [mean(part * target) - m * mine for part, m in zip(parts, means, strict=True)], axis=-1
    )
    squares = np.empty((*products.shape, len(parts)), np.float32)
    for i, one in enumerate(parts):
        for j in range(i, len(parts)):
            squares[..., i, j] = squares[..., j, i] = mean(one * parts[j]) - means[i] * means[j]
    # The most likely shift under that noise: a slope is never used without need.
    held = np.diag(np.array([1.0, *[(_NOISE / _FREEDOM) ** 2] * (len(parts) - 1)], np.float32))
    factors = np.linalg.solve(squares + held, products[..., None])[..., 0]
    energy = mean(target * target) - mine * mine
    made = 2.0 * (factors * products).sum(axis=-1) - np.einsum(
        "...i,...ij,...j->...", factors, squares, factors
    )
    left = np.sqrt(np.maximum(energy - made, 0.0))
    return np.asarray(left, np.float32), np.asarray(left / np.sqrt(np.maximum(energy, 1.0)), np.float32)
