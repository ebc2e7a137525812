"""What the best statement of time says of an item: when it was taken, or only what a file, its maker or its name is dated."""

from __future__ import annotations

from datetime import datetime, timedelta

from validators.checks.capture_time import is_reset
from validators.checks.order_times import CaptureTimeRules
from validators.dispute import Dispute
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, TimeCandidate
from validators.policy import Policy
from validators.report import EvidenceReport

TAKEN, DATED, IMPLAUSIBLE = "taken", "dated", "implausible"
_OF_CAPTURE = {
    PHOTO: ("captured", "gps", "digitized"),
    SCREENSHOT: ("captured", "gps", "digitized"),
    VIDEO: ("captured", "gps", "digitized", "container"),
}
_YEAR = timedelta(days=365.25)


def what_it_says(best: TimeCandidate | None, kind: str, dispute: Dispute, policy: Policy) -> str | None:
    """TAKEN, DATED (a document's or mail's own date, the last saving, a name's date) or IMPLAUSIBLE.

    A paper may well be older than the order, but one that is years older carries the date of a template or of a clock that
    was never set. Shown on the timeline it would only mislead.
    """
    if best is None:
        return None
    if is_reset(best, policy):
        return IMPLAUSIBLE
    if best.meaning in _OF_CAPTURE.get(kind, ()):
        return TAKEN
    start = _start(dispute)
    most = policy.group(CaptureTimeRules).dated_years_most * _YEAR
    return IMPLAUSIBLE if start is not None and start - best.latest > most else DATED


def date_kind(item: EvidenceReport) -> str | None:
    """The same of a judged item, and of one that an earlier release judged, which did not say."""
    found = item.capture_time
    if found is None or found.best is None or found.best_is:
        return found.best_is if found is not None else None
    return TAKEN if found.best.meaning in _OF_CAPTURE.get(item.kind, ()) else DATED


def _start(dispute: Dispute) -> datetime | None:
    known = [event.at for event in dispute.order.events]
    return min(known + ([dispute.opened_at] if dispute.opened_at else []), default=None)
