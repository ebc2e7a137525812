"""Numbers and times as people read them, and the small scale that sets a measurement beside its threshold."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

from validators.clip_time import clock as duration
from validators.evidence import TimeCandidate

__all__ = ["capture", "day", "distance", "duration", "number", "quantity", "scale", "size", "time_tag"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIE = "\u00a0"  # keeps a number and its unit on one line
_SHARES = frozenset({"share", "fraction"})
_SPELLED = {"bits": "of 256 bits", "seconds": "s"}
_RANGE = re.compile(r"(-?\d+)\.\.(\d+)$")  # units such as "0..1" and "luma 0..255"


def number(value: float) -> str:
    """Three significant digits, thousands set apart by thin spaces; integers whole."""
    if not math.isfinite(value):
        return "not a number"
    if value == int(value) or abs(value) >= 1000:
        return f"{round(value):,}".replace(",", "\u202f")
    return f"{value:.3g}"


def size(count: float) -> str:
    """Bytes with a decimal prefix: "2.1 MB"."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if abs(count) < 1000 or unit == "GB":
            break
        count /= 1000
    if unit == "bytes":
        return f"{count:.0f}{_TIE}{'byte' if count == 1 else 'bytes'}"
    return f"{count:.0f}{_TIE}{unit}" if abs(count) >= 99.5 else f"{count:.1f}{_TIE}{unit}"


def quantity(value: float, unit: str | None) -> str:
    """A number with its unit, shares as percentages."""
    if not math.isfinite(value):
        return number(value)
    if unit == "bytes":
        return size(value)
    if _is_share(unit):
        rest = (unit or "").partition(" ")[2]
        return f"{value * 100:.3g}{_TIE}% {rest}".rstrip()
    plain = _RANGE.sub("", _SPELLED.get(unit or "", unit or "")).partition(" (")[0].replace("_", " ").strip()
    return f"{number(value)}{_TIE}{plain}".rstrip()


def day(at: datetime) -> str:
    """ "8 Mar 2026, 09:14 UTC"."""
    utc = at.astimezone(UTC)
    return f"{date(utc)}, {utc:%H:%M}{_TIE}UTC"


def date(at: datetime) -> str:
    """ "8 Mar 2026"."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def time_tag(at: datetime) -> Markup:
    """``at`` as a ``<time>`` element."""
    utc = at.astimezone(UTC)
    return Markup(f'<time datetime="{utc:%Y-%m-%dT%H:%M:%SZ}">{escape(day(utc))}</time>')  # noqa: S704


def distance(due: datetime, now: datetime) -> str:
    """How far ``due`` lies from ``now``: "in 3 days", "2 hours ago"; never rounded up, as in the findings' sentences."""
    gap = abs(due - now)
    if gap < timedelta(hours=1):
        words = "less than an hour"
    elif gap < timedelta(days=1):
        hours = gap // timedelta(hours=1)
        words = f"{hours} hour{'s' if hours != 1 else ''}"
    else:
        words = f"{gap.days} day{'s' if gap.days != 1 else ''}"
    return f"in {words}" if due >= now else f"{words} ago"


def capture(time: TimeCandidate) -> str:
    """A capture time as what is known of it: a moment, or the span it must lie in."""
    if time.zone_known and time.latest - time.earliest < timedelta(minutes=1):
        return day(time.earliest)
    zone = "" if time.zone_known else " (time zone not recorded)"
    return f"between {day(time.earliest)} and {day(time.latest)}{zone}"


class Scale(NamedTuple):
    """A bar from ``start`` over ``length`` and a tick, each in 0..100 of its track; the same in words."""

    start: float
    length: float
    tick: float | None
    words: str


def scale(measured: float | None, threshold: float | None, unit: str | None) -> Scale | None:
    """The measurement on a linear scale that holds zero, itself and the threshold; None without one.

    The scale of a share runs to 1, that of a unit such as "luma 0..255" as it says.
    """
    if measured is None or not math.isfinite(measured):
        return None
    limit = threshold if threshold is not None and math.isfinite(threshold) else None
    low, high = _span(measured, limit, unit)

    def place(value: float) -> float:
        return round(min(max((value - low) / (high - low), 0.0), 1.0) * 100, 1)

    words = f"measured {quantity(measured, unit)}"
    if limit is not None:
        words += f", threshold {quantity(limit, unit)}"
    ranged = _RANGE.search(unit or "")
    if ranged:
        words += f" (on {ranged[1]} to {ranged[2]})"
    left, right = sorted((place(0.0), place(measured)))
    tick = place(limit) if limit is not None else None
    return Scale(left, max(round(right - left, 1), 0.8), tick, words)


def _span(measured: float, limit: float | None, unit: str | None) -> tuple[float, float]:
    points = (0.0, measured, measured if limit is None else limit)
    ranged = _RANGE.search(unit or "")
    if ranged:
        return min(float(ranged[1]), *points), max(float(ranged[2]), *points)
    if _is_share(unit):
        return min(points), max(1.0, *points)
    low, high = min(points), max(points)
    air = (high - low) * 0.1 or 1.0  # so that a tick at the end is seen
    return low - (air if low < 0 else 0.0), high + (air if high > 0 or low == 0 else 0.0)


def _is_share(unit: str | None) -> bool:
    return (unit or "").split(" ")[0] in _SHARES
