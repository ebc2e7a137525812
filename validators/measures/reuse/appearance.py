"""Where two aligned pictures differ to the eye: print that was replaced, colours that no tint explains, what was painted over.

Tiles that correlate (agreement.py) say nothing of colour, and two cartons of one design agree in most of their print. So
once one tint is taken off, colours are compared where the print agrees, and what differs is outlined.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels, grey
from validators.measures.reuse.agreement import TILE, WINDOW, detail_of, tile_correlation
from validators.measures.reuse.aligned_frame import AlignedFrame, drawn
from validators.measures.reuse.alignment import Matrix
from validators.measures.reuse.tint import chroma, fit_tint
from validators.measures.reuse.unexplained import unexplained

__all__ = ["Appearance", "compare_appearance"]

Mask = NDArray[np.bool_]

_SIDE = 768  # px of the long side of the shared area: a crack is a few px wide
_STEP = 4  # px between points whose colour is compared
_SOFTENED = 2.5  # px, sigma: so that an edge that lies off by a fraction of a px has the same colour
_EDGE = 9  # px at the rim of what both show
_COLOURED = 15.0  # levels of chroma: below it a point is grey
_OFF, _OFF_SHARE = 20.0, 0.5  # levels of chroma, and share of the colour itself, from which on it differs
_REPLACED = 0.5  # correlation below which a tile's print is another
_PASTED = 0.35  # of an area: so much other print makes it one that was pasted over
_GREYED = 0.2  # saturation: so little colour tells no print from another
_LEAST_COLOURED = 0.005  # share of the frame: less colour than this says nothing
_TONE = 34.0  # levels that a tone lies off what the tint explains
_WINDOW_SIDE = 13  # px of a window whose detail is explained by the other's
_LEFT, _LEFT_TIMES = 7.0, 3.5  # levels that are left unexplained, and how many times what is left typically
_FAINT = 0.65  # of these: what is connected to a difference belongs to it
_LEFT_SHARE = 0.5  # of the window's own detail
_MUCH, _MUCH_SHARE = (
    1.4,
    0.2,
)  # times these levels, and the share from which on so many count: a line drawn over print
_GROWN = 5  # points: strokes of one painted thing are one
_LEAST_AREA = 0.0009  # share of the frame
_MOST_AREA = 0.5
_WIDEST = 0.6  # of the frame: a larger outline says "everywhere"
_FILL = 8.0  # levels of deviation: below it an area is of one tone
_DEEP = 0.12  # of the short side: what touches the rim must reach this far
_BESIDE = 0.15  # of the largest area, what another must have to belong to the outline


@dataclass(frozen=True, slots=True)
class Appearance:
    """``recoloured``: share 0..1 of the coloured area, where the print agrees, whose colour no tint explains; None where
    there is too little colour to tell. ``greyed``: one of the two has lost the colours of the other, so that they say
    nothing. ``tone``: levels by which tones lie off, in the mean, after one tint. ``changed``:
    share of the shared area that differs, and ``outline`` its corners (4, 2) in units of the query's long side; None where
    nothing does, or no one place.
    """

    recoloured: float | None
    greyed: bool
    tone: float
    changed: float
    outline: NDArray[np.float64] | None


def compare_appearance(query: Pixels, other: Pixels, matrix: Matrix) -> Appearance | None:
    """Compare HxWx3 uint8 RGB views under ``matrix`` (query to other, units of long sides); None where they barely overlap."""
    frame = AlignedFrame.of(query.shape, other.shape, matrix, _SIDE)
    if frame is None:
        return None
    here, _ = drawn(query, frame.matrix, frame.size)
    there, inside = drawn(other, matrix @ frame.matrix, frame.size)
    shared = np.asarray(cv2.erode(inside, np.ones((_EDGE, _EDGE), np.uint8), borderValue=0) > 0)
    if not shared.any():
        return None
    replaced = _replaced(here, there, inside)
    colours = _colours(here, there, shared & ~replaced, shared)
    return Appearance(
        _recoloured(colours, replaced[::_STEP, ::_STEP]),
        colours.greyed,
        colours.left,
        *_changed(here, there, colours, shared, frame),
    )


def _replaced(here: Pixels, there: Pixels, inside: Pixels) -> Mask:
    """Where the print of the two is another: tiles with detail that does not correlate."""
    correlation, textured = tile_correlation(detail_of(grey(here)), detail_of(grey(there)), inside)
    found = np.zeros(inside.shape, np.uint8)
    half = WINDOW // 2
    for row, column in np.argwhere(textured & (correlation < _REPLACED)):
        y, x = int(row) * TILE + half, int(column) * TILE + half
        found[max(0, y - half) : y + half + 1, max(0, x - half) : x + half + 1] = 1
    return np.asarray(found > 0)


@dataclass(frozen=True, slots=True)
class _Colours:
    """On the grid of points, after one tint: how many levels it leaves in the mean, the colours it makes, the levels they are
    off by, whether that is another colour, and whether there is colour at all."""

    left: float
    greyed: bool
    made: Floats
    off: Floats
    other: Mask
    coloured: Mask


def _colours(here: Pixels, there: Pixels, known: Mask, shared: Mask) -> _Colours:
    """The tint is asked for both ways, since a grey picture can be made of a coloured one and not the reverse; both are
    judged by the tint that leaves less.
    """
    first, second = (
        cv2.GaussianBlur(picture, (0, 0), _SOFTENED)[::_STEP, ::_STEP].astype(np.float32)
        for picture in (here, there)
    )
    known, shape = known[::_STEP, ::_STEP], first.shape[:2]
    if not known.any():
        known = shared[::_STEP, ::_STEP]
    ways = []
    for given, wanted in ((first, second), (second, first)):
        ways.append((fit_tint(given[known], wanted[known]), given.reshape(-1, 3), wanted.reshape(-1, 3)))
    tint, given, wanted = min(ways, key=lambda way: way[0].left)
    made = tint.of(given)
    off = made - wanted
    colour = np.maximum(chroma(wanted), chroma(made))
    coloured = (colour >= _COLOURED) & shared[::_STEP, ::_STEP].ravel()
    other = coloured & (chroma(off) > np.maximum(_OFF, _OFF_SHARE * colour))
    greyed = tint.saturation <= _GREYED and float((chroma(given) >= _COLOURED).mean()) >= _LEAST_COLOURED
    return _Colours(
        tint.left,
        greyed,
        made.reshape(*shape, 3),
        off.reshape(*shape, 3),
        other.reshape(shape),
        coloured.reshape(shape),
    )


def _recoloured(colours: _Colours, replaced: Mask) -> float | None:
    """The share, but for areas that are mostly other print: those were pasted over, and are no colour of the print."""
    count, areas = cv2.connectedComponents((colours.other | replaced).astype(np.uint8))
    whole = np.bincount(areas.ravel(), minlength=count)
    print_of_another = np.bincount(areas[replaced], minlength=count)
    is_pasted = print_of_another >= _PASTED * whole
    is_pasted[0] = False
    kept = colours.coloured & ~replaced & ~is_pasted[areas]
    if kept.sum() < _LEAST_COLOURED * kept.size:
        return None
    return float((colours.other & kept).sum() / kept.sum())


def _changed(
    here: Pixels, there: Pixels, colours: _Colours, shared: Mask, frame: AlignedFrame
) -> tuple[float, NDArray[np.float64] | None]:
    """The share of the shared area that differs, and the outline of it in units of the query's long side."""
    left, share = unexplained(
        grey(here).astype(np.float32), grey(there).astype(np.float32), _WINDOW_SIDE, _STEP
    )
    within = shared[::_STEP, ::_STEP]
    typical = float(np.median(left[within]))
    least = max(_LEFT, _LEFT_TIMES * typical)
    differs = (left > least) & (share > _LEFT_SHARE)
    differs |= (left > _MUCH * least) & (share > _MUCH_SHARE)
    differs |= np.abs(_levelled(colours.off, colours.made, within)).max(axis=-1) > _TONE
    faint = (left > _FAINT * least) & (share > _FAINT * _LEFT_SHARE)
    differs = _with_faint(differs & within, faint & within)
    closed = np.asarray(
        cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GROWN, _GROWN), np.uint8)),
        np.uint8,
    )
    areas, sizes = _areas(closed, [picture[::_STEP, ::_STEP] for picture in (here, there)], within)
    whole = float(within.sum())
    if not len(sizes) or sizes.max() < _LEAST_AREA * whole:
        return 0.0, None
    kept = 1 + np.flatnonzero(sizes >= max(_BESIDE * sizes.max(), _LEAST_AREA * whole))
    changed = float(sizes[kept - 1].sum() / whole)
    if changed > _MOST_AREA:
        return changed, None
    rows, columns = np.nonzero(np.isin(areas, kept))
    low = np.array([columns.min(), rows.min()]) * _STEP
    high = (np.array([columns.max(), rows.max()]) + 1) * _STEP
    if (high - low).prod() > _WIDEST * np.prod(frame.size):
        return changed, None
    corners = np.array([[low, [high[0], low[1]], high, [low[0], high[1]]]], np.float64)
    return changed, np.asarray(cv2.perspectiveTransform(corners, frame.matrix)[0], np.float64)


def _with_faint(strong: Mask, faint: Mask) -> Mask:
    """What differs, with the fainter differences that are connected to it: a crack fades towards its ends."""
    _, areas = cv2.connectedComponents((strong | faint).astype(np.uint8))
    return np.asarray(np.isin(areas, np.unique(areas[strong])) & (areas > 0))


def _areas(
    differs: NDArray[np.uint8], pictures: list[Pixels], within: Mask
) -> tuple[NDArray[np.int32], Floats]:
    """Each connected area's number by point, and the points of each.

    None at the rim that is of one tone or reaches little inwards: fill beside a turned picture, dark corners, borders.
    """
    count, areas = cv2.connectedComponents(differs)
    sizes = np.bincount(areas.ravel(), minlength=count)[1:].astype(np.float32)
    padded = cv2.copyMakeBorder(within.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inwards = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = _DEEP * min(differs.shape)
    for number in np.unique(areas[within & (inwards < 2.0)]):
        here = areas == number
        plain = min(float(picture[here].std(axis=0).max()) for picture in pictures) < _FILL
        if number and (plain or float(inwards[here].max()) < deep):
            sizes[number - 1] = 0.0
    return np.asarray(areas, np.int32), sizes


def _levelled(off: Floats, made: Floats, within: Mask) -> Floats:
    """Levels off with what changes evenly across the picture taken away: vignettes, and the light of another lamp."""
    y, x = (axis.astype(np.float32) / max(off.shape[:2]) for axis in np.mgrid[: off.shape[0], : off.shape[1]])
    even = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    light = made.mean(axis=-1, keepdims=True) / 255.0
    terms = np.concatenate([even, even * light], axis=-1)
    known, wanted = terms[within], off[within]
    weights = 1.0 / np.maximum(np.abs(wanted).max(axis=1), 4.0)
    factors = np.zeros((terms.shape[-1], 3), np.float32)
    for _ in range(4):
        weighted = known * weights[:, None]
        factors = np.linalg.lstsq(weighted.T @ known, weighted.T @ wanted, rcond=None)[0].astype(np.float32)
        weights = 1.0 / np.maximum(np.abs(wanted - known @ factors).max(axis=1), 4.0)
    return np.asarray(off - terms @ factors, np.float32)
