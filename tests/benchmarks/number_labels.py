"""Parcel labels of our own, with a real Code 128 and the number in print: two templates, and what photographs do to them."""

from __future__ import annotations

import io
import random as plain

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from reuse_screens import _PAPER, Canvas, facts, theme

from validators.measures.numbers.number_shapes import s10_check

Pixels = NDArray[np.uint8]

VARIANTS = ("png", "jpeg_q50", "scaled_50", "blurred", "perspective", "poor")
"""The last is past what a person reads with ease: there readers begin to misread."""


def postal_number(rng: plain.Random) -> str:
    """An S10 number with its check digit."""
    serial = f"{rng.randrange(10**8):08}"
    return f"RR{serial}{s10_check(serial)}CN"


def label(template: str, content: int) -> tuple[Image.Image, dict[str, str]]:
    """A label and its numbers: "post" has an S10 number, "courier" a labelled one of 15 characters, and the order's."""
    rng, said = plain.Random(f"{template} {content}"), facts(template, content)
    canvas = Canvas(_PAPER, theme(False, (20, 20, 20)), "uni")
    canvas.pixels[:] = 255
    canvas.frame(60, 60, 960, 1380, canvas.theme.ink, 4)
    for i, line in enumerate((said.carrier.upper(), said.names[0], said.streets[0], said.towns[0])):
        canvas.text(100, 110 + 90 * i, line, 56, weight=600)
    canvas.text(100, 520, f"Telephone {said.digits[3]}", 28)
    if template == "post":
        number = postal_number(rng)
        _code(canvas, number, 140, 760)
        canvas.text(
            540, 1010, f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}", 46, align=0.5
        )
        return Image.fromarray(canvas.pixels), {"tracking": number}
    number = f"LP{rng.randrange(10**11):011}CN"
    canvas.text(100, 620, f"Order no. {said.number}", 32)
    canvas.text(100, 700, f"Tracking number: {number}", 36)
    _code(canvas, number, 140, 820)
    return Image.fromarray(canvas.pixels), {"tracking": number, "order": said.number}


def _code(canvas: Canvas, number: str, x: float, y: float) -> None:
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.Code128)
    bars = np.repeat(np.array(code.to_image(scale=1))[:1], 60, axis=0)
    canvas.paste(np.repeat(bars[:, :, None], 3, axis=2), x, y, 800, 220)


def varied(image: Image.Image, variant: str, random: np.random.Generator) -> bytes:
    """The picture as it comes to be sent."""
    picture = np.asarray(image.convert("RGB"))
    if variant == "scaled_50":
        image = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    elif variant == "blurred":
        image = Image.fromarray(cv2.GaussianBlur(picture, (0, 0), 1.6))
    elif variant == "perspective":
        image = Image.fromarray(_tilted(picture, random))
    elif variant == "poor":
        small = image.resize(
            (round(image.width * 0.36), round(image.height * 0.36)), Image.Resampling.LANCZOS
        )
        image = Image.fromarray(cv2.GaussianBlur(np.asarray(small), (0, 0), 1.1))
    stream = io.BytesIO()
    if variant == "png":
        image.save(stream, "PNG")
    else:
        image.save(stream, "JPEG", quality={"jpeg_q50": 50, "poor": 35}.get(variant, 80))
    return stream.getvalue()


def _tilted(picture: Pixels, random: np.random.Generator) -> Pixels:
    """Seen from the side, on a table, with grain."""
    high, wide = picture.shape[:2]
    flat = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    inner = flat * 0.88 + np.array((0.06 * wide, 0.06 * high), np.float32)
    seen = inner + random.uniform(-0.05, 0.05, (4, 2)).astype(np.float32) * wide
    turn = cv2.getPerspectiveTransform(flat, seen.astype(np.float32))
    laid = cv2.warpPerspective(picture, turn, (wide, high), borderValue=(150, 120, 90))
    return np.clip(laid + random.normal(0, 4, laid.shape), 0, 255).astype(np.uint8)
