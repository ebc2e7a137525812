"""Heights of lines on photographed pages: as drawn, aslant and in any light, and none where there are no lines of letters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from measure_pictures import grained, scene
from PIL import Image, ImageDraw, ImageFont

from validators.measures.image.line_heights import line_heights

SIZE = 60
WORDS = "sea men now ran over a cosy nook and waited there "


def page(shade: int = 235) -> np.ndarray:
    image = Image.new("L", (2600, 2000), shade)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(SIZE)
    for row in range(22):
        draw.text((60, 40 + 1.4 * SIZE * row), WORDS * 2, font=font, fill=30)
    return np.asarray(image)


def photographed(drawn: np.ndarray, height: float, turn: float) -> np.ndarray:
    """With small letters of that height in px, turned, lit from one side, with the softness of a lens and grain."""
    _left, top, _right, bottom = ImageFont.load_default(SIZE).getbbox("x")
    share = height / (bottom - top)
    small = np.tile(cv2.resize(drawn, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), (3, 3))
    high, wide = small.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 1.0)
    laid = cv2.GaussianBlur(cv2.warpAffine(small, matrix, (wide, high), borderValue=90), (0, 0), 0.6)
    return grained((laid * np.linspace(1.0, 0.6, wide)).astype(np.uint8), 1.5, 0)


@pytest.mark.parametrize("height", [3.5, 4.5, 6.0, 10.0])
@pytest.mark.parametrize("turn", [0.0, 5.0, -9.0])
def test_height_is_that_of_the_small_letters(height: float, turn: float) -> None:
    found = line_heights(photographed(page(), height, turn))
    assert found is not None
    assert found.text_height == pytest.approx(height, abs=0.6)
    assert found.words >= 6


def test_light_letters_on_dark_are_as_high() -> None:
    found = line_heights(255 - photographed(page(), 6.0, 0.0))
    assert found is not None
    assert found.text_height == pytest.approx(6.0, abs=0.6)


def test_scale_gives_heights_of_the_upload() -> None:
    picture = photographed(page(), 6.0, 3.0)
    once, twice = line_heights(picture), line_heights(picture, scale=2.0)
    assert once is not None
    assert twice is not None
    assert twice.text_height == pytest.approx(2 * once.text_height)


def test_rules_and_scenes_have_no_lines_of_letters() -> None:
    ruled = np.full((900, 900), 230, np.uint8)
    ruled[20::30] = ruled[21::30] = 60
    for picture in (ruled, np.full((900, 900), 230, np.uint8), scene(1), scene(2), scene(3)[:100, :100]):
        assert line_heights(picture) is None
