"""The pictures that clarity is measured with: sharp camera photos, and what lenses, hands, phones and chats make of them.

Every picture is written as a JPEG file and opened by the product's own decoder, so sizes and scales are the real ones.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from blurs import blurred
from numpy.typing import NDArray
from PIL import Image
from reuse_data import Photo, halves, photos, pixels

from pipeline.opening.child.photo import open_photo, warm_up
from pipeline.opening.limits import limits_of
from validators.exhibit import Exhibit
from validators.policy import Policy, parse_policy

Pixels = NDArray[np.uint8]

KINDS = ("defocus", "motion", "gauss", "shake")
ACROSS = (2, 3, 4, 6, 8)
MEGAPIXELS = (12.0, 8.0, 5.0, 3.0, 2.0, 1.0, 0.5)
QUALITIES = (95, 85, 75, 60)
BASE_SIDE = 1600
CAMERA_PIXELS = 3_000_000
# Fixed by eye before anything was measured. Drawn or broken on purpose; soft as taken; a sky or a moon, which are plain
# surfaces and stand apart.
NO_PHOTOS = ("ImageTestSuite",)
SOFT = ("Canon_PowerShot_S40_(2)", "HTC_TyTN_II")
PLAIN = ("Canon_PowerShot_G11", "Kodak_PIXPRO", "Nokia_Lumia_800")
# Smaller photos that are sharp at 1,024 px by eye, to develop on only: half of them from cameras that sharpen little.
SMALLER = (
    "Apple_iPhone_4", "FujiFilm_DX-10", "Konica_Q-M100_(2)", "Nikon_Coolpix_775", "Nikon_E900_(2)", "Olympus_C720UZ",
    "Panasonic_NV-GX7", "Pentax_ist_D", "Reconyx_HF2_Pro_Covert", "Sony_Cybershot_(1)", "Sony_DCR-PC120E", "Sony_Mavica",
    "metadata-extractor-dotnet_issue_51",
)  # fmt: skip
CROPPED_PIXELS = 4_000_000
CROP = 0.62  # of each side: a develop photo is then reduced less, and looks as from a camera that sharpens little

_GAMMA = 2.2
_LINEAR = ((np.arange(256) / 255.0) ** _GAMMA).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Variant:
    """A JPEG made of a photo. ``kind``: "sharp", "subject" or one of KINDS; ``across`` px of a 1,024 px long side."""

    kind: str
    across: float
    megapixels: float
    quality: int
    data: bytes


def default_policy() -> Policy:
    """The policy that ships."""
    return parse_policy((Path(__file__).parents[2] / "validators" / "policy.toml").read_text("utf-8"))


class Opener:
    """Opens JPEG and PNG bytes as the product does, but without its jail."""

    def __init__(self, policy: Policy) -> None:
        warm_up()
        self.limits = limits_of(policy)

    def __call__(self, data: bytes, mime: str = "image/jpeg") -> Exhibit:
        mapped = mmap.mmap(-1, len(data))
        mapped.write(data)
        exhibit = Exhibit(mime)
        open_photo(mapped, exhibit, self.limits)
        return exhibit


def camera_halves(folders: Iterable[Path]) -> tuple[list[Photo], list[Photo]]:
    """Sharp camera photos of 3 megapixels and more, to develop on and to report on."""
    known = NO_PHOTOS + SOFT + PLAIN
    return halves(
        photo
        for photo in photos(folders)
        if _size(photo.path) >= CAMERA_PIXELS and not photo.path.name.startswith(known)
    )


def more_to_develop_on(folders: Iterable[Path], develop: list[Photo], crops: Path) -> list[Photo]:
    """The smaller photos, and the middles of the larger ones of ``develop``, which are written into ``crops``."""
    smaller = [photo for photo in photos(folders) if photo.path.stem in SMALLER]
    return smaller + [_middle(photo, crops) for photo in develop if _size(photo.path) >= CROPPED_PIXELS]


def _middle(photo: Photo, folder: Path) -> Photo:
    rgb, path = pixels(photo.path), folder / f"crop_{photo.path.name}"
    high, wide = rgb.shape[:2]
    top, left = int(high * (1 - CROP) / 2), int(wide * (1 - CROP) / 2)
    Image.fromarray(rgb[top : high - top, left : wide - left]).save(path, quality=97)
    return Photo(path, photo.source)


def plain_photos(folders: Iterable[Path]) -> list[Photo]:
    """The camera photos of plain surfaces."""
    return [photo for photo in photos(folders) if photo.path.name.startswith(PLAIN)]


def _size(path: Path) -> int:
    with Image.open(path) as image:
        return image.width * image.height


def sharp_variants(photo: Photo) -> Iterator[Variant]:
    """The photo at each size it is big enough for, in one quality in turn; then with grain, at 1,600 px."""
    whole, rng = _whole(photo.path), _rng(photo)
    megapixels = whole.shape[0] * whole.shape[1] / 1e6
    for number, wanted in enumerate(MEGAPIXELS):
        if wanted <= megapixels * 1.05:
            small = _at(whole, wanted)
            for quality in (QUALITIES[number % 4], 60):
                yield Variant("sharp", 0, wanted, quality, jpeg(small, quality))
    for quality in QUALITIES:
        yield _finished(_LINEAR[_base(photo.path)], "sharp", 0, rng, quality)


def blurred_variants(photo: Photo) -> Iterator[Variant]:
    """Each kind of blur at each width, in linear light, with grain, reduced by chance and compressed."""
    light, rng = _LINEAR[_base(photo.path)], _rng(photo)
    for kind in KINDS:
        for across in ACROSS:
            soft = blurred(light, kind, across * max(light.shape[:2]) / 1024, rng)
            yield _finished(soft, kind, across, rng, int(rng.choice(QUALITIES)))


def subject_variants(photo: Photo) -> Iterator[Variant]:
    """A part kept sharp, a third to a half of each side, and all around it out of focus by 4, 6 or 8 px."""
    view, rng = _base(photo.path), _rng(photo)
    light = _LINEAR[view]
    high, wide = view.shape[:2]
    for across in (4, 6, 8):
        soft = blurred(light, "defocus", across * max(high, wide) / 1024, rng)
        mask = np.zeros((high, wide), np.float32)
        size = rng.uniform(1 / 6, 1 / 4) * np.array([wide, high])
        centre = np.array([wide, high]) * rng.uniform(0.35, 0.65, 2)
        cv2.ellipse(mask, centre.astype(int).tolist(), size.astype(int).tolist(), 0, 0, 360, 1.0, -1)  # type: ignore[call-overload]
        mask = cv2.GaussianBlur(mask, (0, 0), 6)[..., None]
        yield _finished(light * mask + soft * (1 - mask), "subject", across, rng, 85)


def resaved(photo: Photo) -> Iterator[Variant]:
    """The photo as it is first, then from 12 to 0.5 megapixels, at quality 90 and at quality 60."""
    whole = _whole(photo.path)
    megapixels = whole.shape[0] * whole.shape[1] / 1e6
    yield Variant("sharp", 0, megapixels, 95, jpeg(whole, 95))
    for wanted in MEGAPIXELS:
        if wanted <= megapixels:
            small = _at(whole, wanted)
            for quality in (90, 60):
                yield Variant("sharp", 0, wanted, quality, jpeg(small, quality))


@lru_cache(maxsize=1)
def _whole(path: Path) -> Pixels:
    return pixels(path)


@lru_cache(maxsize=1)
def _base(path: Path) -> Pixels:
    return based(_whole(path))


def based(rgb: Pixels) -> Pixels:
    """At most 1,600 px on the long side, by Lanczos."""
    image = Image.fromarray(rgb)
    image.thumbnail((BASE_SIDE, BASE_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(image)


def jpeg(rgb: Pixels, quality: int) -> bytes:
    """One compression by Pillow."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _finished(
    light: NDArray[np.float32], kind: str, across: float, rng: np.random.Generator, quality: int
) -> Variant:
    """From linear light to a file: grain of sigma 0 to 2, one of three sizes, JPEG."""
    luma = cv2.pow(np.clip(light, 0, 1), 1 / _GAMMA) * 255
    sigma = rng.choice((0.0, 1.0, 2.0))
    if sigma:
        luma += sigma * rng.standard_normal(luma.shape, dtype=np.float32)
    image = Image.fromarray(np.clip(luma + 0.5, 0, 255).astype(np.uint8))
    side = int(rng.choice((BASE_SIDE, 1280, 1024)))
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return Variant(kind, across, image.width * image.height / 1e6, quality, jpeg(np.asarray(image), quality))


def _at(rgb: Pixels, megapixels: float) -> Pixels:
    scale = (megapixels * 1e6 / (rgb.shape[0] * rgb.shape[1])) ** 0.5
    if scale >= 1.0:
        return rgb
    size = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0))


def _rng(photo: Photo) -> np.random.Generator:
    return np.random.default_rng(list(photo.path.name.encode()))
