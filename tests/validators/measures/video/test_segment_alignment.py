"""Stretches of two videos that show the same, from moments that look alike."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.measures.video.segment_alignment import SimilarFrames, aligned_segments


def on_line(start: int, end: int, speed: float, offset: float, jitter: float = 0.0) -> list[SimilarFrames]:
    random = np.random.default_rng(1)
    return [
        SimilarFrames(float(t), speed * t + offset + jitter * random.uniform(-1, 1))
        for t in range(start, end)
    ]


def test_a_trimmed_copy_lies_where_it_was_cut_out():
    (found,) = aligned_segments(on_line(0, 28, 1.0, 12.0))
    assert (found.this_start_s, found.this_end_s) == (0.0, 27.0)
    assert (found.other_start_s, found.other_end_s) == (12.0, 39.0)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_another_speed(speed):
    (found,) = aligned_segments(on_line(2, 30, speed, 3.0, 0.3))
    assert found.other_end_s - found.other_start_s == pytest.approx(speed * 27, abs=1.0)


def test_chance_likenesses_beside_it_change_nothing():
    random = np.random.default_rng(2)
    chance = [
        SimilarFrames(float(random.integers(0, 30)), float(random.uniform(0, 300)), 0.5) for _ in range(12)
    ]
    (found,) = aligned_segments([*on_line(5, 25, 1.0, 40.0), *chance])[:1]
    assert found.this_start_s == pytest.approx(5.0, abs=2)
    assert found.other_start_s == pytest.approx(45.0, abs=2)


def test_two_stretches_put_together_are_told_apart():
    found = aligned_segments([*on_line(0, 10, 1.0, 50.0), *on_line(10, 20, 1.0, -5.0)])
    assert [(one.other_start_s, one.other_end_s) for one in found] == [(50.0, 59.0), (5.0, 14.0)]


def test_a_long_gap_parts_a_stretch():
    found = aligned_segments([*on_line(0, 8, 1.0, 0.0), *on_line(30, 38, 1.0, 0.0)])
    assert [(one.this_start_s, one.this_end_s) for one in found] == [(0.0, 7.0), (30.0, 37.0)]


@pytest.mark.parametrize(
    "alike",
    [
        [],
        [SimilarFrames(1, 1)],
        [SimilarFrames(1, 1), SimilarFrames(5, 5)],
        [SimilarFrames(float(t), 7.0) for t in range(9)],
    ],
)
def test_too_little_says_nothing(alike):
    assert aligned_segments(alike) == ()


def test_what_stands_still_is_as_long_as_its_shorter_side():
    every = [SimilarFrames(float(t), float(u)) for t in range(10) for u in range(10)]
    (found,) = aligned_segments(every)
    assert (found.this_start_s, found.this_end_s) == (0.0, 9.0)


@given(
    st.lists(
        st.builds(SimilarFrames, st.integers(0, 60).map(float), st.integers(0, 60).map(float)), max_size=30
    )
)
def test_a_stretch_lies_within_the_moments_given(alike):
    for one in aligned_segments(alike):
        assert 0 <= one.this_start_s <= one.this_end_s <= max(a.this_s for a in alike)
        assert 0 <= one.other_start_s <= one.other_end_s <= max(a.other_s for a in alike)


@given(
    st.lists(
        st.builds(SimilarFrames, st.integers(0, 60).map(float), st.integers(0, 60).map(float)), max_size=20
    ),
    st.randoms(),
)
def test_the_order_of_the_moments_changes_nothing(alike, random):
    shuffled = list(alike)
    random.shuffle(shuffled)
    assert aligned_segments(shuffled) == aligned_segments(alike)


def test_films_that_stand_still_cost_no_more_than_others():
    every = [SimilarFrames(float(t), float(u)) for t in range(300) for u in range(300)]
    start = time.process_time()
    assert aligned_segments(every)
    assert time.process_time() - start < 10, "every two of 90,000 would take hours"
