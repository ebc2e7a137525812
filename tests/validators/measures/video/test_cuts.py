"""Cuts among what is none, on small drawn frames."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from validators.measures.video.cuts import CutFinder
from validators.measures.video.likeness import likeness, seen_again, shift_between

FPS = 30


def scene(seed):
    """A large grey picture with plenty to see."""
    random = np.random.default_rng(seed)
    picture = cv2.GaussianBlur(random.uniform(0, 255, (600, 900)).astype(np.float32), (0, 0), 3)
    picture = 128 + (picture - picture.mean()) / picture.std() * 30
    for _ in range(60):
        x, y, w, h = (int(v) for v in random.integers(10, (880, 580, 120, 120)))
        cv2.rectangle(picture, (x, y), (x + w, y + h), float(random.integers(10, 245)), -1)
    return np.clip(picture, 0, 255).astype(np.uint8)


def view(picture, x=300.0, y=200.0, scale=1.0):
    matrix = np.array([[scale, 0, x], [0, scale, y]], np.float32)
    return cv2.warpAffine(picture, matrix, (160, 90), flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP)


def held(seed, seconds=2.0, x=300.0):
    """A take in a hand that wavers by a pixel or two."""
    picture = scene(seed)
    at = np.arange(int(seconds * FPS)) / FPS
    return [view(picture, x + 1.5 * np.sin(7 * t), 200 + 1.2 * np.cos(9 * t)) for t in at]


def cuts(frames, fps=FPS):
    finder = CutFinder()
    for number, frame in enumerate(frames):
        finder.add(number / fps, frame)
    return [cut for cut in finder.finish() if cut.unlike >= 0.5]


def test_a_cut_between_places_is_found_at_its_time():
    (cut,) = cuts(held(1) + held(2))
    assert (cut.kind, cut.time_s) == ("cut", pytest.approx(2.0, abs=0.04))
    assert cut.unlike > 0.8


def test_two_cuts_are_two():
    assert [round(cut.time_s, 1) for cut in cuts(held(1) + held(2) + held(3))] == [2.0, 4.0]


def test_one_take_has_none():
    assert cuts(held(1, 4.0)) == []


def test_a_view_that_is_elsewhere_at_once_is_a_cut():
    (cut,) = cuts(held(1) + held(1, x=340.0))
    assert cut.time_s == pytest.approx(2.0, abs=0.04)


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("light", [60, 150, 255])
def test_flashes_are_none(frames, light):
    take = held(1, 3.0)
    for at in range(40, 40 + frames):
        take[at] = np.clip(take[at].astype(int) + light, 0, 255).astype(np.uint8)
    assert cuts(take) == []


@pytest.mark.parametrize("speed", [4, 12, 24, 40])
def test_pans_are_none(speed):
    picture = scene(1)
    turn = speed * np.concatenate([(0.25, 0.5, 0.75), np.ones(max(4, 400 // speed)), (0.75, 0.5, 0.25)])
    way = np.concatenate([np.zeros(30), np.cumsum(turn), np.zeros(30)])
    way[-30:] = way[-31]
    blurred = []
    for number, x in enumerate(way):
        step = x - way[number - 1] if number else 0.0
        parts = [view(picture, 100 + x + step * k / 4, 200) for k in range(3)]
        blurred.append(np.mean(parts, axis=0).astype(np.uint8))
    assert cuts(blurred) == []


def test_a_light_that_is_switched_is_none():
    take = held(1, 3.0)
    assert cuts(take[:45] + [(frame * 0.4).astype(np.uint8) for frame in take[45:]]) == []


def test_shaking_is_none():
    picture, random = scene(1), np.random.default_rng(7)
    assert cuts([view(picture, *(300 + random.normal(0, 6, 2))) for _ in range(90)]) == []


def test_a_zoom_is_none():
    picture = scene(1)
    assert cuts([view(picture, scale=1.0 + 0.02 * at) for at in range(60)]) == []


def test_something_that_passes_is_none():
    take = held(1, 3.0)
    for at in range(30, 60):
        cv2.circle(take[at], (-60 + (at - 30) * 10, 45), 55, 20, -1)
    assert cuts(take) == []


def test_a_dissolve_is_one_cut():
    first, second = held(1, 2.5), held(2, 2.5)
    mixed = [
        cv2.addWeighted(a, 1 - w, b, w, 0)
        for a, b, w in zip(first[-15:], second, np.linspace(0, 1, 15), strict=False)
    ]
    (cut,) = cuts(first[:-15] + mixed + second[15:])
    assert (cut.kind, cut.time_s) == ("dissolve", pytest.approx(2.25, abs=0.4))


def test_a_dip_to_black_is_one_cut_and_a_covered_lens_is_none():
    first, second = held(1, 2.5), held(2, 2.5)
    down, up = np.linspace(1, 0, 12), np.linspace(0, 1, 12)
    dark = [(f * w).astype(np.uint8) for f, w in zip(first[-12:], down, strict=True)]
    lit = [(f * w).astype(np.uint8) for f, w in zip(second[:12], up, strict=True)]
    (cut,) = cuts(first[:-12] + dark + lit + second[12:])
    assert cut.kind == "dip"
    same = [(f * w).astype(np.uint8) for f, w in zip(first[:12], up, strict=True)]
    assert cuts(first[:-12] + dark + same + first[12:]) == []


def test_a_pan_over_a_blank_wall_is_none():
    wall = np.full((600, 900), 150, np.uint8)
    wall[:, :200], wall[:, 560:] = scene(1)[:, :200], scene(2)[:, 560:]
    assert cuts([view(wall, x) for x in np.linspace(60, 560, 100)]) == []


def test_likeness_follows_the_view_and_forgets_light():
    picture = scene(1)
    there, moved = view(picture), view(picture, 320, 206)
    shift = shift_between(there, moved)
    assert (shift.right, shift.down) == (pytest.approx(-20, abs=0.6), pytest.approx(-6, abs=0.6))
    assert likeness(there, moved, 6) > 0.9
    assert likeness(there, (moved * 0.5 + 20).astype(np.uint8), 6) > 0.9
    assert seen_again(there, view(scene(2)), 16) < 0.4
    assert likeness(np.full((90, 160), 90, np.uint8), there, 6) is None
