"""What a hole in plain samples leaves is told from what people draw and film."""

import numpy as np
import pytest

from validators.measures.image.lost_rows import lost_rows

HIGH, WIDE = 300, 400


@pytest.fixture
def photo():
    rng = np.random.default_rng(7)
    return rng.integers(1, 255, (HIGH, WIDE, 3), dtype=np.uint8)


def without(pixels, start, end, value=0):
    flat = pixels.reshape(-1, 3).copy()
    flat[start:end] = value
    return flat.reshape(pixels.shape)


@pytest.mark.parametrize("value", [0, (0, 135, 0), 255])
def test_a_hole_from_mid_row_to_mid_row(photo, value):
    found = lost_rows(without(photo, 50 * WIDE + 120, 130 * WIDE + 300, value))
    assert found is not None
    assert not found.to_an_edge
    assert found.share == pytest.approx(80.45 / HIGH, abs=0.01)


@pytest.mark.parametrize(("start", "end"), [(200 * WIDE + 90, HIGH * WIDE), (0, 70 * WIDE + 200)])
def test_a_lost_end_or_start(photo, start, end):
    found = lost_rows(without(photo, start, end))
    assert found is not None
    assert found.to_an_edge


def bars(photo):
    photo[:40] = 0
    photo[-40:] = 0


def dark_screen(photo):
    photo[:] = 0
    photo[20:30, 40:200] = 255
    photo[100:104, 40:330] = 200
    photo[250, 40:90] = 90


def notch(photo):
    photo[100:] = 12
    for row in range(100, 108):
        photo[row, : 108 - row] = 99
        photo[row, WIDE - 108 + row :] = 99


def frame(photo):
    photo[40:-40, 50:-50] = 255


def thin_lines(photo):
    photo[100, 30:] = 0
    photo[101] = 0


@pytest.mark.parametrize("draw", [bars, dark_screen, notch, frame, thin_lines])
def test_what_is_drawn_is_no_hole(photo, draw):
    draw(photo)
    assert lost_rows(photo) is None


def test_one_tone_and_a_line_are_no_hole():
    assert lost_rows(np.zeros((50, 60, 3), np.uint8)) is None
    assert lost_rows(np.zeros((1, 1, 3), np.uint8)) is None
