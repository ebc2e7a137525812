"""What is print: pages as they are photographed, in any light and direction, and nothing that merely has fine strokes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from measure_pictures import grained, scene, text_page

from validators.before_judging import ContentThresholds
from validators.measures.image.printed import printed_fraction
from validators.measures.image.scales import scales_of

LEAST = ContentThresholds().mostly_text


def printed(picture: np.ndarray) -> float:
    return printed_fraction(scales_of(picture))


def photographed(page: np.ndarray, turn: float = 4.0, seed: int = 0) -> np.ndarray:
    """The page on a grey table, turned, lit from the left, with grain."""
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 0.85)
    laid = cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_AREA, borderValue=(95, 90, 80))
    light = np.linspace(1.0, 0.55, wide)[None, :, None]
    return grained((laid * light).astype(np.uint8), 2.0, seed)


@pytest.mark.parametrize("turn", [0.0, -8.0, 90.0])
def test_a_photographed_page_is_mostly_print_whatever_its_light_and_direction(turn: float) -> None:
    assert printed(photographed(text_page(), turn)) >= 2 * LEAST


def test_light_letters_on_dark_are_print_too() -> None:
    assert printed(photographed(text_page(dark=True))) >= 2 * LEAST


def test_letters_too_large_for_one_size_of_the_view_are_found_in_a_smaller_one() -> None:
    large = cv2.resize(text_page(size=(310, 438), lines=12), (1024, 1447), interpolation=cv2.INTER_CUBIC)
    assert printed(photographed(large[:768])) >= LEAST


@pytest.mark.parametrize("seed", range(4))
def test_scenes_are_not_print(seed: int) -> None:
    assert printed(scene(seed)) < LEAST


def test_cloth_is_not_print() -> None:
    rng = np.random.default_rng(1)
    weave = cv2.GaussianBlur(rng.normal(0, 60, (700, 900)), (0, 0), 1.2)
    folds = cv2.resize(rng.uniform(60, 200, (8, 10)), (900, 700), interpolation=cv2.INTER_CUBIC)
    assert printed(np.clip(folds + weave, 0, 255).astype(np.uint8)) < LEAST


def test_what_is_empty_or_tiny_is_not_print() -> None:
    assert printed(np.full((600, 800), 240, np.uint8)) == 0.0
    assert printed(np.zeros((1, 900), np.uint8)) == 0.0
    assert printed(text_page()[:40, :40]) == 0.0
