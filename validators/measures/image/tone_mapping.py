"""Maps an HDR still (ITU-R BT.2100, PQ or HLG) to what a usual screen shows. Highlights are rolled off, not clipped.

Sources: BT.2100 tables 4 and 5 (transfer curves), BT.2087 (primaries), J. Hable's curve as ffmpeg's "tonemap" filter has it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_WHITE_NITS = 100.0  # of the usual screen, as for videos
_PEAK_NITS = 1000.0  # of the screen that HLG is drawn for
_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)
_LUMA = np.array([0.2627, 0.6780, 0.0593], np.float32)
_SYSTEM_GAMMA = 1.2
_STEPS = 4096


def tone_mapped(pixels: NDArray[np.uint8], curve: str) -> NDArray[np.uint8]:
    """HxWx3 uint8 samples of "PQ" or "HLG" with BT.2020 primaries, as sRGB."""
    linear = _linear(curve)[pixels]
    if curve == "HLG":
        bright = np.maximum(linear @ _LUMA, 1e-6)[..., None]
        linear = linear * bright ** (_SYSTEM_GAMMA - 1) * (_PEAK_NITS / _WHITE_NITS)
    mapped = np.maximum(linear @ _TO_709.T, 0.0)
    peak = max(float(mapped.max()), 1.0)
    strongest = np.maximum(mapped.max(axis=2, keepdims=True), 1e-6)
    rolled = mapped * (_hable(strongest) / _hable(np.float32(peak)) / strongest)
    return np.asarray(_shown()[np.clip(rolled * _STEPS, 0, _STEPS).astype(np.int32)])


@cache
def _linear(curve: str) -> NDArray[np.float32]:
    """Light for each sample of 8 bits: PQ's in units of the usual white, HLG's of the scene, 0..1."""
    value = np.arange(256, dtype=np.float64) / 255
    if curve == "HLG":
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(value <= 0.5, value * value / 3, (np.exp((value - c) / a) + b) / 12)
        return light.astype(np.float32)
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = value ** (1 / m2)
    nits = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return (nits / _WHITE_NITS).astype(np.float32)


def _hable(x: NDArray[np.float32] | np.float32) -> NDArray[np.float32] | np.float32:
    a, b, c, d, e, f = 0.15, 0.50, 0.10, 0.20, 0.02, 0.30
    return (x * (x * a + b * c) + d * e) / (x * (x * a + b) + d * f) - e / f  # type: ignore[return-value]


@cache
def _shown() -> NDArray[np.uint8]:
    """sRGB's samples for light 0..1 in steps."""
    light = np.arange(_STEPS + 1) / _STEPS
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * curve), np.uint8)
