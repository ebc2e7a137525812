"""Dates in file names, as cameras, phones and chat apps write them, with their true precision.

A name is the weakest of all statements: anyone can change it, so its meaning is always "named". Digits inside
longer runs of digits (order and tracking numbers) never count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from validators.evidence import TimeCandidate
from validators.measures.metadata.timestamps import Reading, candidate
from validators.measures.metadata.zones import DAY, MINUTE, SECOND

_DAY8 = r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)"
_DAY_SPLIT = r"(?P<y>(?:19|20)\d\d)[-_.](?P<m>[01]\d)[-_.](?P<d>[0-3]\d)"
_TIME6 = r"(?P<H>[0-2]\d)(?P<M>[0-5]\d)(?P<S>[0-5]\d)"
_NOT_AFTER = r"(?<![0-9A-Za-z])"
_END = r"(?!\d)"


# hours, minutes and perhaps seconds
_CLOCK = r"(?P<H>[0-2]?\d)[-._:：](?P<M>[0-5]\d)(?:[-._:：](?P<S>[0-5]\d))?"
# "at" as macOS, WhatsApp and others write it between day and time
_AT = r"at|um|om|à|às|a las|a la\(s\)|alle|kl\.?|klo|o|в"
# prefixes without which fourteen digits are no date; the last four are WeChat's and QQ's
_APPS = "IMG|VID|PIC|Image|Photo|WeChat|QQ|VN|DSC|WX|DJI|BURST|Screenshot|ScreenRecord|P|C360|微信图片|微信截图|QQ图片|QQ截图"
# macOS writes a narrow space before AM and PM
_HALF = r"(?:[\s\u202f_]*(?P<half>[AaPp])\.?[Mm]\.?)?"

# The same before the clock: Chinese, Japanese, Korean
_EVENING = ("下午", "午後", "오후", "晚上")
_MORNING = ("上午", "午前", "오전", "凌晨", "早上", "清晨")
# any language's word for "at" between a day and a clock with seconds
_GAP = r"(?P<gap>[^\d]{1,18}?)"
_DAY_SHORT = r"(?P<y>(?:19|20)\d\d)[-_.](?P<m>[01]?\d)[-_.](?P<d>[0-3]?\d)"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
_NAMED = r"(?<![0-9])(?P<d>[0-3]?\d)[\s._-]+" + _MONTH + r"[\s.,_-]+(?P<y>(?:19|20)\d\d)"
_NAMED_FIRST = r"(?<![A-Za-z])" + _MONTH + r"[\s._-]+(?P<d>[0-3]?\d),?[\s_-]+(?P<y>(?:19|20)\d\d)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        # Pixel phones name in UTC, with milliseconds
        ("utc", rf"^(?:PXL|MVIMG_PXL)_{_DAY8}_{_TIME6}(?P<f>\d{{3}}){_END}"),
        # WhatsApp on Android: a day and a counter
        ("day", rf"^(?:IMG|VID|AUD|PTT|DOC|STK)-{_DAY8}-WA\d+"),
        # WhatsApp on desktop and the web, macOS and Ubuntu screenshots, "Screen Recording 2026-03-09 at
        # 10.15.22"
        ("local", rf"{_NOT_AFTER}{_DAY_SPLIT}(?:[\s_]+(?:{_AT})[\s_]+|[\s_T]+)"
                  rf"{_CLOCK}{_HALF}{_END}"),
        # the same in any language: "Görsel 2026-03-09 saat 10.15.22", "截屏2026-03-09 下午3.15.22"
        ("local", rf"{_NOT_AFTER}{_DAY_SHORT}{_GAP}(?P<H>[0-2]?\d)[-._:](?P<M>[0-5]\d)[-._:](?P<S>[0-5]\d){_HALF}{_END}"),
        # iOS names a recording of its screen by month, day and year
        ("local", rf"^ScreenRecording[_ ](?P<m>[01]\d)-(?P<d>[0-3]\d)-(?P<y>20\d\d)[_ ]{_CLOCK}"),
        # Telegram, Signal ("signal-2026-03-09-101500"), Samsung and MIUI screenshots with dashes throughout
        ("local", rf"{_NOT_AFTER}{_DAY_SPLIT}[-_](?:{_CLOCK})(?:[-._]\d{{1,3}})?{_END}"),
        ("local", rf"{_NOT_AFTER}{_DAY_SPLIT}[-_\sT]{_TIME6}(?:[-._]?\d{{1,3}})?{_END}"),
        # IMG_20260309_101500, VID_…, Screenshot_20260309-101233, 20260309_101500(0), 20260309101500
        ("local", rf"{_NOT_AFTER}{_DAY8}[-_\sT]{_TIME6}(?:\d{{3}})?{_END}"),
        ("local", rf"{_NOT_AFTER}(?:{_APPS})[-_]?{_DAY8}{_TIME6}"
                  rf"(?:\d{{3}})?{_END}"),
        ("local", rf"{_NOT_AFTER}{_DAY8}_{_CLOCK}{_END}"),
        ("local", rf"^(?:QQ|VN|WeChat){_DAY8}[-_]{_TIME6}{_END}"),
        ("local", rf"^{_DAY8}{_TIME6}(?=\.[a-z0-9]+$)"),
        # a day alone, after the prefix of a camera or an app
        ("day", rf"^(?:IMG|VID|PIC|DSC|WP|Screenshot|Scan(?:ned)?|Photo|Foto|Image|LINE_ALBUM)[-_\s]{_DAY8}{_END}"),
        ("day", rf"^(?:IMG|VID|PIC|DSC|Screenshot|Scan|Photo|Foto|Image)[-_\s]{_DAY_SPLIT}{_END}"),
        ("day", rf"^{_DAY_SPLIT}{_END}"),
        # "Adobe Scan 9 Mar 2026", "Scan Mar 9, 2026": a month in words leaves no doubt which is the day
        ("day", rf"{_NAMED}{_END}"),
        ("day", rf"{_NAMED_FIRST}{_END}"),
    )
)  # fmt: skip
# mmexport is WeChat, FB_IMG Facebook, the rest Android apps. A prefix is required, because thirteen
# digits alone may be an order or an article number.
_MILLISECONDS = re.compile(
    r"^(?:mmexport|wx_camera_|FB_IMG_|tb_image_share_|IMG[-_]?|VID[-_]?|Screenshot[-_]|photo[-_]|image[-_]|camera[-_])(1\d{12})(?!\d)",
    re.IGNORECASE,
)
# iOS names a recording of its screen by seconds since 1970
_SECONDS = re.compile(r"^RPReplay_Final(1\d{9})(?!\d)", re.IGNORECASE)
_EARLIEST_MS = 1_262_304_000_000  # 2010: thirteen digits mean a time only where phones existed


def file_name_times(name: str) -> tuple[TimeCandidate, ...]:
    """The time that a file's name states, or (). ``name`` may be a path; only its last part counts."""
    found = _first(name)
    return (found,) if found is not None else ()


def _first(name: str) -> TimeCandidate | None:
    base = _plain(re.split(r"[/\\]", name)[-1])
    for kind, pattern in _PATTERNS:
        found = pattern.search(base)
        if found is not None and (made := _candidate(kind, found)) is not None:
            return made
    return _from_count(base)


def _plain(name: str) -> str:
    """The name with digits of every script as 0-9, full-width signs as plain ones, and without direction marks."""
    kept = (one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one) != "Cf")
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in kept)


def _candidate(kind: str, found: re.Match[str]) -> TimeCandidate | None:
    reading = _READERS[kind](found)
    return candidate("file_name", found[0].strip(), reading, "named")


def _day(found: re.Match[str]) -> Reading | None:
    return _build(found, DAY, None, clock=False)


def _local(found: re.Match[str]) -> Reading | None:
    return _build(found, SECOND if found["S"] else MINUTE, None, clock=True)


def _utc(found: re.Match[str]) -> Reading | None:
    return _build(found, SECOND, timedelta(0), clock=True)


_READERS: dict[str, Callable[[re.Match[str]], Reading | None]] = {"day": _day, "local": _local, "utc": _utc}


def _build(
    found: re.Match[str], precision: timedelta, offset: timedelta | None, *, clock: bool
) -> Reading | None:
    parts = found.groupdict()
    hour = _hour(int(parts["H"]), parts.get("half") or _half_of(parts.get("gap") or "")) if clock else 0
    month = _MONTHS.index(parts["month"].lower()) + 1 if parts.get("month") else int(parts["m"])
    micro = int(parts["f"]) * 1000 if parts.get("f") else 0
    minute, second = (int(parts["M"]), int(parts.get("S") or 0)) if clock else (0, 0)
    try:
        local = datetime(int(parts["y"]), month, int(parts["d"]), hour, minute, second, micro)
    except ValueError:  # digits that are no date
        return None
    return Reading(local, precision, offset)


def _half_of(gap: str) -> str | None:
    if any(word in gap for word in _EVENING):
        return "p"
    return "a" if any(word in gap for word in _MORNING) else None


def _hour(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _from_count(base: str) -> TimeCandidate | None:
    """Seconds or milliseconds since 1970, so in UTC."""
    milli, whole = _MILLISECONDS.match(base), _SECONDS.match(base)
    found = milli or whole
    if found is None:
        return None
    since = int(found[1]) if milli else int(found[1]) * 1000
    if since < _EARLIEST_MS:
        return None
    moment = datetime.fromtimestamp(since / 1000, UTC)
    reading = Reading(moment.replace(tzinfo=None, microsecond=0), SECOND, timedelta(0))
    return candidate("file_name", found[0], reading, "named")
