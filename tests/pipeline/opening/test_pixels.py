"""Reducing and turning pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pipeline.opening.pixels import shrink, upright


@given(st.integers(1, 3000), st.integers(1, 300), st.integers(1, 400), st.booleans())
def test_shrinking_bounds_the_long_side_and_keeps_the_shape(long, short, side, tall):
    width, height = (short, long) if tall else (long, short)
    reduced = shrink(np.zeros((height, width, 3), np.uint8), side)
    assert max(reduced.shape[:2]) <= side or max(width, height) <= side
    assert min(reduced.shape[:2]) >= 1
    if max(width, height) > side:
        assert max(reduced.shape[:2]) >= side - 1


def test_shrinking_keeps_the_mean():
    ramp = np.repeat(np.linspace(0, 255, 1600).astype(np.uint8)[None, :, None], 900, axis=0).repeat(3, axis=2)
    assert abs(float(shrink(ramp, 320).mean()) - float(ramp.mean())) < 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_agrees_with_pillow(orientation):
    pixels = np.random.default_rng(orientation).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(upright(pixels, orientation), expected)
