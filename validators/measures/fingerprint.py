"""ImageHash's 256-bit perceptual hash of a view in all 8 orientations, and when it may not be compared.

The hash keeps the signs of the 16 x 16 lowest DCT coefficients of a 64 x 64 grey reduction about their median
(ImageHash's ``phash(hash_size=16)``). A picture with few such coefficients leaves most signs to rounding, so such
pictures collide with one another whatever they show: they abstain.
"""

from __future__ import annotations

import cv2
import imagehash
import numpy as np
import scipy.fftpack  # noqa: F401  # ImageHash loads it at the first hash: load it before the fork instead
from PIL import Image

from validators.evidence import Fingerprint
from validators.measures.orientation import inverse_orientation
from validators.measures.tiles import Floats, Pixels, grey

__all__ = ["ALGORITHM", "VERSION", "compose", "fingerprint", "inverse_orientation"]

ALGORITHM = "phash256"
VERSION = "1"

_SIDE = 64
_HASH_SIZE = 16
_LEAST_BEFORE_LANCZOS = 4 * _SIDE  # whole-number box reduction down to here changes at most 2 bits

_BLANK_STD = 2.0
_UNIFORM_STD = 5.0
_SIGNIFICANT = 0.01
_LEAST_SIGNIFICANT = 24

_TURNS: tuple[Image.Transpose | None, ...] = (
    None,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.ROTATE_180,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
)
