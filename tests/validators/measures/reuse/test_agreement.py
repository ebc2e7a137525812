"""Laying over: copies agree and lie still, another photograph drifts; nominating by votes; regions."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from reuse_pictures import embedded_in, parallax, rough, scene

from pipeline.reuse.codebook import codebook
from pipeline.reuse.verification import best_alignment
from validators.measures.image.regions import find_regions
from validators.measures.reuse import agreement
from validators.measures.reuse.agreement import compare_aligned
from validators.measures.reuse.alignment import quarter_turns
from validators.measures.reuse.local_features import extract
from validators.measures.reuse.transform_votes import Shared, tally
from validators.measures.reuse.visual_words import entries, spots_of

PICTURE = scene()


def grey(picture):
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def aligned(query, other):
    found = best_alignment(extract(query), extract(other))
    assert found is not None
    return found, compare_aligned(grey(query), grey(other), found.matrix)


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: p,
        lambda p: np.ascontiguousarray(p[:, ::-1]),
        lambda p: np.ascontiguousarray(p[40:260, 70:380]),
        lambda p: cv2.resize(p, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA),
        lambda p: np.clip(p.astype(float) * 0.8 + 25, 0, 255).astype(np.uint8),
        lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),
    ],
    ids=["same", "mirror", "crop", "smaller", "brighter", "turned"],
)
def test_a_copy_agrees_and_lies_still(edit):
    found, measured = aligned(edit(PICTURE), PICTURE)
    assert found.inliers > 40
    assert measured.correlated > 0.95
    assert measured.parallax_residual < 0.1


def test_mirroring_is_told():
    found, _ = aligned(np.ascontiguousarray(PICTURE[:, ::-1]), PICTURE)
    assert found.mirrored
    assert np.linalg.det(found.matrix[:2, :2]) < 0


def test_a_photograph_from_beside_drifts():
    _, measured = aligned(parallax(PICTURE), PICTURE)
    assert measured.correlated > 0.6
    assert measured.parallax_residual > 0.3


def test_grain_on_a_copy_is_no_drift():
    grainy = np.random.default_rng(5).normal(0, 25, PICTURE.shape) + PICTURE
    _, measured = aligned(np.clip(grainy, 0, 255).astype(np.uint8), PICTURE)
    assert measured.correlated > 0.8
    assert measured.parallax_residual < 0.095


def test_a_photograph_of_rough_depth_drifts():
    _, measured = aligned(rough(PICTURE, np.random.default_rng(6)), PICTURE)
    assert measured.correlated > 0.6
    assert measured.parallax_residual > 0.3


@pytest.mark.parametrize(("far", "parallax_residuals"), [(0.3, False), (1.0, True)])
def test_tiles_that_lie_off_each_on_its_own_way_drift_where_they_lie_far_off(far, parallax_residuals):
    """The mean over neighbours is 0: only what each lies off by tells them from a copy's."""
    textured = np.ones((24, 24), bool)
    places = np.argwhere(textured)
    points = places.astype(np.float32)
    moved = points + far * (1 - 2 * (places.sum(axis=1, keepdims=True) % 2)).astype(np.float32) * (0.6, 0.8)
    moved = moved.astype(np.float32)
    found = agreement._parallax_residual(
        agreement._Tiles(
            points, moved, np.full(len(points), 0.95, np.float32), textured, np.ones(len(points), bool)
        )
    )
    assert (found > 0.12) == parallax_residuals


def test_painting_over_lowers_agreement_and_moves_nothing():
    covered = PICTURE.copy()
    covered[:80] = (240, 240, 240)
    _, whole = aligned(PICTURE, PICTURE)
    _, measured = aligned(covered, PICTURE)
    assert measured.correlated < whole.correlated
    assert measured.parallax_residual < 0.15


def test_different_pictures_do_not_agree():
    found = best_alignment(extract(scene(2)), extract(PICTURE))
    assert found is None or found.inliers < 10


@pytest.mark.parametrize("orientation", range(1, 9))
def test_quarter_turns_keep_the_picture_in_its_frame(orientation):
    corners = np.array([[[0.0, 0.0], [1.0, 0.0], [1.0, 0.75], [0.0, 0.75]]])
    there = cv2.perspectiveTransform(corners, quarter_turns(orientation, (1.0, 0.75)))[0]
    size = (0.75, 1.0) if orientation >= 5 else (1.0, 0.75)
    assert there.min(axis=0) == pytest.approx([0, 0])
    assert there.max(axis=0) == pytest.approx(size)


def test_votes_find_the_copy_among_others():
    gallery = [entries(extract(scene(seed)), codebook()) for seed in range(1, 9)]
    query = entries(extract(np.ascontiguousarray(PICTURE[30:280, 60:400][:, ::-1])), codebook())
    number, mine, theirs = [], [], []
    for index, stored in enumerate(gallery):
        for own in query:
            for one in stored[(stored >> np.uint64(32)) == own >> np.uint64(32)]:
                number.append(index)
                mine.append(own & np.uint64(0xFFFFFFFF))
                theirs.append(one & np.uint64(0xFFFFFFFF))
    shared = Shared(
        np.array(number), spots_of(np.array(mine, np.uint32)), spots_of(np.array(theirs, np.uint32))
    )
    found = tally(shared, 6, 5)
    assert found[0].number == 0
    assert found[0].mirrored
    assert found[0].votes > 3 * max([one.votes for one in found[1:]], default=1)


def test_no_words_no_votes():
    none = np.zeros(0, np.uint32)
    assert tally(Shared(np.zeros(0, np.int64), spots_of(none), spots_of(none)), 1, 5) == []


def test_a_picture_laid_into_a_page_is_found():
    page = embedded_in(PICTURE)
    (box,) = find_regions(page)
    assert (box.x * 600, box.y * 900) == pytest.approx((90, 400), abs=4)
    assert (box.w * 600, box.h * 900) == pytest.approx((420, 320), abs=6)


def test_a_photo_as_it_is_has_no_regions():
    assert find_regions(PICTURE) == ()


@pytest.mark.parametrize("gutter", [0, 1, 3, 9])
def test_four_pictures_that_meet_are_told_apart(gutter):
    pictures = [scene(seed)[:300, :300] for seed in (1, 2, 3, 4)]
    collage = np.full((600 + gutter, 600 + gutter, 3), 255, np.uint8)
    for picture, (y, x) in zip(pictures, [(0, 0), (0, 1), (1, 0), (1, 1)], strict=True):
        top, left = y * (300 + gutter), x * (300 + gutter)
        collage[top : top + 300, left : left + 300] = picture
    found = find_regions(collage)
    assert sorted((round(box.x, 1), round(box.y, 1)) for box in found) == [
        (0, 0),
        (0, 0.5),
        (0.5, 0),
        (0.5, 0.5),
    ]
    assert all(0.47 < box.w < 0.52 and 0.47 < box.h < 0.52 for box in found)


def test_an_edge_through_part_of_a_photo_is_no_seam():
    picture = PICTURE.copy()
    picture[: PICTURE.shape[0] * 3 // 4, PICTURE.shape[1] // 2 :] //= 3
    assert find_regions(picture) == ()
