"""Which stretches of two videos show the same: from moments that look alike to the straight lines that they lie on.

A copy runs at an even speed, so its moments t and those u of the other lie on u = speed * t + start. Source of the method:
random sample consensus (Fischler and Bolles, 1981), here over every pair of moments, since there are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validators.evidence import AlignedSegment

__all__ = ["Alike", "aligned_segments"]

SLACK_S = 1.1
"""Moments are looked at once a second, so that the nearest of the other lies up to half a second off, and one to spare."""
SLOWEST, FASTEST = 0.4, 2.5
_GAP_S = 6.0  # within a stretch: what a logo, a flash or movement may hide
_LEAST_MOMENTS = 3  # of each video, on one line
_MOST_ALIKE = 400  # of two films that stand still every moment is like every other
_MOST_PAIRED = 150  # of these, through every two of which a line is laid


@dataclass(frozen=True, slots=True)
class Alike:
    """A moment of this video and one of the other that look alike, in seconds; ``weight`` says how surely."""

    this_s: float
    other_s: float
    weight: float = 1.0


def aligned_segments(alike: Sequence[Alike]) -> tuple[AlignedSegment, ...]:
    """The stretches in the order of this video's time; none where fewer than three moments of each agree on a speed.

    Of moments that several lines explain, the line that explains most weight has them; at the same, the one nearest to
    the other's own speed.
    """
    left = _thinned(sorted(set(alike), key=lambda one: (one.this_s, one.other_s, one.weight)), _MOST_ALIKE)
    found: list[AlignedSegment] = []
    while len(left) >= _LEAST_MOMENTS:
        on_line = _best_line(left)
        if on_line is None:
            break
        chosen = [one for one, on in zip(left, on_line.tolist(), strict=True) if on]
        found += _cut_at_gaps(chosen)
        taken = {one.this_s for one in chosen}
        left = [one for one in left if one.this_s not in taken]
    return tuple(sorted(found, key=lambda one: (one.this_start_s, one.other_start_s)))


def _best_line(alike: Sequence[Alike]) -> NDArray[np.bool_] | None:
    """Which moments lie on the line that explains most; None where no line explains enough."""
    this = np.array([one.this_s for one in alike])
    other = np.array([one.other_s for one in alike])
    weight = np.array([one.weight for one in alike])
    speeds, starts = _lines(alike)
    if not len(speeds):
        return None
    off = np.abs(other - speeds[:, None] * this - starts[:, None])
    on = off <= SLACK_S * np.maximum(1.0, speeds)[:, None]
    # Each moment of this counts once, by the best of the other's that lie on the line with it.
    moments, where = np.unique(this, return_inverse=True)
    best = np.zeros((len(speeds), len(moments)))
    rows = np.broadcast_to(np.arange(len(speeds))[:, None], on.shape)
    np.maximum.at(best, (rows, np.broadcast_to(where, on.shape)), on * weight)
    chosen = np.asarray(on[np.lexsort((np.abs(np.log(speeds)), -best.sum(axis=1).round(6)))[0]], np.bool_)
    enough = min(_moments(this, chosen), _moments(other, chosen)) >= _LEAST_MOMENTS
    return chosen if enough else None


def _lines(alike: Sequence[Alike]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Speeds and starts of the lines through every two moments, and of those of speed 1 through each."""
    paired = _thinned(alike, _MOST_PAIRED)
    this = np.array([one.this_s for one in paired])
    other = np.array([one.other_s for one in paired])
    first, second = np.triu_indices(len(this), 1)
    apart = this[second] - this[first]
    far = apart > SLACK_S
    speeds = (other[second] - other[first])[far] / apart[far]
    sane = (speeds >= SLOWEST) & (speeds <= FASTEST)
    starts = other[first][far][sane] - speeds[sane] * this[first][far][sane]
    even = np.array([one.other_s - one.this_s for one in alike])
    return np.concatenate([np.ones(len(even)), speeds[sane]]), np.concatenate([even, starts])


def _thinned(alike: Sequence[Alike], most: int) -> list[Alike]:
    """At most so many, spread evenly."""
    if len(alike) <= most:
        return list(alike)
    return [alike[round(at)] for at in np.linspace(0, len(alike) - 1, most)]


def _moments(times: NDArray[np.float64], on: NDArray[np.bool_]) -> int:
    return len(np.unique(times[on]))


def _cut_at_gaps(chosen: Sequence[Alike]) -> list[AlignedSegment]:
    """Runs of moments without a long gap; a run of one or two says nothing."""
    runs: list[list[Alike]] = []
    for one in chosen:
        if runs and one.this_s - runs[-1][-1].this_s <= _GAP_S:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [_segment(run) for run in runs if len({one.this_s for one in run}) >= _LEAST_MOMENTS]


def _segment(run: Sequence[Alike]) -> AlignedSegment:
    this, other = [one.this_s for one in run], [one.other_s for one in run]
    return AlignedSegment(*(round(at, 1) for at in (min(this), max(this), min(other), max(other))))
