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
from reuse_pictures import (
    BLUE,
    GREEN,
    RED,
    carton,
    cracked,
    embedded_in,
    jpeg,
    overlap,
    parallax,
    scene,
    stained,
    tinted,
    turned_by,
)

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


@pytest.mark.parametrize(("one", "other"), [(RED, GREEN), (GREEN, BLUE)])
def test_a_variant_in_another_colour_is_another_product(one, other):
    engine = Engine()
    engine.add("listing", jpeg(carton(one)))
    assert "SAME_PHOTO" not in classes(engine.look("query", jpeg(carton(other, "SKIM")))).values()


@pytest.mark.parametrize("how", ["grey", "sepia", "cool", "warm", "bright", "faded"])
def test_a_tinted_copy_is_the_same_photo(how):
    engine = Engine()
    engine.add("listing", jpeg(carton(RED)))
    assert classes(engine.look("query", jpeg(tinted(carton(RED), how)))) == {"listing": "SAME_PHOTO"}


@pytest.mark.parametrize("paint", [cracked, stained])
def test_a_painted_defect_is_the_same_photo_except_there(paint):
    photo = cv2.resize(PICTURE, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    painted, (left, top, right, bottom) = paint(photo)
    engine = Engine()
    engine.add("photo", jpeg(photo))
    ((_, link),) = engine.look("query", jpeg(painted))
    assert link.class_ == "SAME_PHOTO"
    seen = link.match_side.comparison
    high, wide = photo.shape[:2]
    for region in (seen.this_difference, seen.other_difference):
        box = (region.x * wide, region.y * high, (region.x + region.w) * wide, (region.y + region.h) * high)
        assert overlap(box, (left, top, right, bottom)) > 0.3


def test_a_photo_turned_by_four_degrees_and_saved_again_is_found(gallery):
    assert classes(gallery.look("query", jpeg(turned_by(PICTURE, 4.0), 60))) == {"photo 1": "SAME_PHOTO"}


@pytest.mark.parametrize("gutter", [0, 8])
def test_a_small_photo_of_a_collage_is_found(gallery, gutter):
    side = 240
    page = np.full((4 * (side + gutter), 4 * (side + gutter), 3), 255, np.uint8)
    for place in range(16):
        y, x = (int(v) * (side + gutter) for v in divmod(place, 4))
        picture = PICTURE if place == 9 else scene(60 + place)
        page[y : y + side, x : x + side] = cv2.resize(
            picture[:, 50:370], (side, side), interpolation=cv2.INTER_AREA
        )
    assert classes(gallery.look("query", jpeg(page))) == {"photo 1": "SAME_PHOTO"}


def test_copies_never_crowd_out_the_original():
    """The original is smaller and saved badly, so that each of the copies is likelier by itself."""
    engine = Engine()
    original = cv2.resize(PICTURE, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    engine.add_paired("original", jpeg(original, 40))
    for copy in range(20):
        engine.add_paired(f"copy {copy}", jpeg(PICTURE[2 * copy : 250 + copy, 3 * copy : 360], 80))
    found = engine.look("query", jpeg(PICTURE[30:290, 40:400]))
    assert next(name for name, link in found if link.class_ == "SAME_PHOTO") == "original"


def lit(page: np.ndarray, seed: int) -> np.ndarray:
    """A photo of the page: aslant on a table, in the light of a lamp, with grain."""
    random = np.random.default_rng(seed)
    high, wide = 900, 700
    table = np.clip(random.normal(90, 12, (high, wide, 3)), 0, 255).astype(np.uint8)
    corners = np.array(
        [[0, 0], [page.shape[1], 0], [page.shape[1], page.shape[0]], [0, page.shape[0]]], np.float32
    )
    there = np.array([[60, 50], [640, 50], [640, 850], [60, 850]], np.float32) + random.uniform(
        -25, 25, (4, 2)
    )
    by = cv2.getPerspectiveTransform(corners, there.astype(np.float32))
    inside = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), by, (wide, high)) > 0
    photo = np.where(inside[..., None], cv2.warpPerspective(page, by, (wide, high)), table)
    y, x = np.mgrid[0:high, 0:wide] / high
    angle = random.uniform(0, 6.28)
    light = 0.95 - 0.4 * np.abs(
        np.cos(angle) * (x - random.uniform(0, 0.8)) + np.sin(angle) * (y - random.uniform(0, 1))
    )
    return np.clip(photo * light[..., None] + random.normal(0, 2, photo.shape), 0, 255).astype(np.uint8)


def printed(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    sheet = np.full((1400, 1000, 3), 245, np.uint8)
    for line in range(26):
        words = " ".join(
            str(word) for word in random.choice(["order", "parcel", "was", "sent", "to", "4471", "refund"], 7)
        )
        cv2.putText(sheet, words, (50, 70 + 50 * line), 0, 0.9, (30, 30, 30), 2, cv2.LINE_AA)
    return sheet


def test_two_photographs_of_one_page_are_not_one_photograph():
    first, second = lit(printed(1), 11), lit(printed(1), 12)
    engine = Engine()
    engine.add("page", jpeg(first))
    assert "SAME_PHOTO" not in classes(engine.look("another shot", jpeg(second))).values()
    for copy in (jpeg(first, 40), jpeg(tinted(first, "warm")), jpeg(np.ascontiguousarray(first[40:, 30:]))):
        assert classes(engine.look("copy", copy)) == {"page": "SAME_PHOTO"}
