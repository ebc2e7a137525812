"""Dates at the heads of chat messages, in the order of day, month and year that the chat's own locale uses.

A phone writes 05/01/24 for the 5th of January or the 1st of May. Only the whole chat can tell: an order that some date
contradicts is out, and messages follow one another in time. Where that leaves two orders, a time spans both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from validators.measures.metadata.zones import MINUTE, SECOND, utc_interval

__all__ = ["DATE", "TIME", "Stamp", "instants", "stamp_of"]

DATE = r"\d{1,4}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?\d{1,4}\.?(?:\s?г\.)?"
_BEFORE_NOON = "am|a.m.|a. m.|上午|午前|오전|ص|πμ|ก่อนเที่ยง|dop.|sa|पूर्वाह्न|öö|öö.|vorm.|f.m.|e.h.|de."
_AFTER_NOON = "pm|p.m.|p. m.|下午|午後|오후|م|μμ|หลังเที่ยง|odp.|ch|अपराह्न|ös|nachm.|e.m.|du.|中午|晚上"
_NIGHT = "凌晨|清晨|早上"


def _any_of(words: str) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in words.split("|"))


_HALF = rf"(?:{_any_of(_BEFORE_NOON)}|{_any_of(_AFTER_NOON)}|{_any_of(_NIGHT)})"
TIME = rf"(?:{_HALF}\s?)?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?(?:\s?{_HALF}(?!\w))?"
_CLOCK = re.compile(
    rf"(?P<first>{_HALF})?\s?(?P<h>\d{{1,2}})[:.](?P<m>\d{{2}})(?:[:.](?P<s>\d{{2}}))?\s?(?P<last>{_HALF})?",
    re.IGNORECASE,
)
_LATER = re.compile(_any_of(_AFTER_NOON), re.IGNORECASE)
_GROUPS = re.compile(r"\d+")
_ORDERS = ("dmy", "mdy", "ymd")
_BUDDHIST = 543  # years that Thailand counts ahead
_YEARS = range(2005, 2100)
_LONGEST = 4  # digits of a year


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date and time as written: three numbers, how many digits they have, the mark between them, and the time of day.

    ``half``: what names the half of the day, "" for a clock of 24 hours.
    """

    numbers: tuple[int, int, int]
    lengths: tuple[int, int, int]
    mark: str
    half: str
    clock: timedelta
    precision: timedelta


def stamp_of(date: str, time: str) -> Stamp | None:
    """What a head's date and time say. None if there is no such time of day."""
    groups = _GROUPS.findall(date)
    clock = _CLOCK.fullmatch(time.strip())
    if len(groups) != 3 or clock is None:
        return None
    hour, minute, second = int(clock["h"]), int(clock["m"]), int(clock["s"] or 0)
    half = clock["first"] or clock["last"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if _LATER.fullmatch(half) else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    first, middle, last = (int(group) for group in groups)
    marks = re.sub(r"[\d\s]", "", date)
    return Stamp(
        numbers=(first, middle, last),
        lengths=(len(groups[0]), len(groups[1]), len(groups[2])),
        mark=marks[:1],
        half=half or "",
        clock=timedelta(hours=hour, minutes=minute, seconds=second),
        precision=SECOND if clock["s"] else MINUTE,
    )


def instants(stamps: Sequence[Stamp | None]) -> list[tuple[datetime, datetime] | None]:
    """The earliest and latest UTC time that each stamp can mean, read in the orders that the chat leaves open."""
    orders = _orders([one for one in stamps if one is not None])
    found: list[tuple[datetime, datetime] | None] = []
    for stamp in stamps:
        read = [local for order in orders if stamp is not None and (local := _local(stamp, order))]
        if stamp is None or not read:
            found.append(None)
            continue
        spans = [utc_interval(local, stamp.precision, None) for local in read]
        found.append((min(first for first, _ in spans), max(last for _, last in spans)))
    return found


def _orders(stamps: Sequence[Stamp]) -> list[str]:
    """The orders that fit every date; of several those in which the messages follow one another in time."""
    fitting = [order for order in _ORDERS if all(_local(stamp, order) for stamp in stamps)]
    if len(fitting) > 1 and stamps and stamps[0].mark == "/" and stamps[0].lengths[0] < _LONGEST:
        fitting = [
            order for order in fitting if order != "ymd"
        ]  # two digits of a year first: Basque and Nepali alone
    if not fitting:  # a few heads that are none must not hide what the others say
        fitting = [max(_ORDERS, key=lambda order: sum(_local(stamp, order) is not None for stamp in stamps))]
    backward = {order: _steps_back(stamps, order) for order in fitting}
    left = [order for order in fitting if backward[order] == min(backward.values())]
    usual = _usual(stamps)
    return [usual] if usual in left else left


def _usual(stamps: Sequence[Stamp]) -> str | None:
    """The order that locales write in this manner. None where some write one and some another.

    By the short patterns of CLDR, the day is first with dots and dashes (in Korea the year). With slashes the month is first
    in the United States and the Philippines, which fill nothing up with zeros.
    """
    if not stamps or stamps[0].lengths[0] == _LONGEST:
        return None
    if stamps[0].half in ("오전", "오후"):
        return "ymd"
    if stamps[0].mark != "/":
        return "dmy" if all(one.lengths[2] >= 2 for one in stamps) else "ymd"
    small = [
        length
        for one in stamps
        for number, length in zip(one.numbers, one.lengths, strict=True)
        if number < 10
    ]
    padded = bool(small) and all(length == 2 for length in small)
    american = all(one.half in ("AM", "PM") and one.lengths[2] == 2 for one in stamps)
    if american and not padded:
        return "mdy"
    others = padded or any(one.half and one.half not in ("AM", "PM", "am", "pm") for one in stamps)
    return "dmy" if others or all(one.lengths[2] == _LONGEST for one in stamps) else None


def _steps_back(stamps: Sequence[Stamp], order: str) -> int:
    """How often a message is dated before the one above it, by more than a correction of the clock."""
    read = [local for stamp in stamps if (local := _local(stamp, order))]
    return sum(after < before - timedelta(hours=2) for before, after in pairwise(read))


def _local(stamp: Stamp, order: str) -> datetime | None:
    """The stamp read in an order. None if there is no such day."""
    places = dict(zip(order, zip(stamp.numbers, stamp.lengths, strict=True), strict=True))
    (year, digits), (month, _), (day, _) = places["y"], places["m"], places["d"]
    if any(length > 2 for name, (_, length) in places.items() if name != "y") or digits not in (2, _LONGEST):
        return None
    if digits == 2:
        year += 2000
    elif year - _BUDDHIST in _YEARS:
        year -= _BUDDHIST
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day) + stamp.clock
    except ValueError:
        return None
