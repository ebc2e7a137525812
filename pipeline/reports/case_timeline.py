"""The case in time: order events, when items were taken (as a span where that is not known) and sent, and what is due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.reports.overview import deadline_name
from validators.checks.dated import date_kind
from validators.report import EvidenceReport, QualityReport
from validators.sentences.labels import Labels

EVENT, CLOCK, TAKEN, DATED, SENT, SAID = "event", "clock", "taken", "dated", "sent", "said"
KINDS = (EVENT, CLOCK, TAKEN, DATED, SENT, SAID)

_TOPS = {EVENT: 0.0, CLOCK: 1.0, TAKEN: 2.0, DATED: 2.0, SENT: 7.0, SAID: 2.0}
_HEIGHTS = {EVENT: 12.0, CLOCK: 10.0, TAKEN: 4.0, DATED: 4.0, SENT: 4.0, SAID: 4.0}
"""px within a lane of 12: what was taken is above what was sent, so that both are visible where they meet."""

MESSAGES_SHOWN = 40
"""Messages of a chat that stand on the line one by one; of a longer chat its days do."""
ROWS_DRAWN = 40
"""Items drawn; the table lists all."""
_TICKS = 5
_MARGIN = 0.03
_LONGEST = timedelta(days=400)
_BEFORE = timedelta(days=60)
_DAY = timedelta(days=1)
_NARROWEST = 0.6  # of 100: less would not be visible


@dataclass(frozen=True, slots=True)
class Mark:
    """A time or a span on the line, ``start`` and ``length`` in 0..100. ``outside``: "before" or "after" what is drawn."""

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
    """``ticks`` are (place in 0..100, day); ``kinds`` names each kind of mark; ``left_out`` items are only in the table."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    now: float | None
    kinds: Mapping[str, str]
    entries: tuple[Entry, ...]
    left_out: int

    @property
    def has_chat(self) -> bool:
        """Whether messages of a chat are on it."""
        return any(entry.kind == SAID for entry in self.entries)

    @property
    def tops(self) -> Mapping[str, float]:
        """By kind, px from the top of a lane."""
        return _TOPS

    @property
    def heights(self) -> Mapping[str, float]:
        """By kind, px."""
        return _HEIGHTS


def timeline(report: QualityReport, hrefs: dict[str, str], labels: Labels) -> Timeline | None:
    """The timeline of the report; None where it has fewer than two times. ``hrefs``: from evidence ids to addresses."""
    entries = tuple(
        sorted(_entries(report, hrefs, labels), key=lambda entry: (entry.at, entry.kind, entry.what))
    )
    if len({entry.at for entry in entries}) < 2:
        return None
    scale = _Scale.of(entries, report, labels)
    items = [item for item in report.evidence if _times_of(item, labels)]
    own = [entry for kind in (EVENT, CLOCK) for entry in entries if entry.kind == kind]
    return Timeline(
        rows=(
            *(Row(entry.what, (scale.mark(entry),)) for entry in own),
            *(Row(item.file, tuple(map(scale.mark, _times_of(item, labels)))) for item in items[:ROWS_DRAWN]),
        ),
        ticks=scale.ticks(),
        now=scale.place(report.as_of) if scale.first <= report.as_of <= scale.last else None,
        kinds={kind: labels.text(f"pages.timeline.kind_{kind}") for kind in KINDS},
        entries=entries,
        left_out=max(len(items) - ROWS_DRAWN, 0),
    )


def _entries(report: QualityReport, hrefs: dict[str, str], labels: Labels) -> Iterable[Entry]:
    dispute = report.dispute
    for event in dispute.order.events:
        source = labels.sentences.label("event_source", event.source)
        yield Entry(EVENT, event.at, None, labels.heading("event", event.type), source)
    if dispute.order.promised_by is not None:
        yield Entry(
            EVENT,
            dispute.order.promised_by,
            None,
            labels.text("pages.timeline.promised_by"),
            labels.text("pages.timeline.by_order"),
        )
    if dispute.opened_at is not None:
        yield Entry(
            EVENT,
            dispute.opened_at,
            None,
            labels.text("pages.timeline.opened"),
            labels.text("pages.timeline.by_dispute"),
        )
    for clock in report.deadlines:
        name = deadline_name(clock.kind, clock.party, labels)
        yield Entry(CLOCK, clock.due_by, None, name, labels.text("pages.timeline.by_rule", rule=clock.rule))
    for item in report.evidence:
        for one in _times_of(item, labels):
            yield Entry(one.kind, one.at, one.until, item.file, one.source, hrefs.get(item.id))


def _times_of(item: EvidenceReport, labels: Labels) -> list[Entry]:
    """When the item was taken, or what it is dated, by its best source, and when it was sent."""
    found = []
    best = item.capture_time.best if item.capture_time else None
    kind = date_kind(item)
    if best is not None and kind in (TAKEN, DATED):
        until = best.latest if best.latest != best.earliest else None
        found.append(
            Entry(kind, best.earliest, until, item.file, labels.heading("time_meaning", best.meaning))
        )
    sent = item.declared.submitted_at or item.received_at
    if sent is not None:
        found.append(Entry(SENT, sent, None, item.file, labels.party(item.declared.party)))
    return [*found, *_said(item, labels)]


def _said(item: EvidenceReport, labels: Labels) -> list[Entry]:
    """The messages of a chat: each with its sender, or those of a day together."""
    dated = [
        (one.earliest, one.latest, one.sender)
        for one in (item.chat.messages if item.chat else ())
        if one.earliest is not None and one.latest is not None
    ]
    if len(dated) <= MESSAGES_SHOWN:
        nobody = labels.text("pages.timeline.by_program")
        return [Entry(SAID, first, last, item.file, sender or nobody) for first, last, sender in dated]
    days: dict[date, list[tuple[datetime, datetime]]] = {}
    for first, last, _ in dated:
        days.setdefault((first + (last - first) / 2).date(), []).append((first, last))
    return [
        Entry(
            SAID,
            min(first for first, _ in spans),
            max(last for _, last in spans),
            item.file,
            labels.text("pages.timeline.messages", count=len(spans)),
        )
        for spans in days.values()
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime
    labels: Labels

    @staticmethod
    def of(entries: Sequence[Entry], report: QualityReport, labels: Labels) -> _Scale:
        """From the order's first event (or the dispute's own times) to the last clock, and two months before at most:
        a photo of years ago is shown as being before that."""
        own = [entry for entry in entries if entry.kind in (EVENT, CLOCK)] or list(entries)
        first = min(entry.at for entry in own)
        last = max(entry.at for entry in own)
        last = min(max([last, *(entry.at for entry in entries)]), first + _LONGEST)
        first = min(entry.at for entry in entries if entry.at >= first - _BEFORE)
        room = max((last - first) * _MARGIN, timedelta(hours=6))
        return _Scale(first - room, last + room, labels)

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
        return Mark(entry.kind, min(start, 100 - length), length, self._words(entry), outside)

    def _words(self, entry: Entry) -> str:
        own = entry.kind in (EVENT, CLOCK)
        what = entry.what if own else self.labels.text(f"pages.timeline.kind_{entry.kind}")
        when = self.labels.formats.datetime(entry.at)
        if entry.until:
            when = self.labels.text("pages.timeline.span", start=entry.at, end=entry.until)
        return self.labels.text("pages.timeline.mark", what=what, when=when)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """A few days spread evenly, at midnight UTC."""
        step = max(round((self.last - self.first) / _DAY / _TICKS), 1) * _DAY
        at = self.first.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        found = []
        while at < self.last:
            found.append((self.place(at), self.labels.formats.date(at)))
            at += step
        return tuple(found)
