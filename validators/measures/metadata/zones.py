"""Local times and UTC: what a clock without a time zone can mean.

Offsets in use run from UTC−12 to UTC+14, so a local reading without a zone stands for 26 hours of UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EASTERNMOST = timedelta(hours=14)
WESTERNMOST = timedelta(hours=-12)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

_OFFSET = re.compile(r"(?:(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?|Z|UTC|GMT)", re.IGNORECASE)


def parse_offset(text: str) -> timedelta | None:
    """An offset from UTC: "+03:00", "-0430", "+9", "Z". None where it is none, or outside −12 … +14 hours."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        return None
    if found[1] is None:
        return timedelta(0)
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    offset = -size if found[1] == "-" else size
    return offset if WESTERNMOST <= offset <= EASTERNMOST and int(found[3] or 0) < 60 else None


def utc_interval(
    local: datetime, precision: timedelta, offset: timedelta | None
) -> tuple[datetime, datetime]:
    """The earliest and latest aware UTC time that a naive ``local`` reading can mean.

    ``precision`` is the step the reading was rounded down to; a minute covers seconds 0 to 59, and steps of a
    second or less count as a point. ``offset`` is that of the zone, None where unknown.
    """
    last = local + max(precision - SECOND, timedelta(0))
    if offset is not None:
        return _utc(local - offset), _utc(last - offset)
    return _utc(local - EASTERNMOST), _utc(last - WESTERNMOST)


def _utc(naive: datetime) -> datetime:
    return naive.replace(tzinfo=UTC)
