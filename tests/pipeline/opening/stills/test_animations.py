"""An animation is judged by its first frame that shows something."""

from __future__ import annotations

import io
import mmap

import numpy as np
import pytest
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child import child


@pytest.fixture(scope="module", autouse=True)
def decoders():
    child.warm_up()


def opened(data: bytes):
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        return child._open(mapped, LIMITS, manifests=True)


def animation(form: str, *frames: Image.Image) -> bytes:
    out = io.BytesIO()
    options = {"lossless": True} if form == "WEBP" else {}
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100, **options)
    return out.getvalue()


WHITE = Image.new("RGB", (96, 64), "white")
BLACK = Image.new("RGB", (96, 64), "black")


def scene(left: str) -> Image.Image:
    image = Image.new("RGB", (96, 64), "navy")
    image.paste(left, (0, 0, 48, 64))
    return image


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_blank_start_is_passed_over(form):
    exhibit = opened(animation(form, WHITE, BLACK, scene("red"), scene("green")))
    pixels = exhibit.views[0].pixels
    assert np.abs(pixels[32, 20].astype(int) - (255, 0, 0)).max() < 40
    (limited,) = exhibit.problems
    assert (limited.code, limited.detail, limited.actual) == ("limited", "number 3 is shown", 4.0)


def test_a_first_frame_that_shows_something_is_kept():
    exhibit = opened(animation("GIF", scene("green"), scene("red")))
    assert exhibit.views[0].pixels[32, 20].tolist() == [0, 128, 0]


def test_frames_that_cannot_be_read_leave_the_first():
    whole = animation("GIF", WHITE, scene("red"))
    cut = whole[: len(whole) - 60]
    assert opened(cut).views[0].pixels[32, 20].tolist() == [255, 255, 255]
