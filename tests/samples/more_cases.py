"""The disputes D-1005 to D-1007, and all of them together."""

from __future__ import annotations

from cases import D1001, D1002, D1003, D1004
from model import (
    COFFEE,
    DRAWN,
    HEALTHY,
    OPENS,
    PAPER,
    PHOTO_CLARITY,
    RENDERED,
    SCREEN,
    WITH_COFFEE,
    WRITTEN,
    Item,
    Sample,
    record,
    without,
)

D1005 = Sample(
    record(
        "D-1005", "NOT_AS_DESCRIBED", "size_chart", "2026-04-22T10:30:00Z", "b-1999", "s-260", "L-8841", "8100-2355-6120", "LP00508830447QX",
        [("placed", "2026-04-02T06:25:00Z", "platform"), ("paid", "2026-04-02T06:25:19Z", "platform"),
         ("shipped", "2026-04-05T03:00:00Z", "seller"), ("delivered", "2026-04-20T10:12:00+02:00", "carrier")],
        {"type": "refund", "amount": "EUR 12.50", "return": True},
    ),
    (
        Item("buyer/20260422_120311.jpg", "the shirt with a tape across the chest", RENDERED, "", HEALTHY, "photo", ("item_with_ruler", "item"),
             "Size M measured flat: 47.5 cm across. The chart says 52.", "2026-04-22T10:35:00Z"),
        Item("buyer/20260422_120355.jpg", "blurred photo (the camera moved)", RENDERED, "CLR_BLUR", without(HEALTHY, "CLR_BLUR", "DUP_SAME_PHOTO"),
             "photo", ("item_with_ruler",), "The end of the tape.", "2026-04-22T10:35:30Z"),
        Item("buyer/20260422_120501.jpg", "size label close-up", RENDERED, "", HEALTHY, "photo", ("size_label",), "The label says M.",
             "2026-04-22T10:36:00Z"),
        Item("buyer/20260422_120533.jpg", "truncated JPEG: the upload broke off", RENDERED, "FMT_TRUNCATED", "FMT_TYPE_MISMATCH FMT_EMPTY LST_MATCHES_LISTING",
             "photo", ("item_with_ruler",), "The tape at the seam again.", "2026-04-22T10:36:40Z"),
        Item("buyer/Screenshot_20260422-121010.png", "phone screenshot of the listing's size chart", DRAWN, "", SCREEN, "screenshot",
             ("size_chart",), "The size chart on the day I bought it.", "2026-04-22T10:38:00Z"),
        Item("seller/size_chart_88413-TS.png", "the seller's chart as a picture", DRAWN, "", without(PAPER, "FMT_TYPE_MISMATCH"), "photo",
             ("size_chart",), "Our valid size chart.", "2026-04-24T02:15:00Z"),
        Item("seller/chat_8100-2355-6120.txt", "chat log as text", WRITTEN, "", PAPER, "text", ("communication",),
             "Messages with the buyer.", "2026-04-24T02:16:00Z"),
    ),
)  # fmt: skip

D1006 = Sample(
    record(
        "D-1006", "NOT_AS_DESCRIBED", "damaged", "2026-04-02T08:20:00Z", "b-3351", "s-417", "L-7720", "8100-2407-9950", "LP00519904412QX",
        [("placed", "2026-03-12T21:05:00Z", "platform"), ("paid", "2026-03-12T21:05:44Z", "platform"),
         ("shipped", "2026-03-16T05:30:00Z", "seller"), ("delivered", "2026-04-01T09:50:00+02:00", "carrier")],
        {"type": "refund", "amount": "EUR 21.00", "return": False},
    ),
    (
        Item("buyer/WhatsApp Image 2026-04-02 at 10.15.22.jpeg",
             "the photo of D-1001, mirrored and compressed again, from another buyer, with no description", RENDERED, "DUP_SAME_PHOTO DESC_MISSING",
             f"{OPENS} {PHOTO_CLARITY} FMT_TYPE_MISMATCH DUP_SAME_FILE LST_MATCHES_LISTING", "photo", ("item",), None, "2026-04-02T08:25:00Z"),
        Item("buyer/IMG_20251103_143052.jpg", "photo taken four months before the order (EXIF)", RENDERED, "TIM_BEFORE_ORDER",
             without(HEALTHY, "TIM_BEFORE_ORDER", "TIM_BEFORE_DELIVERY"), "photo", ("item",), "The mug from the side.", "2026-04-02T08:25:40Z"),
        Item("buyer/IMG_20260402_095801.jpg", "packaging", RENDERED, "", HEALTHY, "photo", ("packaging",), "The box it came in.",
             "2026-04-02T08:26:10Z"),
        Item("buyer/Screenshot_2026-04-02-10-20-05.png", "screenshot of the tracking page; another of the same page is in D-1004", DRAWN, "",
             SCREEN, "screenshot", ("tracking_page",), "Delivered yesterday.", "2026-04-02T08:27:00Z"),
        Item("seller/invoice_8100-2407-9950.pdf", "PDF invoice", DRAWN, "", PAPER, "document", ("invoice",), "Invoice.", "2026-04-04T07:00:00Z"),
        Item("seller/chat_8100-2407-9950.txt", "chat log as text", WRITTEN, "", PAPER, "text", ("communication",), "Our messages.",
             "2026-04-04T07:01:00Z"),
    ),
)  # fmt: skip

D1007 = Sample(
    record(
        "D-1007", "NOT_AS_DESCRIBED", "misleading_listing_images", "2026-04-27T06:30:00Z", "b-2714", "s-533", "L-9106", "8100-2433-0281",
        "LP00523117736QX",
        [("placed", "2026-04-05T15:00:00Z", "platform"), ("paid", "2026-04-05T15:00:25Z", "platform"),
         ("shipped", "2026-04-08T02:00:00Z", "seller"), ("delivered", "2026-04-25T13:20:00+02:00", "carrier")],
        {"type": "refund", "amount": "EUR 14.30", "return": True},
    ),
    (
        Item("buyer/IMG_20260427_081530.jpg", "what came: a thin grey cup", RENDERED, "", HEALTHY, "photo", ("item",),
             "Thin grey ware, no spoon: nothing like the picture.", "2026-04-27T06:33:00Z"),
        Item("buyer/Screenshot_2026-04-27-08-20-44.png", "phone screenshot of the listing: shows its image, and is not a copy of it", WITH_COFFEE, "",
             SCREEN, "screenshot", ("listing_snapshot",), "The listing when I ordered.", "2026-04-27T06:34:00Z"),
        Item("seller/original_photo.jpg", "copied from the listing, compressed again", COFFEE, "LST_MATCHES_LISTING",
             f"{OPENS} FMT_TYPE_MISMATCH CLR_LOW_RES CLR_BLANK CLR_DARK", "photo", ("original_photos",), "Our own photo of the cup in stock.",
             "2026-04-29T03:05:00Z"),
        Item("seller/Re_ Cup not as pictured.eml", "mail as saved by a mail program", WRITTEN, "", PAPER, "text", ("communication",),
             "Our answer to the buyer.", "2026-04-29T03:07:00Z"),
        Item("listing/cup.jpg", "image of the listing: compared against, not judged", COFFEE),
    ),
)  # fmt: skip

SAMPLES = (D1001, D1002, D1003, D1004, D1005, D1006, D1007)
