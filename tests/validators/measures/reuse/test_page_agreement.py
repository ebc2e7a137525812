"""Pages of one template: the same page re-saved, scaled or cropped agrees; one changed digit does not."""

import cv2
import numpy as np
import pytest

from validators.measures.reuse.page_agreement import PageAgreement, compare_pages
from validators.measures.reuse.page_alignment import resampled

WIDE, HIGH = 1080, 1600
FACE = cv2.FONT_HERSHEY_SIMPLEX


def page(number: str = "481-2093344", dark: bool = False) -> np.ndarray:
    """A grey page of names and values, of which one is ``number``; in dark colours where wanted."""
    rng = np.random.default_rng(7)
    plane = np.full((HIGH, WIDE), 244, np.uint8)
    cv2.rectangle(plane, (0, 0), (WIDE, 120), 90, -1)
    cv2.putText(plane, "Order details", (60, 80), FACE, 1.6, 250, 3, cv2.LINE_AA)
    for row in range(18):
        y = 200 + 74 * row
        value = number if row == 9 else str(rng.integers(10**8, 10**9))
        cv2.putText(plane, f"Field {chr(65 + row)}", (60, y), FACE, 1.0, 120, 2, cv2.LINE_AA)
        cv2.putText(plane, value, (640, y), FACE, 1.0, 30, 2, cv2.LINE_AA)
    return np.asarray(255 - plane if dark else plane, np.uint8)


def jpeg(plane: np.ndarray, quality: int) -> np.ndarray:
    data = cv2.imencode(".jpg", plane, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def resaved(plane: np.ndarray, how: str) -> np.ndarray:
    if how == "half":
        return jpeg(cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 80)
    if how == "cropped":
        return jpeg(plane[230:, 20:-11], 90)
    if how == "scaled, quality 40":
        return jpeg(cv2.resize(plane, None, fx=0.67, fy=0.67, interpolation=cv2.INTER_AREA), 40)
    return jpeg(plane, int(how.split()[1])) if how.startswith("quality") else plane.copy()


def compared(query: np.ndarray, other: np.ndarray) -> PageAgreement:
    found = compare_pages(query, other)
    assert found is not None
    return found


HOW = ["same", "quality 50", "quality 40", "quality 30", "scaled, quality 40", "half", "cropped"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("how", HOW)
def test_the_same_page_again_has_nothing_changed(how: str, dark: bool) -> None:
    plane = page(dark=dark)
    for query, other in ((resaved(plane, how), plane), (plane, resaved(plane, how))):
        found = compared(query, other)
        assert found.changed == 0
        assert found.compared > 100
        assert found.shared >= 0.5


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("how", HOW)
def test_one_changed_digit_is_seen(how: str, dark: bool) -> None:
    plane, other = page(dark=dark), page("481-2093844", dark)
    assert compared(resaved(other, how), plane).changed > 0
    assert compared(plane, resaved(other, how)).changed > 0


def test_a_field_filled_in_on_one_page_alone_is_seen_from_either_side() -> None:
    filled, empty = page(), page("")
    assert compared(filled, empty).changed > 0
    assert compared(empty, filled).changed > 0


def test_a_digit_that_was_cropped_away_is_not_asked_for() -> None:
    below = 200 + 74 * 9 + 30
    assert compared(page("481-2093844")[below:], page()).changed == 0


def test_the_matrix_takes_points_of_the_query_to_the_other() -> None:
    found = compared(resaved(page(), "cropped"), page())
    long = HIGH - 230
    there = found.matrix @ np.array([100 / long, 300 / long, 1.0]) * HIGH
    assert there[:2] == pytest.approx([120, 530], abs=0.3)


def test_a_rough_guess_is_made_finer() -> None:
    plane = page()
    guess = np.array([[1.003, 0.0, -0.002], [0.0, 1.002, 0.002], [0.0, 0.0, 1.0]])
    found = compare_pages(plane, jpeg(plane, 75), guess)
    assert found is not None
    assert found.changed == 0
    assert np.abs(found.matrix - np.eye(3)).max() * HIGH < 0.3


def test_nothing_is_said_of_blank_or_tiny_pages() -> None:
    blank = np.full((HIGH, WIDE), 240, np.uint8)
    assert compare_pages(blank, page()) is None
    assert compare_pages(blank, blank, np.eye(3)) is None
    assert compare_pages(page()[:40, :40], page(), np.eye(3)) is None


def test_a_matrix_that_turns_or_mirrors_is_refused() -> None:
    turned = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    mirrored = np.array([[-1.0, 0.0, 0.675], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert compare_pages(page(), page(), turned) is None
    assert compare_pages(page(), page(), mirrored) is None


def test_one_axis_may_shrink_while_the_other_does_not():
    page = np.random.default_rng(3).integers(0, 255, (300, 200)).astype(np.uint8)
    seen = resampled(page, np.array([1.0, 1.5]), np.zeros(2), (200, 200))
    assert seen.shape == (200, 200)
