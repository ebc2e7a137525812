"""Light: what the tiles tell of dark, washed-out, blank and ordinary pictures."""

import numpy as np
import pytest
from measure_pictures import grained, scene

from validators.checks.clarity_faults import fault_of
from validators.evidence import PHOTO
from validators.measures.image.clarity_measures import measure_clarity
from validators.measures.image.exposure import exposure
from validators.measures.image.tiles import grey


def test_statistics_are_those_of_the_whole_plane() -> None:
    plane = grey(scene(2))
    found = exposure(plane)
    assert found.mean == pytest.approx(plane.mean(), abs=1)
    assert found.std == pytest.approx(plane.std(), abs=1)
    assert found.p05 == pytest.approx(np.percentile(plane, 5), abs=2)
    assert found.p95 == pytest.approx(np.percentile(plane, 95), abs=2)


def test_dark_and_washed_out_pictures_fill_their_tiles() -> None:
    plane = grey(scene(2))
    dark = exposure((plane * 0.1).astype(np.uint8))
    bright = exposure(np.clip(plane * 6.0, 0, 255).astype(np.uint8))
    assert dark.dark_fraction > 0.95
    assert dark.clipped_fraction == 0
    assert bright.clipped_fraction > 0.7
    assert bright.dark_fraction < 0.05


def test_one_bright_window_is_not_over_exposure() -> None:
    plane = grey(scene(2))
    plane[50:250, 500:750] = 255
    found = exposure(plane)
    assert 0.05 < found.clipped_fraction < 0.15


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
def test_a_bright_window_is_not_asked_to_be_taken_again(policy, share: float) -> None:
    view = scene(3)
    high, wide = view.shape[:2]
    view[: round(high * share**0.5), : round(wide * share**0.5)] = 255
    assert fault_of(measure_clarity(view), PHOTO, policy) is None


def test_flat_tiles_are_those_without_anything() -> None:
    plane = grained(np.full((480, 640), 200, np.uint8), 1.0)
    assert exposure(plane).flat_fraction == 1.0
    plane[:240] = grained(np.full((240, 640), 100, np.uint8), 12.0)
    assert exposure(plane).flat_fraction == pytest.approx(0.5, abs=0.09)  # one row of tiles has both


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (5, 5), (700, 3)])
def test_any_shape_is_measured(shape: tuple[int, int]) -> None:
    found = exposure(np.full(shape, 77, np.uint8))
    assert (found.mean, found.p05, found.p95, found.std) == (77.0, 77.0, 77.0, 0.0)


def test_grey_and_colour_views_agree() -> None:
    picture = scene(4)
    assert measure_clarity(picture) == measure_clarity(grey(picture))


def test_the_view_is_left_as_it_was() -> None:
    picture = scene(4)
    picture.flags.writeable = False
    before = picture.tobytes()
    assert measure_clarity(picture).sharpness is not None
    assert picture.tobytes() == before


def test_a_thing_on_white_has_lost_nothing(policy) -> None:
    view = np.full((600, 800, 3), 255, np.uint8)
    view[150:450, 250:550] = np.clip(scene(4)[150:450, 250:550].astype(int) // 3 + 150, 0, 245)
    found = measure_clarity(view)
    assert found.clipped_fraction > 0.8
    assert found.washed_fraction < 0.3
    assert fault_of(found, PHOTO, policy) is None


def test_light_that_washes_out_the_thing_itself_is_told(policy) -> None:
    view = np.clip(scene(2).astype(int) * 5, 0, 255).astype(np.uint8)
    view[:100] = 255  # a white wall reaches the rim
    found = measure_clarity(view)
    assert found.washed_fraction > 0.5
    fault = fault_of(found, PHOTO, policy)
    assert fault is not None
    assert fault.code == "CLR_OVEREXPOSED"
