"""ImageHash's 256-bit perceptual hash of a view in all 8 orientations, and when it may not be compared.

The hash keeps the signs, about their median, of the 16 x 16 lowest DCT coefficients of a 64 x 64 grey reduction
(ImageHash's ``phash(hash_size=16)``). Where few coefficients stand out, the others are rounding and JPEG noise:
such pictures collide with one another, or fail to match themselves. They abstain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from validators.evidence import Fingerprint
from validators.measures.image.tiles import Floats, Pixels, grey

if TYPE_CHECKING:
    import imagehash

__all__ = ["ALGORITHM", "VERSION", "compose", "fingerprint", "load"]

ALGORITHM = "phash256"
VERSION = "1"

_SIDE = 64
_HASH_SIZE = 16
_GAP = (
    3.0  # box reduction to at least 3 x 64 px before Lanczos: a third of the time, 0 or 2 bits of difference
)

# Measured on the 64 x 64 reduction of 1,802 real photos and of drawn blank, plain, shaded and split pictures.
# Deviation in luma levels: an empty frame has 0 to 2, a plain shaded wall 4 to 11, home photos 9 and more.
_BLANK_STD = 2.0
_UNIFORM_STD = 5.0
# Coefficients above 8, which JPEG at quality 60 does not reach: 8 to 45 in straight splits, gradients and walls,
# 120 and more in every healthy photo, 142 in the plainest of 1,007 home photos.
_SIGNIFICANT = 8.0
_LEAST_SIGNIFICANT = 112
# Two tones that meet along a straight line, at any angle, have many coefficients but as little detail.
_SPLIT_WITHIN = 0.03  # share of the variance that remains within the two tones
_SPLIT_AGREES = 0.98  # of the pixels lie on their tone's side of the line

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

# Each orientation as (a, b, c, d): the column vector (x, y) becomes (a x + b y, c x + d y), y pointing down.
_MATRICES: dict[int, tuple[int, int, int, int]] = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, -1, 1, 0),
    7: (0, -1, -1, 0),
    8: (0, 1, -1, 0),
}
_ORIENTATIONS = {matrix: orientation for orientation, matrix in _MATRICES.items()}


def compose(first: int, second: int) -> int:
    """The EXIF orientation (1..8) whose transform is ``first``'s followed by ``second``'s."""
    a, b, c, d = _MATRICES[second]
    e, f, g, h = _MATRICES[first]
    return _ORIENTATIONS[(a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)]


def load() -> None:
    """Import what hashing needs, before a fork. Comparing hashes does not need SciPy, which takes 9 MB."""
    import imagehash  # noqa: F401, PLC0415

    with _nothing_more_of_numpy():
        import scipy.fftpack  # noqa: F401, PLC0415 - ImageHash would load it at the first hash


@contextmanager
def _nothing_more_of_numpy() -> Iterator[None]:
    """SciPy copies every name that NumPy lists, and so loads NumPy's parts for tests, Fortran and more: 7 MB that nothing
    here needs. Inside this block NumPy lists only what is loaded already."""
    told, names = np.__dir__, np.__all__
    loaded = [name for name in names if name in vars(np)]
    vars(np).update(__all__=loaded, __dir__=lambda: list(vars(np)))
    try:
        yield
    finally:
        vars(np).update(__all__=names, __dir__=told)


def fingerprint(view: Pixels) -> Fingerprint:
    """Hashes of an upright HxWx3 uint8 RGB (or HxW grey) view, 64 hex digits each.

    ``orientations[k - 1]`` is the hash of the view after the transform that EXIF orientation k asks for.
    Abstains ("blank", "near_uniform", "split"), with no hashes, where pictures of that sort collide.
    """
    import imagehash  # noqa: PLC0415 - see load

    reduced = Image.fromarray(grey(view)).resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=_GAP)
    reason = _abstains(np.asarray(reduced, dtype=np.float32))
    if reason is not None:
        return Fingerprint(ALGORITHM, VERSION, (), reason)
    turned = (reduced if turn is None else reduced.transpose(turn) for turn in _TURNS)
    return Fingerprint(
        ALGORITHM,
        VERSION,
        tuple(_hex(imagehash.phash(image, hash_size=_HASH_SIZE)) for image in turned),
    )


def _hex(found: imagehash.ImageHash) -> str:
    """64 lower-case hex digits, equal to ``str(found)`` in a tenth of the time."""
    return np.packbits(found.hash).tobytes().hex()


def _abstains(plane: Floats) -> str | None:
    """Why a 64 x 64 float32 luma plane has too little detail to compare, or None if it has enough."""
    deviation = float(plane.std())
    if deviation < _BLANK_STD:
        return "blank"
    if deviation < _UNIFORM_STD:
        return "near_uniform"
    low = np.abs(cv2.dct(plane)[:_HASH_SIZE, :_HASH_SIZE]).ravel()[1:]
    if int((low > _SIGNIFICANT).sum()) < _LEAST_SIGNIFICANT or _is_split(plane):
        return "split"
    return None


def _is_split(plane: Floats) -> bool:
    """Whether the plane is two tones on either side of one straight line."""
    level, _ = cv2.threshold(plane.astype(np.uint8), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    bright = plane > level
    count = int(bright.sum())
    if count in (0, plane.size):
        return False
    within = plane[bright].var() * count + plane[~bright].var() * (plane.size - count)
    if within > _SPLIT_WITHIN * plane.var() * plane.size:
        return False
    along = _across_edges(plane)
    if along[bright].mean() < along[~bright].mean():
        along = -along
    side = along >= np.partition(along.ravel(), plane.size - count)[plane.size - count]
    return float((side == bright).mean()) >= _SPLIT_AGREES


def _across_edges(plane: Floats) -> Floats:
    """Each pixel's place along the direction in which the plane changes most (its structure tensor's main axis)."""
    right, down = cv2.Sobel(plane, cv2.CV_32F, 1, 0), cv2.Sobel(plane, cv2.CV_32F, 0, 1)
    both, horizontal, vertical = (
        float(cv2.sumElems(cv2.multiply(p, q))[0]) for p, q in ((right, down), (right, right), (down, down))
    )
    angle = 0.5 * np.arctan2(2.0 * both, horizontal - vertical)
    ramp = np.arange(_SIDE, dtype=np.float32)
    return np.asarray(np.cos(angle) * ramp[None, :] + np.sin(angle) * ramp[:, None], dtype=np.float32)
