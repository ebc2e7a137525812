"""Exported chats of known answer: WhatsApp in the date orders of many locales, Telegram, copied chats and logs."""

from __future__ import annotations

import html
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from text_chats import PHRASES

_HALVES = {
    "en-US": ("AM", "PM"), "es-ES": ("a. m.", "p. m."), "hi-IN": ("am", "pm"), "ar-EG": ("ص", "م"), "zh-CN": ("上午", "下午"),
    "ko-KR": ("오전", "오후"),
}  # fmt: skip
_LOCALES = {
    # date (d, m, y: as written; zeros by doubling), between date and time, time
    "en-US": ("m/d/yy", ", ", "h:M"), "en-GB": ("dd/mm/yyyy", ", ", "HH:M"), "de-DE": ("dd.mm.yy", ", ", "HH:M"),
    "fr-FR": ("dd/mm/yyyy", " à ", "HH:M"), "es-ES": ("d/m/yy", ", ", "h:M"), "pt-BR": ("dd/mm/yyyy", " ", "HH:M"),
    "it-IT": ("dd/mm/yy", ", ", "HH:M"), "ru-RU": ("dd.mm.yyyy", ", ", "HH:M"), "tr-TR": ("dd.mm.yyyy", " ", "HH:M"),
    "nl-NL": ("dd-mm-yyyy", " ", "HH:M"), "pl-PL": ("dd.mm.yyyy", ", ", "HH:M"), "id-ID": ("dd/mm/yy", " ", "HH.M"),
    "hi-IN": ("dd/mm/yy", ", ", "h:M"), "ar-EG": ("d\u200f/m\u200f/yyyy", "، ", "h:M"), "he-IL": ("d.m.yyyy", ", ", "HH:M"),
    "zh-CN": ("yyyy/m/d", " ", "h:M"), "ja-JP": ("yyyy/mm/dd", " ", "HH:M"), "ko-KR": ("yyyy. m. d.", " ", "h:M"),
    "sv-SE": ("yyyy-mm-dd", " ", "HH:M"), "th-TH": ("d/m/yyyy", " ", "HH:M"),
}  # fmt: skip
LOCALES = tuple(_LOCALES)
_HALF_FIRST = ("zh-CN", "ko-KR")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_NAMES = (
    "Anna Berg",
    "Nova Store",
    "王芳",
    "Олег",
    "María",
    "متجر النور",
    "דנה",
    "+49 151 2345678",
    "Shop · Support",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message that was written."""

    at: datetime
    sender: str
    text: str


def conversation(seed: int, messages: int = 24, start: datetime | None = None) -> list[Said]:
    """Messages of two people over some days, some of several lines, one with a time in its text."""
    rng = random.Random(seed)
    at = start or datetime(
        2024, rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(6, 22), rng.randrange(60)
    )
    names = rng.sample(_NAMES, 2)
    phrases = rng.choice(list(PHRASES.values()))
    said = []
    for number in range(messages):
        text = rng.choice(phrases)
        if number % 7 == 3:
            text += "\n" + rng.choice(phrases)
        if number == 5:
            text += " 10:30 - ok: 12/03"
        said.append(Said(at, rng.choice(names), text))
        at += timedelta(minutes=rng.choice((1, 2, 9, 50, 700, 1900)))
    return said


def whatsapp(said: list[Said], locale: str, ios: bool) -> str:
    """As WhatsApp exports it from a phone in this locale."""
    lines = (
        [] if ios else [f"{_stamp(said[0].at, locale, ios)} - Messages and calls are end-to-end encrypted."]
    )
    for one in said:
        head = f"[{_stamp(one.at, locale, ios)}] " if ios else f"{_stamp(one.at, locale, ios)} - "
        lines.append(f"{head}{one.sender}: {one.text}")
    return "\n".join(lines) + "\n"


def _stamp(at: datetime, locale: str, ios: bool) -> str:
    date, between, time = _LOCALES[locale]
    year = at.year + 543 if locale == "th-TH" else at.year
    for name, value in (
        ("yyyy", f"{year}"),
        ("yy", f"{year % 100:02}"),
        ("dd", f"{at.day:02}"),
        ("mm", f"{at.month:02}"),
    ):
        date = date.replace(name, value)
    date = date.replace("d", str(at.day)).replace("m", str(at.month))
    half = _HALVES.get(locale)
    hour = (at.hour % 12 or 12) if half else at.hour
    clock = f"{hour:02}" if time.startswith("HH") else f"{hour}"
    mark = "." if "." in time else ":"
    clock += f"{mark}{at.minute:02}" + (f"{mark}{at.second:02}" if ios else "")
    if half:
        name = half[at.hour >= 12]
        clock = f"{name}{clock}" if locale in _HALF_FIRST else f"{clock}\u202f{name}"
    made = f"{date}{between}{clock}"
    return made.translate(_ARABIC) if locale == "ar-EG" else made


def telegram_page(said: list[Said]) -> str:
    """As Telegram Desktop exports it as HTML: a sender's further messages have no name."""
    parts, last = [], ""
    for number, one in enumerate(said):
        joined = one.sender == last
        name = "" if joined else f'<div class="from_name">\n{html.escape(one.sender)}\n</div>'
        text = html.escape(one.text).replace("\n", "<br>")
        parts.append(
            f'<div class="message default clearfix{" joined" if joined else ""}" id="message{number}"><div class="body">'
            f'<div class="pull_right date details" title="{one.at:%d.%m.%Y %H:%M:%S} UTC+03:00">{one.at:%H:%M}</div>'
            f'{name}<div class="text">\n{text}\n</div></div></div>'
        )
        last = one.sender
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body><div class="page_wrap">'
        '<div class="history"><div class="message service" id="message-1"><div class="body details">5 January 2024</div></div>'
        f"{body}</div></div></body></html>"
    )


def telegram_json(said: list[Said]) -> str:
    """As Telegram Desktop exports it as JSON."""
    messages = [
        {
            "id": number,
            "type": "message",
            "date": f"{one.at:%Y-%m-%dT%H:%M:%S}",
            "date_unixtime": str(int(one.at.replace(tzinfo=UTC).timestamp()) - 3 * 3600),
            "from": one.sender,
            "from_id": "user1",
            "text": [one.text[:4], {"type": "bold", "text": one.text[4:]}] if number % 3 else one.text,
        }
        for number, one in enumerate(said)
    ]
    return json.dumps(
        {"name": "Shop", "type": "personal_chat", "id": 1, "messages": messages}, ensure_ascii=False, indent=1
    )


def copied(said: list[Said]) -> str:
    """As it is copied from a desktop program."""
    return "\n\n".join(f"{one.sender}, [{one.at:%d.%m.%Y %H:%M}]\n{one.text}" for one in said) + "\n"


def log(said: list[Said]) -> str:
    """Names alone."""
    return "\n".join(f"{one.sender}: {' '.join(one.text.split())}" for one in said) + "\n"
