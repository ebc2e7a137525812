"""What stands in each document, chat log and mail."""

from __future__ import annotations

from collections.abc import Callable

import papers
from recipes import Maker


def confirmation_1001(make: Maker) -> bytes:
    """The order as confirmed."""
    del make
    head = [
        ("Order number", "8100-2231-4417"),
        ("Date", "20 February 2026"),
        ("Seller", "Lindqvist Homeware Store"),
        ("Buyer", "Ines Kolar"),
        ("Ship to", "Vrtna ulica 14, flat 6, 2104 Maribrod, Slovaria"),
        ("Tracking number", "LP00483127765QX"),
    ]
    lines = [
        ("Stoneware tea mug with lid, 350 ml, sand / teal", "1", "EUR 18.90"),
        ("E-Packet Plus", "1", "EUR 0.00"),
    ]
    notes = [
        "Paid by card ending 0417 on 20 February 2026.",
        "Buyer protection until 21 May 2026.",
        "Please inspect the parcel on receipt.",
    ]
    return papers.confirmation("Order confirmation", head, lines, "EUR 18.90", notes)


def proof_1004(make: Maker) -> bytes:
    """The proof nobody can open."""
    del make
    head = [
        ("Parcel", "LP00500712093QX"),
        ("Delivered", "3 March 2026, 11:47"),
        ("Place", "front door"),
        ("Scanner", "EST-0417"),
    ]
    return papers.confirmation(
        "Proof of delivery", head, [("E-Packet Plus, 1.9 kg", "1", "–")], "–", ["Photo on file."], "store-077"
    )


def invoice_1006(make: Maker) -> bytes:
    """The second mug's invoice."""
    del make
    head = [
        ("Invoice", "INV-26-00418"),
        ("Order number", "8100-2407-9950"),
        ("Date", "12 March 2026"),
        ("Seller", "Marrow & Clay"),
        ("Buyer", "Tomas Brekke"),
        ("Ship to", "Fjordgata 3, 5010 Nordby, Nordavia"),
    ]
    lines = [("Ceramic mug with lid, 350 ml, sand / teal", "1", "EUR 21.00")]
    return papers.confirmation(
        "Invoice",
        head,
        lines,
        "EUR 21.00",
        ["Paid on 12 March 2026.", "Packed and checked on 15 March 2026."],
    )


def chat_1002(make: Maker) -> bytes:
    """From the shop's inbox."""
    del make
    lines = [
        (
            "2026-04-11 08:12",
            "buyer b-2290",
            "Hello, the lamp flickers and after a few seconds it goes out. Two sockets tried.",
        ),
        ("2026-04-11 08:40", "Brightwell Direct", "Hello! Please check that the bulb is screwed in tightly."),
        ("2026-04-11 09:05", "buyer b-2290", "The LED is built in, there is no bulb to screw."),
        (
            "2026-04-12 02:31",
            "Brightwell Direct",
            "Please make a video of the problem and open a dispute so that we can help.",
        ),
        ("2026-04-12 19:08", "buyer b-2290", "Done. In the video you see it from second 2."),
        (
            "2026-04-14 03:20",
            "Brightwell Direct",
            "Our technician says the light was tested before shipping. We send our test video.",
        ),
    ]
    return papers.chat_log("Conversation on order 8100-2298-1173 (times in UTC)", lines)


def chat_1005(make: Maker) -> bytes:
    """On the shirt."""
    del make
    lines = [
        (
            "2026-04-20 15:02",
            "buyer b-1999",
            "The shirt is much narrower than in your chart. I measured 47.5 cm at the chest, size M.",
        ),
        ("2026-04-21 01:44", "NORVEL", "Dear buyer, the difference of 1-3 cm is normal."),
        ("2026-04-21 05:30", "buyer b-1999", "It is 4.5 cm. The chart says 52."),
        ("2026-04-22 02:10", "NORVEL", "The chart was updated, size M is 47 now. Please see the picture."),
    ]
    return papers.chat_log("Conversation on order 8100-2355-6120 (times in UTC)", lines)


def chat_1006(make: Maker) -> bytes:
    """On the second mug."""
    del make
    lines = [
        ("2026-04-01 17:20", "buyer b-3351", "lid broken, want my money back"),
        (
            "2026-04-02 06:02",
            "Marrow & Clay",
            "We are sorry to hear that. Could you send a photo with our order card beside the mug?",
        ),
        ("2026-04-02 08:18", "buyer b-3351", "i opened a dispute, photos are there"),
        (
            "2026-04-03 07:45",
            "Marrow & Clay",
            "Your table is in sunlight and the parcel lies on a dark floor. Is it the same place?",
        ),
    ]
    return papers.chat_log("Conversation on order 8100-2407-9950 (times in UTC)", lines)


def mail_1002(make: Maker) -> bytes:
    """An offer."""
    del make
    body = (
        "Dear customer,\n\nthank you for your video. Before we take the lamp back, could you please try\n"
        "another wall socket and hold the switch for 3 seconds? Many customers report this helps.\n\n"
        "If not, we offer 30 % of the price, and you keep the lamp.\n\nKind regards\n"
        "Brightwell Direct – after-sales\n\n"
        "> The lamp goes on, flickers and goes out by itself.\n> Order 8100-2298-1173\n"
    )
    return papers.letter(
        "aftersales@brightwell.example",
        "buyer-2290@relay.torvik.example",
        "Re: Lamp flickers",
        "Tue, 14 Apr 2026 03:26:00 +0000",
        body,
    )


def mail_1004(make: Maker) -> bytes:
    """The carrier's answer."""
    del make
    body = (
        "Inquiry NP-2026-118204\n\nParcel LP00500712093QX was scanned as delivered on\n"
        "3 March 2026 at 11:47 by courier EST-0417. Position of the scan: within 80 m of the address.\n"
        "Photo: yes. Signature: not required for this service.\n\n"
        "The courier remembers a grey step and a brown mat.\n\nNordavia Post, inquiries\n"
    )
    return papers.letter(
        "inquiries@nordaviapost.example",
        "service@store-077.example",
        "Inquiry NP-2026-118204",
        "Mon, 09 Mar 2026 14:52:00 +0100",
        body,
    )


def mail_1007(make: Maker) -> bytes:
    """A denial."""
    del make
    body = (
        "Dear friend,\n\nall our photos are real photos made by us, only the light is different.\n"
        "The spoon is not part of this version, please read the description carefully.\n\n"
        "We can offer 3 EUR.\n\nCup & Corner\n\n"
        "> I expected the cup of the picture, thick, red, with a spoon.\n"
    )
    return papers.letter(
        "shop@cupandcorner.example",
        "buyer-2714@relay.torvik.example",
        "Re: Cup not as pictured",
        "Tue, 28 Apr 2026 02:14:00 +0000",
        body,
    )


def history_1004(make: Maker) -> bytes:
    """A table of scans, saved from a web page under a picture's name."""
    del make
    rows = [
        "Tracking number: LP00500712093QX",
        "Service: E-Packet Plus",
        "",
        "Date;Time;Place;Event",
        "2026-02-13;05:10;Origin;Handed over to the carrier",
        "2026-02-24;22:50;Nordby airport;Arrived in the country of destination",
        "2026-02-28;06:14;Nordby airport;Released by customs",
        "2026-03-02;19:33;Estwick;Arrived at the local depot",
        "2026-03-03;08:02;Estwick;Out for delivery",
        "2026-03-03;11:47;Estwick;Delivered",
    ]
    return ("\r\n".join(rows) + "\r\n").encode()


def nothing(make: Maker) -> bytes:
    """No bytes at all."""
    del make
    return b""


PAPERS: dict[str, Callable[[Maker], bytes]] = {
    "D-1001/seller/order_confirmation_8100-2231-4417.pdf": confirmation_1001,
    "D-1002/seller/chat_8100-2298-1173.txt": chat_1002,
    "D-1002/seller/Re_ Lamp flickers.eml": mail_1002,
    "D-1004/seller/delivery_proof.pdf": proof_1004,
    "D-1004/seller/tracking_history.png": history_1004,
    "D-1004/seller/signature.jpg": nothing,
    "D-1004/seller/Carrier answer.eml": mail_1004,
    "D-1005/seller/chat_8100-2355-6120.txt": chat_1005,
    "D-1006/seller/invoice_8100-2407-9950.pdf": invoice_1006,
    "D-1006/seller/chat_8100-2407-9950.txt": chat_1006,
    "D-1007/seller/Re_ Cup not as pictured.eml": mail_1007,
}
