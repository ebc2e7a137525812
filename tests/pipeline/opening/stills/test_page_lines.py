"""Photographed pages are told by their lines; photos of things that bear a few words are not looked at for any."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.opening.child.measurement import legibility_of
from validators.evidence import PHOTO, ContentMeasures
from validators.exhibit import Exhibit, View

PAGE = ContentMeasures(0.0, 0.4, text_fraction=0.0, white_fraction=0.3, printed_fraction=0.5)


def exhibit() -> Exhibit:
    image = Image.new("RGB", (900, 900), (225, 220, 205))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    for row in range(44):
        draw.text((10, 10 + 20 * row), "sea men now ran over a cosy nook " * 5, font=font, fill=(40, 40, 45))
    held = Exhibit("image/jpeg")
    held.views.append(View(np.asarray(image), 1800, 1800))
    return held


def test_a_photo_that_is_mostly_print_is_told_by_its_lines() -> None:
    told = legibility_of(exhibit(), PAGE, PHOTO)
    assert told is not None
    assert told.lines
    assert 12 <= told.text_height <= 18  # of an upload twice as large
    assert told.words > 40


def test_other_photos_are_not() -> None:
    assert legibility_of(exhibit(), replace(PAGE, printed_fraction=0.05), PHOTO) is None
    rows = legibility_of(exhibit(), replace(PAGE, printed_fraction=0.05, text_fraction=0.5), PHOTO)
    assert rows is None or not rows.lines
