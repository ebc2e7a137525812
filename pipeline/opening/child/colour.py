"""Converts a picture to sRGB by its own colour profile: phones write Display P3, scanners and print shops CMYK."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms

from validators.measures.containers.buffers import Searchable
from validators.measures.containers.item_properties import main_transfer
from validators.measures.containers.png_structure import Chunk, png_chunks
from validators.measures.image.tone_mapping import tone_mapped
from validators.measures.metadata.colour_profile import HDR_CURVES, colour_space, is_srgb, states_hdr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

HDR_PQ, HDR_HLG = b"PQ", b"HLG"
_HDR = {"PQ": HDR_PQ, "HLG": HDR_HLG}
_HEIF = ("image/heic", "image/heif", "image/avif")
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


def colours_of(image: Image.Image, data: Searchable, mime: str) -> bytes:
    """How the picture's colours are described: its ICC profile, HDR_PQ or HDR_HLG, or b"" if it is sRGB or says nothing."""
    curve = HDR_CURVES.get(_transfer(data, mime) or 0, "")
    profile = profile_of(image)
    return _HDR.get(curve or states_hdr(profile), profile)


def _transfer(data: Searchable, mime: str) -> int | None:
    """The code of the transfer curve that the container states."""
    if mime in _HEIF:
        return main_transfer(data)
    if mime == "image/png":
        return next(
            (data[c.start + 1] for c in _before_pixels(data) if c.type == b"cICP" and c.end - c.start == 4),
            None,
        )
    return None


def _before_pixels(data: Searchable) -> Iterator[Chunk]:
    return takewhile(lambda chunk: chunk.type != b"IDAT", png_chunks(data))


def to_srgb(pixels: Pixels, profile: bytes) -> Pixels:
    """HxWx3 uint8 in described colours → sRGB. Unchanged if the profile cannot be used."""
    if profile in (HDR_PQ, HDR_HLG):
        return tone_mapped(pixels, profile.decode())
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
