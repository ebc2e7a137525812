"""EXIF by two readers, Pillow and ExifRead, in one form."""

from __future__ import annotations

import logging
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import isfinite
from typing import Any

import exifread
from exifread.core.exceptions import ExifError
from PIL import ExifTags, Image

logging.getLogger("exifread").setLevel(logging.CRITICAL)  # its warnings quote untrusted bytes

# What the readers raise on malformed blocks. Found with malformed files, with mutated blocks, and by putting every
# type, count and value into every entry of a block. ExifError is ExifRead's own.
PILLOW_ERRORS = (SyntaxError, struct.error, KeyError, ValueError)
EXIFREAD_ERRORS = (IndexError, ValueError, ZeroDivisionError, ExifError)

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_NAMES = {**ExifTags.TAGS, 0x9010: "OffsetTime", 0x9011: "OffsetTimeOriginal", 0x9012: "OffsetTimeDigitized"}
_GPS_NAMES = ExifTags.GPSTAGS
# ExifRead's names where they differ from the standard's
_RENAMED = {"GPSDate": "GPSDateStamp"}
_MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class ExifReading:
    """Tags by the standard's names, from IFD0 and the Exif IFD (``tags``) and the GPS IFD (``gps``).

    ``failed`` names the error if the reader gave up.
    """

    tags: Mapping[str, Any] = field(default_factory=dict)
    gps: Mapping[str, Any] = field(default_factory=dict)
    failed: str = ""

    def text(self, name: str) -> str:
        """A tag as text, or "" if it is absent or no text."""
        return as_text(self.tags.get(name))

    def position(self) -> bool:
        """Whether there is a usable latitude and longitude. Cameras without a fix write zeros."""
        return any(_degrees(self.gps.get(name)) for name in ("GPSLatitude", "GPSLongitude"))


def as_text(value: object) -> str:
    """The text of a tag's value: strings and ASCII bytes up to the first NUL, else ""."""
    if isinstance(value, bytes):
        value = value[:_MAX_TEXT].decode("utf-8", errors="replace")
    return value[:_MAX_TEXT].partition("\0")[0].strip() if isinstance(value, str) else ""


def as_numbers(value: object) -> tuple[float, ...]:
    """The numbers of a rational or integer tag, or () if one is no number or divides by zero."""
    parts = value if isinstance(value, (list, tuple)) else (value,)
    numbers: list[float] = []
    for part in parts[:16]:
        try:
            number = float(part)
        except (TypeError, ValueError, ZeroDivisionError):  # text, or a rational over zero
            return ()
        if not isfinite(number):
            return ()
        numbers.append(number)
    return tuple(numbers)


def read_with_pillow(block: bytes) -> ExifReading:
    """The tags of a block that begins with its TIFF header, as Pillow reads them."""
    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow warns of truncated blocks, which are the evidence's fault
            exif.load(b"Exif\0\0" + block)
            tags = {**dict(exif), **exif.get_ifd(_EXIF_IFD)}
            gps = dict(exif.get_ifd(_GPS_IFD))
    except PILLOW_ERRORS as error:
        return ExifReading(failed=type(error).__name__)
    return ExifReading(
        {_NAMES[number]: value for number, value in tags.items() if number in _NAMES},
        {_GPS_NAMES[number]: value for number, value in gps.items() if number in _GPS_NAMES},
    )


def read_with_exifread(block: bytes) -> ExifReading:
    """The same tags, as ExifRead reads them, without maker notes and thumbnails."""
    try:
        found = exifread.process_file(BytesIO(block), details=False, extract_thumbnail=False)
    except EXIFREAD_ERRORS as error:
        return ExifReading(failed=type(error).__name__)
    tags: dict[str, Any] = {}
    gps: dict[str, Any] = {}
    for key, tag in found.items():
        directory, _, name = key.partition(" ")
        name = _RENAMED.get(name, name)
        values = getattr(tag, "values", None)
        if directory in ("Image", "EXIF"):
            tags.setdefault(name, values)
        elif directory == "GPS":
            gps[name] = values
    return ExifReading(tags, gps)


def _degrees(value: object) -> bool:
    return any(as_numbers(value))
