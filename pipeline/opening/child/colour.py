"""Converts a picture to sRGB by its own colour profile: phones write Display P3, scanners and print shops CMYK."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms

from validators.measures.metadata.colour_profile import colour_space, is_srgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_MAX_PROFILE = 4 << 20


def warm_up() -> None:
    """Load the colour engine before any fork."""
    to_srgb(np.zeros((2, 2, 3), np.uint8), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def profile_of(image: Image.Image) -> bytes:
    """The picture's ICC profile, or b"" if it is sRGB or has none."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _MAX_PROFILE or is_srgb(profile):
        return b""
    return profile


def to_srgb(pixels: Pixels, profile: bytes) -> Pixels:
    """HxWx3 uint8 in the colours of an RGB profile → sRGB. Unchanged if the profile cannot be used."""
    if colour_space(profile) != "RGB":
        return pixels
    converted = _converted(Image.fromarray(pixels), profile)
    return pixels if converted is None else np.asarray(converted)


def cmyk_to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """A CMYK picture in sRGB by its own profile, or None if that cannot be used."""
    return _converted(image, profile) if colour_space(profile) == "CMYK" else None


def _converted(image: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # a malformed profile: colours stay as they are
        return None
