"""Screens and text pages drawn with Pillow: stand-ins for what people capture, since no public set of them exists.

Every picture depends on its template, its seed and whether it is dark; nothing is taken from a real application.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WORDS = (
    "order parcel arrived seller refund customs label box shipped tracking number please photo damaged return "
    "address waiting post office delivered signed received missing colour size wrong item message today the a of"
).split()
_FONT = "DejaVuSans.ttf"
_BOLD = "DejaVuSans-Bold.ttf"


@dataclass(frozen=True)
class Theme:
    """Colours of one rendering, RGB."""

    back: tuple[int, int, int]
    card: tuple[int, int, int]
    text: tuple[int, int, int]
    faint: tuple[int, int, int]
    accent: tuple[int, int, int]


class Screen:
    """A canvas in units of a phone's width of 360, with the few things that screens consist of."""

    def __init__(self, seed: int, dark: bool, size: tuple[int, int]) -> None:
        self.random = random.Random(seed)
        self.unit = min(size) / 360
        accent = tuple(self.random.choice((30, 90, 160, 220)) for _ in range(3))
        grey = self.random.choice((255, 250, 242))
        self.theme = (
            Theme((18, 18, 18), (38, 40, 44), (236, 236, 236), (150, 150, 155), accent)  # type: ignore[arg-type]
            if dark
            else Theme((grey,) * 3, (255, 255, 255), (25, 25, 28), (130, 130, 135), accent)  # type: ignore[arg-type]
        )
        self.image = Image.new("RGB", size, self.theme.back)
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = size[0] / self.unit, size[1] / self.unit

    def words(self, count: int) -> str:
        return " ".join(self.random.choices(WORDS, k=count))

    def number(self) -> str:
        return str(self.random.randrange(10**8, 10**10))

    def text(
        self, x: float, y: float, words: str, size: float = 14, bold: bool = False, fill: object = None
    ) -> None:
        font = ImageFont.truetype(_BOLD if bold else _FONT, round(size * self.unit))
        self.draw.text((x * self.unit, y * self.unit), words, font=font, fill=fill or self.theme.text)

    def box(self, x: float, y: float, w: float, h: float, fill: object, radius: float = 0) -> None:
        corners = [v * self.unit for v in (x, y, x + w, y + h)]
        self.draw.rounded_rectangle(corners, radius * self.unit, fill=fill)

    def picture(self, x: float, y: float, w: float, h: float) -> None:
        """A patch that looks like a photo: smooth blobs, shading and grain."""
        rng = np.random.default_rng(self.random.randrange(2**32))
        wide, high = max(8, round(w * self.unit)), max(8, round(h * self.unit))
        coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        patch = np.asarray(coarse.resize((wide, high), Image.Resampling.BICUBIC), dtype=np.float32)
        patch = patch + rng.normal(0, 6, patch.shape)
        made = Image.fromarray(np.clip(patch, 0, 255).astype(np.uint8))
        self.image.paste(made, (round(x * self.unit), round(y * self.unit)))

    def bars(self, title: str) -> None:
        """Status line and title bar, as phones have them."""
        self.box(0, 0, self.width, 80, self.theme.accent if self.random.random() < 0.5 else self.theme.card)
        self.text(14, 6, f"{self.random.randrange(24):02}:{self.random.randrange(60):02}", 12)
        self.text(self.width - 50, 6, f"{self.random.randrange(100)} %", 12)
        self.text(52, 40, title, 18, bold=True)


def chat(s: Screen) -> None:
    s.bars("Seller " + s.number()[:4])
    y = 96.0
    while y < s.height - 110:
        mine, lines = s.random.random() < 0.5, s.random.randrange(1, 5)
        left = 110 if mine else 14
        s.box(left, y, 236, 16 + 22 * lines, s.theme.accent if mine else s.theme.card, 12)
        for i in range(lines):
            s.text(left + 12, y + 8 + 22 * i, s.words(4), 13)
        y += 30 + 22 * lines
    s.box(10, s.height - 60, s.width - 20, 42, s.theme.card, 20)
    s.text(26, s.height - 50, "Message", 14, fill=s.theme.faint)


def order(s: Screen) -> None:
    s.bars("Order details")
    s.box(12, 92, s.width - 24, 120, s.theme.card, 8)
    s.picture(22, 104, 90, 90)
    for i in range(3):
        s.text(124, 106 + 26 * i, s.words(3), 13)
    for i, name in enumerate(("Order number", "Placed on", "Paid", "Ship to", "Total")):
        s.text(20, 236 + 44 * i, name, 13, fill=s.theme.faint)
        s.text(170, 236 + 44 * i, s.number(), 13)
        s.box(14, 266 + 44 * i, s.width - 28, 1, s.theme.faint)
    s.box(20, 480, s.width - 40, 46, s.theme.accent, 22)
    s.text(120, 492, "Open dispute", 15, bold=True)


def tracking(s: Screen) -> None:
    s.bars("Tracking " + s.number())
    for i in range(int((s.height - 110) // 64)):
        y = 100 + 64 * i
        s.box(26, y, 12, 12, s.theme.accent if i == 0 else s.theme.faint, 6)
        s.box(31, y + 14, 2, 48, s.theme.faint)
        s.text(54, y - 4, s.words(4), 14, bold=i == 0)
        s.text(
            54,
            y + 20,
            f"2026-03-{s.random.randrange(1, 29):02} {s.random.randrange(24):02}:15",
            11,
            fill=s.theme.faint,
        )


def listing(s: Screen) -> None:
    s.picture(0, 24, s.width, min(300, s.height * 0.45))
    top = min(300, s.height * 0.45) + 40
    s.text(16, top, f"US $ {s.random.randrange(5, 90)}.{s.random.randrange(100):02}", 22, bold=True)
    for i in range(3):
        s.text(16, top + 40 + 24 * i, s.words(5), 14)
    s.box(16, top + 130, s.width - 32, 44, s.theme.accent, 22)
    s.text(130, top + 142, "Buy now", 15, bold=True)


def settings(s: Screen) -> None:
    s.bars("Account")
    for i in range(int((s.height - 100) // 58)):
        s.box(16, 100 + 58 * i, 34, 34, s.theme.accent, 17)
        s.text(64, 106 + 58 * i, s.words(3), 15)
        s.text(s.width - 26, 104 + 58 * i, "›", 18, fill=s.theme.faint)
        s.box(64, 148 + 58 * i, s.width - 64, 1, s.theme.faint)


def receipt(s: Screen) -> None:
    s.bars("Payment")
    s.box(s.width / 2 - 30, 110, 60, 60, (40, 170, 90), 30)
    s.text(s.width / 2 - 70, 190, f"$ {s.random.randrange(5, 999)}.00", 34, bold=True)
    for i in range(5):
        s.text(24, 270 + 40 * i, s.words(2), 13, fill=s.theme.faint)
        s.text(190, 270 + 40 * i, s.number(), 13)


def results(s: Screen) -> None:
    s.bars("Search")
    columns = max(2, int(s.width // 180))
    wide = s.width / columns
    for i in range(columns * int((s.height - 90) // 230)):
        x, y = (i % columns) * wide, 90 + 230 * (i // columns)
        s.box(x + 6, y, wide - 12, 220, s.theme.card, 8)
        s.picture(x + 10, y + 4, wide - 20, 140)
        s.text(x + 14, y + 152, s.words(2), 13)
        s.text(x + 14, y + 180, f"$ {s.random.randrange(99)}.99", 15, bold=True)


def mail(s: Screen) -> None:
    s.bars("Inbox")
    s.text(16, 96, s.words(4), 17, bold=True)
    s.text(16, 126, f"from {s.random.choice(WORDS)}@example.org", 12, fill=s.theme.faint)
    for i in range(int((s.height - 170) // 24)):
        if s.random.random() < 0.85:
            s.text(16, 160 + 24 * i, s.words(max(2, int(s.width / 90))), 13)


TEMPLATES: dict[str, Callable[[Screen], None]] = {
    f.__name__: f for f in (chat, order, tracking, listing, settings, receipt, results, mail)
}
SIZES = ((1080, 2400), (1170, 2532), (828, 1792), (720, 1280), (1920, 1080), (1366, 768))


def screen(template: str, seed: int, dark: bool) -> Image.Image:
    """One screen; the size follows from the seed."""
    made = Screen(seed, dark, SIZES[seed % len(SIZES)])
    TEMPLATES[template](made)
    return made.image


def page(seed: int, scanned: bool) -> Image.Image:
    """A printed page at 150 dpi: a letter, a form or a table; as scanned, a little turned, grey and grainy."""
    chooser = random.Random(seed)
    image = Image.new("RGB", chooser.choice(((1240, 1754), (1275, 1650), (874, 1240))), "white")
    draw, margin = ImageDraw.Draw(image), image.width // 10
    font = ImageFont.truetype("DejaVuSerif.ttf" if seed % 2 else _FONT, chooser.choice((20, 24, 28)))
    head = ImageFont.truetype(_BOLD, 40)
    draw.text((margin, margin), " ".join(chooser.choices(WORDS, k=3)).title(), font=head, fill="black")
    y, last, style = margin + 110, image.height - chooser.choice((1, 3, 6)) * margin, seed % 3
    while y < last:
        if style == 0 or chooser.random() < 0.3:
            draw.text((margin, y), " ".join(chooser.choices(WORDS, k=9)), font=font, fill="black")
        else:
            draw.text((margin, y), chooser.choice(WORDS), font=font, fill="black")
            draw.text((image.width // 2, y), str(chooser.randrange(10**8)), font=font, fill="black")
        if style == 2:
            draw.line((margin, y + 40, image.width - margin, y + 40), fill="black", width=2)
        y += 48
    return _scan(image, seed) if scanned else image


def _scan(image: Image.Image, seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    turned = image.rotate(rng.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor="white")
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    paper = 40 + soft * (rng.uniform(0.78, 0.84)) + rng.normal(0, 2.5, soft.shape[:2])[..., None]
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))
