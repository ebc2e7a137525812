"""Dark bars around a picture are taken off, and nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.measures.video.bars import without_bars

PICTURE = np.random.default_rng(1).integers(40, 255, (240, 320, 3), np.uint8)


@pytest.mark.parametrize("bars", [(40, 40, 0, 0), (0, 0, 60, 60), (30, 50, 20, 45), (80, 0, 0, 0)])
@pytest.mark.parametrize("luma", [0, 16])
def test_what_was_put_around_goes(bars, luma):
    framed = cv2.copyMakeBorder(PICTURE, *bars, cv2.BORDER_CONSTANT, value=(luma,) * 3)
    found = without_bars(framed)
    assert abs(found.shape[0] - 240) <= 6
    assert abs(found.shape[1] - 320) <= 6


@pytest.mark.parametrize(
    "picture",
    [PICTURE, np.zeros((90, 160, 3), np.uint8), np.full((90, 160, 3), 20, np.uint8), PICTURE[:, :, 0]],
    ids=["lit", "black", "dark", "grey"],
)
def test_what_has_none_stays_whole(picture):
    assert without_bars(picture).shape == picture.shape


def test_thin_edges_stay():
    framed = cv2.copyMakeBorder(PICTURE, 3, 3, 0, 0, cv2.BORDER_CONSTANT)
    assert without_bars(framed).shape == framed.shape


def test_a_lamp_in_the_dark_stays_whole():
    night = np.zeros((240, 320, 3), np.uint8)
    night[100:130, 150:180] = 250
    assert without_bars(night).shape == night.shape


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255))
def test_any_size_gives_a_picture(high, wide, luma):
    found = without_bars(np.full((high, wide, 3), luma, np.uint8))
    assert found.shape == (high, wide, 3)
