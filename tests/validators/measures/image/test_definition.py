"""Definition: blur never raises it, movement takes it from one direction, and neither contrast nor a second save change it."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_pictures import defocused, grained, moved, scene, text_page
from PIL import Image

from validators.evidence import Definition
from validators.measures.image.clarity_measures import measure_clarity


def measured(picture: np.ndarray) -> Definition:
    found = measure_clarity(picture).definition
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(4))
def test_sharp_scenes_are_well_defined_in_every_direction(seed: int) -> None:
    found = measured(scene(seed))
    assert found.least > 0.4
    assert found.most < 0.55


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 99), first=st.floats(0.5, 6), further=st.floats(0.5, 6))
def test_blurring_never_makes_it_better_defined(seed: int, first: float, further: float) -> None:
    once = defocused(scene(seed), first)
    one, two = measured(once), measured(defocused(once, further))
    assert two.least <= one.least + 0.02
    assert two.most <= one.most + 0.02


@pytest.mark.parametrize("angle", range(0, 180, 20))
def test_movement_takes_it_from_the_direction_of_the_movement_alone(angle: int) -> None:
    turn = cv2.getRotationMatrix2D((400, 400), angle, 1.0)
    picture = cv2.warpAffine(moved(scene(1, 800, 800), 25), turn, (800, 800), borderMode=cv2.BORDER_REFLECT)
    found = measured(grained(picture[120:680, 120:680], 1.0))
    assert found.least < 0.2
    assert found.most > 0.38


def test_a_disc_takes_it_from_every_direction_alike() -> None:
    found = measured(grained(defocused(scene(2), 5.0), 1.0))
    assert found.most < 0.3
    assert found.most - found.least < 0.08


@pytest.mark.parametrize("contrast", [1.0, 0.6, 0.35])
def test_contrast_is_no_definition(contrast: float) -> None:
    picture = np.clip(127 + (scene(3).astype(np.float32) - 127) * contrast, 0, 255).astype(np.uint8)
    soft = grained(defocused(picture, 5.0), 0.5)
    assert measured(picture).least > 0.37
    assert measured(soft).most < 0.33


def test_grain_does_not_pass_for_it() -> None:
    soft = defocused(scene(4), 5.0)
    assert measured(grained(soft, 5.0)).most == pytest.approx(measured(soft).most, abs=0.07)


def test_a_sharp_subject_before_a_blurred_ground_is_well_defined() -> None:
    picture, soft = scene(5), defocused(scene(5), 6.0)
    soft[200:400, 250:550] = picture[200:400, 250:550]
    assert measured(soft).least > 0.38


def test_plain_pictures_hold_no_places() -> None:
    assert measured(grained(np.full((600, 800, 3), 180, np.uint8), 2.0)).places == 0
    shaded = np.tile(np.linspace(90, 200, 800).astype(np.uint8), (600, 1))
    assert measured(shaded).places == 0
    assert measured(text_page()).places > 30


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (19, 19), (40, 1024)])
def test_any_shape_is_measured(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    assert measured(noise).least >= 0


@pytest.mark.parametrize("soft", [0.0, 2.0, 5.0])
def test_another_save_and_another_pixel_hardly_change_it(soft: float) -> None:
    picture = grained(scene(6, 768, 1024), 1.5)
    picture = defocused(picture, soft) if soft else picture
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=92)
    resized = cv2.resize(picture, (1023, 767), interpolation=cv2.INTER_AREA)
    first = measured(picture)
    for other in (np.asarray(Image.open(buffer)), resized):
        again = measured(other)
        assert again.least == pytest.approx(first.least, abs=0.02)
        assert again.most == pytest.approx(first.most, abs=0.02)
