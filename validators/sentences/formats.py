"""How a language writes numbers, times and names inside a sentence: what follows the colon in ``{name:format}``.

| format | given | in English |
|---|---|---|
| none | anything | a number as ``number``, all else as ``text`` |
| ``text`` | a name from outside | on one line, at most 80 characters, nothing hidden |
| ``full`` | the same | without the limit of 80 characters |
| ``words`` | words of a catalogue, or markup of a page | as they are |
| ``number``, ``number 1`` | a number | 1,234.5; digits after the point at most |
| ``percent`` | a share, 0..1 | 85% |
| ``bytes`` | a number | 12.3 MB |
| ``quantity unit`` | a number; the parameter ``unit`` names its unit | 12.3 MB, 1,200 pages, 30 seconds |
| ``span``, ``span hours`` | seconds, or in the unit | 12 days, 5 hours, less than an hour; never rounded up |
| ``seconds`` | seconds | 7.2 seconds, 31 seconds |
| ``clock`` | seconds from a start | 0:14, 1:02:03 |
| ``date``, ``datetime`` | a time, or its ISO text | 2 Apr 2026; 2 Apr 2026, 14:05 UTC |
| ``and``, ``or``, ``and 2`` | texts in a sequence or one text with commas; how many | A, B and C; A, B or C; A, B and 4 more |
| ``label kind`` | a code | the label of that kind, as in running text |
| ``heading kind`` | a code | the same, with a capital |
| ``labels kind``, ``choice kind`` | codes, as for ``and`` | their labels as a list with "and", or with "or" |
| ``spans``, ``spans 3`` | pairs as in "0:03-0:07, 0:12-0:14", as for ``and`` | 0:03 to 0:07 and 0:12 to 0:14 |

Numbers are rounded to the report's four decimals first, so that a sentence made from the report is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from validators.clip_time import clock
from validators.safe_text import shorten, visible

_DECIMALS = 4
_SIZES = ((1024**3, "gigabyte"), (1024**2, "megabyte"), (1024, "kilobyte"))
_HOUR_S, _DAY_S = 3600, 86400
_LENGTHS = {"": 1, "hours": _HOUR_S, "days": _DAY_S}
_UNITS = {"s": "duration-second", "min": "duration-minute", "px": "graphics-pixel", "bytes": "digital-byte"}

Params = Mapping[str, Any]


class Words(Protocol):
    """What formats need of the sentences of a language: labels of codes, and phrases."""

    def has(self, msgid: str) -> bool:
        """Whether there is such a message."""

    def label(self, kind: str, code: str, params: Params = ...) -> str:
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
            "words": lambda value, *_: str(value),
            "number": lambda value, digits, _: self.number(value, int(digits or 3)),
            "percent": lambda value, *_: self.percent(value),
            "bytes": lambda value, *_: self.size(value),
            "quantity": lambda value, unit, params: self.quantity(value, params.get(unit)),
            "span": lambda value, unit, _: self.span(value, unit),
            "seconds": lambda value, *_: self.seconds(value),
            "clock": lambda value, *_: clock(value),
            "date": lambda value, *_: self.date(value),
            "datetime": lambda value, *_: self.datetime(value),
            "and": lambda value, most, _: self.list(map(shorten, self._first(value, most))),
            "or": lambda value, most, _: self.list(map(shorten, self._first(value, most)), "or"),
            "label": lambda value, kind, params: self._words.label(kind, str(value), params),
            "heading": lambda value, kind, _: self._words.heading(kind, str(value)),
            "labels": lambda value, kind, params: self.labels(value, kind, "standard", params),
            "choice": lambda value, kind, params: self.labels(value, kind, "or", params),
            "spans": lambda value, most, _: self.list(map(self._stretch, self._first(value, most))),
        }

    def number(self, value: float, digits: int = 3) -> str:
        """ "1,234.5": at most ``digits`` after the point."""
        return format_decimal(round(_rounded(value), digits), f"#,##0.{'#' * digits}", locale=self.locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """ "85%", with at most ``digits`` after the point."""
        if not digits:
            return format_percent(_rounded(share), locale=self.locale)
        pattern = self.locale.percent_formats[None].pattern.replace("0", f"0.{'#' * digits}", 1)
        return format_percent(_rounded(share), pattern, locale=self.locale)

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
        msgid = f"labels.quantity.{unit}"
        if unit and self._words.has(msgid):
            return self._words.text(msgid, count=int(value))
        return f"{self.number(value)} {shorten(unit or '')}".strip()

    def span(self, value: float | timedelta, unit: str = "") -> str:
        """A length of time, never rounded up."""
        length = int(_rounded(_rounded(value) * _LENGTHS[unit]))
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

    def labels(self, codes: Any, kind: str, style: str, params: Params) -> str:
        """The labels of codes as a list, each label once."""
        return self.list(dict.fromkeys(self._words.label(kind, one, params) for one in _each(codes)), style)

    def _first(self, value: Any, most: str) -> Iterator[str]:
        parts = _each(value)
        yield from parts[: int(most or len(parts))]
        if most and len(parts) > int(most):
            yield self._words.text("labels.list.more", count=len(parts) - int(most))

    def _stretch(self, pair: str) -> str:
        start, dash, end = pair.partition("-")
        return self._words.text("labels.time.stretch", start=start, end=end) if dash else pair

    def _unit(self, value: float, unit: str, length: str = "long") -> str:
        return format_unit(value, unit, length, "#,##0.###", locale=self.locale)  # type: ignore[arg-type]


def _each(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value]


def _rounded(value: float | timedelta) -> float:
    return round(value.total_seconds() if isinstance(value, timedelta) else value, _DECIMALS)


def _utc(at: datetime | str) -> datetime:
    return (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(UTC)
