"""The pages people photograph with a key press: order, tracking, chat, product, size chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from app_kit import ACCENT, BLUE, GREEN, GREY, INK, LINE, PAPER, Phone, wrapped
from PIL import Image


@dataclass(frozen=True, slots=True)
class Order:
    """What an order page shows."""

    number: str
    title: str
    variant: str
    price: str
    store: str
    placed: str
    status: str
    status_note: str
    receiver: tuple[str, str]
    picture: np.ndarray


def order_page(phone: Phone, order: Order) -> Image.Image:
    """The order's details."""
    phone.header("Order details", "Help")
    top = phone.card(190)
    phone.text((64, top + 40), order.status, 48, GREEN, True)
    phone.text((64, top + 114), order.status_note, 34, GREY)
    top = phone.card(210)
    phone.draw.ellipse([phone.px(v) for v in (64, top + 46, 112, top + 94)], fill=ACCENT)
    phone.text((140, top + 40), order.receiver[0], 38, bold=True)
    for index, line in enumerate(wrapped(order.receiver[1], 34, 820, phone.u)[:2]):
        phone.text((140, top + 96 + index * 46), line, 34, GREY)
    top = phone.card(560)
    phone.text((64, top + 34), order.store, 36, bold=True)
    phone.text((1016, top + 34), "Contact seller", 34, ACCENT, anchor="ra")
    phone.box(64, top + 96, 952, 2, LINE)
    phone.thumb(order.picture, 64, top + 124, 240, 240)
    for index, line in enumerate(wrapped(order.title, 36, 680, phone.u)[:3]):
        phone.text((332, top + 124 + index * 50), line, 36)
    phone.text((332, top + 286), order.variant, 32, GREY)
    phone.text((332, top + 334), f"{order.price}  ×1", 38, bold=True)
    phone.box(64, top + 396, 952, 2, LINE)
    phone.text((64, top + 424), "Shipping", 34, GREY)
    phone.text((1016, top + 424), "Free", 34, anchor="ra")
    phone.text((64, top + 484), "Total paid", 38, bold=True)
    phone.text((1016, top + 484), order.price, 40, ACCENT, True, "ra")
    rows = [
        ("Order number", order.number),
        ("Placed", order.placed),
        ("Payment", "Card ending 0417"),
        ("Delivery", "E-Packet Plus"),
        ("Buyer protection", "90 days"),
    ]
    top = phone.card(80 + 76 * len(rows))
    for index, (name, value) in enumerate(rows):
        phone.text((64, top + 44 + index * 76), name, 34, GREY)
        phone.text((1016, top + 44 + index * 76), value, 34, anchor="ra")
    phone.buttons(["Track", "Open dispute"])
    return phone.picture


def tracking_page(
    phone: Phone, number: str, carrier: str, headline: tuple[str, str], events: list[tuple[str, str, str]]
) -> Image.Image:
    """The tracking page: (date, time, what) from the newest."""
    phone.header("Tracking", "Copy no.")
    _map(phone, sum(map(ord, carrier)))
    top = phone.card(270)
    phone.text((64, top + 36), headline[0], 50, GREEN if "eliver" in headline[0] else ACCENT, True)
    phone.text((64, top + 112), headline[1], 34, GREY)
    phone.text((64, top + 190), carrier, 34, bold=True)
    phone.text((1016, top + 190), number, 34, anchor="ra", mono=True)
    top = phone.card(90 + 158 * len(events))
    for index, (date, clock, what) in enumerate(events):
        y = top + 56 + index * 158
        if index < len(events) - 1:
            phone.box(298, y + 24, 4, 150, LINE)
        tone = ACCENT if index == 0 else (196, 200, 208)
        phone.draw.ellipse([phone.px(v) for v in (286, y + 8, 314, y + 36)], fill=tone)
        phone.text((64, y), date, 32, INK if index == 0 else GREY, index == 0)
        phone.text((64, y + 46), clock, 30, GREY)
        for line, words in enumerate(wrapped(what, 34, 590, phone.u)[:3]):
            phone.text((350, y + line * 46), words, 34, INK if index == 0 else GREY, index == 0)
    phone.buttons(["Contact carrier", "Not received?"])
    return phone.picture


def _map(phone: Phone, seed: int) -> None:
    """A plain map with the carrier's depot."""
    rng = np.random.default_rng(seed)
    top = phone.card(430)
    canvas = Image.new("RGB", (phone.px(1032), phone.px(430)), (232, 236, 228))
    draw = phone.draw.__class__(canvas)
    wide, tall = canvas.size
    for _ in range(5):
        x, y = rng.uniform(0, wide), rng.uniform(0, tall)
        draw.polygon(
            [(x + rng.uniform(-190, 190), y + rng.uniform(-120, 120)) for _ in range(5)], fill=(206, 226, 198)
        )
    river = [(x, tall * rng.uniform(0.2, 0.9)) for x in np.linspace(-40, wide + 40, 5)]
    draw.line(river, fill=(170, 205, 235), width=phone.px(46), joint="curve")
    for index in range(17):
        slope = rng.uniform(-0.5, 0.5) if index % 2 else rng.uniform(-3, 3) * 6
        x, y = rng.uniform(0, wide), rng.uniform(0, tall)
        major = phone.px(16 if index < 5 else 8)
        draw.line(
            [(x - 1500, y - 1500 * slope), (x + 1500, y + 1500 * slope)],
            fill=(255, 255, 255) if index > 2 else (250, 224, 158),
            width=major,
        )
    x, y = wide * rng.uniform(0.3, 0.7), tall * rng.uniform(0.4, 0.65)
    draw.ellipse((x - 30, y - 64, x + 30, y - 4), fill=ACCENT)
    draw.polygon([(x - 24, y - 20), (x + 24, y - 20), (x, y + 26)], fill=ACCENT)
    draw.ellipse((x - 12, y - 46, x + 12, y - 22), fill="white")
    phone.thumb(np.asarray(canvas), 24, top, 1032, 430, 24)


def chat_page(
    phone: Phone, store: str, lines: list[tuple[str, str, str]], picture: np.ndarray | None = None
) -> Image.Image:
    """A conversation: (who "me"/"them"/"day", time, words); "[photo]" shows ``picture``."""
    phone.header(store, "Order")
    phone.y += 20
    for who, clock, words in lines:
        if who == "day":
            phone.text((540, phone.y + 16), words, 30, GREY, anchor="ma")
            phone.y += 72
            continue
        mine = who == "me"
        if words == "[photo]" and picture is not None:
            x = 1056 - 480 if mine else 110
            phone.thumb(picture, x, phone.y, 480, 360, 28)
            phone.text((x + 464, phone.y + 318), clock, 26, (255, 255, 255), anchor="ra")
            phone.y += 384
            continue
        _bubble(phone, mine, clock, words)
    bottom = phone.height / phone.u
    phone.box(0, bottom - 190, 1080, 190, (255, 255, 255))
    phone.box(110, bottom - 166, 760, 96, PAPER, 48)
    phone.text((150, bottom - 118), "Message", 36, GREY, anchor="lm")
    phone.draw.ellipse([phone.px(v) for v in (910, bottom - 166, 1006, bottom - 70)], fill=ACCENT)
    phone.draw.polygon(
        [
            (phone.px(940), phone.px(bottom - 142)),
            (phone.px(984), phone.px(bottom - 118)),
            (phone.px(940), phone.px(bottom - 94)),
        ],
        fill="white",
    )
    phone.text((56, bottom - 118), "+", 60, GREY, anchor="mm")
    phone.box(390, bottom - 30, 300, 10, INK, 5)
    return phone.picture


def _bubble(phone: Phone, mine: bool, clock: str, words: str) -> None:
    rows = wrapped(words, 36, 640, phone.u)
    tall = 52 * len(rows) + 80
    x = 1056 - 720 if mine else 110
    if not mine:
        phone.draw.ellipse([phone.px(v) for v in (24, phone.y, 94, phone.y + 70)], fill=BLUE)
        phone.text((59, phone.y + 35), "S", 36, (255, 255, 255), True, "mm")
    phone.box(x, phone.y, 720, tall, (255, 228, 216) if mine else (255, 255, 255), 30)
    for index, row in enumerate(rows):
        phone.text((x + 36, phone.y + 24 + index * 52), row, 36)
    phone.text((x + 690, phone.y + tall - 46), clock + ("  ✓✓" if mine else ""), 26, GREY, anchor="ra")
    phone.y += round(tall) + 22


def product_page(phone: Phone, picture: np.ndarray, title: str, price: str, facts: list[str]) -> Image.Image:
    """The listing as a buyer sees it."""
    phone.header("Torvik", "Share")
    phone.thumb(picture, 0, phone.y, 1080, 900, 0)
    phone.box(940, phone.y + 820, 110, 56, (60, 60, 66), 28)
    phone.text((995, phone.y + 848), "1/6", 30, (255, 255, 255), anchor="mm")
    phone.y += 880
    top = phone.card(330)
    phone.text((64, top + 34), price, 58, ACCENT, True)
    phone.text((450, top + 52), "−18 %", 34, GREEN, True)
    for index, line in enumerate(wrapped(title, 40, 950, phone.u)[:2]):
        phone.text((64, top + 124 + index * 56), line, 40)
    phone.text((64, top + 256), "★ 4.7   ·   1,318 sold   ·   free delivery", 34, GREY)
    top = phone.card(60 + 68 * len(facts))
    for index, fact in enumerate(facts):
        phone.text((64, top + 36 + index * 68), "•  " + fact, 35)
    phone.buttons(["Add to basket", "Buy now"])
    return phone.picture


def size_chart_page(phone: Phone, rows: list[tuple[str, ...]]) -> Image.Image:
    """The listing's size table on the phone."""
    phone.header("Size guide", "cm / in")
    top = phone.card(190)
    phone.text((64, top + 34), "Women's relaxed T-shirt, plum", 42, bold=True)
    phone.text((64, top + 108), "Garment measured flat. Tolerance 1–2 cm.", 34, GREY)
    _table(phone, rows)
    top = phone.card(420)
    phone.text((64, top + 34), "How to measure", 40, bold=True)
    tips = [
        "Chest: from seam to seam, 2 cm below the armhole.",
        "Length: from the highest shoulder point to the hem.",
        "Sleeve: from the shoulder seam to the cuff.",
        "Between two sizes? Take the larger one.",
    ]
    for index, tip in enumerate(tips):
        phone.text((64, top + 110 + index * 70), f"{index + 1}.  {tip}", 34, GREY)
    phone.buttons(["Choose size", "Add to basket"])
    return phone.picture


def _table(phone: Phone, rows: list[tuple[str, ...]]) -> None:
    top = phone.card(40 + 96 * len(rows))
    wide = 952 / len(rows[0])
    for index, row in enumerate(rows):
        y = top + 20 + index * 96
        if index == 0:
            phone.box(64, y, 952, 96, (236, 238, 244))
        for column, value in enumerate(row):
            phone.text((64 + (column + 0.5) * wide, y + 48), value, 34, INK, index == 0 or column == 0, "mm")
        phone.box(64, y + 95, 952, 2, LINE)


def size_chart_card(rows: list[tuple[str, ...]]) -> Image.Image:
    """The seller's own chart, 1200 by 1010, made on a computer."""
    phone = Phone(1200, 1010)
    phone.draw.rectangle((0, 0, 1200, 1010), fill=(250, 248, 243))
    phone.y = 130
    phone.text((60, 30), "NORVEL  SIZE CHART  ·  style 88413-TS", 46, (90, 34, 48), True)
    _table(phone, rows)
    phone.text(
        (64, phone.y + 24), "All figures in cm, laid flat, before washing. Valid from batch 2601.", 28, GREY
    )
    return phone.picture
