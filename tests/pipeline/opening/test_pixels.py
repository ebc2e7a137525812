"""Reducing and turning pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pipeline.opening.child.pixels import shrink, shrink_evenly, upright


@pytest.mark.parametrize("reduce", [shrink, shrink_evenly])
@given(st.integers(1, 3000), st.integers(1, 300), st.integers(1, 400), st.booleans())
def test_shrinking_bounds_the_long_side_and_keeps_the_shape(reduce, long, short, side, tall):
    width, height = (short, long) if tall else (long, short)
    reduced = reduce(np.zeros((height, width, 3), np.uint8), side)
    assert max(reduced.shape[:2]) <= side or max(width, height) <= side
    assert min(reduced.shape[:2]) >= 1
    if max(width, height) > side:
        assert max(reduced.shape[:2]) >= side - 1


@pytest.mark.parametrize("reduce", [shrink, shrink_evenly])
def test_shrinking_keeps_the_mean(reduce):
    ramp = np.repeat(np.linspace(0, 255, 1600).astype(np.uint8)[None, :, None], 900, axis=0).repeat(3, axis=2)
    assert abs(float(reduce(ramp, 320).mean()) - float(ramp.mean())) < 1


def test_what_is_small_enough_is_not_touched():
    pixels = np.zeros((20, 30), np.uint8)
    assert shrink_evenly(pixels, 30) is pixels


def steepest_step(wide: int) -> float:
    """Of a crisp edge between 40 and 200, nearly upright, in a picture ``wide`` px across reduced to 300."""
    slant = np.arange(wide // 2)[:, None] * np.tan(np.radians(2))
    pixels = np.where(np.arange(wide)[None] < wide / 2 + slant, 40, 200).astype(np.uint8)
    reduced = shrink_evenly(pixels, 300).astype(int)
    return float(np.percentile(np.abs(np.diff(reduced[20:130], axis=1)).max(axis=1), 90)) / 160


@pytest.mark.parametrize("wide", [330, 380, 450, 599, 601, 750, 1000, 1199, 1500])
def test_an_edge_is_as_crisp_at_every_ratio(wide):
    assert steepest_step(wide) == pytest.approx(0.87, abs=0.08)


@pytest.mark.parametrize(("period", "left"), [(6.0, 0.9), (1.6, 0.0)])
def test_waves_that_fit_are_kept_and_those_that_do_not_are_gone(period, left):
    """``period`` in px of the reduced picture."""
    wave = 128 + 100 * np.sin(2 * np.pi * np.arange(1000) / (period * 1000 / 640))
    reduced = shrink_evenly(np.tile(wave, (700, 1)).astype(np.uint8), 640)[100:300, 100:500].astype(float)
    assert reduced.std() / wave.std() == pytest.approx(left, abs=0.12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_agrees_with_pillow(orientation):
    pixels = np.random.default_rng(orientation).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(upright(pixels, orientation), expected)
