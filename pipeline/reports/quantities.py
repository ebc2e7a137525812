"""Times as people read them, and the small scale that shows a measurement and its threshold."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import NamedTuple

from validators.evidence import TimeCandidate
from validators.sentences.labels import Labels

_SHARES = frozenset({"share", "fraction"})
_RANGE = re.compile(r"(-?\d+)\.\.(\d+)$")  # units such as "0..1" and "luma 0..255"


def quantity(value: float, unit: str | None, labels: Labels) -> str:
    """A number with its unit, shares as percentages."""
    if not math.isfinite(value):
        return labels.text("pages.scale.not_a_number")
    if _is_share(unit):
        return labels.formats.percent(value, 1)
    plain = _RANGE.sub("", unit or "").partition(" (")[0].replace("_", " ").strip()
    return labels.formats.quantity(value, plain or None)


def distance(due: datetime, now: datetime, labels: Labels) -> str:
    """How far ``due`` is from ``now``: "in 3 days", "2 hours ago"."""
    span = labels.formats.span(abs(due - now).total_seconds())
    return labels.text("pages.time.ahead" if due >= now else "pages.time.ago", span=span)


def capture(time: TimeCandidate, labels: Labels) -> str:
    """A capture time as far as it is known: one time, or the span that it is in."""
    if time.zone_known and time.latest - time.earliest < timedelta(minutes=1):
        return labels.formats.datetime(time.earliest)
    name = "between" if time.zone_known else "between_no_zone"
    return labels.text(f"pages.capture.{name}", start=time.earliest, end=time.latest)


class Scale(NamedTuple):
    """A bar from ``start`` over ``length`` and a tick, each in 0..100 of its track; the same in ``lines`` of words."""

    start: float
    length: float
    tick: float | None
    lines: tuple[str, ...]


def scale(measured: float | None, threshold: float | None, unit: str | None, labels: Labels) -> Scale | None:
    """The measurement on a linear scale that holds zero, itself and the threshold; None without one.

    The scale of a share runs to 1, that of a unit such as "luma 0..255" as it says.
    """
    if measured is None or not math.isfinite(measured):
        return None
    limit = threshold if threshold is not None and math.isfinite(threshold) else None
    low, high = _span(measured, limit, unit)

    def place(value: float) -> float:
        return round(min(max((value - low) / (high - low), 0.0), 1.0) * 100, 1)

    lines = [labels.text("pages.scale.measured", measured=quantity(measured, unit, labels))]
    if limit is not None:
        lines.append(labels.text("pages.scale.threshold", threshold=quantity(limit, unit, labels)))
    ranged = _RANGE.search(unit or "")
    if ranged:
        lines.append(labels.text("pages.scale.range", low=int(ranged[1]), high=int(ranged[2])))
    left, right = sorted((place(0.0), place(measured)))
    tick = place(limit) if limit is not None else None
    return Scale(left, max(round(right - left, 1), 0.8), tick, tuple(lines))


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
