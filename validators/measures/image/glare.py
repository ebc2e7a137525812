"""Finds a spot of reflected light: washed out, bright around its border, and not part of something white.

A white collar, a carton or a window ends at an edge. The reflection of a lamp or a flash in something glossy fades away
over a darker surface. Spots at the rim are ignored, because they are mostly windows and sky.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import GlareSpot, Region
from validators.measures.image.tiles import Pixels, above

_WASHED_ABOVE = 247.0  # luma: above it a JPEG holds no detail, with a margin for rounding and averaging
_LEAST_AREA = 0.004  # of the plane: a smaller spot hides nothing
_RIM = 0.03  # of the long side
_BORDER = (0.007, 0.012)  # of the long side: the distance from the spot at which its border is measured
_BRIGHT_LUMA = 200.0
_AROUND = (1.5, 2.2)  # radii of a disk of the spot's area: where its surroundings are measured
_LEAST_PIXELS = 10
_MOST_SPOTS = 8  # the largest
_BOX = np.ones((3, 3), np.uint8)


def glare(plane: Pixels) -> GlareSpot | None:
    """The most serious spot of an HxW uint8 luma plane of about 400 px, each pixel the mean of what it covers.

    Spots are ranked by area times softness, solidity and darkness of the surroundings, so that a reflection ranks above a lit
    wall. None if nothing away from the rim is washed out.
    """
    bright = above(plane, _WASHED_ABOVE)
    washed = cv2.morphologyEx(bright, cv2.MORPH_OPEN, _BOX)
    count, labels, found, _ = cv2.connectedComponentsWithStats(washed, connectivity=8)
    largest = sorted(range(1, count), key=lambda label: -int(found[label, cv2.CC_STAT_AREA]))[:_MOST_SPOTS]
    spots = [
        spot
        for label in largest
        if found[label, cv2.CC_STAT_AREA] >= _LEAST_AREA * plane.size
        and not _at_rim(found[label], plane.shape)
        and (spot := _spot(plane, np.asarray(labels == label), found[label])) is not None
    ]
    return max(spots, key=_telling, default=None)


def _telling(spot: GlareSpot) -> float:
    return spot.area * spot.softness * spot.solidity * (1 - spot.around / 255)


# ``stats`` of a spot: left, top, width, height, area in px, as OpenCV orders them.
def _at_rim(stats: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    left, top, width, height, _ = stats
    rim = _RIM * max(shape)
    return bool(min(left, top) < rim or left + width > shape[1] - rim or top + height > shape[0] - rim)


def _spot(plane: Pixels, mask: NDArray[np.bool_], stats: NDArray[np.int32]) -> GlareSpot | None:
    left, top, width, height, area = (int(each) for each in stats)
    high, wide = plane.shape
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    radius, long = float(np.sqrt(area / np.pi)), max(high, wide)
    border = plane[(away > _BORDER[0] * long) & (away <= _BORDER[1] * long)]
    around = plane[(away > _AROUND[0] * radius) & (away <= _AROUND[1] * radius)]
    if min(border.size, around.size) < _LEAST_PIXELS:
        return None
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    hull = np.zeros(plane.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return GlareSpot(
        area=area / plane.size,
        solidity=area / int(np.count_nonzero(hull)),
        softness=float((border >= _BRIGHT_LUMA).mean()),
        around=float(np.median(around)),
        region=Region(left / wide, top / high, width / wide, height / high),
    )
