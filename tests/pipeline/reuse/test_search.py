"""From bytes to matches through the product's own path, in one process and in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.append(str(Path(__file__).resolve().parents[2] / "validators" / "measures"))

from reuse_engine import Engine
from reuse_pictures import embedded_in, jpeg, parallax, scene

from pipeline.reuse.candidates import Candidate
from pipeline.reuse.search import _nearest_sampled_frames

PICTURE = scene()


@pytest.fixture(scope="module")
def gallery():
    engine = Engine()
    for seed in range(1, 6):
        engine.add(f"photo {seed}", jpeg(scene(seed)))
    return engine


def classes(found):
    return {name: link.class_ for name, link in found}


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: p,
        lambda p: p[:, ::-1],
        lambda p: p[60:290, 90:400],
        embedded_in,
        lambda p: np.vstack([np.hstack([scene(90), p]), np.hstack([scene(91), scene(92)])]),
    ],
    ids=["again", "mirror", "crop", "screenshot", "collage"],
)
def test_a_reused_photo_is_found_and_no_other(gallery, edit):
    found = gallery.look("query", jpeg(np.ascontiguousarray(edit(PICTURE)), 70))
    assert classes(found) == {"photo 1": "SAME_PHOTO"}


def test_a_photograph_from_beside_is_the_same_scene_at_most(gallery):
    assert classes(gallery.look("query", jpeg(np.ascontiguousarray(parallax(PICTURE)[40:, 50:])))) in (
        {},
        {"photo 1": "SAME_SCENE"},
    )


def test_an_unrelated_photo_matches_nothing(gallery):
    assert gallery.look("query", jpeg(scene(77))) == []


@pytest.mark.parametrize("kind", ["blank", "split"])
def test_what_cannot_be_compared_matches_nothing(kind):
    plain = np.full((300, 400, 3), 200, np.uint8)
    if kind == "split":
        plain[:, 200:] = 40
    engine = Engine()
    engine.add("plain", jpeg(plain))
    assert engine.look("query", jpeg(plain, 60)) == []


def test_a_photo_is_found_in_the_screenshot_that_shows_it():
    engine = Engine()
    engine.add("screenshot", jpeg(embedded_in(PICTURE)))
    assert classes(engine.look("query", jpeg(PICTURE))) == {"screenshot": "SAME_PHOTO"}


def test_pages_that_differ_in_one_number_are_not_the_same():
    def page(number):
        sheet = np.full((1400, 900, 3), 255, np.uint8)
        for line in range(22):
            text = f"Field {line}: value {line * 37 % 91}" if line != 9 else f"Order number {number}"
            cv2.putText(sheet, text, (60, 100 + 56 * line), 0, 1.0, (20, 20, 20), 2)
        return sheet

    engine = Engine()
    engine.add("first", jpeg(page("88310447")))
    engine.add("second", jpeg(page("88310974")))
    assert classes(engine.look("again", jpeg(page("88310447"), 60))) == {"first": "SAME_PHOTO"}


def test_of_moments_that_all_look_alike_the_nearest_few_are_laid_over():
    many = [
        Candidate(part, "other", other, "phash256", part + other)
        for part in range(1, 40)
        for other in range(40)
    ]
    photo = Candidate(0, "photo", 0, "phash256", 9)
    kept = _nearest_sampled_frames([photo, *many], range(1, 40), 8)
    assert kept[0] == photo
    assert len(kept) == 9
    assert max(one.distance for one in kept[1:]) <= min(one.distance for one in set(many) - set(kept))
