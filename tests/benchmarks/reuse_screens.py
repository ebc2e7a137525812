"""Screens and documents of one template that differ in what their fields say: the pages that may never be taken
for one another, and re-savings of one of them, which must be found.

Everything is invented and drawn with the fonts inside OpenCV's wheel. Lengths are in units of 1/1080 of the width.
"""

from __future__ import annotations

import io
import random as plain
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

CONTENTS = 30
FULL = 24  # contents from here on repeat content - FULL but for one short field: the hardest neighbours
_CHANGED = ("number", "price", "date")
_PHONES = ((1080, 2340), (1080, 2340), (1080, 2340), (1170, 2532), (720, 1600))
_PAPER = (1240, 1754)
FACES = {name: cv2.FontFace(name) for name in ("sans", "italic", "uni")}
_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one rendering, RGB."""

    back: Colour
    card: Colour
    ink: Colour
    faint: Colour
    line: Colour
    accent: Colour


def theme(dark: bool, accent: Colour) -> Theme:
    """Light or dark with the app's own colour."""
    if dark:
        return Theme((16, 17, 20), (34, 36, 41), (236, 237, 240), (150, 153, 160), (58, 60, 66), accent)
    return Theme((243, 244, 247), _WHITE, (26, 28, 34), (118, 122, 132), (225, 227, 232), accent)


@dataclass(frozen=True, slots=True)
class Written:
    """Words as drawn: size of the font and width of the words in px."""

    words: str
    size: int
    weight: int
    width: int


class Canvas:
    """Pixels with the few things that pages consist of."""

    def __init__(self, size: tuple[int, int], colours: Theme, face: str = "sans") -> None:
        self.unit, self.face, self.theme = size[0] / 1080, face, colours
        self.pixels: Pixels = np.full((size[1], size[0], 3), colours.back, np.uint8)
        self.height = size[1] / self.unit
        self.written: list[Written] = []

    def px(self, value: float) -> int:
        return round(value * self.unit)

    def wide(self, words: str, size: float, weight: int = 400) -> float:
        """How wide the words are, in units."""
        face = FACES[self.face]
        return float(cv2.getTextSize((9999, 999), words, (0, 0), face, self.px(size), weight)[2]) / self.unit

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 34,
        fill: Colour | None = None,
        weight: int = 400,
        align: float = 0,
    ) -> None:
        """Words whose capitals begin at ``y``; ``align`` is the share of their width that lies left of ``x``."""
        left = x - align * self.wide(words, size, weight) if align else x
        place = (self.px(left), self.px(y + 0.78 * size))
        fill = fill or self.theme.ink
        self.written.append(Written(words, self.px(size), weight, self.px(self.wide(words, size, weight))))
        cv2.putText(self.pixels, words, place, fill, FACES[self.face], self.px(size), weight)

    def paragraph(
        self, x: float, y: float, words: str, limit: float, size: float = 34, fill: Colour | None = None
    ) -> float:
        """Words in lines of at most ``limit``; returns where the next line would begin."""
        for line in self.wrapped(words, limit, size):
            self.text(x, y, line, size, fill)
            y += 1.42 * size
        return y

    def wrapped(self, words: str, limit: float, size: float) -> list[str]:
        lines = [""]
        for word in words.split():
            trial = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.wide(trial, size) > limit:
                lines.append(word)
            else:
                lines[-1] = trial
        return lines

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0) -> None:
        left, top, right, bottom = (self.px(v) for v in (x, y, x + w, y + h))
        r = min(self.px(radius), (right - left) // 2, (bottom - top) // 2)
        cv2.rectangle(self.pixels, (left + r, top), (right - r, bottom), fill, -1)
        if r:
            cv2.rectangle(self.pixels, (left, top + r), (right, bottom - r), fill, -1)
            for cx in (left + r, right - r):
                for cy in (top + r, bottom - r):
                    cv2.circle(self.pixels, (cx, cy), r, fill, -1, cv2.LINE_AA)

    def frame(self, x: float, y: float, w: float, h: float, fill: Colour, thick: float = 2) -> None:
        corners = (self.px(x), self.px(y)), (self.px(x + w), self.px(y + h))
        cv2.rectangle(self.pixels, *corners, fill, max(1, self.px(thick)))

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        cv2.circle(self.pixels, (self.px(x), self.px(y)), self.px(radius), fill, -1, cv2.LINE_AA)

    def path(self, points: list[tuple[float, float]], fill: Colour, thick: float = 5) -> None:
        places = np.array([[self.px(x), self.px(y)] for x, y in points], np.int32)
        cv2.polylines(self.pixels, [places], False, fill, max(1, self.px(thick)), cv2.LINE_AA)

    def paste(self, picture: Pixels, x: float, y: float, w: float, h: float) -> None:
        size = (self.px(w), self.px(h))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        self.pixels[self.px(y) : self.px(y) + size[1], self.px(x) : self.px(x) + size[0]] = small

    def status(self, clock: str, battery: int) -> None:
        """The system's line above every app."""
        self.text(56, 34, clock, 34, weight=600)
        for bar in range(4):
            self.box(800 + 17 * bar, 60 - 9 * bar, 10, 9 + 9 * bar, self.theme.ink)
        self.text(888, 36, "5G", 30)
        self.box(950, 36, 72, 32, self.theme.faint, 8)
        self.box(954, 40, 64 * battery / 100, 24, self.theme.ink, 5)

    def bar(self, title: str, coloured: bool = False) -> None:
        """The app's bar: back, title, search and more."""
        fill = self.theme.accent if coloured else self.theme.card
        ink = _WHITE if coloured else self.theme.ink
        self.box(0, 96, 1080, 128, fill)
        self.path([(72, 136), (48, 160), (72, 184)], ink, 6)
        self.text(116, 142, title, 44, ink, 600)
        cv2.circle(self.pixels, (self.px(930), self.px(156)), self.px(18), ink, self.px(5), cv2.LINE_AA)
        self.path([(943, 170), (958, 186)], ink, 6)
        for dot in range(3):
            self.disc(1028, 142 + 18 * dot, 5, ink)

    def navigation(self, chosen: int = 0) -> None:
        """Five tabs and the gesture line at the bottom."""
        top = self.height - 196
        self.box(0, top, 1080, 197, self.theme.card)
        self.box(0, top, 1080, 2, self.theme.line)
        for tab, name in enumerate(("Home", "Search", "Orders", "Chat", "Me")):
            fill = self.theme.accent if tab == chosen else self.theme.faint
            x = 108 + 216 * tab
            self.icon(x, top + 54, tab, fill)
            self.text(x, top + 98, name, 26, fill, align=0.5)
        self.box(390, self.height - 28, 300, 9, self.theme.ink, 4)

    def icon(self, x: float, y: float, kind: int, fill: Colour) -> None:
        """One of seven small drawings about a point."""
        shapes = (
            [(-22, 2), (0, -22), (22, 2), (22, 24), (-22, 24), (-22, 2)],
            [(-24, -4), (-4, -24), (14, -4), (-4, 14), (-24, -4), (10, 10), (26, 26)],
            [(-22, -22), (22, -22), (22, 24), (-22, 24), (-22, -22), (22, -22), (0, 0), (0, 10)],
            [(-24, -20), (24, -20), (24, 14), (-6, 14), (-20, 26), (-18, 14), (-24, 14), (-24, -20)],
            [(-24, 24), (-16, 4), (0, 0), (-10, -14), (0, -24), (10, -14), (0, 0), (16, 4), (24, 24)],
            [(-26, -16), (26, -16), (26, 18), (-26, 18), (-26, -16), (0, 4), (26, -16)],
            [(0, 26), (-20, -6), (-12, -24), (12, -24), (20, -6), (0, 26)],
        )
        self.path([(x + a, y + b) for a, b in shapes[kind % 7]], fill, 5)

    def card(self, y: float, h: float) -> None:
        self.box(24, y, 1032, h, self.theme.card, 24)

    def rows(self, y: float, pairs: list[tuple[str, str]], step: float = 66, right: float = 1016) -> float:
        """Names on the left, values on the right."""
        for name, value in pairs:
            self.text(64, y, name, 32, self.theme.faint)
            self.text(right, y, value, 32, align=1)
            y += step
        return y

    def buttons(self, y: float, first: str, second: str) -> None:
        self.box(24, y, 504, 104, self.theme.line, 52)
        self.text(276, y + 38, first, 36, align=0.5)
        self.box(552, y, 504, 104, self.theme.accent, 52)
        self.text(804, y + 38, second, 36, _WHITE, 600, 0.5)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one content's fields say."""

    number: str
    price: str
    date: str
    seed: int
    names: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    amounts: tuple[str, ...]
    digits: tuple[str, ...]
    days: tuple[str, ...]
    clocks: tuple[str, ...]
    titles: tuple[str, ...]
    says: tuple[str, ...]
    carrier: str
    variant: str
    product: int
    battery: int
    size: tuple[int, int]


_FIRST = "Alma Bruno Carla Dario Elin Farid Greta Hugo Ines Jonas Kaja Luis Mina Nils Olga Pavel Rosa Sven Tilda Umar".split()
_LAST = "Berg Castro Dahl Evers Fuchs Grant Horvat Ivanov Jensen Kaur Lopez Moreau Novak Okafor Petrov Quinn Rossi".split()
_ROADS = "Station Road;Mill Lane;Harbour Street;Oak Avenue;Church Hill;Park Row;Garden Close;King Street;Bridge End".split(
    ";"
)
_PLACES = "Aldmoor;Brenfield;Corsham Vale;Dunmere;Eastwick;Farnleigh;Greyport;Holmstead;Ilverton;Kelby".split(
    ";"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_CARRIERS = "Nordpost;ParcelLine;BlueVan Express;Continental Mail".split(";")
_TITLES = (
    "Ceramic mug with lid, 400 ml;Cotton T-shirt, relaxed fit;LED desk lamp with clamp;Running shoes, mesh upper;"
    "Phone case, shock proof;Wooden puzzle, 500 pieces;Kitchen scale, 5 kg;Rain jacket with hood;USB-C cable, braided;"
    "Garden shears, forged;Wall clock, silent;Leather wallet, slim"
).split(";")
_SAYS = (
    "Hello, has my parcel been sent?;It left our warehouse on Monday.;The box arrived open on one side.;"
    "Could you please send a photo of the label?;One of the two pieces is missing.;We are sorry for the trouble.;"
    "I would like my money back, not a voucher.;The colour is not what the picture shows.;Please wait three more days.;"
    "The tracking page has not changed for a week.;Thank you, I will check with my neighbour.;"
    "Our team will answer within one working day.;I have attached the photos you asked for.;Is the size M still there?;"
    "The courier says nobody was at home.;You may return it within 30 days.;I paid by card on the same evening.;"
    "We can offer half of the price.;The seal was not broken when it left us.;No, that is not my signature.;"
    "It works, but the lid does not close.;A new one will be sent this week.;Please keep the packaging.;Understood, thanks!"
).split(";")
_VARIANTS = "Blue, M;Red, L;Black, one size;Green, S;White, 2 pieces;Grey, XL".split(";")


def twin(content: int) -> int | None:
    """The content that this one repeats but for one short field."""
    return content - FULL if content >= FULL else None


def _price(rng: plain.Random) -> str:
    return f"€ {rng.randrange(4, 180)}.{rng.randrange(100):02}"


def _date(rng: plain.Random) -> str:
    return f"{rng.randrange(1, 29)} {rng.choice(_MONTHS)} 2026"


def facts(template: str, content: int) -> Facts:
    """What a content says: the same for the same arguments, anywhere."""
    base = twin(content)
    rng = plain.Random(f"{template} {content if base is None else base}")
    many = range(14)
    made = Facts(
        number=f"{rng.randrange(100, 999)}-{rng.randrange(10**6, 10**7)}-{rng.randrange(10**6, 10**7)}",
        price=_price(rng),
        date=_date(rng),
        seed=rng.randrange(2**32),
        names=tuple(f"{rng.choice(_FIRST)} {rng.choice(_LAST)}" for _ in many),
        streets=tuple(f"{rng.randrange(1, 240)} {rng.choice(_ROADS)}" for _ in many),
        towns=tuple(f"{rng.randrange(10000, 99999)} {rng.choice(_PLACES)}" for _ in many),
        amounts=tuple(_price(rng) for _ in many),
        digits=tuple(str(rng.randrange(10**9, 10**10)) for _ in many),
        days=tuple(_date(rng) for _ in many),
        clocks=tuple(f"{rng.randrange(24):02}:{rng.randrange(60):02}" for _ in many),
        titles=tuple(rng.sample(_TITLES, 6)),
        says=tuple(rng.sample(_SAYS, 14)),
        carrier=rng.choice(_CARRIERS),
        variant=rng.choice(_VARIANTS),
        product=rng.randrange(4),  # few, so that contents of one template share a picture
        battery=rng.randrange(12, 100),
        size=rng.choice(_PHONES),
    )
    return made if base is None else _but_for_one(made, base)


def _but_for_one(made: Facts, base: int) -> Facts:
    """One of number, price and date changed in its last digits."""
    rng = plain.Random(f"{made.seed} {base}")
    field = _CHANGED[base % 3]
    old = getattr(made, field)
    while True:
        if field == "number":
            last = rng.randrange(2, 5)
            new = old[:-last] + f"{rng.randrange(10**last):0{last}}"
        elif field == "price":
            new = old[:-2] + f"{rng.randrange(100):02}"
        else:
            new = " ".join((str(rng.randrange(1, 29)), *old.split()[1:]))
        if new != old:
            return replace(made, **{field: new})


def product(kind: int, side: int = 420) -> Pixels:
    """A drawn product on a table: one of a few, always the same, with shading and grain."""
    rng = np.random.default_rng(kind + 71)
    shade = np.linspace(rng.integers(150, 230), rng.integers(90, 150), side)[:, None, None]
    tint = rng.uniform(0.75, 1.0, 3)[None, None]
    made = np.clip(np.broadcast_to(shade * tint, (side, side, 3)), 0, 255).astype(np.uint8)
    s, fill = side / 100, tuple(int(v) for v in rng.integers(30, 220, 3))
    dim = tuple(v // 2 for v in fill)
    cv2.ellipse(made, (round(50 * s), round(84 * s)), (round(34 * s), round(6 * s)), 0, 0, 360, dim, -1)
    outlines = (
        [(28, 22), (68, 22), (68, 40), (84, 44), (84, 64), (68, 66), (66, 86), (30, 86)],
        [(34, 14), (44, 20), (56, 20), (66, 14), (90, 34), (80, 46), (70, 40), (70, 88), (30, 88), (30, 40), (10, 34)],
        [(46, 88), (48, 52), (24, 34), (40, 12), (66, 30), (54, 48), (54, 88)],
        [(8, 74), (12, 40), (34, 44), (54, 30), (64, 52), (92, 64), (92, 80), (10, 82)],
    )  # fmt: skip
    shape = np.array([[round(x * s), round(y * s)] for x, y in outlines[kind % 4]], np.int32)
    cv2.fillPoly(made, [shape], fill, cv2.LINE_AA)
    for _ in range(9):
        x, y = (int(v) for v in rng.integers(30 * s, 70 * s, 2))
        cv2.circle(made, (x, y), int(rng.integers(2, 8) * s / 2), dim if _ % 2 else _WHITE, -1, cv2.LINE_AA)
    cv2.putText(
        made, f"No {kind + 3}", (round(34 * s), round(62 * s)), _WHITE, FACES["sans"], round(13 * s), 700
    )
    noisy = made + rng.normal(0, 5, made.shape)
    return np.clip(cv2.GaussianBlur(noisy, (0, 0), 0.8), 0, 255).astype(np.uint8)


def _order(c: Canvas, f: Facts) -> None:
    c.bar("Order details")
    c.card(244, 170)
    c.icon(100, 328, 2, c.theme.accent)
    c.text(160, 282, "On its way to you", 44, c.theme.accent, 600)
    c.text(160, 346, f"Handed to {f.carrier}", 32, c.theme.faint)
    c.card(434, 220)
    c.icon(100, 520, 6, c.theme.accent)
    for i, line in enumerate((f.names[0], f.streets[0], f.towns[0])):
        c.text(160, 470 + 56 * i, line, 36 if i == 0 else 32, weight=600 if i == 0 else 400)
    c.card(674, 400)
    c.text(64, 706, f"{f.names[1].split()[1]} Store", 34, weight=600)
    c.text(1016, 706, "Contact seller", 30, c.theme.accent, align=1)
    c.paste(product(f.product), 64, 774, 250, 250)
    c.paragraph(344, 780, _TITLES[f.product], 660, 36)
    c.text(344, 886, f.variant, 30, c.theme.faint)
    c.text(344, 960, f"{f.price}   × 1", 40, weight=600)
    c.card(1094, 780)
    c.rows(
        1134,
        [
            ("Order number", f.number),
            ("Placed on", f.date),
            ("Payment", f"Card ending {f.digits[0][:4]}"),
            ("Shipping", f.amounts[0]),
            ("Voucher", f"− {f.amounts[1]}"),
            ("Total paid", f.amounts[2]),
            ("Carrier", f.carrier),
            ("Tracking", f.digits[1]),
            ("Protected until", f.days[0]),
            ("Receipt sent to", f"{f.names[0].split()[0].lower()}@mail.example"),
            ("Gift", "No"),
        ],
    )
    c.buttons(c.height - 330, "Track parcel", "Open dispute")
    c.navigation(2)


def _tracking(c: Canvas, f: Facts) -> None:
    c.bar(f.carrier, coloured=True)
    c.card(244, 330)
    c.text(64, 284, "Delivery expected", 32, c.theme.faint)
    c.text(64, 334, f.date, 56, c.theme.accent, 700)
    c.text(64, 430, f"Shipment {f.number}", 32)
    c.text(64, 490, f"Insured for {f.price}", 32, c.theme.faint)
    for i in range(4):
        c.box(64 + 240 * i, 546, 220, 10, c.theme.accent if i < 3 else c.theme.line, 5)
    c.card(594, 1330)
    happened = (
        "Handed to the courier",
        "Arrived at the depot",
        "Cleared by customs",
        "Arrived in the country",
        "Left the sorting centre",
        "Received by the carrier",
        "Label created",
    )
    for i, what in enumerate(happened):
        y = 640 + 178 * i
        c.disc(92, y + 16, 14, c.theme.accent if i == 0 else c.theme.line)
        if i < 6:
            c.box(90, y + 36, 4, 140, c.theme.line)
        c.text(140, y, what, 36, weight=600 if i == 0 else 400)
        c.text(140, y + 52, f.towns[i][6:], 30, c.theme.faint)
        c.text(140, y + 96, f"{f.days[i]}, {f.clocks[i]}", 28, c.theme.faint)
    c.buttons(c.height - 330, "Change delivery", "Report a problem")
    c.navigation(1)


def _chat(c: Canvas, f: Facts) -> None:
    c.bar(f"{f.names[0].split()[1]} Store")
    said = list(f.says)
    said[2] = f"My order is {f.number}."
    said[5] = f"It was bought on {f.date}."
    said[8] = f"I paid {f.price} for it."
    rng, y = plain.Random(f.seed), 270.0
    for i, words in enumerate(said):
        mine = rng.random() < 0.5
        lines = c.wrapped(words, 600, 34)
        h = 48 * len(lines) + 66
        if y + h > c.height - 230:
            break
        w = max(260.0, max(c.wide(line, 34) for line in lines) + 64)
        x = 1050 - w if mine else 110
        c.box(x, y, w, h, c.theme.accent if mine else c.theme.card, 28)
        for row, line in enumerate(lines):
            c.text(x + 30, y + 22 + 48 * row, line, 34, _WHITE if mine else None)
        c.text(x + w - 26, y + h - 40, f.clocks[i], 24, (225, 225, 230) if mine else c.theme.faint, align=1)
        if not mine:
            c.disc(60, y + 36, 34, c.theme.faint)
            c.text(60, y + 20, f.names[0][0], 36, c.theme.card, 600, 0.5)
        y += h + 22
    c.box(0, c.height - 200, 1080, 201, c.theme.card)
    c.box(110, c.height - 170, 760, 96, c.theme.back, 48)
    c.text(150, c.height - 140, "Message", 34, c.theme.faint)
    c.text(40, c.height - 150, "+", 60, c.theme.faint)
    c.disc(964, c.height - 122, 46, c.theme.accent)


def _product(c: Canvas, f: Facts) -> None:
    c.bar("Torvik")
    c.card(244, 500)
    c.paste(product(f.product), 54, 274, 420, 420)
    y = c.paragraph(504, 280, _TITLES[f.product], 520, 42)
    c.text(504, y + 16, f.price, 60, c.theme.accent, 700)
    c.text(504, y + 104, f"was {f.amounts[0]}", 30, c.theme.faint)
    c.text(504, y + 156, f"{f.digits[0][0]}.{f.digits[0][1]} of 10   {f.digits[0][2:6]} sold", 30)
    c.text(504, y + 208, f.variant, 30, c.theme.faint)
    c.card(764, 420)
    c.rows(
        800,
        [
            ("Seller", f.names[0]),
            ("Ships from", f.towns[0][6:]),
            ("Arrives by", f.date),
            ("Shipping", f.amounts[1]),
            ("Item number", f.number),
            ("In stock", f.digits[2][:2]),
        ],
        62,
    )
    c.card(1204, 760)
    c.text(64, 1240, f"Reviews ({f.digits[3][:3]})", 38, weight=600)
    for i in range(4):
        y = 1310 + 160 * i
        c.disc(98, y + 34, 34, c.theme.line)
        c.text(98, y + 16, f.names[i + 2][0], 36, align=0.5)
        c.text(154, y, f.names[i + 2], 32, weight=600)
        c.text(1016, y + 2, f.days[i + 2], 26, c.theme.faint, align=1)
        c.paragraph(154, y + 50, f.says[i], 850, 31, c.theme.faint)
    c.buttons(c.height - 330, "Add to basket", "Buy now")
    c.navigation(0)


def _bank(c: Canvas, f: Facts) -> None:
    c.bar("Transfer", coloured=True)
    c.card(250, 420)
    c.disc(540, 350, 60, (44, 160, 96))
    c.path([(512, 352), (532, 374), (570, 328)], _WHITE, 9)
    c.text(540, 440, f.price, 84, weight=700, align=0.5)
    c.text(540, 560, "Transfer carried out", 36, (44, 160, 96), align=0.5)
    c.text(540, 612, f.date, 32, c.theme.faint, align=0.5)
    c.card(694, 560)
    c.rows(
        736,
        [
            ("From", f.names[0]),
            ("Account", f"XB{f.digits[0][:2]} {f.digits[0][2:6]} {f.digits[0][6:]}"),
            ("To", f.names[1]),
            ("Account", f"XB{f.digits[1][:2]} {f.digits[1][2:6]} {f.digits[1][6:]}"),
            ("Bank", f"{f.towns[0][6:]} Savings Bank"),
            ("Reference", f.number),
            ("Note", _TITLES[f.product].split(",")[0]),
            ("Fee", "€ 0.00"),
        ],
        62,
    )
    c.card(1278, 640)
    c.text(64, 1316, "Earlier transfers", 38, weight=600)
    for i in range(6):
        y = 1392 + 84 * i
        c.icon(92, y + 18, 5, c.theme.faint)
        c.text(150, y - 6, f.names[i + 2], 32)
        c.text(150, y + 34, f.days[i], 25, c.theme.faint)
        c.text(1016, y + 4, f"− {f.amounts[i]}", 32, align=1)
    c.buttons(c.height - 330, "Share receipt", "Done")
    c.navigation(4)


def _email(c: Canvas, f: Facts) -> None:
    c.bar("Inbox")
    c.box(0, 224, 1080, c.height - 224, c.theme.card)
    y = c.paragraph(48, 262, f"Your order at {f.names[1].split()[1]} Store", 980, 50)
    c.disc(92, y + 60, 44, c.theme.accent)
    c.text(92, y + 36, f.names[1][0], 48, _WHITE, 600, 0.5)
    c.text(160, y + 18, f.names[1], 36, weight=600)
    c.text(160, y + 68, f"to {f.names[0].lower().replace(' ', '.')}@mail.example", 28, c.theme.faint)
    c.text(1032, y + 22, f.clocks[0], 28, c.theme.faint, align=1)
    y += 160
    paragraphs = (
        f"Dear {f.names[0]},",
        f"thank you for your order {f.number}.",
        " ".join(f.says[:3]),
        f"We have received your payment of {f.price} and will send your parcel to {f.streets[0]}, {f.towns[0]}.",
        f"It should reach you by {f.date}.",
        " ".join(f.says[3:6]),
    )
    for words in paragraphs:
        y = c.paragraph(48, y, words, 984, 36) + 26
    c.box(48, y + 10, 984, 2, c.theme.line)
    for i in range(3):
        c.text(48, y + 40 + 62 * i, f.titles[i], 32)
        c.text(1032, y + 40 + 62 * i, f.amounts[i], 32, align=1)
    y = c.paragraph(48, y + 260, f"Kind regards, {f.names[1]}", 984, 36)
    c.paragraph(48, y + 10, f"{f.streets[1]}, {f.towns[1]}. Call us: {f.digits[0]}", 984, 28, c.theme.faint)
    c.buttons(c.height - 330, "Reply", "Forward")
    c.navigation(3)


def _account(c: Canvas, f: Facts) -> None:
    c.bar("Account")
    c.card(244, 230)
    c.disc(150, 358, 78, c.theme.accent)
    c.text(150, 322, "".join(n[0] for n in f.names[0].split()), 66, _WHITE, 600, 0.5)
    c.text(260, 290, f.names[0], 46, weight=600)
    c.text(260, 352, f"{f.names[0].lower().replace(' ', '.')}@mail.example", 30, c.theme.faint)
    c.text(260, 402, f"Member {f.number}", 30, c.theme.faint)
    entries = (
        ("Balance", f.price),
        ("Member since", f.date),
        ("Telephone", f"+00 {f.digits[0]}"),
        ("Address", f.streets[0]),
        ("Town", f.towns[0]),
        ("Card", f"ending {f.digits[1][:4]}"),
        ("Language", "English"),
        ("Open orders", f.digits[2][:1]),
        ("Vouchers", f.digits[2][1:2]),
        ("Messages", f.digits[2][2:4]),
        ("Two-step sign-in", "On" if f.seed % 2 else "Off"),
        ("Last sign-in", f"{f.days[0]}, {f.clocks[1]}"),
        ("Devices", f.digits[2][4:5]),
        ("Version", "7.14.2"),
    )
    c.card(494, 108 * len(entries) + 20)
    for i, (name, value) in enumerate(entries):
        y = 530 + 108 * i
        c.icon(96, y + 14, i, c.theme.accent)
        c.text(150, y, name, 34)
        c.text(986, y + 2, value, 32, c.theme.faint, align=1)
        c.path([(1010, y + 2), (1022, y + 14), (1010, y + 26)], c.theme.faint, 4)
        c.box(150, y + 68, 906, 2, c.theme.line)
    c.navigation(4)


def _delivery(c: Canvas, f: Facts) -> None:
    c.bar("Proof of delivery", coloured=True)
    _map(c, f.seed, 24, 250, 1032, 620)
    c.card(894, 240)
    c.text(64, 930, "Delivered", 52, (44, 160, 96), 700)
    c.text(64, 1004, f"{f.date}, {f.clocks[1]}", 36)
    c.text(64, 1064, f"Received by {f.names[0]}", 32, c.theme.faint)
    c.card(1154, 520)
    c.rows(
        1192,
        [
            ("Parcel", f.number),
            ("Address", f.streets[0]),
            ("Town", f.towns[0]),
            ("Place", f"{50 + int(f.digits[0][:3]) / 999:.5f}, {8 + int(f.digits[0][3:6]) / 999:.5f}"),
            ("Courier", f.names[1]),
            ("Weight", f"{int(f.digits[1][:2]) / 10:.1f} kg"),
            ("Declared value", f.price),
        ],
    )
    c.card(1694, 270)
    c.text(64, 1722, "Signature", 30, c.theme.faint)
    _signature(c, f.seed, 120, 1770, 820, 160)
    c.buttons(c.height - 330, "Download", "Not received?")
    c.navigation(2)


def _map(c: Canvas, seed: int, x: float, y: float, w: float, h: float) -> None:
    """Blocks, parks, roads and a pin, drawn apart and pasted."""
    rng = np.random.default_rng(seed)
    dark = sum(c.theme.card) < 300
    ground, park, road = (
        ((38, 42, 48), (36, 58, 46), (78, 82, 90)) if dark else ((234, 236, 229), (204, 226, 196), _WHITE)
    )
    made = np.full((c.px(h), c.px(w), 3), ground, np.uint8)
    tall, wide = made.shape[:2]
    for _ in range(5):
        middle = rng.uniform((0, 0), (wide, tall))
        shape = (middle + rng.normal(0, 0.1 * wide, (6, 2))).astype(np.int32)
        cv2.fillPoly(made, [cv2.convexHull(shape)], park, cv2.LINE_AA)
    for i in range(18):
        start, angle = rng.uniform((0, 0), (wide, tall)), rng.normal(0, 0.2) + (np.pi / 2) * (i % 2)
        reach = 2000 * np.array((np.cos(angle), np.sin(angle)))
        ends = [tuple(int(v) for v in start + sign * reach) for sign in (-1, 1)]
        cv2.line(made, ends[0], ends[1], road, c.px(18 if i < 4 else 9), cv2.LINE_AA)
    pin = (int(wide * rng.uniform(0.3, 0.7)), int(tall * rng.uniform(0.3, 0.7)))
    cv2.circle(made, pin, c.px(34), c.theme.accent, -1, cv2.LINE_AA)
    cv2.circle(made, pin, c.px(14), _WHITE, -1, cv2.LINE_AA)
    c.paste(made, x, y, w, h)


def _signature(c: Canvas, seed: int, x: float, y: float, w: float, h: float) -> None:
    rng = np.random.default_rng(seed + 1)
    along = np.linspace(0, 1, 90)
    waves = sum(rng.normal(0, 1 / k) * np.sin(2 * np.pi * (k * along + rng.random())) for k in range(2, 9))
    down = (waves - waves.min()) / np.ptp(waves)
    loops = along + 0.05 * np.sin(2 * np.pi * (7 * along + rng.random()))
    c.path([(x + w * a, y + h * b) for a, b in zip(loops, down, strict=True)], c.theme.ink, 5)


def _invoice(c: Canvas, f: Facts) -> None:
    c.text(80, 80, f"{f.names[1].split()[1]} Trading", 50, weight=700)
    c.text(80, 150, f"{f.streets[1]}, {f.towns[1]}", 24, c.theme.faint)
    c.text(1000, 80, "INVOICE", 58, align=1)
    pairs = (("Invoice number", f.number), ("Date", f.date), ("Customer", f.digits[0]), ("Due", f.days[0]))
    for i, (name, value) in enumerate(pairs):
        c.text(540, 220 + 44 * i, name, 25, c.theme.faint)
        c.text(1000, 220 + 44 * i, value, 25, align=1)
    for i, line in enumerate(("Bill to", f.names[0], f.streets[0], f.towns[0])):
        c.text(80, 220 + 44 * i, line, 27 if i else 22)
    c.box(80, 460, 920, 50, c.theme.accent)
    for x, head, align in ((100, "Item", 0), (640, "Qty", 0), (820, "Each", 1), (980, "Amount", 1)):
        c.text(x, 474, head, 25, _WHITE, 600, align)
    for i in range(6):
        y = 536 + 70 * i
        c.text(100, y, f.titles[i], 25)
        c.text(650, y, f.digits[i][0], 25)
        c.text(820, y, f.amounts[i], 25, align=1)
        c.text(980, y, f.amounts[i + 6], 25, align=1)
        c.box(80, y + 46, 920, 1, c.theme.line)
    totals = (("Net", f.amounts[12]), ("VAT 20 %", f.amounts[13]), ("Total", f.price))
    for i, (name, value) in enumerate(totals):
        c.text(640, 990 + 52 * i, name, 28, weight=700 if i == 2 else 400)
        c.text(980, 990 + 52 * i, value, 28, weight=700 if i == 2 else 400, align=1)
    c.paragraph(
        80,
        1200,
        "Please pay within 14 days, stating the number of the invoice. Goods remain ours until paid for.",
        900,
        25,
    )
    c.text(
        80,
        1330,
        f"Bank: {f.towns[2][6:]} Savings, XB{f.digits[7]}, tax number {f.digits[8][:8]}",
        23,
        c.theme.faint,
    )
    c.text(80, 1370, f"Telephone {f.digits[9]}   {f.names[1].split()[1].lower()}@shop.example", 23, c.theme.faint)  # fmt: skip


def _bars(c: Canvas, code: str, x: float, y: float, w: float, h: float) -> None:
    """Stripes that follow from the code, as a barcode's do; never from the number, which may be all that differs."""
    rng, here, step = plain.Random(code), x, 4.0
    while here < x + w - 16:
        wide = rng.randrange(1, 4) * step
        c.box(here, y, wide, h, c.theme.ink)
        here += wide + rng.randrange(1, 4) * step


def _cells(c: Canvas, code: str, x: float, y: float, side: float) -> None:
    """Squares that follow from the code, as a matrix code's do."""
    cells = np.random.default_rng(plain.Random(code).randrange(2**32)).random((25, 25)) < 0.5
    for top, left in ((0, 0), (0, 18), (18, 0)):
        cells[top : top + 7, left : left + 7] = True
        cells[top + 1 : top + 6, left + 1 : left + 6] = False
        cells[top + 2 : top + 5, left + 2 : left + 5] = True
    size = (c.px(side),) * 2
    plane = cv2.resize(np.where(cells, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    c.pixels[c.px(y) : c.px(y) + size[1], c.px(x) : c.px(x) + size[0]] = plane[..., None]


def _label(c: Canvas, f: Facts) -> None:
    c.frame(60, 60, 960, 1400, c.theme.ink, 4)
    c.text(90, 92, f.carrier.upper(), 64, weight=800)
    c.text(990, 92, "PARCEL  M", 48, weight=700, align=1)
    c.box(60, 190, 960, 4, c.theme.ink)
    c.text(90, 216, "From", 24, c.theme.faint)
    for i, line in enumerate((f.names[1], f.streets[1], f.towns[1])):
        c.text(90, 256 + 44 * i, line, 30)
    c.text(620, 216, "Service", 24, c.theme.faint)
    c.text(620, 256, "Tracked 48", 30)
    c.text(620, 300, f"{int(f.digits[1][:2]) / 10 + 0.2:.1f} kg   {f.digits[2][:2]} × 20 × 15 cm", 30)
    c.text(620, 344, f"Value {f.price}", 30)
    c.box(60, 410, 960, 4, c.theme.ink)
    c.text(90, 436, "To", 24, c.theme.faint)
    for i, line in enumerate((f.names[0], f.streets[0], f.towns[0])):
        c.text(90, 484 + 76 * i, line, 54, weight=600)
    c.text(90, 724, f"Telephone {f.digits[3]}", 28)
    c.box(60, 780, 960, 4, c.theme.ink)
    _cells(c, f.digits[6], 90, 812, 270)
    rows = (
        ("Shipped", f.date),
        ("Route", f"{f.digits[4][:3]}-{f.digits[4][3:5]}"),
        ("Depot", f.towns[2][6:]),
        ("Reference", f.digits[5]),
    )
    for i, (name, value) in enumerate(rows):
        c.text(420, 830 + 62 * i, name, 28, c.theme.faint)
        c.text(620, 826 + 62 * i, value, 34)
    c.box(60, 1110, 960, 4, c.theme.ink)
    _bars(c, f.digits[6], 120, 1150, 840, 220)
    c.text(540, 1390, f.number, 44, weight=600, align=0.5)


def _customs(c: Canvas, f: Facts) -> None:
    c.text(60, 60, "CUSTOMS DECLARATION", 46, weight=700)
    c.text(1020, 66, "CN 23", 46, weight=700, align=1)
    _bars(c, f.digits[5], 560, 140, 460, 90)
    c.text(790, 244, f.number, 26, align=0.5)
    for left, who, i in ((60, "Sender", 1), (60, "Addressee", 0)):
        y = 140 if i else 300
        c.frame(left, y, 460, 150, c.theme.ink)
        c.text(left + 14, y + 10, who, 20, c.theme.faint)
        for row, line in enumerate((f.names[i], f.streets[i], f.towns[i])):
            c.text(left + 14, y + 38 + 36 * row, line, 25)
    c.text(560, 320, "Category", 22, c.theme.faint)
    for i, kind in enumerate(("Gift", "Documents", "Sale of goods", "Returned goods")):
        x, y = 560 + 240 * (i % 2), 356 + 48 * (i // 2)
        c.frame(x, y, 26, 26, c.theme.ink)
        if i == f.seed % 4:
            c.text(x + 3, y + 2, "X", 26, weight=700)
        c.text(x + 42, y + 2, kind, 24)
    c.frame(60, 490, 960, 430, c.theme.ink)
    heads = ((74, "Contents"), (560, "Qty"), (660, "Weight"), (800, "Value"), (920, "Tariff"))
    for x, head in heads:
        c.text(x, 504, head, 22, c.theme.faint)
    for i in range(5):
        y = 556 + 72 * i
        c.box(60, y - 16, 960, 1, c.theme.line)
        cells = (
            f.titles[i],
            f.digits[i][0],
            f"{f.digits[i][1]}.{f.digits[i][2]} kg",
            f.amounts[i][2:],
            f.digits[i][4:8],
        )
        for (x, _), value in zip(heads, cells, strict=True):
            c.text(x, y + 4, value, 25)
    pairs = (
        ("Total value", f.price),
        ("Postal charges", f.amounts[6]),
        ("Licence", f.digits[6][:7]),
        ("Invoice", f.digits[7][:6]),
        ("Office of origin", f.towns[3][6:]),
    )
    for i, (name, value) in enumerate(pairs):
        c.text(60, 960 + 50 * i, name, 26, c.theme.faint)
        c.text(330, 960 + 50 * i, value, 26)
    c.paragraph(
        560,
        960,
        "I certify that the particulars given here are correct and that this item holds nothing dangerous.",
        440,
        23,
    )
    c.text(60, 1280, "Date and signature", 22, c.theme.faint)
    c.text(60, 1330, f.date, 32)
    _signature(c, f.seed, 420, 1280, 480, 110)
    c.box(60, 1410, 960, 2, c.theme.ink)


def _returns(c: Canvas, f: Facts) -> None:
    c.box(0, 0, 1080, 150, c.theme.accent)
    c.text(70, 50, "Return form", 56, _WHITE, 700)
    c.text(1010, 64, f"{f.names[1].split()[1]} Store", 36, _WHITE, align=1)
    pairs = (
        ("Order", f.number),
        ("Bought on", f.date),
        ("Name", f.names[0]),
        ("Street", f.streets[0]),
        ("Town", f.towns[0]),
        ("Telephone", f.digits[0]),
    )
    for i, (name, value) in enumerate(pairs):
        y = 200 + 62 * i
        c.text(70, y, name, 26, c.theme.faint)
        c.text(300, y - 2, value, 30)
        c.box(300, y + 38, 710, 1, c.theme.ink)
    c.text(70, 600, "Articles", 30, weight=600)
    for i in range(3):
        y = 650 + 60 * i
        c.text(70, y, f.titles[i], 27)
        c.text(760, y, f"× {f.digits[i + 1][0]}", 27)
        c.text(1010, y, f.amounts[i], 27, align=1)
        c.box(70, y + 42, 940, 1, c.theme.line)
    c.text(70, 850, "Reason", 30, weight=600)
    reasons = "Damaged;Wrong article;Too late;Does not fit;Not as described;Other".split(";")
    for i, why in enumerate(reasons):
        x, y = 70 + 320 * (i % 3), 904 + 58 * (i // 3)
        c.frame(x, y, 30, 30, c.theme.ink)
        if i == f.seed % 6:
            c.path([(x + 5, y + 14), (x + 13, y + 24), (x + 27, y - 4)], c.theme.ink, 5)
        c.text(x + 46, y + 2, why, 27)
    c.text(70, 1040, "Refund wanted", 26, c.theme.faint)
    c.text(300, 1034, f.price, 36, weight=600)
    c.paragraph(70, 1110, f"{f.says[0]} {f.says[1]} {f.says[2]}", 920, 28)
    c.text(70, 1290, f"Signed on {f.days[1]}", 26, c.theme.faint)
    _signature(c, f.seed, 420, 1250, 420, 110)
    _bars(c, f.digits[5], 70, 1400, 420, 70)
    c.text(1010, 1430, f"Form R-{f.digits[5][:6]}", 24, c.theme.faint, align=1)


Draw = Callable[[Canvas, Facts], None]
_SCREENS: dict[str, tuple[Draw, Colour]] = {
    "order": (_order, (214, 74, 38)),
    "chat": (_chat, (38, 98, 190)),
    "bank": (_bank, (20, 110, 120)),
    "delivery": (_delivery, (150, 60, 30)),
    "tracking": (_tracking, (196, 140, 20)),
    "product": (_product, (120, 50, 160)),
    "email": (_email, (200, 50, 60)),
    "account": (_account, (40, 130, 80)),
}
_DOCUMENTS: dict[str, tuple[Draw, Colour]] = {
    "invoice": (_invoice, (40, 60, 100)),
    "label": (_label, (20, 20, 20)),
    "customs": (_customs, (20, 20, 20)),
    "returns": (_returns, (30, 100, 110)),
}
TUNING = ["order", "chat", "bank", "delivery", "invoice", "label"]
REPORTING = ["tracking", "product", "email", "account", "customs", "returns"]


def templates() -> list[str]:
    """All templates, those for tuning first."""
    return TUNING + REPORTING


def is_document(template: str) -> bool:
    """Whether it is printed on paper, which is never dark."""
    return template in _DOCUMENTS


def render(template: str, content: int, dark: bool) -> Image.Image:
    """One screen or document, the same for the same arguments; paper ignores ``dark``."""
    return Image.fromarray(drawn(template, content, dark).pixels)


def drawn(template: str, content: int, dark: bool) -> Canvas:
    """What ``render`` shows, with what is written on it."""
    said = facts(template, content)
    if is_document(template):
        draw, accent = _DOCUMENTS[template]
        canvas = Canvas(_PAPER, replace(theme(False, accent), back=_WHITE), "uni")
    else:
        draw, accent = _SCREENS[template]
        canvas = Canvas(said.size, theme(dark, accent))
        canvas.status(said.clocks[0], said.battery)
    draw(canvas, said)
    return canvas


def variants(image: Image.Image, random: np.random.Generator) -> dict[str, bytes]:
    """The same screen as others come to hold it."""
    wide, high = image.size
    below = round(high * random.uniform(0.05, 0.08))
    status = image.crop((0, below, wide, high - round(0.05 * high)))
    return {
        "resaved_png": _encoded(image, "PNG"),
        "jpeg_q75": _encoded(image, "JPEG", quality=75),
        "jpeg_q50": _encoded(image, "JPEG", quality=50),
        "scaled_50": _encoded(_scaled(image, 0.5), "JPEG", quality=80),
        "scaled_75": _encoded(_scaled(image, 0.75), "JPEG", quality=80),
        "cropped_status": _encoded(status, "JPEG", quality=90),
        "cropped_15": _encoded(_cropped_15(image, random), "JPEG", quality=90),
    }


def _scaled(image: Image.Image, share: float) -> Image.Image:
    size = (round(image.width * share), round(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS)


def _cropped_15(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """15 % of the height removed at one end, up to 3 % of the width at either side."""
    wide, high = image.size
    left, right = (round(wide * share) for share in random.uniform(0, 0.03, 2))
    top = round(0.15 * high) if random.random() < 0.5 else 0
    return image.crop((left, top, wide - right, top + high - round(0.15 * high)))


def _encoded(image: Image.Image, kind: str, **how: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **how)
    return buffer.getvalue()
