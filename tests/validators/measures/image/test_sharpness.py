"""Focus: how the score and the verdict move when a picture is changed in a known way."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_pictures import defocused, grained, moved, phone_screen, scene, text_page

from validators.measures.image.edge_profiles import rises
from validators.measures.image.noise import noise_sigma, softened
from validators.measures.image.sharpness import Sharpness, sharpness
from validators.measures.image.tiles import grey, working_plane

SOFT = 0.56
SHARP = 0.56


def measured(picture: np.ndarray) -> Sharpness:
    plane = working_plane(grey(picture))
    return sharpness(grey(picture), noise_sigma(plane, softened(plane)))


def score(picture: np.ndarray) -> float:
    value = measured(picture).value
    assert value is not None
    return value


@pytest.mark.parametrize("seed", range(4))
def test_sharp_scenes_are_sharp_and_soft_ones_are_not(seed: int) -> None:
    picture = scene(seed)
    assert score(picture) > SHARP
    assert score(grained(defocused(picture, 2.5), 1.0)) < SOFT


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), first=st.floats(0.5, 3), further=st.floats(0.3, 3))
def test_blurring_never_makes_it_sharper(seed: int, first: float, further: float) -> None:
    once = defocused(scene(seed, 300, 400), first)
    # A blur of 0.3 px only rounds some pixels otherwise, by which other edges may count as the steepest.
    assert score(defocused(once, further)) <= score(once) + 0.03


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 99), gain=st.floats(0.5, 1.0))
def test_brightness_keeps_the_score(seed: int, gain: float) -> None:
    picture = scene(seed, 300, 400)
    for each in (picture, defocused(picture, 2.5)):
        assert score((each * gain).astype(np.uint8)) == pytest.approx(score(each), abs=0.06)


@pytest.mark.parametrize("sigma", [1.0, 3.0, 6.0])
def test_grain_does_not_pass_for_focus(sigma: float) -> None:
    assert score(grained(defocused(scene(5), 3.0), sigma)) < SOFT
    assert score(grained(scene(5), sigma)) > SHARP


@pytest.mark.parametrize("seed", range(3))
def test_movement_in_one_direction_counts(seed: int) -> None:
    assert score(grained(moved(scene(seed), 11), 1.0)) < SOFT
    assert score(grained(moved(scene(seed), 11).transpose(1, 0, 2), 1.0)) < SOFT


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5, 0.75])
def test_an_edge_is_as_crisp_wherever_it_lies_between_pixels(shift: float) -> None:
    """Of one at the middle of a pixel linear interpolation would see half the rise, of one between two all of it."""
    places = np.arange(64) - 32 + shift
    rise = 128 + 80 * np.clip(np.cumsum(np.sinc(places)) * 2 - 1, -1.2, 1.2)
    plane = np.tile(rise.astype(np.uint8), (64, 1))
    at = np.array([32 * 64 + 32])
    right, down = np.full(1, 600, np.int16), np.zeros(1, np.int16)
    assert rises(plane, at, right, down, 0.0)[0] == pytest.approx(0.75, abs=0.1)


def test_a_sharp_subject_before_a_blurred_background_passes() -> None:
    picture = scene(3)
    half = defocused(picture, 5.0)
    half[:, :400] = picture[:, :400]
    assert score(half) > SHARP


def test_the_weakest_place_is_in_the_blurred_half() -> None:
    picture = scene(3)
    picture[:, 400:] = defocused(picture, 1.2)[:, 400:]
    weakest = measured(picture).weakest
    assert weakest is not None
    assert weakest.x >= 0.5


@pytest.mark.parametrize(
    "picture",
    [
        text_page(),
        text_page(dark=True),
        phone_screen(dark=False),
        phone_screen(dark=True),
        text_page(lines=3),
    ],
)
def test_screens_and_pages_are_sharp(picture: np.ndarray) -> None:
    assert score(picture) > SHARP


@pytest.mark.parametrize("level", [0, 128, 255])
def test_too_few_edges_are_undetermined_not_blurred(level: int) -> None:
    plain = np.full((480, 640, 3), level, np.uint8)
    found = measured(plain)
    assert (found.value, found.weakest, found.edge_count) == (None, None, 0)
    gradient = np.tile(np.linspace(40, 200, 640).astype(np.uint8), (480, 1))
    assert measured(gradient).value is None


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (8, 8), (20, 1024)])
def test_tiny_and_narrow_pictures_are_measured_without_error(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert measured(noise).edge_count >= 0


def test_size_keeps_the_verdict() -> None:
    large = cv2.resize(scene(7, 900, 1200), (1024, 768), interpolation=cv2.INTER_AREA)
    small = cv2.resize(large, (780, 585), interpolation=cv2.INTER_AREA)
    assert score(large) > SHARP
    assert score(small) > SHARP
    soft = defocused(large, 4.0)
    assert score(soft) < SOFT
    assert score(cv2.resize(soft, (780, 585), interpolation=cv2.INTER_AREA)) < SOFT


@pytest.mark.parametrize("sigma", [1.0, 2.0, 4.0, 8.0])
def test_noise_is_estimated(sigma: float) -> None:
    plane = grained(np.full((480, 640), 128, np.uint8), sigma)
    assert noise_sigma(plane, softened(plane)) == pytest.approx(sigma, rel=0.15)


def test_texture_is_not_noise_where_quiet_places_exist() -> None:
    plane = grey(text_page())
    assert noise_sigma(plane, softened(plane)) < 0.5
