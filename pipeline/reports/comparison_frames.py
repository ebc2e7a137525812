"""Two aligned pictures seen through one window: drawn, outlined, and which part both have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from validators.measures.reuse.alignment import scale_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from validators.evidence import Region

    Pixels = NDArray[np.uint8]
    Matrix = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_LARGEST = 2.0  # px of a window for one of the picture: beyond that nothing is seen better
_SLACK = 0.005  # units that an area's edge may lie off
_DARK, _LIGHT = (0, 0, 0), (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of a picture's long side."""

    x: float
    y: float
    w: float
    h: float

    def about(self, margin: float, whole: Box) -> Box:
        """The box with a margin, a share of its long side, kept inside ``whole``."""
        by = margin * max(self.w, self.h)
        left, top = max(self.x - by, whole.x), max(self.y - by, whole.y)
        right = min(self.x + self.w + by, whole.x + whole.w)
        low = min(self.y + self.h + by, whole.y + whole.h)
        return Box(left, top, right - left, low - top)


@dataclass(frozen=True, slots=True)
class Window:
    """A box of a picture, drawn ``width`` x ``height`` px large."""

    box: Box
    width: int
    height: int

    @staticmethod
    def fitting(box: Box, density: float, width: int, height: int) -> Window:
        """As large as ``width`` and ``height`` allow; ``density`` counts the picture's px for a unit."""
        step = min(width / box.w, height / box.h, _LARGEST * density)
        return Window(box, max(1, round(box.w * step)), max(1, round(box.h * step)))

    @property
    def to_units(self) -> Matrix:
        """Takes px of the window to units of the picture."""
        across, down = self.box.w / self.width, self.box.h / self.height
        return np.array([[across, 0, self.box.x], [0, down, self.box.y], [0, 0, 1.0]])


def whole_of(picture: Pixels) -> Box:
    """All of a picture."""
    height, width = picture.shape[:2]
    return Box(0.0, 0.0, width / max(height, width), height / max(height, width))


def box_of(area: Region | None, picture: Pixels) -> Box:
    """An area of 0..1 as a box; all of the picture without one."""
    whole = whole_of(picture)
    if area is None:
        return whole
    box = Box(area.x * whole.w, area.y * whole.h, area.w * whole.w, area.h * whole.h)
    return Box(box.x - _SLACK, box.y - _SLACK, box.w + 2 * _SLACK, box.h + 2 * _SLACK)


def back_from(matrix: Matrix, box: Box) -> Matrix:
    """The inverse, its sign such that what is in front of the horizon seen from ``box`` has a positive depth."""
    middle = matrix @ np.array([box.x + box.w / 2, box.y + box.h / 2, 1.0])
    back = np.asarray(np.linalg.inv(matrix), np.float64)
    return -back if (back @ (middle / middle[2]))[2] < 0 else back


def seen(picture: Pixels, window: Window, matrix: Matrix | None = None, *, continued: bool = False) -> Pixels:
    """The picture through the window. ``matrix`` takes the window's units to the picture's.

    White where there is none, or ``continued`` beyond its edge, so that measuring sees no edge there.
    """
    long = max(picture.shape[:2])
    pixels = np.diag([long, long, 1.0]) @ (window.to_units if matrix is None else matrix @ window.to_units)
    step = scale_of(pixels, (float(window.width), float(window.height)))
    while step >= 2.0 and min(picture.shape[:2]) >= 4:  # linear interpolation alone would skip pixels
        picture = np.asarray(cv2.pyrDown(picture), np.uint8)
        pixels = np.diag([0.5, 0.5, 1.0]) @ pixels
        step /= 2
    border = cv2.BORDER_REPLICATE if continued else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = window.width, window.height
    drawn = cv2.warpPerspective(picture, pixels, size, flags=flags, borderMode=border, borderValue=_LIGHT)
    return np.asarray(drawn, np.uint8)


def covered(window: Window, mine: Box, theirs: Box, matrix: Matrix) -> Mask:
    """Which px of the window lie in ``mine`` and, by ``matrix``, in ``theirs``."""
    columns, rows = np.meshgrid(np.arange(window.width) + 0.5, np.arange(window.height) + 0.5)
    here = window.to_units @ np.stack([columns.ravel(), rows.ravel(), np.ones(rows.size)])
    there = matrix @ here
    depth = there[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = (depth > 0) & _within(here[0], here[1], mine)
        inside &= _within(there[0] / depth, there[1] / depth, theirs)
    return np.asarray(inside.reshape(window.height, window.width), bool)


def _within(x: NDArray[np.float64], y: NDArray[np.float64], box: Box) -> Mask:
    return np.asarray((x >= box.x) & (x <= box.x + box.w) & (y >= box.y) & (y <= box.y + box.h), bool)


def bounds_of(mask: Mask, window: Window) -> Box | None:
    """The box that holds all of a mask; None where it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    across, down = window.box.w / window.width, window.box.h / window.height
    return Box(
        window.box.x + float(columns[0]) * across,
        window.box.y + float(rows[0]) * down,
        float(columns[-1] - columns[0] + 1) * across,
        float(rows[-1] - rows[0] + 1) * down,
    )


def outline(picture: Pixels, mask: Mask, width: int = 3) -> None:
    """Draw a light line between two dark ones round a mask: it shows on any ground, in grey as well."""
    edge = width + 1
    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    limit = np.array([picture.shape[1] - 1 - edge, picture.shape[0] - 1 - edge])
    lines = [np.clip(cv2.approxPolyDP(line, 1.5, True), edge, np.maximum(limit, edge)) for line in found]
    cv2.polylines(picture, lines, True, _DARK, 2 * width + 1, cv2.LINE_AA)
    cv2.polylines(picture, lines, True, _LIGHT, width, cv2.LINE_AA)
