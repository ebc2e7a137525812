"""Measures brightness, motion and cuts of a clip from its small grey frames, one after another, in time bins."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from validators.evidence import VideoMeasures
from validators.measures.image.tiles import Pixels
from validators.measures.video.cuts import CutFinder, Step

CELL_S = 0.25
"""Seconds of a time bin: short enough for a blackout, long enough to hold frames of every clip."""

_SURE = 0.15  # a less clear movement is none, as across a cut or at a blank wall
_SMOOTH_S = 0.5  # a hand's tremor is faster, panning slower
_BRIGHT = 0.95


class FrameMeter:
    """Takes frames HxW uint8, 160 px long, with their times in seconds."""

    def __init__(self) -> None:
        self._cuts = CutFinder()
        self._times: list[float] = []
        self._bright: list[int] = []
        self._change: list[float] = []
        self._shift: list[tuple[float, float]] = []

    def add(self, time_s: float, frame: Pixels) -> None:
        """Add the next frame. One whose time does not rise is ignored."""
        if self._times and time_s <= self._times[-1]:
            return
        step = self._cuts.add(time_s, frame)
        self._times.append(time_s)
        self._bright.append(_percentile(frame))
        self._change.append(step.change)
        self._shift.append(_shares(step))

    def finish(self) -> VideoMeasures | None:
        """The measurements. None if there was no frame."""
        if not self._times:
            return None
        times = np.asarray(self._times)
        cells = np.floor(times / CELL_S).astype(np.int64)
        count = int(cells[-1]) + 1
        shifts = np.asarray(self._shift)
        spacing = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        far = np.hypot(shifts[:, 0], shifts[:, 1])
        return VideoMeasures(
            measured_s=round(float(times[-1]) + spacing, 3),
            cell_s=CELL_S,
            frames=len(times),
            brightest=_rounded(_highest(np.asarray(self._bright, float), cells, count, carried=True), 0),
            change=_rounded(_highest(np.asarray(self._change), cells, count), 2),
            moved=_rounded(np.bincount(cells, far, count).astype(np.float64), 4),
            shaken=_rounded(_shaken(times, shifts, cells, count), 4),
            cuts=self._cuts.finish(),
        )


def _percentile(frame: Pixels) -> int:
    counts = np.cumsum(cv2.calcHist([frame], [0], None, [256], [0, 256]).ravel())
    return int(np.searchsorted(counts, _BRIGHT * frame.size))


def _shares(step: Step) -> tuple[float, float]:
    """The step's movement in shares of the long side."""
    if step.shift.clear < _SURE:
        return 0.0, 0.0
    long = max(step.frame.shape)
    return step.shift.right / long, step.shift.down / long


def _highest(
    values: NDArray[np.float64], cells: NDArray[np.int64], count: int, *, carried: bool = False
) -> NDArray[np.float64]:
    """The highest value of each bin. A bin without frames has 0, or the value of the one before."""
    found = np.full(count, -1.0)
    np.maximum.at(found, cells, values)
    for at in np.flatnonzero(found < 0):
        found[at] = found[at - 1] if carried and at else 0.0
    return found


def _shaken(
    times: NDArray[np.float64], shifts: NDArray[np.float64], cells: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """How far the view strays in each bin from its movement smoothed over half a second (RMS)."""
    if len(times) < 3:
        return np.zeros(count)
    way = np.cumsum(shifts, axis=0)
    frames = max(3, round(_SMOOTH_S * len(times) / max(float(times[-1] - times[0]), 1e-3)) | 1)
    padded = np.pad(way, ((frames // 2, frames // 2), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(side, np.ones(frames) / frames, "valid") for side in padded.T], axis=1)
    strayed = np.square(way - smooth).sum(axis=1)
    sums, held = np.bincount(cells, strayed, count), np.bincount(cells, minlength=count)
    return np.asarray(np.sqrt(sums / np.maximum(held, 1)))


def _rounded(values: NDArray[np.float64], decimals: int) -> tuple[float, ...]:
    return tuple(float(value) for value in np.round(values, decimals))
