"""Reflected light told from white things, by spots of known place and size."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_pictures import scene

from validators.measures.image import glare as module
from validators.measures.image.glare import glare
from validators.measures.image.tiles import grey

HIGH, WIDE = 300, 400


def falling(radius: float, at: tuple[float, float] = (0.5, 0.5), peak: float = 4.0) -> np.ndarray:
    """Light over the sensor's full charge, 1 at ``radius`` px from the middle of the spot."""
    y, x = np.mgrid[:HIGH, :WIDE]
    away = np.hypot(x - at[0] * WIDE, y - at[1] * HIGH) / radius
    return peak ** (1 - away**2)


def lit(luma: np.ndarray, light: np.ndarray) -> np.ndarray:
    linear = (luma / 255.0) ** 2.2 + light
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def ground(level: int = 90) -> np.ndarray:
    return np.full((HIGH, WIDE), level, np.uint8)


@settings(max_examples=25, deadline=None)
@given(radius=st.floats(28, 45), x=st.floats(0.3, 0.7), y=st.floats(0.35, 0.65), level=st.integers(20, 120))
def test_a_spot_is_measured_where_it_is(radius, x, y, level):
    spot = glare(lit(ground(level), falling(radius, (x, y))))
    assert spot is not None
    assert spot.area == pytest.approx(np.pi * radius**2 / (HIGH * WIDE), rel=0.35)
    assert spot.region.x + spot.region.w / 2 == pytest.approx(x, abs=0.02)
    assert spot.region.y + spot.region.h / 2 == pytest.approx(y, abs=0.02)
    assert spot.softness > 0.7
    assert spot.solidity > 0.9
    assert level - 2 <= spot.around < 190


def test_a_white_thing_with_an_edge_is_not_soft():
    picture = ground()
    cv2.circle(picture, (200, 150), 35, 255, -1)
    spot = glare(picture)
    assert spot is not None
    assert spot.softness < 0.2


def test_light_on_something_white_has_bright_surroundings():
    spot = glare(lit(ground(225), falling(35)))
    assert spot is not None
    assert spot.around >= 220


def test_light_around_a_thing_is_not_solid():
    picture = lit(ground(), falling(80))
    cv2.rectangle(picture, (150, 90), (230, 290), 60, -1)
    spot = glare(picture)
    assert spot is not None
    assert spot.solidity < 0.75


@pytest.mark.parametrize("at", [(0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0), (0.09, 0.5)])
def test_windows_and_sky_at_the_rim_are_left_alone(at):
    assert glare(lit(ground(), falling(35, at))) is None


def test_the_largest_soft_spot_is_told():
    two = falling(20, (0.25, 0.5)) + falling(34, (0.7, 0.5))
    spot = glare(lit(ground(), two))
    assert spot is not None
    assert spot.region.x > 0.5


def test_a_lit_wall_does_not_stand_before_a_reflection():
    picture = ground()
    picture[:, 180:] = 225
    spot = glare(lit(picture, falling(29, (0.19, 0.5)) + falling(34, (0.73, 0.5))))
    assert spot is not None
    assert spot.region.x < 0.3
    assert spot.around < 120


def test_of_many_spots_the_largest_are_looked_at(monkeypatch):
    picture, looked = ground(), []
    for number, x in enumerate(range(20, WIDE - 60, 36)):
        for y in range(20, HIGH - 60, 40):
            picture[y : y + 22 + number, x : x + 26] = 255
    whole = module._spot
    monkeypatch.setattr(module, "_spot", lambda *given: looked.append(given[2]) or whole(*given))
    assert glare(picture) is not None
    assert len(looked) == 8


def test_more_light_never_makes_the_spot_smaller():
    areas = [
        spot.area
        for peak in (2, 3, 5, 8)
        if (spot := glare(lit(ground(), falling(30, peak=peak) * peak / 2)))
    ]
    assert len(areas) == 4
    assert areas == sorted(areas)


@pytest.mark.parametrize(
    "picture", [grey(scene(1, HIGH, WIDE)), ground(0), np.zeros((1, 1), np.uint8), ground(255)]
)
def test_pictures_without_a_spot_have_none(picture):
    assert glare(picture) is None
