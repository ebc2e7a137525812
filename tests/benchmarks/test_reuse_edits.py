"""Every edit runs, says the same for the same seed, and knows where it put the pixels."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image
from reuse_edits import EDITS, Edited, Pixels

_HIGH, _WIDE = 400, 300
_DOTS = [(x, y) for y in range(80, _HIGH - 60, 40) for x in range(50, _WIDE - 40, 40)]
_SLACK = (
    1.2  # pixels of the edit at its own scale: compression and interpolation shift a dot's middle a little
)


def _smooth(seed: int) -> Pixels:
    """A random dark picture without small detail."""
    coarse = np.random.default_rng(seed).integers(30, 90, (8, 6, 3), dtype=np.uint8)
    return cv2.resize(coarse, (_WIDE, _HIGH), interpolation=cv2.INTER_CUBIC)


def _edited(name: str, rgb: Pixels, seed: int) -> Edited:
    return EDITS[name](rgb, np.random.default_rng(seed), [_smooth(n) for n in (91, 92, 93)])


def _decoded(edited: Edited) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(edited.data)).convert("RGB"))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_the_same_for_the_same_seed_and_leaves_the_original_alone(name: str) -> None:
    rgb = np.random.default_rng(3).integers(0, 256, (_HIGH, _WIDE, 3), dtype=np.uint8)
    before = rgb.copy()
    first, second = _edited(name, rgb, 5), _edited(name, rgb, 5)
    assert first.data == second.data
    assert np.array_equal(rgb, before)
    assert _decoded(first).ndim == 3


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", EDITS)
def test_the_homography_says_where_a_dot_went(name: str, seed: int) -> None:
    # The same edit of the same picture with and without its dots: the difference is the dots alone.
    plain = _smooth(1)
    dotted = plain.copy()
    for dot in _DOTS:
        cv2.circle(dotted, dot, 6, (250, 250, 250), -1, cv2.LINE_AA)
    edited = _edited(name, dotted, seed)
    change = np.abs(_decoded(edited).astype(float) - _decoded(_edited(name, plain, seed))).mean(axis=2)
    found = [
        distance
        for dot in _DOTS
        if (distance := _distance(change, edited, dot)) is not None
    ]  # fmt: skip
    assert len(found) >= 8
    assert np.median(found) < _SLACK
    assert np.mean(np.array(found) < 2 * _SLACK) > 0.9


def _distance(change: np.ndarray, edited: Edited, dot: tuple[int, int]) -> float | None:
    """How far off a dot's middle is, at the original's scale; None where it is cut off or covered."""
    assert edited.homography is not None
    assert edited.shown is not None
    points = np.array([[dot, (dot[0] + 16, dot[1]), (dot[0], dot[1] + 16)]], np.float64)
    here, right, down = cv2.perspectiveTransform(points, edited.homography)[0]
    reach = min(np.linalg.norm(right - here), np.linalg.norm(down - here))
    x, y, wide, high = edited.shown
    if not (x + reach < here[0] < x + wide - reach and y + reach < here[1] < y + high - reach):
        return None
    left, top = (int(v - reach) for v in here)
    size = round(2 * reach)
    patch = change[top : top + size, left : left + size]
    if patch.max() < 40:
        return None
    weight = np.where(patch > 0.3 * patch.max(), patch, 0)
    rows, columns = np.mgrid[top : top + patch.shape[0], left : left + patch.shape[1]]
    middle = np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()
    return float(np.linalg.norm(middle - here) * 16 / reach)


def test_invented_metadata_is_written() -> None:
    upload = Image.open(io.BytesIO(_edited("evasion_metadata", _smooth(1), 2).data))
    assert upload.getexif()[ExifTags.Base.Make] == "Torvik"
    assert ExifTags.Base.DateTimeOriginal in upload.getexif().get_ifd(ExifTags.IFD.Exif)


def test_crop_40_keeps_60_percent_of_each_side() -> None:
    assert _decoded(_edited("crop_40", _smooth(1), 2)).shape == (240, 180, 3)
