"""Measures sound second by second: whether there is any, and whether it was too loud for the recorder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validators.evidence import SoundMeasures

RATE = 16_000
"""Samples a second that are measured. Speech is below 8 kHz."""

_FULL = 32_768.0
_FLAT = 0.98  # of full scale: mixing down and resampling round off what was clipped
_RUN = 3  # samples in a row: a single peak may touch full scale
_SILENCE_DB = -96.0
_PAPER, _AXIS, _INK = (250, 250, 248), (200, 200, 200), (40, 70, 120)


def measure_sound(samples: NDArray[np.int16]) -> SoundMeasures | None:
    """Measure samples of one channel at RATE. None if there are none."""
    if not samples.size:
        return None
    loudness, clipped = [], []
    for start in range(0, samples.size, RATE):
        second = samples[start : start + RATE].astype(np.float32) / _FULL
        loudness.append(_decibel(float(np.sqrt(np.mean(np.square(second))))))
        clipped.append(round(_flat_share(np.abs(second) >= _FLAT), 4))
    peak = _decibel(float(np.abs(samples.astype(np.int32)).max()) / _FULL)
    return SoundMeasures(tuple(loudness), tuple(clipped), peak)


def waveform(samples: NDArray[np.int16], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture of the samples over time, HxWx3: for each column the span between its lowest and its highest one."""
    width, height = size
    picture = np.full((height, width, 3), _PAPER, np.uint8)
    edges = np.linspace(0, samples.size, width + 1).astype(np.int64)
    middle = height // 2
    picture[middle] = _AXIS
    for x in range(width):
        column = samples[edges[x] : max(edges[x] + 1, edges[x + 1])]
        if column.size:
            top = middle - round(float(column.max()) / _FULL * (middle - 1))
            bottom = middle - round(float(column.min()) / _FULL * (middle - 1))
            picture[top : bottom + 1, x] = _INK
    return picture


def _flat_share(full: NDArray[np.bool_]) -> float:
    """The share of samples that stand in runs at full scale."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False]))))
    lengths = edges[1::2] - edges[::2]
    return float(lengths[lengths >= _RUN].sum() / full.size)


def _decibel(value: float) -> float:
    return max(_SILENCE_DB, round(20 * float(np.log10(value)), 1)) if value > 0 else _SILENCE_DB
