"""The perceptual hash: it is ImageHash's, in EXIF's order of orientations, and it abstains where pictures collide."""

import io
from itertools import product

import cv2
import imagehash
import numpy as np
import pytest
from measure_pictures import grained, scene
from PIL import Image, ImageOps

from validators.measures.image.orientation import inverse_orientation
from validators.measures.image.tiles import grey
from validators.measures.reuse.fingerprint import compose, fingerprint

ORIENTATIONS = range(1, 9)


def oriented(picture: np.ndarray, orientation: int) -> np.ndarray:
    """What Pillow shows for the picture stored with that EXIF orientation."""
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(picture).save(buffer, "PNG", exif=exif)
    return np.asarray(ImageOps.exif_transpose(Image.open(buffer)))


def bits_apart(first: str, second: str) -> int:
    return (int(first, 16) ^ int(second, 16)).bit_count()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [(768, 1024), (1024, 683), (300, 400)])
def test_it_is_imagehash_s_hash_of_the_full_view(seed: int, size: tuple[int, int]) -> None:
    picture = scene(seed, *size)
    found = fingerprint(picture)
    whole = str(imagehash.phash(Image.fromarray(picture), hash_size=16))
    assert (found.algorithm, found.version, found.abstained) == ("phash256", "1", None)
    assert bits_apart(found.orientations[0], whole) <= 2


def test_the_text_of_a_hash_is_imagehash_s() -> None:
    small = cv2.resize(scene(1), (64, 64), interpolation=cv2.INTER_AREA)
    turned = [Image.fromarray(oriented(small, k)).convert("L") for k in ORIENTATIONS]
    hashes = tuple(str(imagehash.phash(image, hash_size=16)) for image in turned)
    assert fingerprint(np.asarray(Image.fromarray(small).convert("L"))).orientations == hashes
    assert all(len(each) == 64 and each == each.lower() for each in hashes)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_orientations_are_those_of_exif(orientation: int) -> None:
    picture = scene(3)
    turned = fingerprint(oriented(picture, orientation)).orientations
    upright = fingerprint(picture).orientations
    assert bits_apart(turned[0], upright[orientation - 1]) <= 2
    for further in ORIENTATIONS:
        assert bits_apart(turned[further - 1], upright[compose(orientation, further) - 1]) <= 4


def test_orientations_form_their_group() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for first, second in product(ORIENTATIONS, ORIENTATIONS):
        twice = oriented(oriented(picture, first), second)
        assert np.array_equal(twice, oriented(picture, compose(first, second)))
    for orientation in ORIENTATIONS:
        assert compose(orientation, inverse_orientation(orientation)) == 1
        assert compose(inverse_orientation(orientation), orientation) == 1


def test_edits_stay_near_and_other_pictures_far() -> None:
    picture = scene(1)
    base = fingerprint(picture).orientations
    smaller = cv2.resize(picture, (511, 383), interpolation=cv2.INTER_AREA)
    for edited in (smaller, (picture * 0.9).astype(np.uint8), grained(picture, 3.0), picture[2:-2, 2:-2]):
        assert bits_apart(fingerprint(edited).orientations[0], base[0]) <= 31
    others = [fingerprint(scene(seed)).orientations[0] for seed in range(2, 12)]
    assert min(bits_apart(other, each) for other in others for each in base) > 31


def test_a_grey_view_gives_the_same_hash() -> None:
    picture = scene(2)
    assert fingerprint(grey(picture)) == fingerprint(picture)


def ramp(angle: float, offset: float = 0.0) -> np.ndarray:
    """Distance in px from a line through the picture at ``angle``."""
    y, x = np.mgrid[:480, :640].astype(np.float32)
    return (x - 320) * np.cos(angle) + (y - 240) * np.sin(angle) - offset


@pytest.mark.parametrize("level", [0, 130, 255])
def test_blank_pictures_abstain(level: int) -> None:
    for picture in (
        np.full((480, 640, 3), level, np.uint8),
        grained(np.full((480, 640), level, np.uint8), 3.0),
    ):
        found = fingerprint(picture)
        assert (found.abstained, found.orientations) == ("blank", ())


def test_near_uniform_pictures_abstain() -> None:
    wall = grained((150 + ramp(0.4) * 0.02).astype(np.uint8), 2.0)
    assert fingerprint(wall).abstained == "near_uniform"


@pytest.mark.parametrize("angle", [0.0, 0.02, 0.5, 0.785, 1.1, 1.57])
@pytest.mark.parametrize("offset", [0.0, 70.0])
@pytest.mark.parametrize("noise", [0.0, 1.5])
def test_split_pictures_abstain_at_any_angle(angle: float, offset: float, noise: float) -> None:
    halves = np.where(ramp(angle, offset) > 0, 210, 60).astype(np.uint8)
    assert fingerprint(grained(halves, noise)).abstained == "split"


@pytest.mark.parametrize("angle", [0.0, 0.6])
def test_gradients_abstain(angle: float) -> None:
    shaded = (130 + ramp(angle) * 0.25).clip(0, 255).astype(np.uint8)
    assert fingerprint(shaded).abstained == "split"


@pytest.mark.parametrize("seed", range(4))
def test_pictures_with_something_in_them_do_not_abstain(seed: int) -> None:
    assert fingerprint(scene(seed)).abstained is None
    faint = (scene(seed) // 4 + 90).astype(np.uint8)
    assert fingerprint(faint).abstained is None


def test_tiny_pictures_are_hashed_without_error() -> None:
    assert fingerprint(np.zeros((1, 1, 3), np.uint8)).abstained == "blank"
    assert fingerprint(scene(1, 9, 13)).algorithm == "phash256"
