"""Printed things: shipping labels, box marks, tape measures, sewn labels, cards. RGBA float 0..1."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from textures import Array, fbm

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def font(size: int, bold: bool = False, mono: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu, as matplotlib ships it."""
    family = "DejaVuSansMono" if mono else "DejaVuSans"
    return ImageFont.truetype(str(FONTS / f"{family}{'-Bold' if bold else ''}.ttf"), size)


def as_array(picture: Image.Image) -> Array:
    """RGBA float32 in 0..1."""
    return np.asarray(picture.convert("RGBA"), np.float32) / 255


def bars(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], seed: int, unit: int = 3) -> None:
    """Something like a one-dimensional barcode."""
    rng = np.random.default_rng(seed)
    x = box[0]
    while x < box[2]:
        wide = int(rng.integers(1, 4)) * unit
        draw.rectangle((x, box[1], min(x + wide, box[2]) - 1, box[3]), fill="black")
        x += wide + int(rng.integers(1, 4)) * unit


def modules(draw: ImageDraw.ImageDraw, corner: tuple[int, int], cells: int, unit: int, seed: int) -> None:
    """Something like a two-dimensional code; it encodes nothing."""
    rng = np.random.default_rng(seed)
    for row in range(cells):
        for col in range(cells):
            if rng.random() < 0.48:
                x, y = corner[0] + col * unit, corner[1] + row * unit
                draw.rectangle((x, y, x + unit - 1, y + unit - 1), fill="black")
    for row, col in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        x, y = corner[0] + col * unit, corner[1] + row * unit
        for inset, fill in ((0, "black"), (1, "white"), (2, "black")):
            low, high = inset * unit, (7 - inset) * unit - 1
            draw.rectangle((x + low, y + low, x + high, y + high), fill=fill)


def shipping_label(
    tracking: str,
    receiver: list[str],
    order: str,
    weight: str = "0.72 kg",
    seed: int = 11,
    service: str = "E-PACKET PLUS",
) -> Array:
    """A thermal label, 100 by 100 mm at 12 pixels per mm."""
    size = 1200
    picture = Image.new("RGB", (size, size), (247, 246, 241))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, size - 20, size - 20), outline="black", width=5)
    draw.text((50, 42), service, font=font(64, bold=True), fill="black")
    draw.text((930, 48), "TORVIK", font=font(46, bold=True), fill="black")
    draw.line((20, 140, size - 20, 140), fill="black", width=4)
    draw.text((50, 158), "FROM  Lindqvist Homeware Store", font=font(32), fill="black")
    draw.text((50, 202), "Bldg 4, 18 Harbour Rd, Warehouse N", font=font(32), fill="black")
    draw.line((20, 262, size - 20, 262), fill="black", width=3)
    draw.text((50, 282), "TO", font=font(40, bold=True), fill="black")
    for index, line in enumerate(receiver):
        draw.text((150, 282 + index * 58), line, font=font(46, bold=index == 0), fill="black")
    draw.line((20, 532, size - 20, 532), fill="black", width=3)
    bars(draw, (110, 566, 1090, 790), seed, 4)
    draw.text((600, 806), tracking, font=font(54, bold=True, mono=True), fill="black", anchor="ma")
    draw.line((20, 892, size - 20, 892), fill="black", width=3)
    modules(draw, (60, 925), 25, 9, seed + 1)
    rows = (("Order", order), ("Weight", weight), ("Pieces", "1 / 1"), ("Contents", "HOUSEHOLD GOODS"))
    for index, (name, value) in enumerate(rows):
        draw.text((330, 922 + index * 58), f"{name}:", font=font(36), fill="black")
        draw.text((540, 922 + index * 58), value, font=font(36, bold=True), fill="black")
    label = as_array(picture)
    wear = 0.02 * fbm((size, size), (300, 300), 4, seed + 2) + 0.012 * fbm((size, size), (3, 3), 1, seed + 3)
    fade = (fbm((size, size), (2, 500), 1, seed + 4) > 2.6).astype(np.float32) * 0.5
    label[..., :3] = np.clip(label[..., :3] + wear[..., None] + (1 - label[..., :3]) * fade[..., None], 0, 1)
    return label


def box_marks(words: str = "FRAGILE", tone: tuple[int, int, int] = (70, 42, 26)) -> Array:
    """Ink stamped on board: arrows up, a glass, a word."""
    picture = Image.new("RGBA", (900, 340), (*tone, 0))
    draw = ImageDraw.Draw(picture)
    ink = (*tone, 225)
    for x in (70, 190):
        draw.polygon([(x, 40), (x + 50, 120), (x - 50, 120)], fill=ink)
        draw.rectangle((x - 18, 120, x + 18, 220), fill=ink)
    draw.rectangle((20, 240, 240, 258), fill=ink)
    draw.polygon([(330, 40), (450, 40), (425, 150), (355, 150)], fill=ink)
    draw.rectangle((384, 150, 396, 230), fill=ink)
    draw.rectangle((345, 230, 435, 250), fill=ink)
    draw.text((510, 70), words, font=font(78, bold=True), fill=ink)
    draw.text((510, 170), "HANDLE WITH CARE", font=font(32, bold=True), fill=ink)
    return as_array(picture)


def tape_measure(length_cm: int = 60) -> Array:
    """A yellow tailor's tape: 2 cm wide, 40 pixels per cm, centimetres and millimetres."""
    unit = 40
    picture = Image.new("RGB", (length_cm * unit, 2 * unit), (238, 200, 62))
    draw = ImageDraw.Draw(picture)
    for mm in range(length_cm * 10):
        x = round(mm * unit / 10)
        tall = 34 if mm % 10 == 0 else 24 if mm % 5 == 0 else 15
        draw.line((x, 0, x, tall), fill=(25, 22, 18), width=3 if mm % 10 == 0 else 2)
        if mm % 10 == 0 and mm:
            tone = (170, 20, 20) if mm % 100 == 0 else (25, 22, 18)
            draw.text((x, 74), str(mm // 10), font=font(27, bold=True), fill=tone, anchor="ms")
    return as_array(picture)


def sewn_label() -> Array:
    """A woven size label, 30 by 45 mm at 30 pixels per mm."""
    picture = Image.new("RGB", (900, 1350), (240, 238, 230))
    draw = ImageDraw.Draw(picture)
    ink = (28, 28, 36)
    draw.text((450, 150), "NORVEL", font=font(120, bold=True), fill=ink, anchor="mm")
    draw.text((450, 245), "basic wear", font=font(58), fill=ink, anchor="mm")
    draw.text((450, 480), "M", font=font(300, bold=True), fill=ink, anchor="mm")
    draw.text((450, 690), "EU 40  ·  UK 12", font=font(66, bold=True), fill=ink, anchor="mm")
    draw.line((80, 770, 820, 770), fill=ink, width=6)
    draw.text((450, 840), "100% COTTON", font=font(70, bold=True), fill=ink, anchor="mm")
    draw.text((450, 925), "MADE IN VN", font=font(56), fill=ink, anchor="mm")
    for index in range(4):
        x = 130 + index * 180
        draw.polygon([(x, 1010), (x + 110, 1010), (x + 90, 1100), (x + 20, 1100)], outline=ink, width=8)
        draw.text(
            (x + 55, 1055), ("30", "×", "·", "P")[index], font=font(46, bold=True), fill=ink, anchor="mm"
        )
    draw.text((450, 1210), "STYLE 88413-TS", font=font(50, mono=True), fill=ink, anchor="mm")
    label = as_array(picture)
    rows = np.arange(1350, dtype=np.float32)[:, None]
    cols = np.arange(900, dtype=np.float32)[None, :]
    thread = 0.05 * np.sin(rows * np.pi / 3) * np.sin(cols * np.pi / 3) + 0.03 * fbm(
        (1350, 900), (3, 60), 2, 7
    )
    label[..., :3] = np.clip(label[..., :3] * (1 + thread[..., None]), 0, 1)
    return label


def insert_card(model: str, tone: str) -> Array:
    """The paper card in a phone case's bag."""
    picture = Image.new("RGB", (800, 1100), (243, 243, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 800, 190), fill=(38, 44, 58))
    draw.text((400, 95), "SHELLO", font=font(110, bold=True), fill="white", anchor="mm")
    draw.text((60, 260), "Soft-touch silicone case", font=font(50, bold=True), fill=(30, 30, 36))
    for index, line in enumerate((f"For: {model}", f"Colour: {tone}", "Item no. SC-4471", "Batch 2603-B")):
        draw.text((60, 370 + index * 90), line, font=font(48), fill=(30, 30, 36))
    bars(draw, (90, 800, 710, 970), 21)
    draw.text((400, 985), "2 006981 224471", font=font(44, mono=True), fill="black", anchor="ma")
    card = as_array(picture)
    card[..., :3] = np.clip(card[..., :3] + 0.012 * fbm((1100, 800), (4, 4), 2, 22)[..., None], 0, 1)
    return card
