"""The words people read for the codes of the contract. Codes never change; these sentences may."""

from __future__ import annotations

from typing import NamedTuple

from validators.dispute import BUYER, SELLER
from validators.report import (
    NEEDS_RESUBMISSION,
    PROCESSING_FAILED,
    UNREADABLE,
    USABLE,
    USABLE_WITH_WARNINGS,
    NumberAnswer,
    Transform,
)


class Label(NamedTuple):
    """A verdict in words. ``mark`` is a symbol that reads without colour; ``tone`` names its style."""

    mark: str
    tone: str
    words: str
    short: str


GOOD, LOOK, WARN, BAD, CALM = "good", "look", "warn", "bad", "calm"
MARKS = {GOOD: "✓", LOOK: "?", WARN: "!", BAD: "✕", CALM: "–"}

STATES = {
    USABLE: Label("✓", GOOD, "Can be read.", "readable"),
    USABLE_WITH_WARNINGS: Label("!", WARN, "Can be read, with problems.", "readable, with problems"),
    NEEDS_RESUBMISSION: Label("✕", BAD, "Not good enough as it is: ask for it again.", "to be sent again"),
    UNREADABLE: Label("✕", BAD, "Cannot be opened.", "cannot be opened"),
    PROCESSING_FAILED: Label(
        "✕", BAD, "Not examined: something failed on our side, not the uploader's.", "not examined"
    ),
}

CODE_TITLES = {
    "FMT_EMPTY": "Empty file",
    "FMT_UNSUPPORTED": "Unsupported kind of file",
    "FMT_CORRUPT": "Cannot be decoded",
    "FMT_TRUNCATED": "End of the file is missing",
    "FMT_ENCRYPTED": "Protected by a password",
    "FMT_TOO_LARGE": "Too large",
    "FMT_MISSING": "File is absent",
    "FMT_NOT_ACCEPTED": "Format not accepted",
    "FMT_DAMAGED": "Partly damaged",
    "FMT_TYPE_MISMATCH": "Name and content differ in type",
    "FMT_TRAILING_DATA": "Other data after the end",
    "FMT_LIMITED": "Read in part",
    "FMT_QUARANTINED": "Set aside after failing",
    "CLR_BLUR": "Blurred",
    "CLR_DARK": "Too dark",
    "CLR_OVEREXPOSED": "Over-exposed",
    "CLR_GLARE": "Glare",
    "CLR_LOW_CONTRAST": "Low contrast",
    "CLR_LOW_RES": "Too small",
    "CLR_BLANK": "Blank",
    "CLR_TEXT_ILLEGIBLE": "Text too small to read",
    "TIM_BEFORE_ORDER": "Taken before the order",
    "TIM_BEFORE_DELIVERY": "Taken before delivery",
    "TIM_FUTURE": "Dated in the future",
    "TIM_INCONSISTENT": "Times disagree",
    "TIM_EDITED_AFTER_CAPTURE": "Saved again after capture",
    "TIM_NO_CAPTURE_TIME": "No capture time",
    "TIM_AFTER_DEADLINE": "Sent after the deadline",
    "DUP_SAME_FILE": "Same file elsewhere",
    "DUP_SAME_PHOTO": "Same photo elsewhere",
    "DUP_SAME_SCENE": "Same scene elsewhere",
    "DUP_CANNOT_COMPARE": "Cannot be compared",
    "DUP_COMMON": "Seen in many disputes",
    "LST_MATCHES_LISTING": "Matches the listing",
    "VID_NO_DECODE": "Video cannot be played",
    "VID_BLACK": "Black stretch",
    "VID_FROZEN": "Frozen picture",
    "VID_SHAKE": "Shaky",
    "VID_CUTS": "Cuts",
    "VID_SILENT": "No sound",
    "VID_REENCODED": "Encoded again",
    "TXT_DIFFERS": "Text differs from the record",
    "DESC_MISSING": "No description",
    "PII_GPS": "Holds a location",
    "CMP_MISSING": "Required and past due",
    "SYS_INCONCLUSIVE": "A check did not finish",
    "SYS_TOOL_MISSING": "A check could not run",
}

_CONSISTENCY = ("TIM_", "DUP_", "LST_", "TXT_", "CMP_", "PII_")

KINDS = {
    "photo": "photo",
    "screenshot": "screenshot",
    "document": "document",
    "text": "text",
    "video": "video",
    "unknown": "file",
}
PARTIES = {BUYER: "Buyer", SELLER: "Seller"}
NOBODY = "Party not stated"

MATCH_CLASSES = {
    "SAME_FILE": "The same file, byte for byte",
    "SAME_PHOTO": "The same photo",
    "SAME_SCENE": "Another photo of the same scene or product",
    "LISTING_COPY": "The listing’s own photo",
}
SCOPES = {
    "same_dispute": "in this dispute",
    "other_dispute": "in another dispute",
    "listing": "on the listing",
}
RELATIONS = {
    "same_account": "sent by the same account",
    "other_account": "sent by another account",
    "opposing_party": "sent by the other party",
    "unknown": "account unknown",
}
DIRECTIONS = {
    "earlier": "that one came first",
    "later": "that one came later",
    "unordered": "which came first is unknown",
}
SLOTS = {
    "filled": Label("✓", GOOD, "Filled", "filled"),
    "weak": Label("◐", WARN, "Weak", "weak"),
    "missing": Label("○", BAD, "Missing", "missing"),
}
DEADLINES = {
    "open_from": "Opening a dispute, from",
    "open_until": "Opening a dispute, until",
    "seller_answer": "Seller’s answer",
    "evidence": "Evidence",
    "evidence_requested": "Evidence asked for",
    "protection": "Buyer protection",
    "mediation": "Mediation",
}
SOFT = "a little soft, not enough to ask for it again"
CLARITY = {"sharp": "sharp", "blurred": "blurred", "undetermined": "cannot be told"}

_ANSWERS = {
    "agrees": "is the dispute's",
    "differs": "is not the dispute's",
    "cannot_read": "was not read with certainty",
}
NUMBERS = {"order": "Order number", "tracking": "Tracking number"}

CONTAINERS = {
    "screenshot": "inside a screenshot",
    "collage": "inside a collage",
    "border": "with a border",
    "screen": "photographed from a screen",
}


def number_answer(told: NumberAnswer) -> str:
    """What reading a number of the dispute on an item came to."""
    answer = _ANSWERS.get(told.answer, plain(told.answer))
    how = {"barcode": "a barcode", "text": "its text"}.get(told.source or "")
    return f"{answer}, read from {how}" if how and told.answer != "cannot_read" else answer


def party(name: str | None) -> str:
    """ "Buyer", "Seller", or that nobody said."""
    return PARTIES.get(name, plain(name)) if name else NOBODY


def plain(code: str) -> str:
    """A code of the record as words: NOT_AS_DESCRIBED gives "Not as described"."""
    text = code.replace("_", " ").strip()
    return text[:1].upper() + text[1:].lower() if text.isupper() else text[:1].upper() + text[1:]


def reason(name: str | None, sub_reason: str | None) -> str:
    """ "Not as described · Damaged"; empty where none is given."""
    return " · ".join(plain(part) for part in (name, sub_reason) if part)


def title(code: str) -> str:
    """What a finding is called."""
    return CODE_TITLES.get(code, plain(code))


def is_consistency(code: str) -> bool:
    """Whether the finding speaks of fitting the record; else it speaks of being readable."""
    return code.startswith(_CONSISTENCY)


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 item", "3 items"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def transform(edit: Transform) -> str:
    """The recovered edit in words, empty where there is none. ``crop`` reads as the share that is left."""
    parts = ["mirrored"] if edit.mirrored else []
    if edit.rotation_deg:
        parts.append(f"rotated {edit.rotation_deg:.0f}°")
    if edit.scale is not None and abs(edit.scale - 1) >= 0.005:
        parts.append(f"scaled to {edit.scale:.0%}")
    if edit.crop is not None and edit.crop < 0.995:
        parts.append(f"cropped to {edit.crop:.0%}")
    if edit.container in CONTAINERS:
        parts.append(CONTAINERS[edit.container])
    return ", ".join(parts)
