"""The two dates of a finding about time, on a small line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from validators.finding import Finding
from validators.report import EvidenceReport
from validators.sentences.labels import Labels

_BEFORE = ("TIM_BEFORE_ORDER", "TIM_BEFORE_DELIVERY")
_LEFT, _ROOM = 4.0, 92.0  # percent of the line
_EXACT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DateMark:
    """A date: its words, and start and length in percent of the line. One that is known only as a span is as long as that."""

    name: str
    at: datetime
    until: datetime | None
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class DateLine:
    """Both dates, the earlier one first, and the time between them in words."""

    marks: tuple[DateMark, DateMark]
    apart: str


def date_line(finding: Finding, item: EvidenceReport, labels: Labels) -> DateLine | None:
    """The dates that the finding sets against each other; None where it names none."""
    if finding.code in _BEFORE:
        return _before(finding, item, labels)
    if finding.code != "TIM_FUTURE":
        return None
    came, taken = _time(finding, "uploaded_at"), _time(finding, "taken_at")
    if came is None or taken is None:
        return None
    name = "sent" if finding.params.get("uploaded") == "submitted" else "received"
    return _line(
        (labels.text(f"pages.dates.{name}"), came, came),
        (labels.text("pages.dates.taken"), taken, taken),
        labels,
    )


def _before(finding: Finding, item: EvidenceReport, labels: Labels) -> DateLine | None:
    best = item.capture_time.best if item.capture_time else None
    event, at = finding.params.get("event"), _time(finding, "event_at")
    if best is None or at is None or not isinstance(event, str) or best.latest > at:
        return None
    taken = (labels.text("pages.dates.taken"), best.earliest, best.latest)
    return _line(taken, (labels.heading("event", event), at, at), labels)


def _line(
    first: tuple[str, datetime, datetime], last: tuple[str, datetime, datetime], labels: Labels
) -> DateLine:
    whole = (last[2] - first[1]).total_seconds() or 1.0
    length = round((first[2] - first[1]).total_seconds() / whole * _ROOM, 1)
    until = first[2] if first[2] - first[1] > _EXACT else None
    return DateLine(
        (
            DateMark(first[0], first[1], until, _LEFT, length),
            DateMark(last[0], last[1], None, _LEFT + _ROOM, 0.0),
        ),
        labels.formats.span(last[1] - first[2]),
    )


def _time(finding: Finding, name: str) -> datetime | None:
    value = finding.params.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
