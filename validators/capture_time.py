"""When was it taken, and does that fit the order's events and the dispute's deadlines?

Every statement of time is an interval. Nothing is concluded unless the whole interval lies on one side, so a
time without a zone never yields a hard "before". Absent metadata is normal and never counts against anyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from validators.case import Case
from validators.deadlines import lateness
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, TimeCandidate
from validators.finding import NOTE, PASS, REVIEW, WARNING, Finding
from validators.order_times import before_findings
from validators.policy import Policy
from validators.states import was_opened
from validators.wording import moment, shown, span

_DATE = re.compile(r"(\d{4})\D?(\d{2})\D?(\d{2})(?:\D+(\d{2})\D?\d{2})?")
_TAKEN = ("captured", "gps", "digitized", "container", "named")


def capture_time(case: Case, policy: Policy) -> Iterator[Finding]:
    """TIM_* findings."""
    best = best_candidate(case.measurements.times, policy)
    if best is not None:
        yield from _future(best, case, policy)
        if not _is_reset(best, policy):
            yield from before_findings(best, case, policy)
        yield from _edited(best, case, policy)
    yield from _inconsistent(case, policy)
    yield from _none(case, policy)
    yield from _after_deadline(case, policy)


def best_candidate(times: tuple[TimeCandidate, ...], policy: Policy) -> TimeCandidate | None:
    """The statement to go by: first by meaning in the policy's order, then a known zone, then as listed.

    Years before the policy's earliest plausible one are clocks that were never set, and count as nothing.
    The width of an interval plays no part, so that a wider one can never bring another statement forward.
    """
    order = policy.names("capture_time.source_order")
    year = policy.integer("capture_time.implausible_before_year")
    usable = [c for c in times if c.meaning in order and c.latest.year >= year]
    return min(usable, key=lambda c: (order.index(c.meaning), not c.zone_known), default=None)


def _is_reset(candidate: TimeCandidate, policy: Policy) -> bool:
    """Whether the time is where a clock starts that lost its power: the first hour of a certain day."""
    found = _DATE.search(candidate.value)
    day = str(policy.rule("capture_time.reset_day").value)
    return found is not None and f"{found[2]}-{found[3]}" == day and found[4] in (None, "00")


def _future(best: TimeCandidate, case: Case, policy: Policy) -> Iterator[Finding]:
    came = case.evidence.uploaded_at
    hours = policy.number("capture_time.future_tolerance_hours")
    ahead = best.earliest - came
    if ahead <= timedelta(hours=hours):
        return
    uploaded = "submitted" if case.evidence.submitted_at else "received"
    yield Finding(
        "TIM_FUTURE",
        WARNING,
        REVIEW,
        f"Its time ({best.source}: {moment(best.earliest)}) is {span(ahead)} after it was {uploaded} "
        f"({moment(came)}).",
        None,
        {"source": best.source, "uploaded": uploaded, "unit": "hours"},
        ahead / timedelta(hours=1),
        hours,
        "capture_time.future_tolerance_hours",
    )


def _inconsistent(case: Case, policy: Policy) -> Iterator[Finding]:
    """Two statements, such as cameras write, of the moment of capture that lie apart whatever the zones."""
    sources = policy.names("capture_time.compared_sources")
    taken = [c for c in case.measurements.times if c.source in sources and not _is_reset(c, policy)]
    if len(taken) < 2:
        return
    first = min(taken, key=lambda c: c.latest)
    last = max(taken, key=lambda c: c.earliest)
    hours = policy.number("capture_time.inconsistent_margin_hours")
    gap = last.earliest - first.latest
    if gap <= timedelta(hours=hours):
        return
    yield Finding(
        "TIM_INCONSISTENT",
        WARNING,
        REVIEW,
        f"The file states two times of capture that are {span(gap)} apart: {first.source} says "
        f"{shown(first.value)}, {last.source} says {shown(last.value)}.",
        None,
        {"source": first.source, "other_source": last.source, "unit": "hours"},
        gap / timedelta(hours=1),
        hours,
        "capture_time.inconsistent_margin_hours",
    )


def _edited(best: TimeCandidate, case: Case, policy: Policy) -> Iterator[Finding]:
    changed = [c for c in case.measurements.times if c.meaning == "modified"]
    if best.meaning not in ("captured", "gps", "digitized") or not changed:
        return
    last = max(changed, key=lambda c: c.earliest)
    hours = policy.number("capture_time.edited_margin_hours")
    later = last.earliest - best.latest
    if later <= timedelta(hours=hours):
        return
    yield Finding(
        "TIM_EDITED_AFTER_CAPTURE",
        NOTE,
        PASS,
        f"The file was last saved {span(later)} after it was taken ({last.source}). Common for pictures that "
        "were cropped or sent on.",
        None,
        {"source": best.source, "other_source": last.source, "unit": "hours"},
        later / timedelta(hours=1),
        hours,
        "capture_time.edited_margin_hours",
    )


def _none(case: Case, policy: Policy) -> Iterator[Finding]:
    measured = case.measurements
    best = best_candidate(measured.times, policy)
    told = best is not None and best.meaning in _TAKEN
    if measured.kind in (PHOTO, SCREENSHOT, VIDEO) and was_opened(measured) and not told:
        message = "The file does not say when it was taken. Common for screenshots and chat apps."
        yield Finding("TIM_NO_CAPTURE_TIME", NOTE, PASS, message)


def _after_deadline(case: Case, policy: Policy) -> Iterator[Finding]:
    late = lateness(case.evidence, case.dispute, policy)
    if late is None:
        return
    by, due, rule = late
    yield Finding(
        "TIM_AFTER_DEADLINE",
        NOTE,
        PASS,
        f"It came {span(by)} after it was due ({moment(due)}). It is kept and shown.",
        None,
        {"unit": "days"},
        by / timedelta(days=1),
        0.0,
        rule,
    )
