"""The case in time: order events, when things were taken (as wide as is not known), when they were sent, when what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.reports import quantities
from validators.checks.dated import date_kind
from validators.report import EvidenceReport, QualityReport
from validators.sentences import labels as words

EVENT, CLOCK, TAKEN, DATED, SENT = "event", "clock", "taken", "dated", "sent"
KINDS = {EVENT: "Order", CLOCK: "Due", TAKEN: "Taken", DATED: "Dated", SENT: "Sent"}

_TOPS = {EVENT: 0.0, CLOCK: 1.0, TAKEN: 2.0, DATED: 2.0, SENT: 7.0}
_HEIGHTS = {EVENT: 12.0, CLOCK: 10.0, TAKEN: 4.0, DATED: 4.0, SENT: 4.0}
"""px within a lane of 12: what was taken stands above what was sent, so that both are seen where they meet."""

ROWS_DRAWN = 40
"""Items drawn; the table tells of all."""
_TICKS = 5
_MARGIN = 0.03
_LONGEST = timedelta(days=400)
_BEFORE = timedelta(days=60)
_DAY = timedelta(days=1)
_NARROWEST = 0.6  # of 100: what is seen of a moment


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment or a span on the line, ``start`` and ``length`` in 0..100. ``outside``: "before" or "after" what is drawn."""

    kind: str
    start: float
    length: float
    words: str
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One lane: an event, a deadline, or an item."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """The same as a line of the table, in order of time. ``until`` where a span is meant."""

    kind: str
    at: datetime
    until: datetime | None
    what: str
    source: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``ticks`` are (place in 0..100, day). ``left_out`` counts items that only the table shows."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    now: float | None
    entries: tuple[Entry, ...]
    left_out: int

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each kind of mark is called."""
        return KINDS

    @property
    def tops(self) -> Mapping[str, float]:
        """By kind, px from the top of a lane."""
        return _TOPS

    @property
    def heights(self) -> Mapping[str, float]:
        """By kind, px."""
        return _HEIGHTS


def timeline(report: QualityReport, hrefs: dict[str, str]) -> Timeline | None:
    """The timeline of the report; None where it knows fewer than two moments. ``hrefs``: from evidence ids to addresses."""
    entries = tuple(sorted(_entries(report, hrefs), key=lambda entry: (entry.at, entry.kind, entry.what)))
    if len({entry.at for entry in entries}) < 2:
        return None
    scale = _Scale.of(entries, report)
    items = [item for item in report.evidence if _times_of(item)]
    own = [entry for kind in (EVENT, CLOCK) for entry in entries if entry.kind == kind]
    return Timeline(
        rows=(
            *(Row(entry.what, (scale.mark(entry),)) for entry in own),
            *(Row(item.file, tuple(map(scale.mark, _times_of(item)))) for item in items[:ROWS_DRAWN]),
        ),
        ticks=scale.ticks(),
        now=scale.place(report.as_of) if scale.first <= report.as_of <= scale.last else None,
        entries=entries,
        left_out=max(len(items) - ROWS_DRAWN, 0),
    )


def _entries(report: QualityReport, hrefs: dict[str, str]) -> Iterable[Entry]:
    dispute = report.dispute
    for event in dispute.order.events:
        source = f"says the {event.source.replace('_', ' ')}"
        yield Entry(EVENT, event.at, None, words.plain(event.type), source)
    if dispute.order.promised_by is not None:
        yield Entry(EVENT, dispute.order.promised_by, None, "Promised by", "the order")
    if dispute.opened_at is not None:
        yield Entry(EVENT, dispute.opened_at, None, "Dispute opened", "the dispute")
    for clock in report.deadlines:
        name = words.DEADLINES.get(clock.kind, words.plain(clock.kind))
        party = f" ({words.party(clock.party)})" if clock.party else ""
        yield Entry(CLOCK, clock.due_by, None, name + party, f"rule {clock.rule}")
    for item in report.evidence:
        for one in _times_of(item):
            yield Entry(one.kind, one.at, one.until, item.file, one.source, hrefs.get(item.id))


def _times_of(item: EvidenceReport) -> list[Entry]:
    """When the item was taken, or what it is dated, by its best source, and when it was sent."""
    found = []
    best = item.capture_time.best if item.capture_time else None
    kind = date_kind(item)
    if best is not None and kind in (TAKEN, DATED):
        until = best.latest if best.latest != best.earliest else None
        found.append(Entry(kind, best.earliest, until, item.file, best.source))
    sent = item.declared.submitted_at or item.received_at
    if sent is not None:
        found.append(Entry(SENT, sent, None, item.file, words.party(item.declared.party)))
    return found


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    @staticmethod
    def of(entries: Sequence[Entry], report: QualityReport) -> _Scale:
        """From the order's first event (or the dispute's own times) to the last clock, and two months before at most:
        a photo of years ago is told as lying before."""
        own = [entry for entry in entries if entry.kind in (EVENT, CLOCK)] or list(entries)
        first = min(entry.at for entry in own)
        last = max(entry.at for entry in own)
        last = min(max([last, *(entry.at for entry in entries)]), first + _LONGEST)
        first = min(entry.at for entry in entries if entry.at >= first - _BEFORE)
        room = max((last - first) * _MARGIN, timedelta(hours=6))
        return _Scale(first - room, last + room)

    def place(self, at: datetime) -> float:
        """In 0..100."""
        share = (at - self.first) / (self.last - self.first)
        return round(min(max(share, 0.0), 1.0) * 100, 2)

    def mark(self, entry: Entry) -> Mark:
        """The entry on the line, named in words."""
        until = entry.until or entry.at
        start = self.place(entry.at)
        length = max(self.place(until) - start, _NARROWEST)
        outside = "before" if until < self.first else "after" if entry.at > self.last else ""
        when = quantities.day(entry.at) + (f" to {quantities.day(until)}" if entry.until else "")
        what = entry.what if entry.kind in (EVENT, CLOCK) else KINDS[entry.kind]
        return Mark(entry.kind, min(start, 100 - length), length, f"{what}: {when}", outside)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """A few days spread evenly, at midnight UTC."""
        step = max(round((self.last - self.first) / _DAY / _TICKS), 1) * _DAY
        at = self.first.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        found = []
        while at < self.last:
            found.append((self.place(at), quantities.date(at)))
            at += step
        return tuple(found)
