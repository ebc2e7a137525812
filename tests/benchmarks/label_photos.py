"""Labels as people photograph them: drawn, then laid on a table a little aslant, softened by a lens, grainy, as JPEG.

Everything is invented and drawn with the fonts inside OpenCV's wheel.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image
from reuse_screens import FACES, Canvas, Facts, Pixels, Theme, facts, theme

WIDE = 1200
SHARE = 0.8  # of the photo's width that the label takes
_ASLANT = 0.025  # of the label's sides, each corner
_GRAIN = 3.0
_LENS = 0.6  # px
_QUALITY = 85
_INGREDIENTS = (
    "Ingredients: water, cane sugar, oat flour (18 %), rapeseed oil, cocoa mass, skimmed milk powder, salt, "
    "emulsifier: lecithins, raising agent, flavouring. May contain traces of nuts. Keep cool and dry."
)
_CARE = (
    "Wash at 30 with like colours. Do not bleach. Do not tumble dry. Iron on the reverse at low heat. "
    "Keep away from fire. 80 % cotton, 20 % elastane."
)


def draw_label(template: str, content: int) -> Canvas:
    """One label, the same for the same arguments; odd contents of care and product labels are dark."""
    draw, high = _LABELS[template]
    dark = bool(content % 2) and template in ("care", "product")
    back = theme(dark, (20, 20, 20))
    colours = Theme(back.card, back.card, back.ink, back.faint, back.line, back.accent)
    canvas = Canvas((WIDE, high), colours, "sans")
    draw(canvas, facts(template, content))
    return canvas


def photographed(label: Pixels, wide: int, seed: int, soft: float = _LENS) -> Pixels:
    """An upright RGB photo ``wide`` px across of the label on cardboard or cloth; ``soft`` px of the lens."""
    rng = np.random.default_rng(seed)
    photo_high = round(wide * 1.25)
    size = round(wide * SHARE), round(wide * SHARE * label.shape[0] / label.shape[1])
    flat = cv2.resize(label, size, interpolation=cv2.INTER_AREA)
    photo = _ground(wide, photo_high, rng)
    corner = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    offset = np.array([(wide - size[0]) / 2, (photo_high - size[1]) / 2], np.float32)
    moved = corner + offset + rng.uniform(-_ASLANT, _ASLANT, (4, 2)).astype(np.float32) * min(size)
    turn = cv2.getPerspectiveTransform(corner, moved.astype(np.float32))
    laid = cv2.warpPerspective(flat, turn, (wide, photo_high), flags=cv2.INTER_CUBIC)
    cover = cv2.warpPerspective(np.full(size[::-1], 255, np.uint8), turn, (wide, photo_high)) > 127
    photo[cover] = laid[cover]
    light = np.linspace(rng.uniform(0.8, 0.95), rng.uniform(0.65, 0.8), wide)[None, :, None]
    grainy = cv2.GaussianBlur(photo * light, (0, 0), soft) + rng.normal(0, _GRAIN, photo.shape)
    return np.asarray(np.clip(grainy, 0, 255), dtype=np.uint8)


def as_jpeg(picture: Pixels, quality: int = _QUALITY) -> bytes:
    """The file that is sent."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def written_height(canvas: Canvas) -> float:
    """Height in px of small letters (capitals where words have no others), the median over words by width."""
    known = sorted((letter_height(canvas.face, w.size, w.weight, w.words), w.width) for w in canvas.written)
    passed = np.cumsum([width for _, width in known])
    return float(known[int(np.searchsorted(passed, passed[-1] / 2))][0])


def letter_height(face: str, size: int, weight: int, words: str) -> int:
    """Rows of an x, or of an H for words without small letters."""
    plane = np.zeros((4 * size, 4 * size), np.uint8)
    letter = "x" if any(character.islower() for character in words) else "H"
    cv2.putText(plane, letter, (size, 3 * size), (255,), FACES[face], size, weight)
    rows = np.flatnonzero(plane.max(axis=1) >= 128)
    return int(rows[-1] - rows[0] + 1) if rows.size else 0


def _ground(wide: int, high: int, rng: np.random.Generator) -> Pixels:
    """Cardboard or cloth: one tone with coarse and fine unevenness."""
    tone = rng.uniform(60, 190) * rng.uniform(0.75, 1.0, 3)
    coarse = cv2.resize(rng.normal(0, 12, (8, 8)), (wide, high), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 14, (high, wide)), (0, 0), 1.2)
    return np.clip(tone[None, None] + (coarse + fine)[..., None], 0, 255).astype(np.uint8)


def _bars(c: Canvas, digits: str, x: float, y: float, w: float, h: float) -> None:
    left = x
    for i in range(64):
        thick = 3 + 3 * (int(digits[i % len(digits)]) + i) % 9
        if left + thick > x + w:
            break
        c.box(left, y, thick, h, c.theme.ink)
        left += thick + 4 + int(digits[(i + 3) % len(digits)]) % 7


def _address(c: Canvas, f: Facts) -> None:
    c.text(60, 60, f.carrier, 52, weight=700)
    c.text(60, 150, f"From {f.names[1]}, {f.streets[1]}, {f.towns[1]}", 28)
    c.box(50, 220, 980, 4, c.theme.ink)
    for i, line in enumerate((f.names[0], f.streets[0], f.towns[0], f"Telephone {f.digits[3]}")):
        c.text(60, 260 + 74 * i, line, 48)
    _bars(c, f.digits[6], 90, 580, 900, 180)
    c.text(540, 790, f.number, 36, weight=600, align=0.5)
    c.text(60, 860, f"Shipped {f.date}, weight {f.digits[1][0]}.{f.digits[1][1]} kg", 30)


def _parcel(c: Canvas, f: Facts) -> None:
    c.box(0, 0, 1080, 130, c.theme.ink)
    c.text(50, 40, f"{f.carrier} tracked parcel", 50, c.theme.card, 700)
    for i, (name, value) in enumerate(
        (
            ("Name", f.names[0]),
            ("Street", f.streets[0]),
            ("Town", f.towns[0]),
            ("Sender", f.names[1]),
            ("Order", f.number),
            ("Date", f.date),
            ("Depot", f.towns[2]),
        )
    ):
        c.text(60, 180 + 62 * i, name, 32, c.theme.faint)
        c.text(300, 180 + 62 * i, value, 36)
    c.paragraph(
        60, 640, "If nobody is at home, leave with a neighbour or take to the nearest post office.", 940
    )
    _bars(c, f.digits[4], 90, 780, 900, 150)


def _product(c: Canvas, f: Facts) -> None:
    c.text(60, 50, f.titles[0], 56, weight=700)
    y = c.paragraph(60, 150, _INGREDIENTS, 960, 34)
    y = c.paragraph(60, y + 30, f"Made for {f.names[2]}, {f.streets[2]}, {f.towns[2]}.", 960, 34)
    c.text(60, y + 30, f"Best before {f.date}", 44, weight=600)
    c.text(60, y + 110, f"Lot {f.digits[0][:6]}", 36)
    _bars(c, f.digits[1], 560, y + 90, 440, 130)


def _care(c: Canvas, f: Facts) -> None:
    c.text(540, 50, f.variant, 60, weight=700, align=0.5)
    y = c.paragraph(60, 170, _CARE, 960, 40)
    c.paragraph(
        60, y + 30, f"Imported by {f.names[3]}, {f.streets[3]}, {f.towns[3]}. Style {f.digits[2]}.", 960, 32
    )


Draw = Callable[[Canvas, Facts], None]
_LABELS: dict[str, tuple[Draw, int]] = {
    "address": (_address, 1050),
    "product": (_product, 900),
    "parcel": (_parcel, 1080),
    "care": (_care, 800),
}
TUNING = ("address", "product")
REPORTING = ("parcel", "care")
