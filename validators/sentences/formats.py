"""How a language writes numbers, times and names inside a sentence: what follows the colon in ``{name:format}``.

| format | given | in English |
|---|---|---|
| none | anything | a number as ``number``, all else as ``text`` |
| ``text`` | a name from outside | on one line, at most 80 characters, nothing hidden |
| ``full`` | the same | without the limit of 80 characters |
| ``number``, ``number 1`` | a number | 1,234.5; digits after the point at most |
| ``percent`` | a share, 0..1 | 85% |
| ``bytes`` | a number | 12.3 MB |
| ``quantity unit`` | a number; the parameter ``unit`` names its unit | 12.3 MB, 1,200 pages, 30 seconds |
| ``span`` | seconds | 12 days, 5 hours, less than an hour; never rounded up |
| ``seconds`` | seconds | 7.2 seconds, 31 seconds |
| ``clock`` | seconds from a start | 0:14, 1:02:03 |
| ``date``, ``datetime`` | a time, or its ISO text | 2 Apr 2026; 2 Apr 2026, 14:05 UTC |
| ``and``, ``or`` | texts in a sequence or one text with commas | A, B and C; A, B or C |
| ``label kind`` | a code | the label of that kind, as in running text |
| ``heading kind`` | a code | the same, with a capital |
| ``labels kind``, ``choice kind`` | codes, as for ``and`` | their labels as a list with "and", or with "or" |
| ``clocks`` | seconds, as for ``and`` | 0:03, 0:12 and 0:31 |
| ``spans`` | pairs as in "3-7,12-14", in seconds | 0:03 to 0:07, and 0:12 to 0:14 |

Numbers are rounded to the report's four decimals first, so that a sentence made from the report is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from validators.safe_text import visible

_DECIMALS = 4
_SHOWN_MAX = 80
_SIZES = ((1024**3, "gigabyte"), (1024**2, "megabyte"), (1024, "kilobyte"))
_HOUR_S, _DAY_S = 3600, 86400
_UNITS = {"s": "duration-second", "px": "graphics-pixel", "bytes": "digital-byte"}

Params = Mapping[str, Any]


class Words(Protocol):
    """What formats need of the sentences of a language: labels of codes, and phrases."""

    def label(self, kind: str, code: str) -> str:
        """The label of a code, as in running text."""

    def heading(self, kind: str, code: str) -> str:
        """The same, with a capital."""

    def text(self, msgid: str, /, **params: Any) -> str:
        """A phrase."""


class Formats:
    """The formats of one locale."""

    def __init__(self, locale: str, words: Words) -> None:
        self.locale = Locale.parse(locale.replace("-", "_"))
        self._words = words

    def field(self, spec: str, value: Any, params: Params) -> str:
        """``value`` by the format ``spec``; KeyError where there is no such format."""
        name, _, argument = spec.partition(" ")
        if not name:
            name = "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"
        return self._formats[name](value, argument, params)

    @cached_property
    def _formats(self) -> dict[str, Callable[[Any, str, Params], str]]:
        return {
            "text": lambda value, *_: shorten(str(value)),
            "full": lambda value, *_: visible(str(value)),
            "number": lambda value, digits, _: self.number(value, int(digits or 3)),
            "percent": lambda value, *_: self.percent(value),
            "bytes": lambda value, *_: self.size(value),
            "quantity": lambda value, unit, params: self.quantity(value, params.get(unit)),
            "span": lambda value, *_: self.span(value),
            "seconds": lambda value, *_: self.seconds(value),
            "clock": lambda value, *_: clock(value),
            "date": lambda value, *_: self.date(value),
            "datetime": lambda value, *_: self.datetime(value),
            "and": lambda value, *_: self.list(map(shorten, _each(value))),
            "or": lambda value, *_: self.list(map(shorten, _each(value)), "or"),
            "label": lambda value, kind, _: self._words.label(kind, str(value)),
            "heading": lambda value, kind, _: self._words.heading(kind, str(value)),
            "labels": lambda value, kind, _: self.labels(value, kind, "standard"),
            "choice": lambda value, kind, _: self.labels(value, kind, "or"),
            "clocks": lambda value, *_: self.list(clock(float(one)) for one in _each(value)),
            "spans": lambda value, *_: self.list(self._stretch(one) for one in _each(value)),
        }

    def number(self, value: float, digits: int = 3) -> str:
        """ "1,234.5": at most ``digits`` after the point."""
        return format_decimal(round(_rounded(value), digits), f"#,##0.{'#' * digits}", locale=self.locale)

    def percent(self, share: float) -> str:
        """ "85%"."""
        return format_percent(_rounded(share), locale=self.locale)

    def size(self, value: float) -> str:
        """ "12.3 MB", "1 byte"."""
        for size, name in _SIZES:
            if value >= size:
                return self._unit(round(value / size, 1), f"digital-{name}", "short")
        return self._unit(value, "digital-byte")

    def quantity(self, value: float, unit: str | None) -> str:
        """A number with its unit as a person writes it."""
        if unit == "bytes":
            return self.size(value)
        if unit == "pixels" and value >= 1e6:
            return self._unit(round(value / 1e6, 1), "megapixel")
        if unit in _UNITS:
            return self._unit(value, _UNITS[unit], "short" if unit == "px" else "long")
        return self._words.text(f"labels.quantity.{unit}", count=int(value)) if unit else self.number(value)

    def span(self, seconds: float) -> str:
        """A length of time, never rounded up."""
        length = int(_rounded(seconds))
        if length >= _DAY_S:
            return self._unit(length // _DAY_S, "duration-day")
        if length >= _HOUR_S:
            return self._unit(length // _HOUR_S, "duration-hour")
        return self._words.text("labels.time.under_an_hour")

    def seconds(self, value: float) -> str:
        """Tenths only below ten seconds."""
        return self._unit(round(_rounded(value), 1 if value < 10 else 0), "duration-second")

    def date(self, at: datetime | str) -> str:
        """The day in UTC."""
        return format_datetime(_utc(at), "d MMM y", locale=self.locale)

    def datetime(self, at: datetime | str) -> str:
        """The minute, in UTC."""
        return format_datetime(_utc(at), "d MMM y, HH:mm 'UTC'", locale=self.locale)

    def list(self, parts: Iterable[str], style: str = "standard") -> str:
        """ "A, B and C"."""
        return format_list(list(parts), style=style, locale=self.locale)  # type: ignore[arg-type]

    def labels(self, codes: Any, kind: str, style: str) -> str:
        """The labels of codes as a list."""
        return self.list(dict.fromkeys(self._words.label(kind, one) for one in _each(codes)), style)

    def _stretch(self, pair: str) -> str:
        start, _, end = pair.partition("-")
        return self._words.text("labels.time.stretch", start=clock(float(start)), end=clock(float(end)))

    def _unit(self, value: float, unit: str, length: str = "long") -> str:
        return format_unit(value, unit, length, "#,##0.###", locale=self.locale)  # type: ignore[arg-type]


def clock(time_s: float) -> str:
    """A moment of a clip: "0:14", "1:02:03"."""
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def shorten(text: str) -> str:
    """A name from outside, fit for a sentence: on one line, nothing hidden, at most 80 characters."""
    seen = visible(text)
    return seen if len(seen) <= _SHOWN_MAX else seen[: _SHOWN_MAX - 1] + "…"


def _each(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value]


def _rounded(value: float | timedelta) -> float:
    return round(value.total_seconds() if isinstance(value, timedelta) else value, _DECIMALS)


def _utc(at: datetime | str) -> datetime:
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(UTC)
