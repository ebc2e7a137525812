"""Very long pictures, such as stitched screenshots of a chat: cut into pieces at full width."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.opening.child.pixels import shrink
from pipeline.opening.limits import DETAIL_SIDE, LONG_ASPECT, PIECE_ASPECT, PIECES_PIXELS, VIEW_SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


def is_long(size: tuple[int, int]) -> bool:
    """Whether a picture of this (width, height) is so long that its view, reduced as a whole, shows nothing."""
    return max(size) > VIEW_SIDE and max(size) > LONG_ASPECT * min(size)


def pieces_of(pixels: Pixels) -> Iterator[Pixels]:
    """Pieces of equal length, in order, of an upright HxWx3 picture. Their short side is that of the picture.

    Together they are bounded, because the jail's answer is: beyond that the picture is reduced first.
    """
    area = pixels.shape[0] * pixels.shape[1]
    short = min(pixels.shape[:2])
    reduced = min(1.0, (PIECES_PIXELS / area) ** 0.5, DETAIL_SIDE / short)
    if reduced < 1.0:
        pixels = shrink(pixels, int(max(pixels.shape[:2]) * reduced))
    down = pixels.shape[0] >= pixels.shape[1]
    length = min(DETAIL_SIDE, round(PIECE_ASPECT * min(pixels.shape[:2])))
    long = max(pixels.shape[:2])
    edges = np.linspace(0, long, -(-long // max(1, length)) + 1).round().astype(int).tolist()
    for start, end in pairwise(edges):
        piece = pixels[start:end] if down else pixels[:, start:end]
        yield np.ascontiguousarray(piece)
