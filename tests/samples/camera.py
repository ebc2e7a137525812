"""What a phone makes of light: lens, sensor, tone curve, EXIF, and the usual accidents."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture was taken. ``exposure`` scales light to make 0.18 middle grey; ``noise`` is 1 by day."""

    exposure: float = 1.0
    noise: float = 1.0
    white: tuple[float, float, float] = (1.0, 1.0, 1.0)
    defocus: float = 0.0
    motion: tuple[float, float] = (0.0, 0.0)
    sharpen: float = 1.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Exif:
    """``taken`` as "2026:03-09 10:15:00" in EXIF's own form; ``offset`` as "+03:00" or None."""

    make: str
    model: str
    taken: str
    offset: str | None = None
    orientation: int = 1
    gps: tuple[float, float] | None = None
    software: str | None = None


def auto_exposure(light: Array, key: float = 0.20) -> float:
    """The gain that brings the geometric mean to ``key``."""
    luma = light @ np.float32((0.2126, 0.7152, 0.0722))
    return float(key / np.exp(np.log(np.maximum(luma, 1e-4)).mean()))


def develop(light: Array, shot: Shot) -> Array:
    """Linear light (h, w, 3) → sRGB uint8 (h, w, 3), with vignetting, blur, noise and a filmic shoulder."""
    rng = np.random.default_rng(shot.seed)
    rows, cols = light.shape[:2]
    picture = np.maximum(light * np.float32(shot.white) * shot.exposure, 0)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    radius = ((x - cols / 2) ** 2 + (y - rows / 2) ** 2) / (cols**2 + rows**2) * 4
    picture = picture * (1 - 0.22 * radius**1.3)[..., None]
    picture = _blurred(picture, shot)
    photons = np.sqrt(0.0003 * picture + 0.000008) * shot.noise
    raw = picture + photons * rng.standard_normal(picture.shape).astype(np.float32)
    # Demosaicing smears noise a little, colour noise more.
    soft = cv2.GaussianBlur(raw, (0, 0), 0.55)
    luma = soft.mean(axis=2, keepdims=True)
    colour = cv2.GaussianBlur(soft - luma, (0, 0), 1.3)
    picture = luma + colour
    picture += shot.sharpen * (picture - cv2.GaussianBlur(picture, (0, 0), 1.1))
    return (
        (_tone(np.maximum(picture, 0)) * 255 + rng.uniform(0, 1, picture.shape)).clip(0, 255).astype(np.uint8)
    )


def _tone(linear: Array) -> Array:
    """A mild shoulder, then the sRGB curve: 0.18 stays near middle grey, 1.6 clips."""
    bent = linear * (1 + linear / 2.56) / (1 + linear * 0.62)
    bent = np.clip(bent, 0, 1)
    return np.where(bent <= 0.0031308, bent * 12.92, 1.055 * np.maximum(bent, 1e-6) ** (1 / 2.4) - 0.055)


def _blurred(picture: Array, shot: Shot) -> Array:
    picture = picture.astype(np.float32)
    if shot.defocus:
        size = int(np.ceil(shot.defocus)) * 2 + 1
        y, x = np.mgrid[-(size // 2) : size // 2 + 1, -(size // 2) : size // 2 + 1]
        disc = np.clip(shot.defocus + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
        picture = cv2.filter2D(picture, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    if any(shot.motion):
        picture = _smeared(picture, shot.motion)
    return picture


def _smeared(picture: Array, motion: tuple[float, float]) -> Array:
    steps = int(max(abs(motion[0]), abs(motion[1]))) + 1
    total = np.zeros_like(picture)
    for t in np.linspace(-0.5, 0.5, steps):
        bow = 0.12 * np.sin(np.pi * (t + 0.5))
        shift = np.float32([[1, 0, motion[0] * t + motion[1] * bow], [0, 1, motion[1] * t - motion[0] * bow]])
        total += cv2.warpAffine(picture, shift, picture.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    return total / steps


def exif_bytes(exif: Exif) -> bytes:
    """The EXIF block as phones write it."""
    block = Image.Exif()
    block[0x010F], block[0x0110] = exif.make, exif.model
    block[0x0112] = exif.orientation
    block[0x0132] = exif.taken
    block[0x011A], block[0x011B], block[0x0128] = IFDRational(72, 1), IFDRational(72, 1), 2
    if exif.software:
        block[0x0131] = exif.software
    inner = block.get_ifd(0x8769)
    inner[0x9000] = b"0232"
    inner[0x9003] = inner[0x9004] = exif.taken
    inner[0x829A], inner[0x829D], inner[0x8827] = IFDRational(1, 60), IFDRational(18, 10), 125
    inner[0x920A] = IFDRational(540, 100)
    inner[0x9291] = "482"
    if exif.offset:
        inner[0x9010] = inner[0x9011] = exif.offset
    if exif.gps:
        place = block.get_ifd(0x8825)
        lat, lon = exif.gps
        place[0] = b"\x02\x03\x00\x00"
        place[1], place[2] = "N" if lat >= 0 else "S", _degrees(abs(lat))
        place[3], place[4] = "E" if lon >= 0 else "W", _degrees(abs(lon))
        place[29] = exif.taken[:10]
    return block.tobytes()


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    seconds = round(((value - whole) * 60 - minutes) * 6000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)


def jpeg(pixels: Array, quality: int, exif: Exif | None = None) -> bytes:
    """An sRGB picture as JPEG. With orientation 6 the stored pixels lie on their side, as sensors do."""
    if exif and exif.orientation == 6:
        pixels = np.rot90(pixels, 1)
    out = io.BytesIO()
    extra = {"exif": exif_bytes(exif)} if exif else {}
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "JPEG", quality=quality, subsampling=2, **extra)
    return out.getvalue()
