"""How findings put numbers, times and foreign names into a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from validators.evidence import AlignedSegment

_SHOWN_MAX = 80
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def shown(text: str) -> str:
    """A name from outside, fit for a sentence: printable, on one line, at most 80 characters."""
    printable = "".join(c if c.isprintable() else "�" for c in text)
    return printable if len(printable) <= _SHOWN_MAX else printable[: _SHOWN_MAX - 1] + "…"


def quantity(value: float, unit: str | None) -> str:
    """A number with its unit as a person writes it: 12.3 MB, 1,200 pages, 30 seconds."""
    if unit == "bytes":
        return _bytes(value)
    if unit == "pixels" and value >= 1e6:
        return f"{value / 1e6:,.1f} megapixels".replace(".0 ", " ")
    name = {"s": "seconds", "px": "px"}.get(unit or "", unit or "")
    return f"{value:,.10g} {name}".strip()


def _bytes(value: float) -> str:
    for size, name in ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB")):
        if value >= size:
            return f"{value / size:,.1f} {name}".replace(".0 ", " ")
    return "1 byte" if value == 1 else f"{value:,.0f} bytes"


def span(length: timedelta) -> str:
    """A length of time, never rounded up: "12 days", "5 hours", "less than an hour"."""
    if length >= _DAY:
        return counted(length // _DAY, "day")
    return counted(length // _HOUR, "hour") if length >= _HOUR else "less than an hour"


def moment(at: datetime) -> str:
    """A time in UTC to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def counted(number: int, noun: str) -> str:
    """A number of things: "1 page", "3 pages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(names: Sequence[str]) -> str:
    """A choice of names: "JPEG, PNG or PDF"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def clock(time_s: float) -> str:
    """A moment of a clip: "0:14", "1:02:03"."""
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def segment_text(one: AlignedSegment) -> str:
    """ "0:12–0:40 there is 0:00–0:28 here"."""
    there, here = (one.other_start_s, one.other_end_s), (one.this_start_s, one.this_end_s)
    return f"{'–'.join(map(clock, there))} there is {'–'.join(map(clock, here))} here"
