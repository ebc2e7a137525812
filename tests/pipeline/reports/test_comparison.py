"""The picture of two items: what is outlined, what is marked, and what is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparison_scenes import in_units, mirrored_crop, on_a_screen, scene

from pipeline.opening.host.drawn_text import lines_of, one_line, width_of
from pipeline.reports.comparison import draw_comparison
from pipeline.reports.comparison_differences import differing
from pipeline.reports.comparison_frames import (
    Window,
    back_from,
    bounds_of,
    covered,
    outline,
    seen,
    whole_of,
)
from validators.evidence import Region


def marked(this, other, matrix):
    shared = bounds_of(*_whole_mask(this, other, matrix))
    tiles = differing(this, other, matrix, whole_of(this), whole_of(other), shared)
    long = max(this.shape)
    return [(round((t.x + t.w / 2) * long), round((t.y + t.h / 2) * long)) for t in tiles]


def _whole_mask(this, other, matrix):
    window = Window.fitting(whole_of(this), float(max(this.shape)), 400, 400)
    return covered(window, whole_of(this), whole_of(other), matrix), window


def test_a_mirrored_crop_lies_upon_the_whole():
    other = scene()
    this, matrix = mirrored_crop(other, 120, 60, 360, 300)
    window = Window.fitting(whole_of(this), 360.0, 360, 300)
    lain = seen(other, window, matrix).astype(int)
    assert np.abs(lain - this).mean() < 3


def test_the_outline_on_the_other_is_where_the_crop_was_taken():
    other = scene()
    this, matrix = mirrored_crop(other, 120, 60, 360, 300)
    window = Window.fitting(whole_of(other), 640.0, 640, 480)
    box = bounds_of(
        covered(window, whole_of(other), whole_of(this), back_from(matrix, whole_of(this))), window
    )
    assert np.allclose(np.array([box.x, box.y, box.w, box.h]) * 640, [120, 60, 360, 300], atol=2)


def test_an_outline_is_dark_and_light_and_leaves_the_rest():
    picture = np.full((100, 100, 3), 128, np.uint8)
    mask = np.zeros((100, 100), bool)
    mask[30:70, 30:70] = True
    outline(picture, mask)
    row = picture[50, :, 0]
    assert row[30] == 255
    assert row[24:30].min() == 0
    assert row[31:37].min() == 0
    assert (picture[40:60, 40:60] == 128).all()
    assert (picture[:20] == 128).all()


def test_equal_pictures_have_no_mark():
    picture = scene()
    assert marked(picture, picture, np.eye(3)) == []


@pytest.mark.parametrize("colour", [(120, 120, 120), (220, 30, 30)])
def test_a_patch_painted_over_is_marked_and_nothing_else(colour):
    other = scene()
    this, matrix = mirrored_crop(other, 120, 60, 360, 300)
    this[100:180, 200:300] = colour
    found = marked(this, other, matrix)
    assert len(found) >= 8
    assert all(190 <= x <= 310 and 90 <= y <= 190 for x, y in found)


def test_a_patch_on_a_plain_wall_is_seen_by_its_tone():
    other = scene()
    other[:, 320:] = 190
    this = other.copy()
    this[200:320, 420:540] = (190, 120, 100)
    found = marked(this, other, np.eye(3))
    assert (480, 256) in [(round(x / 32) * 32, round(y / 32) * 32) for x, y in found]
    assert all(405 <= x <= 555 and 185 <= y <= 335 for x, y in found)


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: cv2.imdecode(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], cv2.IMREAD_COLOR),
        lambda p: cv2.GaussianBlur(p, (0, 0), 2),
        lambda p: cv2.resize(p, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA),
        lambda p: np.clip(p * 0.7 + 20, 0, 255).astype(np.uint8),
        lambda p: cv2.cvtColor(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB),
        lambda p: np.roll(p, (1, 2), (0, 1)),
    ],
    ids=["jpeg", "blur", "smaller", "darker", "grey", "moved"],
)
def test_an_edit_of_the_whole_is_no_difference(edit):
    picture = scene()
    edited = edit(picture)
    assert marked(picture, edited, np.eye(3)) == []
    assert marked(edited, picture, np.eye(3)) == []


def test_too_little_to_compare_is_no_difference():
    assert marked(np.zeros((30, 30, 3), np.uint8), np.full((30, 30, 3), 255, np.uint8), np.eye(3)) == []


@pytest.mark.parametrize("turned_round", [False, True])
def test_a_screenshot_is_shown_close_and_whole(turned_round):
    photo = scene()
    screen, matrix = on_a_screen(photo)
    if turned_round:
        picture = draw_comparison(photo, screen, np.linalg.inv(matrix))
    else:
        picture = draw_comparison(screen, photo, matrix, ("D-2 · screen.png", "D-1 · a.jpg"))
    height, width = picture.shape[:2]
    assert width <= 1600
    assert height < 2000
    assert (picture[:10] == 255).all()
    assert (picture[:, -10:] == 255).all()
    left, right = picture[40:300, 40:340].astype(int), picture[40:300, width // 2 + 40 : width // 2 + 340]
    assert left.std() > 20  # the photo fills the panel, not the screen about it
    assert right.std() > 20


def test_a_known_area_narrows_what_is_shared():
    picture = scene()
    whole = draw_comparison(picture, picture, np.eye(3))
    narrow = draw_comparison(picture, picture, np.eye(3), areas=(Region(0, 0, 0.4, 0.5), None))
    assert whole.shape != narrow.shape


@pytest.mark.parametrize(("width", "height"), [(1024, 40), (40, 1024), (1, 1), (1024, 1024), (9, 700)])
def test_any_shape_can_be_drawn(width, height):
    this = np.full((height, width, 3), 90, np.uint8)
    for other in (this, scene()):
        picture = draw_comparison(this, other, np.eye(3), ("a" * 300, "\ud800\u202e\n"))
        assert picture.shape[1] <= 1600


def test_pictures_that_share_nothing_can_be_drawn():
    far = in_units(np.array([[1.0, 0, 5000], [0, 1, 5000], [0, 0, 1]]), scene(), scene())
    assert draw_comparison(scene(), scene(), far).shape[1] <= 1600


def test_words_break_and_names_lose_their_middle():
    lines = lines_of("Where they differ (outlined)", 30, 250)
    assert len(lines) == 2
    assert max(width_of(line, 30) for line in lines) <= 250
    name = one_line("D-1001 · a-very-long-name-of-a-photograph-0001.jpg", 24, 300)
    assert width_of(name, 24) <= 300
    assert name.startswith("D-1001")
    assert name.endswith("0001.jpg")


def test_the_edge_of_what_is_covered_is_no_difference():
    this = scene()
    turn = cv2.getRotationMatrix2D((320, 240), 8, 1.1)
    other = cv2.warpAffine(this, turn, (640, 480))
    matrix = in_units(np.vstack([turn, [0, 0, 1]]), this, other)
    assert marked(this, other, matrix) == []
    narrow = np.ascontiguousarray(this[60:400, 100:500])
    shifted = in_units(np.array([[1.0, 0, -100], [0, 1, -60], [0, 0, 1]]), this, narrow)
    assert marked(this, narrow, shifted) == []
