"""Date texts and numbers of metadata → TimeCandidate. Void dates never become candidates.

Sources: Exif 2.32 (CIPA DC-008) section 4.6; ISO 8601 as profiled by XMP part 1; PNG (third edition) tIME and
Creation Time; QuickTime File Format (seconds since 1904); IPTC IIM 4.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from validators.evidence import TimeCandidate
from validators.measures.metadata.zones import DAY, MINUTE, SECOND, parse_offset, utc_interval

FIRST_YEAR, LAST_YEAR = 1995, 2099
"""A date outside these years is a clock that was never set. A date in the near future is kept, and judged later."""

_EPOCH_1904 = datetime(1904, 1, 1)
_STATED = ("com.apple.quicktime.creationdate", "©day", "date")
_MOVIE_MARKS = ("major_brand", "com.apple.quicktime.creationdate", "©day")
_PDF_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([Zz+-])(?:(\d{2})'?(\d{2})?'?)?)?"
)
_SETTLED_WITHIN = timedelta(minutes=10)
_MAX_VALUE = 100
_DAY_OF_HOUR_24 = DAY + timedelta(hours=1)
"""Some cameras write 24:15 for a quarter past midnight of that day, others for a quarter past its end. The day and the hour
after it hold both. Other clocks that no day has stand in garbled dates."""

_DATE_TIME = re.compile(
    r"(\d{4})[:\-/.](\d{1,2}| \d)[:\-/.](\d{1,2}| \d)"
    r"(?:[ T]+(\d{1,2}| \d)[:.](\d{2}| \d)(?:[:.](\d{2}| \d)(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_BLANK_CLOCK = re.compile(r"(\d{4})[:\-/.](\d{1,2}| \d)[:\-/.](\d{1,2}| \d)[ T]*[:?\- ]*")
_ISO_SHORT = re.compile(r"(\d{4})(?:-(\d{2}))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2}))?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock as read: naive local time, the step it is given in, and the zone's offset where stated."""

    local: datetime
    precision: timedelta = SECOND
    offset: timedelta | None = None


def candidate(source: str, value: str, reading: Reading | None, meaning: str) -> TimeCandidate | None:
    """The candidate for a reading; None where there is no reading or its year is void."""
    if reading is None or not FIRST_YEAR <= reading.local.year <= LAST_YEAR:
        return None
    earliest, latest = utc_interval(reading.local, reading.precision, reading.offset)
    return TimeCandidate(source, value[:_MAX_VALUE], earliest, latest, reading.offset is not None, meaning)


def parse_exif(text: str, sub_seconds: str = "", offset: str = "") -> Reading | None:
    """ "YYYY:MM:DD HH:MM:SS" with EXIF's separate sub-seconds ("075" is 0.075 s) and offset ("+03:00").

    Also read: other separators, blanks for leading zeros, a date alone, and a zone in the text itself. Zeros
    and blanks give None.
    """
    found = _DATE_TIME.fullmatch(_clean(text))
    if found is None:
        return _day_of_blank_clock(text, offset)
    fraction = found[7] or (_clean(sub_seconds) if _clean(sub_seconds).isdecimal() and found[6] else "")
    zone = parse_offset(found[8] or _clean(offset)) if found[8] or _clean(offset) else None
    if found[4] is None:
        return _reading(found.group(1, 2, 3), (), "", zone, DAY)
    clock = found.group(4, 5, 6)
    return _reading(found.group(1, 2, 3), clock, fraction, zone, SECOND if found[6] else MINUTE)


def _day_of_blank_clock(text: str, offset: str) -> Reading | None:
    """A date whose clock is blanked out ("2026:03:09   :  :  "), as Exif asks for where only the time is unknown."""
    found = _BLANK_CLOCK.fullmatch(_clean(text))
    zone = parse_offset(_clean(offset)) if _clean(offset) else None
    return _reading(found.group(1, 2, 3), (), "", zone, DAY) if found else None


def parse_iso(text: str) -> Reading | None:
    """ISO 8601 of any precision XMP allows, from a bare year to fractions of a second."""
    plain = _clean(text)
    short = _ISO_SHORT.fullmatch(plain)
    if short is None:
        compact = _COMPACT.fullmatch(plain)
        return _from_compact(compact) if compact else parse_exif(plain)
    month = int(short[2] or 1)
    start = _reading((short[1], str(month), "1"), (), "", None, DAY)
    if start is None:
        return None
    year, after = start.local.year, (month % 12) + 1
    end = datetime(year + 1, 1, 1) if not short[2] or month == 12 else datetime(year, after, 1)
    return Reading(start.local, end - start.local)


def parse_mail_date(text: str) -> Reading | None:
    """RFC 2822, as PNG's Creation Time suggests: "Mon, 9 Aug 2004 20:17:36 -0000" ("-0000": zone unknown)."""
    try:
        moment = parsedate_to_datetime(_clean(text))
    except (ValueError, IndexError, TypeError):  # what the standard library raises on malformed dates
        return None
    offset = moment.utcoffset()
    return Reading(moment.replace(tzinfo=None, microsecond=0), SECOND, offset)


def parse_creation_text(text: str) -> Reading | None:
    """PNG's Creation Time in any of its usual forms; None for ambiguous ones ("06/05/08")."""
    return parse_iso(text) or parse_mail_date(text)


def parse_png_time(chunk: bytes) -> Reading | None:
    """The tIME chunk: year (2 bytes), month, day, hour, minute, second; always UTC."""
    if len(chunk) != 7:
        return None
    year, (month, day, hour, minute, second) = int.from_bytes(chunk[:2], "big"), chunk[2:]
    return _from_numbers((year, month, day, hour, minute, second), offset=timedelta(0))


def parse_gps(date_stamp: str, time_stamp: Sequence[float]) -> Reading | None:
    """GPSDateStamp "YYYY:MM:DD" with GPSTimeStamp (hours, minutes, seconds): UTC by definition."""
    found = _DATE_TIME.fullmatch(_clean(date_stamp))
    if found is None or len(time_stamp) != 3:
        return None
    day = _reading(found.group(1, 2, 3), (), "", timedelta(0), SECOND)
    if day is None:
        return None
    if not all(0 <= part < limit for part, limit in zip(time_stamp, (25, 60, 61), strict=True)):
        return None
    if time_stamp[0] >= 24:
        return Reading(day.local, _DAY_OF_HOUR_24, timedelta(0))
    hours, minutes, seconds = time_stamp
    return Reading(day.local + timedelta(hours=hours, minutes=minutes, seconds=seconds), SECOND, timedelta(0))


def parse_quicktime(seconds: int) -> Reading | None:
    """Seconds since 1904-01-01: UTC by the specification, local time with many cameras: no zone."""
    if not 0 < seconds < 1 << 33:
        return None
    return Reading(_EPOCH_1904 + timedelta(seconds=seconds))


def quicktime_tags(tags: Mapping[str, str], created: int | None = None) -> tuple[TimeCandidate, ...]:
    """Times in a video's tags, as ffprobe names them or as read from the boxes (names in lower case).

    ``created`` is the movie header's own number, where it was read; ffprobe gives it as "creation_time" with
    a Z, whatever the camera meant. So it stays "UTC or local", unless a tag that states a zone shows, within
    ten minutes, that it is UTC.
    """
    stated_text = next((tags[name] for name in _STATED if tags.get(name)), "")
    stated = parse_iso(stated_text)
    text = tags.get("creation_time", "")
    header = parse_quicktime(created) if created else parse_iso(text)
    if header is not None:
        header = Reading(header.local, header.precision, _settled(header.local, stated))
        text = f"{header.local:%Y-%m-%d %H:%M:%S}"
    is_movie = created is not None or any(name in tags for name in _MOVIE_MARKS)
    found = (
        candidate(
            "quicktime:CreationDate" if is_movie else "container:date", stated_text, stated, "captured"
        ),
        candidate(
            "quicktime:CreateDate" if is_movie else "container:creation_time", text, header, "container"
        ),
    )
    return tuple(each for each in found if each is not None)


def _settled(local: datetime, stated: Reading | None) -> timedelta | None:
    """Offset zero where ``local``, read as UTC, agrees with a reading whose zone is known."""
    if stated is None or stated.offset is None:
        return None
    return timedelta(0) if abs(local - (stated.local - stated.offset)) <= _SETTLED_WITHIN else None


def pdf_date(source: str, text: str) -> TimeCandidate | None:
    """A PDF date ("D:20260309101500+03'00'", ISO 32000-1 section 7.9.4) as a candidate."""
    found = _PDF_DATE.match(_clean(text))
    if found is None:
        return None
    day = [found[1], found[2] or "1", found[3] or "1"]
    zone = (
        parse_offset(f"{found[7]}{found[8] or '00'}:{found[9] or '00'}") if found[7] in ("+", "-") else None
    )
    zone = timedelta(0) if found[7] == "Z" else zone
    clock = found.group(4, 5, 6) if found[4] else ()
    if not found[3]:  # a month or a year alone says too little
        return None
    precision = DAY if not found[4] else SECOND if found[6] else MINUTE
    meaning = "modified" if "mod" in source.lower() else "container"
    return candidate(source, text, _reading(day, clock, "", zone, precision), meaning)


def parse_iptc(day: str, clock: str = "") -> Reading | None:
    """IIM "CCYYMMDD" with an optional "HHMMSS±HHMM"; a date alone covers the whole day."""
    found = re.fullmatch(r"(\d{4})[:\-]?(\d{2})[:\-]?(\d{2})", _clean(day))
    if found is None:
        return None
    time = re.fullmatch(r"(\d{2}):?(\d{2}):?(\d{2})([+-]\d{2}:?\d{2})?", _clean(clock))
    if time is None:
        return _reading(found.group(1, 2, 3), (), "", None, DAY)
    zone = parse_offset(time[4]) if time[4] else None
    return _reading(found.group(1, 2, 3), time.group(1, 2, 3), "", zone, SECOND)


def _clean(text: str) -> str:
    return text.partition("\0")[0].strip()


def _from_compact(found: re.Match[str]) -> Reading | None:
    zone = parse_offset(found[7]) if found[7] else None
    clock = found.group(4, 5, 6) if found[4] else ()
    return _reading(found.group(1, 2, 3), clock, "", zone, SECOND if clock else DAY)


def _reading(
    day: Sequence[str],
    clock: Sequence[str | None],
    fraction: str,
    offset: timedelta | None,
    precision: timedelta,
) -> Reading | None:
    parts = [int(part) for part in (*day, *(part or "0" for part in clock))]
    return _from_numbers(parts, offset=offset, precision=precision, fraction=fraction)


def _from_numbers(
    parts: Sequence[int], *, offset: timedelta | None, precision: timedelta = SECOND, fraction: str = ""
) -> Reading | None:
    year, month, day, hour, minute, second = (*parts, 0, 0, 0)[:6]
    micro = int((fraction + "000000")[:6]) if fraction else 0
    try:
        start = datetime(year, month, day)
    except ValueError:  # the thirteenth month: a void date
        return None
    if minute > 59 or second > 60:
        return None
    if hour == 24:
        return Reading(start, _DAY_OF_HOUR_24, offset)
    if hour > 24:
        return None
    clock = start.replace(hour=hour, minute=minute, second=min(second, 59), microsecond=micro)
    return Reading(clock, precision, offset)
