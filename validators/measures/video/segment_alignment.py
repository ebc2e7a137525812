"""Finds segments of two videos that show the same, from pairs of similar frames that lie on straight lines.

A copy runs at a constant speed, so its times t and those u of the other satisfy u = speed * t + start. Source of the method:
random sample consensus (Fischler and Bolles, 1981), here over every two pairs, because there are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validators.evidence import AlignedSegment

__all__ = ["SimilarFrames", "aligned_segments"]

SLACK_S = 1.1
"""Frames are sampled once a second, so the nearest of the other is up to half a second away. One second is added."""
SLOWEST, FASTEST = 0.4, 2.5
_GAP_S = 6.0  # within a segment: what a logo, a flash or movement may hide
_LEAST_MOMENTS = 3  # of each video, on one line
_MOST_ALIKE = 400  # in two videos that stand still every frame is similar to every other
_MOST_PAIRED = 150  # of these a line is tried through every two


@dataclass(frozen=True, slots=True)
class SimilarFrames:
    """The times in seconds of a frame of this video and a similar one of the other. ``weight``: how similar."""

    this_s: float
    other_s: float
    weight: float = 1.0


def aligned_segments(alike: Sequence[SimilarFrames]) -> tuple[AlignedSegment, ...]:
    """The segments in the order of this video's time. None if fewer than three frames of each agree on a speed.

    Frames on several lines belong to the one with most weight, or of equal ones to the one nearest to the original speed.
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


def _best_line(alike: Sequence[SimilarFrames]) -> NDArray[np.bool_] | None:
    """Which frames lie on the best line. None if no line explains enough."""
    this = np.array([one.this_s for one in alike])
    other = np.array([one.other_s for one in alike])
    weight = np.array([one.weight for one in alike])
    speeds, starts = _lines(alike)
    if not len(speeds):
        return None
    off = np.abs(other - speeds[:, None] * this - starts[:, None])
    on = off <= SLACK_S * np.maximum(1.0, speeds)[:, None]
    # Each frame of this video counts once, by the best frame of the other on the line.
    moments, where = np.unique(this, return_inverse=True)
    best = np.zeros((len(speeds), len(moments)))
    rows = np.broadcast_to(np.arange(len(speeds))[:, None], on.shape)
    np.maximum.at(best, (rows, np.broadcast_to(where, on.shape)), on * weight)
    chosen = np.asarray(on[np.lexsort((np.abs(np.log(speeds)), -best.sum(axis=1).round(6)))[0]], np.bool_)
    enough = min(_moments(this, chosen), _moments(other, chosen)) >= _LEAST_MOMENTS
    return chosen if enough else None


def _lines(alike: Sequence[SimilarFrames]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Speeds and starts of the lines through every two pairs, and of those of speed 1 through each pair."""
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


def _thinned(alike: Sequence[SimilarFrames], most: int) -> list[SimilarFrames]:
    """At most ``most`` of them, evenly spread."""
    if len(alike) <= most:
        return list(alike)
    return [alike[round(at)] for at in np.linspace(0, len(alike) - 1, most)]


def _moments(times: NDArray[np.float64], on: NDArray[np.bool_]) -> int:
    return len(np.unique(times[on]))


def _cut_at_gaps(chosen: Sequence[SimilarFrames]) -> list[AlignedSegment]:
    """Runs of frames without a long gap. Runs of one or two are dropped."""
    runs: list[list[SimilarFrames]] = []
    for one in chosen:
        if runs and one.this_s - runs[-1][-1].this_s <= _GAP_S:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [_segment(run) for run in runs if len({one.this_s for one in run}) >= _LEAST_MOMENTS]


def _segment(run: Sequence[SimilarFrames]) -> AlignedSegment:
    this, other = [one.this_s for one in run], [one.other_s for one in run]
    return AlignedSegment(*(round(at, 1) for at in (min(this), max(this), min(other), max(other))))
