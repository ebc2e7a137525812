"""Kinds of stills: photos, captures of screens, pages of text."""

import io

import cv2
import numpy as np
import pytest
from measure_pictures import grained, phone_screen, scene, text_page
from PIL import Image

from validators.before_judging import ContentThresholds
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, ContentMeasures
from validators.measures.image.content import classify_still, measure_content
from validators.policy import Policy


def kind(picture: np.ndarray, camera: bool = False, mime: str = "image/jpeg") -> str:
    return classify_still(measure_content(picture), camera, mime, (picture.shape[1], picture.shape[0]))


def recompressed(picture: np.ndarray, quality: int) -> np.ndarray:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def scanned(picture: np.ndarray) -> np.ndarray:
    return grained((45 + picture * 0.78).astype(np.uint8), 2.5)


@pytest.mark.parametrize("seed", range(4))
def test_photos(seed: int) -> None:
    assert kind(scene(seed)) == PHOTO


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("quality", [None, 75])
def test_screens(dark: bool, quality: int | None) -> None:
    picture = phone_screen(dark)
    assert kind(recompressed(picture, quality) if quality else picture) == SCREENSHOT


def test_pages_rendered_and_scanned() -> None:
    assert kind(text_page()) == DOCUMENT
    assert kind(recompressed(text_page(), 75)) == DOCUMENT
    assert kind(scanned(text_page())) == DOCUMENT


def test_a_light_screen_as_white_as_paper_is_told_by_its_shape() -> None:
    picture = text_page(size=(472, 1024), lines=30)
    assert kind(picture) == SCREENSHOT
    assert kind(picture, mime="image/tiff") == DOCUMENT


def test_a_product_cut_out_onto_white_is_a_photo() -> None:
    picture = scene(1)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.ellipse(mask, (400, 300), (180, 230), 20, 0, 360, 255, -1)
    picture[mask == 0] = 255
    assert kind(recompressed(picture, 85)) == PHOTO


def test_plain_and_tiny_pictures_are_photos_for_want_of_proof() -> None:
    assert kind(np.full((600, 800, 3), 255, np.uint8)) == PHOTO
    assert kind(np.zeros((600, 800, 3), np.uint8)) == PHOTO
    assert kind(np.zeros((1, 1, 3), np.uint8)) == PHOTO
    assert kind(np.zeros((9, 300), np.uint8)) == PHOTO


def test_a_camera_s_own_metadata_settles_it() -> None:
    assert kind(phone_screen(dark=True), camera=True) == PHOTO


def test_each_limit_bears_on_the_kind() -> None:
    screen = ContentMeasures(flat_fraction=0.6, palette_share=0.8, text_fraction=0.3, white_fraction=0.1)
    for limits in (
        ContentThresholds(screen_flat=0.7, tall_flat=0.7, paper_text=0.5),
        ContentThresholds(screen_palette=0.9),
        ContentThresholds(screen_text=0.4, tall_text=0.4),
    ):
        assert classify_still(screen, False, "image/png", (1080, 2400)) == SCREENSHOT
        assert classify_still(screen, False, "image/png", (1080, 2400), limits) == PHOTO
    paper = ContentMeasures(flat_fraction=0.0, palette_share=0.9, text_fraction=0.1, white_fraction=0.9)
    for limits in (
        ContentThresholds(paper_white=0.95),
        ContentThresholds(paper_palette=0.95),
        ContentThresholds(paper_text=0.2),
    ):
        assert classify_still(paper, False, "image/jpeg", (1240, 1754)) == DOCUMENT
        assert classify_still(paper, False, "image/jpeg", (1240, 1754), limits) == PHOTO


def test_small_copies_of_phone_screens_need_less_text_and_things_on_white_do_not_profit() -> None:
    faint = ContentMeasures(flat_fraction=0.26, palette_share=0.86, text_fraction=0.032, white_fraction=0.01)
    assert classify_still(faint, False, "image/jpeg", (540, 1170)) == SCREENSHOT
    assert classify_still(faint, False, "image/jpeg", (800, 1000)) == PHOTO


def test_the_default_limits_are_the_policy_s(policy: Policy) -> None:
    named = {name: policy.rules[f"content.{name}"].value for name in ContentThresholds.__slots__}
    assert ContentThresholds(**named) == ContentThresholds()


def test_a_thing_on_white_is_one_patch_and_a_page_is_many() -> None:
    thing = np.full((600, 800, 3), 255, np.uint8)
    cv2.ellipse(thing, (400, 300), (180, 230), 20, 0, 360, (90, 120, 60), -1, cv2.LINE_AA)
    assert measure_content(thing).largest_patch > 0.9
    assert measure_content(text_page()).largest_patch < 0.5
    assert measure_content(cv2.GaussianBlur(text_page(), (0, 0), 5)).largest_patch < 0.6
    assert measure_content(np.full((600, 800, 3), 255, np.uint8)).largest_patch == 1.0
