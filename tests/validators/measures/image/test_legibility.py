"""Text height and contrast: as drawn, whatever the size, the polarity and the reduction; nothing where no text is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from measure_pictures import grained, scene, text_page
from PIL import Image, ImageDraw, ImageFont

from validators.measures.image.legibility import measure_legibility


def page(size: int, dark: bool = False, ink: int = 0) -> np.ndarray:
    """Rows of words in one size of letters on white, or in their negative."""
    image = Image.new("L", (900, 900), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for row in range(12):
        draw.text((30, 30 + 2 * size * row), "sea mew now ran over a cosy nook " * 3, font=font, fill=ink)
    return 255 - np.asarray(image) if dark else np.asarray(image)


def small_letters(size: int) -> int:
    """Rows of an x."""
    _left, top, _right, bottom = ImageFont.load_default(size).getbbox("x")
    return int(bottom - top)


def shrunk(picture: np.ndarray, share: float) -> np.ndarray:
    return cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("size", [12, 16, 24, 32])
@pytest.mark.parametrize("dark", [False, True])
def test_height_is_that_of_the_small_letters(size: int, dark: bool) -> None:
    found = measure_legibility(page(size, dark))
    assert found.text_height == pytest.approx(small_letters(size), rel=0.15, abs=1.0)


@pytest.mark.parametrize("share", [0.8, 0.6, 0.5, 0.4])
@pytest.mark.parametrize("size", [16, 24])
def test_shrinking_never_raises_the_height(size: int, share: float) -> None:
    whole = measure_legibility(page(size))
    small = measure_legibility(shrunk(page(size), share))
    assert whole.text_height is not None
    assert small.text_height is None or small.text_height <= whole.text_height


def test_a_page_shrunk_step_by_step_measures_less_at_each() -> None:
    heights = [
        measure_legibility(shrunk(page(24), share)).text_height for share in (1.0, 0.75, 0.55, 0.4, 0.3)
    ]
    known = [height for height in heights if height is not None]
    assert len(known) >= 4
    assert known == sorted(known, reverse=True)


def test_scale_gives_heights_of_the_upload() -> None:
    picture = page(20)
    half = measure_legibility(shrunk(picture, 0.5), scale=2.0)
    assert half.text_height == pytest.approx(measure_legibility(picture).text_height, rel=0.2)


def test_contrast_is_that_of_ink_and_paper() -> None:
    assert measure_legibility(page(24)).text_contrast == pytest.approx(255, abs=30)
    assert measure_legibility(page(24, ink=155)).text_contrast == pytest.approx(100, abs=15)


def test_grain_and_compression_hardly_change_it() -> None:
    clean = text_page(lines=20)
    _, data = cv2.imencode(".jpg", grained(clean, 3.0), [cv2.IMWRITE_JPEG_QUALITY, 75])
    noisy = measure_legibility(cv2.imdecode(data, cv2.IMREAD_COLOR))
    assert noisy.text_height == pytest.approx(measure_legibility(clean).text_height, abs=0.8)


@pytest.mark.parametrize("seed", range(4))
def test_a_photo_without_text_has_no_height(seed: int) -> None:
    assert measure_legibility(scene(seed)).text_height is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (500, 3), (64, 64), (20, 20, 3)])
def test_nothing_and_tiny_pictures_have_no_text(shape: tuple[int, ...]) -> None:
    for tone in (0, 128, 255):
        assert measure_legibility(np.full(shape, tone, np.uint8)).text_height is None


def test_bars_of_a_code_are_no_text() -> None:
    bars = np.repeat(np.random.default_rng(1).integers(0, 2, 200).astype(np.uint8) * 255, 4)
    picture = np.full((300, 900), 255, np.uint8)
    picture[100:200, 50:850] = bars[None]
    assert measure_legibility(picture).text_height is None
