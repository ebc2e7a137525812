"""What stands on each screenshot."""

from __future__ import annotations

import io
from collections.abc import Callable

import screens
from app_kit import Phone
from PIL import Image
from recipes import Maker, coffee
from screens import Order


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86)
    return out.getvalue()


def order_1001(make: Maker) -> bytes:
    """The mug's order."""
    order = Order(
        "8100-2231-4417",
        "Stoneware tea mug with lid, 350 ml, speckled glaze",
        "Colour: sand / teal",
        "EUR 18.90",
        "Lindqvist Homeware Store",
        "20 Feb 2026, 09:00",
        "Delivered",
        "7 March, 12:30 · signed for: no",
        ("Ines Kolar", "Vrtna ulica 14, flat 6, 2104 Maribrod, Slovaria"),
        make.pixels("mug_listing_white", 0.52, noise=0.4, seed=106),
    )
    return _png(screens.order_page(Phone(clock="10:22", battery=71), order))


def chat_1001(make: Maker) -> bytes:
    """The mug's conversation."""
    picture = make.pixels("mug_broken", 0.19, noise=1.5, seed=101)
    lines = [
        ("day", "", "Monday 9 March"),
        (
            "me",
            "09:58",
            "Hello, the mug arrived on Saturday, the lid broken in two. The box was crushed at one corner.",
        ),
        ("me", "10:16", "[photo]"),
        ("them", "13:40", "Dear friend, so sorry for that! Can you please send photo of box and label also?"),
        ("me", "13:52", "I added them to the dispute."),
        ("day", "", "Tuesday 10 March"),
        (
            "them",
            "03:11",
            "Dear, we can refund 2 EUR for the lid. Is it ok for you? Please close the dispute.",
        ),
        ("me", "08:39", "No. A tea mug with a lid is what I paid for."),
    ]
    return _png(
        screens.chat_page(Phone(clock="08:41", battery=93), "Lindqvist Homeware Store", lines, picture)
    )


def order_1002(make: Maker) -> bytes:
    """The lamp's order, saved as JPEG by this phone."""
    plane = make.pixels("lamp_ambient", 0.25, noise=0.6, seed=131)
    order = Order(
        "8100-2298-1173",
        "LED desk lamp, bent arm, warm white, 7 W, with plug",
        "Colour: petrol",
        "EUR 26.40",
        "Brightwell Direct",
        "15 Mar 2026, 20:42",
        "Delivered",
        "10 April, 16:05 · handed over",
        ("J. Marchetti", "Via dei Tigli 9, 3312 Alborna"),
        plane,
    )
    return _jpeg(screens.order_page(Phone(1080, 2400, clock="19:01", battery=44, carrier="Linea IT"), order))


def order_1003(make: Maker) -> bytes:
    """The case's order, on a larger screen."""
    order = Order(
        "8100-2260-7735",
        "Soft-touch silicone case for Arden 12 Lite, raised camera edge",
        "Colour: midnight blue",
        "EUR 7.40",
        "Shello Phone Parts",
        "1 Mar 2026, 14:10",
        "Delivered",
        "20 March, 17:40 · letter box",
        ("K. Saarela", "Tammikatu 21 B 8, 5530 Halmio"),
        make.pixels("case_listing", 0.34, noise=0.4, seed=114),
    )
    return _png(screens.order_page(Phone(1170, 2532, clock="09:55", battery=62, carrier="Elma"), order))


def chat_1003(make: Maker) -> bytes:
    """The case's conversation."""
    lines = [
        ("day", "", "Saturday 21 March"),
        ("me", "10:20", "Hi, I ordered midnight blue and got a green case. The card in the bag says blue."),
        (
            "them",
            "11:05",
            "Hello dear customer. Colour can look different on every screen and in every light.",
        ),
        ("me", "11:12", "[photo]"),
        ("me", "11:13", "This is not blue on any screen."),
        ("them", "16:48", "We checked, our packer took the blue one. We will show the photo."),
        ("day", "", "Sunday 22 March"),
        ("me", "09:41", "Then I will open a dispute today."),
    ]
    picture = make.pixels("case_received", 0.2, noise=1.2, seed=111)
    return _png(
        screens.chat_page(
            Phone(1170, 2532, clock="09:56", battery=62, carrier="Elma"), "Shello Phone Parts", lines, picture
        )
    )


def tracking_1004(make: Maker) -> bytes:
    """Marked delivered."""
    del make
    events = [
        ("3 March", "11:47", "Delivered. Left at the front door."),
        ("3 March", "08:02", "Out for delivery, Estwick depot"),
        ("2 March", "19:33", "Arrived at the local depot, Estwick"),
        ("28 February", "06:14", "Released by customs, Nordby airport"),
        ("13 February", "05:10", "Handed over to the carrier"),
    ]
    phone = Phone(clock="19:02", battery=38, carrier="Estel")
    return _png(
        screens.tracking_page(
            phone, "LP00500712093QX", "Nordavia Post", ("Delivered", "3 March, 11:47"), events
        )
    )


def tracking_1006(make: Maker) -> bytes:
    """The same page of the same app, another parcel."""
    del make
    events = [
        ("1 April", "09:50", "Delivered to a person of the household."),
        ("1 April", "07:25", "Out for delivery, Nordby Vest"),
        ("31 March", "13:08", "Delivery attempted, nobody at home. New attempt on the next working day."),
        ("29 March", "20:41", "Arrived at the local depot, Nordby"),
        ("16 March", "06:45", "Handed over to the carrier"),
    ]
    phone = Phone(clock="10:20", battery=84, carrier="Fjordnett")
    return _png(
        screens.tracking_page(
            phone, "LP00519904412QX", "Nordavia Post", ("Delivered", "1 April, 09:50"), events
        )
    )


def chat_1004(make: Maker) -> bytes:
    """With the carrier."""
    del make
    lines = [
        ("day", "", "Thursday 5 March"),
        (
            "me",
            "18:51",
            "My parcel LP00500712093QX is marked delivered on 3 March. I was at home, there is nothing.",
        ),
        ("them", "18:54", "Thank you for contacting Nordavia Post. I see a scan at the front door at 11:47."),
        ("me", "18:56", "Which door? Mine is number 27, dark green. I asked the neighbours too."),
        ("them", "19:01", "The courier's photo belongs to the sender. Please ask the seller for it."),
        ("me", "19:03", "So you cannot say where it was left?"),
        (
            "them",
            "19:07",
            "I am sorry, I have no further information. An inquiry takes up to 10 working days.",
        ),
    ]
    return _png(
        screens.chat_page(Phone(clock="19:08", battery=37, carrier="Estel"), "Nordavia Post · help", lines)
    )


CHART = [
    ("Size", "EU", "Chest", "Length", "Sleeve"),
    ("XS", "36", "46", "64", "19"),
    ("S", "38", "49", "66", "20"),
    ("M", "40", "52", "68", "21"),
    ("L", "42", "55", "70", "22"),
    ("XL", "44", "58", "72", "23"),
]
SELLERS_CHART = [
    ("Size", "Chest", "Length", "Shoulder", "Sleeve"),
    ("XS", "43", "63", "38", "18"),
    ("S", "45", "65", "40", "19"),
    ("M", "47", "67", "42", "20"),
    ("L", "50", "69", "44", "21"),
    ("XL", "53", "71", "46", "22"),
]


def chart_1005(make: Maker) -> bytes:
    """The listing's chart."""
    del make
    return _png(screens.size_chart_page(Phone(clock="12:10", battery=55), CHART))


def sellers_chart_1005(make: Maker) -> bytes:
    """The seller's chart, with other figures."""
    del make
    return _png(screens.size_chart_card(SELLERS_CHART))


def product_1007(make: Maker) -> bytes:
    """The listing as seen."""
    del make
    facts = [
        "Thick-walled porcelain, 90 ml",
        "With saucer and steel spoon",
        "Colour: brick red",
        "Dishwasher safe",
        "Real photos of the goods",
    ]
    title = "Espresso cup set, brick red glaze, cup + saucer + spoon, gift box"
    return _jpeg(
        screens.product_page(Phone(clock="08:20", battery=67), coffee(1200), title, "EUR 14.30", facts)
    )


PAGES: dict[str, Callable[[Maker], bytes]] = {
    "D-1001/buyer/Screenshot_2026-03-09-10-22-33.png": order_1001,
    "D-1001/buyer/Screenshot_2026-03-10-08-41-07.png": chat_1001,
    "D-1002/buyer/Screenshot_20260412-190122.jpg": order_1002,
    "D-1003/buyer/IMG_0419.PNG": order_1003,
    "D-1003/buyer/IMG_0420.PNG": chat_1003,
    "D-1004/buyer/Screenshot_2026-03-05-19-02-11.png": tracking_1004,
    "D-1004/buyer/Screenshot_2026-03-05-19-08-40.png": chat_1004,
    "D-1005/buyer/Screenshot_20260422-121010.png": chart_1005,
    "D-1005/seller/size_chart_88413-TS.png": sellers_chart_1005,
    "D-1006/buyer/Screenshot_2026-04-02-10-20-05.png": tracking_1006,
    "D-1007/buyer/Screenshot_2026-04-27-08-20-44.jpg": product_1007,
}
