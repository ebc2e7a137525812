"""Finds the rows that two very long captures of a screen share, such as two stitched screenshots of one chat.

They are compared as pages are (page_agreement.py), a screen's height at a time. The first stretch lies where features
align; from there the comparison goes on up and down until the text differs. Each stretch is aligned by the last one, because
a scale that is off by a thousandth is off by 12 px after 12,000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats, Pixels
from validators.measures.reuse.page_agreement import EXPLAINED, placed_correlations, registered
from validators.measures.reuse.page_alignment import ScaleShift

__all__ = ["StripAgreement", "compare_strips"]

_STRETCH = 2.0  # widths of the query: a phone's screen, at which pages are compared
_MARGIN = 24  # px of the other around what a stretch is expected to show
_PLAIN = 2.0  # luma levels: rows that deviate less hold nothing to compare
_HOPELESS = 0.25  # share of the first stretch that has to agree for the comparison to go on
_LEAST_WINDOWS = 60


@dataclass(frozen=True, slots=True)
class StripAgreement:
    """The longest run of rows about the first stretch in which no text differs.

    ``rows`` and ``other_rows``: from and to, in px of query and other. ``overlap``: the rows of the query that the other
    could show, by the alignment. ``compared``: windows with text in the run. ``lying`` takes the query to the other, in px.
    """

    rows: tuple[float, float]
    other_rows: tuple[float, float]
    overlap: tuple[float, float]
    compared: int
    worst: float
    lying: ScaleShift


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows ``top`` to ``bottom`` of the query compared: windows' first rows, and their correlations. ``side`` px each."""

    top: float
    bottom: float
    rows: Floats
    correlations: Floats
    lying: ScaleShift

    @property
    def changed(self) -> Floats:
        """The rows at which the text differs, in order."""
        return np.sort(self.rows[self.correlations < EXPLAINED])


def compare_strips(query: Pixels, other: Pixels, lying: ScaleShift, row: float) -> StripAgreement | None:
    """Compare two HxW uint8 grey strips, given about where one lies in the other near ``row`` of the query.

    None if they do not overlap there, or if most of the first stretch differs.
    """
    low, high = _overlap(query, other, lying)
    height = _STRETCH * query.shape[1]
    first = _compare(query, other, lying, *_about(row, low, high, height))
    if first is None:
        return None
    start, end = _widest(first)
    if end - start < _HOPELESS * (first.bottom - first.top):
        return None
    found = [first]
    low, high = _overlap(query, other, first.lying)
    if end >= first.bottom:
        end = _go_on(
            query, other, first, found, lambda at: (at.bottom, _up_to(at.bottom + height, high, height))
        )
    if start <= first.top:
        start = _go_on(
            query, other, first, found, lambda at: (-_up_to(height - at.top, -low, height), at.top)
        )
    rows = np.concatenate([one.rows for one in found])
    correlations = np.concatenate([one.correlations for one in found])
    inside = (rows >= start) & (rows <= end) & (correlations >= EXPLAINED)
    if int(inside.sum()) < _LEAST_WINDOWS:
        return None
    there = first.lying.scale[1] * np.array([start, end]) + first.lying.shift[1]
    return StripAgreement(
        rows=(start, end),
        other_rows=(float(max(0.0, there[0])), float(min(other.shape[0], there[1]))),
        overlap=_overlap(query, other, first.lying),
        compared=int(inside.sum()),
        worst=float(correlations[inside].min()),
        lying=first.lying,
    )


def _about(row: float, low: float, high: float, height: float) -> tuple[float, float]:
    """A stretch about ``row`` within ``low`` and ``high``."""
    top = min(max(low, row - height / 2), max(low, high - height))
    return -_up_to(-top, -low, height), _up_to(top + height, high, height)


def _up_to(end: float, last: float, height: float) -> float:
    """``end``, or ``last`` where less than half a stretch would be left: too few rows cannot be aligned."""
    return last if last - end < height / 2 else end


def _overlap(query: Pixels, other: Pixels, lying: ScaleShift) -> tuple[float, float]:
    """The rows of the query that the other could show."""
    scale, shift = float(lying.scale[1]), float(lying.shift[1])
    return max(0.0, -shift / scale), min(float(query.shape[0]), (other.shape[0] - shift) / scale)


def _widest(stretch: _Stretch) -> tuple[float, float]:
    """The longest run of rows of the stretch without a change."""
    edges = [stretch.top, *stretch.changed.tolist(), stretch.bottom]
    gaps = np.diff(edges)
    at = int(gaps.argmax())
    return float(edges[at]), float(edges[at + 1])


def _go_on(
    query: Pixels,
    other: Pixels,
    first: _Stretch,
    found: list[_Stretch],
    following: Callable[[_Stretch], tuple[float, float]],
) -> float:
    """How far the rows agree in one direction. What was compared is added to ``found``."""
    at, down = first, following(first)[0] >= first.bottom
    while True:
        top, bottom = following(at)
        if bottom - top < 1.0:
            return at.bottom if down else at.top
        stretch = _compare(query, other, at.lying, top, bottom)
        if stretch is None:
            return at.bottom if down else at.top
        found.append(stretch)
        if len(stretch.changed):
            return float(stretch.changed[0] if down else stretch.changed[-1])
        at = stretch


def _compare(query: Pixels, other: Pixels, lying: ScaleShift, top: float, bottom: float) -> _Stretch | None:
    """Rows ``top`` to ``bottom`` of the query. None if they hold text and cannot be aligned with the other's."""
    scale, shift = lying.scale, lying.shift
    first, last = int(np.ceil(top)), int(np.floor(bottom))
    begin = max(0, int(scale[1] * first + shift[1]) - _MARGIN)
    end = min(other.shape[0], int(scale[1] * last + shift[1]) + _MARGIN)
    here, there = query[first:last], other[begin:end]
    if min(len(here), len(there)) < 1:
        return None
    local = ScaleShift(scale, _moved(shift, scale[1] * first - begin))
    frame = registered(here, there, local)
    if frame is None:
        none = np.zeros(0, np.float32)
        return _Stretch(top, bottom, none, none, lying) if _plain(here) and _plain(there) else None
    rows, correlations = placed_correlations(*frame.planes)
    places = first + frame.shift[1] + frame.scale[1] * rows.astype(np.float64)
    lies = frame.lying
    whole = ScaleShift(lies.scale, _moved(lies.shift, begin - lies.scale[1] * first))
    return _Stretch(top, bottom, places.astype(np.float32), correlations, whole)


def _moved(shift: NDArray[np.float64], down: float) -> NDArray[np.float64]:
    return np.array([shift[0], shift[1] + down])


def _plain(rows: Pixels) -> bool:
    return float(cv2.meanStdDev(rows)[1].max()) < _PLAIN
