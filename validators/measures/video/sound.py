"""Measures a video's sound second by second: whether there is any, and whether it was too loud for the recorder."""

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


def _flat_share(full: NDArray[np.bool_]) -> float:
    """The share of samples that stand in runs at full scale."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False]))))
    lengths = edges[1::2] - edges[::2]
    return float(lengths[lengths >= _RUN].sum() / full.size)


def _decibel(value: float) -> float:
    return max(_SILENCE_DB, round(20 * float(np.log10(value)), 1)) if value > 0 else _SILENCE_DB
